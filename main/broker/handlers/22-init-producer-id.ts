import { Errors, initProducerId } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import { transactionError } from './transaction-error.ts';

/** Durable before it is given out: no id is ever given twice. */
export interface ProducerIds {
  next(): Promise<bigint>;
}

export const initProducerIdHandler = (producerIds: ProducerIds, transactions: TransactionCoordinator) =>
  handler<typeof initProducerId>({
    api: initProducerId,
    async handle(request, { version }) {
      const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request;
      if (producerId < 0n !== producerEpoch < 0) {
        return { errorCode: Errors.INVALID_REQUEST, producerId: -1n, producerEpoch: -1 };
      }
      if (transactionalId === null) {
        return { errorCode: Errors.NONE, producerId: await producerIds.next(), producerEpoch: 0 };
      }
      const expected = { producerId, producerEpoch };
      const answer = await transactions.initProducerId(transactionalId, transactionTimeoutMs, expected);
      return { ...answer, errorCode: transactionError(answer.errorCode, version, 4) };
    },
  });
