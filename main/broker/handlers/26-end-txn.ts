import { endTxn } from '../../protocol/messages/index.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';
import { transactionError } from './transaction-error.ts';

export const endTxnHandler = (transactions: TransactionCoordinator) =>
  handler<typeof endTxn>({
    api: endTxn,
    async handle(request, { version }) {
      const errorCode = await transactions.endTransaction(request.transactionalId, request, request.committed);
      return { errorCode: transactionError(errorCode, version, 2) };
    },
  });
