import { leaveGroup } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const leaveGroupHandler = (groups: GroupCoordinator) =>
  handler<typeof leaveGroup>({ api: leaveGroup, handle: (request, { version }) => groups.leave(request, version) });
