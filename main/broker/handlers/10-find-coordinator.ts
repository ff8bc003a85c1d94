import { Errors, findCoordinator } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import type { BrokerIdentity } from './broker-identity.ts';

const GROUP = 0;

/** This broker coordinates every group; transactional ids and share groups have no coordinator here. */
export const findCoordinatorHandler = (broker: BrokerIdentity) =>
  handler<typeof findCoordinator>({
    api: findCoordinator,
    gap: 'Transactions are not served yet: a transactional id gets INVALID_REQUEST and a message that says so, at which clients give up at once.',
    handle(request, { version, listener }) {
      const found = request.keyType === GROUP;
      const answer = (key: string) => ({
        key,
        ...(found ? { nodeId: broker.nodeId, ...broker.endpoint(listener) } : { nodeId: -1, host: '', port: -1 }),
        errorCode: found ? Errors.NONE : Errors.INVALID_REQUEST,
        errorMessage: found ? '' : 'This broker coordinates consumer groups only: it serves no transactions.',
      });
      return version >= 4 ? { coordinators: request.coordinatorKeys.map(answer) } : answer(request.key);
    },
  });
