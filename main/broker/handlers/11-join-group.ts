import { joinGroup } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const joinGroupHandler = (groups: GroupCoordinator) =>
  handler<typeof joinGroup>({
    api: joinGroup,
    gap: 'group.initial.rebalance.delay.ms is 50 ms at most unless set: a first consumer does not wait three seconds.',
    handle: (request, { version, clientId, clientHost }) => groups.join(request, version, { clientId, clientHost }),
  });
