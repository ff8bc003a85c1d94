import { Errors, findCoordinator } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import type { BrokerIdentity } from './broker-identity.ts';

const GROUP = 0;
const TRANSACTION = 1;

/** This broker coordinates every group and every transactional id; share groups have no coordinator here. */
export const findCoordinatorHandler = (broker: BrokerIdentity) =>
  handler<typeof findCoordinator>({
    api: findCoordinator,
    gap: 'Share groups have no coordinator here.',
    handle(request, { version, listener }) {
      const found = request.keyType === GROUP || request.keyType === TRANSACTION;
      const answer = (key: string) => ({
        key,
        ...(found ? { nodeId: broker.nodeId, ...listener } : { nodeId: -1, host: '', port: -1 }),
        errorCode: found ? Errors.NONE : Errors.INVALID_REQUEST,
        errorMessage: found ? '' : 'This broker coordinates groups of consumers and transactional ids only.',
      });
      return version >= 4 ? { coordinators: request.coordinatorKeys.map(answer) } : answer(request.key);
    },
  });
