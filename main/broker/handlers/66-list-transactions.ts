import type { Time } from '../../../common/time.ts';
import { Errors, listTransactions } from '../../protocol/messages/index.ts';
import { compilePattern, NamePatternException } from '../coordinator/name-pattern.ts';
import { TRANSACTION_STATES } from '../coordinator/transaction.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import { handler } from '../server/handler.ts';

export const listTransactionsHandler = (transactions: TransactionCoordinator, time: Time) =>
  handler<typeof listTransactions>({
    api: listTransactions,
    handle(request) {
      const known: readonly string[] = TRANSACTION_STATES;
      const { stateFilters, producerIdFilters, durationFilter } = request;
      let matches: (id: string) => boolean;
      try {
        matches = request.transactionalIdPattern ? compilePattern(request.transactionalIdPattern) : () => true;
      } catch (error) {
        if (!(error instanceof NamePatternException)) throw error;
        return { errorCode: Errors.INVALID_REGULAR_EXPRESSION, unknownStateFilters: [], transactionStates: [] };
      }
      const now = BigInt(time.milliseconds());
      const found = transactions.all().filter(
        ({ transactionalId, state, producerId, startMs }) =>
          matches(transactionalId) &&
          (stateFilters.length === 0 || stateFilters.includes(state)) &&
          (producerIdFilters.length === 0 || producerIdFilters.includes(producerId)) &&
          // As Kafka: an id that has begun nothing is as old as can be.
          (durationFilter < 0n || now - startMs > durationFilter),
      );
      return {
        errorCode: Errors.NONE,
        unknownStateFilters: stateFilters.filter((state) => !known.includes(state)),
        transactionStates: found.map(({ transactionalId, producerId, state }) => ({
          transactionalId,
          producerId,
          transactionState: state,
        })),
      };
    },
  });
