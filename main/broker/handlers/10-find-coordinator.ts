import { Errors, findCoordinator } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';
import type { BrokerIdentity } from './broker-identity.ts';

const GROUP = 0;
const TRANSACTION = 1;
const SHARE = 2;

/** This broker coordinates every group and every transactional id; share groups have no coordinator here. */
export const findCoordinatorHandler = (broker: BrokerIdentity) =>
  handler<typeof findCoordinator>({
    api: findCoordinator,
    gap: 'Share groups have no coordinator here.',
    handle(request, { version, listener }) {
      const found = request.keyType === GROUP || request.keyType === TRANSACTION;
      const refusal = request.keyType === SHARE ? '' : 'This broker coordinates groups and transactional ids.';
      const answer = (key: string, message: string) => ({
        key,
        ...(found ? { nodeId: broker.nodeId, ...listener } : { nodeId: -1, host: '', port: -1 }),
        errorCode: found ? Errors.NONE : Errors.INVALID_REQUEST,
        errorMessage: found ? message : refusal,
      });
      if (version >= 4) return { coordinators: request.coordinatorKeys.map((key) => answer(key, '')) };
      // As Kafka, whose answers of these versions have always said so.
      return answer(request.key, 'NONE');
    },
  });
