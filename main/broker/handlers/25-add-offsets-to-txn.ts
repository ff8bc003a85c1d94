import { addOffsetsToTxn, Errors } from '../../protocol/messages/index.ts';
import type { CoordinatorTopic } from '../coordinator/coordinator-topic.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import { transactionError } from './transaction-error.ts';

/** Before a producer commits offsets of a group within its transaction: their partition becomes a part of it. */
export const addOffsetsToTxnHandler = (transactions: TransactionCoordinator, offsets: CoordinatorTopic) =>
  handler<typeof addOffsetsToTxn>({
    api: addOffsetsToTxn,
    async handle(request, { version }) {
      if (!(await offsets.isThere())) return { errorCode: Errors.COORDINATOR_NOT_AVAILABLE };
      const partition = { topic: offsets.name, partition: offsets.partitionFor(request.groupId) };
      const errorCode = await transactions.addPartitions(request.transactionalId, request, [partition], 0);
      return { errorCode: transactionError(errorCode, version, 2) };
    },
  });
