import { endTxn } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import { transactionError } from './transaction-error.ts';

export const endTxnHandler = (transactions: TransactionCoordinator) =>
  handler<typeof endTxn>({
    api: endTxn,
    async handle(request, { version }) {
      const { transactionalId, committed } = request;
      const answer = await transactions.endTransaction(transactionalId, request, committed, version >= 5 ? 2 : 0);
      return { ...answer, errorCode: transactionError(answer.errorCode, version, 2) };
    },
  });
