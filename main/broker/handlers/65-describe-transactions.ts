import { describeTransactions, Errors } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';

export const describeTransactionsHandler = (transactions: TransactionCoordinator) =>
  handler<typeof describeTransactions>({
    api: describeTransactions,
    handle: (request) => ({
      transactionStates: request.transactionalIds.map((transactionalId) => {
        const transaction = transactions.get(transactionalId);
        if (!transaction) {
          return {
            errorCode: transactionalId === '' ? Errors.INVALID_REQUEST : Errors.TRANSACTIONAL_ID_NOT_FOUND,
            transactionalId,
            transactionState: '',
            transactionTimeoutMs: 0,
            transactionStartTimeMs: 0n,
            producerId: 0n,
            producerEpoch: 0,
            topics: [],
          };
        }
        return {
          errorCode: Errors.NONE,
          transactionalId,
          transactionState: transaction.state,
          transactionTimeoutMs: transaction.timeoutMs,
          transactionStartTimeMs: transaction.startMs,
          producerId: transaction.producerId,
          producerEpoch: transaction.producerEpoch,
          topics: [...transaction.partitions].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
        };
      }),
    }),
  });
