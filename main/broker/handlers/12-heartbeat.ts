import { heartbeat } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

export const heartbeatHandler = (groups: GroupCoordinator) =>
  handler<typeof heartbeat>({
    api: heartbeat,
    gap: 'Sessions, of both protocols, count only while the broker runs: a machine that slept finds everybody in the groups.',
    handle: (request) => ({ errorCode: groups.heartbeat(request) }),
  });
