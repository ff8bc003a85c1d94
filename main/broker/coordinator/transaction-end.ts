import { Errors } from '../../protocol/messages/index.ts';
import type { TransactionalProducer } from './coordinator-topic.ts';
import { LAST_EPOCH, type Transaction, type TransactionVersion } from './transaction.ts';

export interface EndAnswer extends TransactionalProducer {
  errorCode: number;
}

export const NO_PRODUCER: TransactionalProducer = { producerId: -1n, producerEpoch: -1 };

/**
 * What becomes of a request to end a transaction: an answer at once, or the state that is to be made durable, from
 * which on the outcome stands. `version`: 0 for clients that keep their epoch, 2 for those whose epoch grows with every
 * end (KIP-890). Java: `TransactionCoordinator.endTransaction`, `endTransactionWithTV1`.
 */
export function endOf(
  transaction: Transaction | undefined,
  producer: TransactionalProducer,
  committed: boolean,
  version: TransactionVersion,
  nowMs: bigint,
): EndAnswer | { prepare: Transaction } {
  if (!transaction) return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
  const isAgain = version === 2 && isRetry(transaction, producer);
  const isSame = producer.producerEpoch === transaction.producerEpoch;
  if (transaction.producerId !== producer.producerId && !isAgain) return refused(Errors.INVALID_PRODUCER_ID_MAPPING);
  const prepare = { prepare: prepared(transaction, committed, version, nowMs) };
  const asBefore = {
    errorCode: Errors.NONE,
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
  };
  switch (transaction.state) {
    case 'Ongoing':
      return isSame ? prepare : refused(Errors.PRODUCER_FENCED);
    case 'PrepareCommit':
    case 'PrepareAbort': {
      const isBumped = version === 2 && transaction.clientVersion === 2;
      if (isBumped ? !isAgain : !isSame) return refused(Errors.PRODUCER_FENCED);
      const isSameEnd = committed === (transaction.state === 'PrepareCommit');
      return refused(isSameEnd ? Errors.CONCURRENT_TRANSACTIONS : Errors.INVALID_TXN_STATE);
    }
    case 'CompleteCommit':
    case 'CompleteAbort': {
      if (!isAgain && !isSame) return refused(Errors.PRODUCER_FENCED);
      // The answer to the same request was lost; those of version 0 can't be told from new ones.
      const isSameEnd = committed === (transaction.state === 'CompleteCommit');
      if (isSameEnd && (isAgain || version === 0)) return asBefore;
      return isAgain || committed || version === 0 ? refused(Errors.INVALID_TXN_STATE) : prepare;
    }
    default:
      if (!isSame) return refused(Errors.PRODUCER_FENCED);
      // Nothing was written: a client of version 2 may abort that, and gets its next epoch.
      return !committed && version === 2 && transaction.state === 'Empty' ? prepare : refused(Errors.INVALID_TXN_STATE);
  }
}

/** When all its partitions know. Java: `TransactionMetadata.prepareComplete`. */
export function completed(prepared: Transaction, nowMs: bigint): Transaction {
  const isUsedUp = prepared.nextProducerId >= 0n;
  return {
    ...prepared,
    ...(isUsedUp && {
      producerId: prepared.nextProducerId,
      previousProducerId: prepared.producerId,
      nextProducerId: -1n,
      producerEpoch: 0,
    }),
    state: prepared.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    partitions: new Map(),
    lastUpdateMs: nowMs,
  };
}

function prepared(
  transaction: Transaction,
  committed: boolean,
  version: TransactionVersion,
  nowMs: bigint,
): Transaction {
  const { producerEpoch } = transaction;
  return {
    ...transaction,
    ...(version === 2 && { producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch }),
    clientVersion: version,
    state: committed ? 'PrepareCommit' : 'PrepareAbort',
    startMs: transaction.state === 'Ongoing' ? transaction.startMs : nowMs,
    lastUpdateMs: nowMs,
  };
}

/** Of a client whose epoch has been bumped by the end that it asks for again. */
function isRetry(transaction: Transaction, { producerId, producerEpoch }: TransactionalProducer): boolean {
  if (transaction.clientVersion !== 2) return false;
  if (producerId === transaction.producerId) return producerEpoch === transaction.producerEpoch - 1;
  return (
    producerId === transaction.previousProducerId && producerEpoch === LAST_EPOCH && transaction.producerEpoch === 0
  );
}

function refused(errorCode: number): EndAnswer {
  return { errorCode, ...NO_PRODUCER };
}
