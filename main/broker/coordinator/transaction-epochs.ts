import type { TransactionalProducer } from './coordinator-topic.ts';
import { LAST_EPOCH, type Transaction } from './transaction.ts';

/** Whether the next bump of its epoch needs another producer id. */
export function isUsedUp(transaction: Transaction): boolean {
  return transaction.producerEpoch >= LAST_EPOCH;
}

/** Whether the id is the transaction's, or the one before it at the end of its epochs. */
export function isOwnId(transaction: Transaction, { producerId, producerEpoch }: TransactionalProducer): boolean {
  const { previousProducerId } = transaction;
  return producerId === transaction.producerId || (producerId === previousProducerId && producerEpoch >= LAST_EPOCH);
}

/**
 * The id with its next epoch, or with a new producer id when `current` is none or used up. `expected`: what a producer
 * has that asks for the next epoch of its own; one that was not told of the last bump is told now. Java:
 * `TransactionMetadata.prepareIncrementProducerEpoch`, `prepareProducerIdRotation`.
 */
export function initialized(
  asked: { transactionalId: string; timeoutMs: number; expected: TransactionalProducer | null },
  current: Transaction | undefined,
  now: { newId: bigint; nowMs: bigint },
): Transaction {
  const { transactionalId, timeoutMs, expected } = asked;
  const empty = {
    transactionalId,
    timeoutMs,
    nextProducerId: -1n,
    state: 'Empty',
    partitions: new Map(),
    startMs: -1n,
    lastUpdateMs: now.nowMs,
  } as const;
  if (!current || isUsedUp(current)) {
    return {
      ...empty,
      clientVersion: 0,
      producerId: now.newId,
      producerEpoch: 0,
      previousProducerId: current?.producerId ?? -1n,
      lastProducerEpoch: (expected && current?.producerEpoch) ?? -1,
    };
  }
  const { producerEpoch } = current;
  if (expected && expected.producerEpoch !== producerEpoch) return { ...current, ...empty };
  return { ...current, ...empty, producerEpoch: producerEpoch + 1, lastProducerEpoch: expected ? producerEpoch : -1 };
}

/** Under an epoch that no producer has: nobody goes on with it. Java: `prepareFenceProducerEpoch`. */
export function fenced(transaction: Transaction, nowMs: bigint): Transaction {
  const { producerEpoch } = transaction;
  return {
    ...transaction,
    producerEpoch: producerEpoch + 1,
    lastProducerEpoch: producerEpoch,
    // Its last epoch may be the one that was open: it gets to know of the abort.
    clientVersion: 2,
    state: 'PrepareAbort',
    lastUpdateMs: nowMs,
  };
}
