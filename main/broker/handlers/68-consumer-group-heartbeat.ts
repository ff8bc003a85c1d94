import { ApiException, consumerGroupHeartbeat, Errors } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';

const REFUSED = { memberId: null, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null };

export const consumerGroupHeartbeatHandler = (groups: GroupCoordinator) =>
  handler<typeof consumerGroupHeartbeat>({
    api: consumerGroupHeartbeat,
    gap: 'A subscription by regular expression holds at once, and partitions are divided at once: Kafka looks for topics a little later, and divides once a second at most (group.consumer.assignment.interval.ms). A member that comes while a classic group waits for its first generation is let in: Kafka answers UNKNOWN_SERVER_ERROR, which ends its program.',
    async handle(request, { version, clientId, clientHost }) {
      const isNamed = request.memberId !== '' || (version === 0 && request.memberEpoch === 0);
      if (request.groupId === '' || !isNamed) {
        const errorMessage = `${request.groupId === '' ? 'GroupId' : 'MemberId'} can't be empty.`;
        return { ...REFUSED, errorCode: Errors.INVALID_REQUEST, errorMessage };
      }
      try {
        return await groups.consumerHeartbeat(request, { clientId, clientHost });
      } catch (error) {
        if (!(error instanceof ApiException)) throw error;
        return { ...REFUSED, errorCode: error.errorCode, errorMessage: error.message };
      }
    },
  });
