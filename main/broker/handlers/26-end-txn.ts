import { endTxn } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import { transactionError } from './transaction-error.ts';

export const endTxnHandler = (transactions: TransactionCoordinator) =>
  handler<typeof endTxn>({
    api: endTxn,
    gap: 'The time-out of a transaction counts only while the broker runs, whatever the wall clock does.',
    async handle(request, { version }) {
      const { transactionalId, committed } = request;
      const answer = await transactions.endTransaction(transactionalId, request, committed, version >= 5 ? 2 : 0);
      return { ...answer, errorCode: transactionError(answer.errorCode, version, 2) };
    },
  });
