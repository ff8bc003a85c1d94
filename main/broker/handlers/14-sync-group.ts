import { syncGroup } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const syncGroupHandler = (groups: GroupCoordinator) =>
  handler<typeof syncGroup>({ api: syncGroup, handle: (request, { version }) => groups.sync(request, version) });
