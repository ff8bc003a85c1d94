import { transactionLogKey, transactionLogValue } from '../../protocol/records/coordinator-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { TRANSACTION_STATES, type Transaction } from './transaction.ts';

const KEY_VERSION = 0;
/** As Kafka with a `transaction.version` of 1 or more. */
const VALUE_VERSION = 1;

/** A record of `__transaction_state`; null: the id is forgotten. */
export function transactionRecord(transactionalId: string, transaction: Transaction | null): CoordinatorRecord {
  const key = transactionLogKey.encodeVersioned(KEY_VERSION, { transactionalId });
  if (!transaction) return { key, value: null };
  const { state, partitions } = transaction;
  const value = transactionLogValue.encodeVersioned(VALUE_VERSION, {
    producerId: transaction.producerId,
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: TRANSACTION_STATES.indexOf(state),
    transactionPartitions:
      state === 'Empty'
        ? null
        : [...partitions].map(([topic, partitionIds]) => ({ topic, partitionIds: [...partitionIds] })),
    transactionLastUpdateTimestampMs: transaction.lastUpdateMs,
    transactionStartTimestampMs: transaction.startMs,
    clientTransactionVersion: transaction.clientVersion,
  });
  return { key, value };
}

/** Undefined for a key or state that is not known here; a null transaction deletes. */
export function readTransactionRecord(
  key: Buffer,
  value: Buffer | null,
): { transactionalId: string; transaction: Transaction | null } | undefined {
  if (key.length < 2 || key.readInt16BE(0) !== KEY_VERSION) return undefined;
  const { transactionalId } = transactionLogKey.decodeVersioned(key).value;
  if (value === null) return { transactionalId, transaction: null };
  const stored = transactionLogValue.decodeVersioned(value).value;
  const state = TRANSACTION_STATES[stored.transactionStatus];
  if (state === undefined) return undefined;
  return {
    transactionalId,
    transaction: {
      transactionalId,
      producerId: stored.producerId,
      producerEpoch: stored.producerEpoch,
      previousProducerId: stored.previousProducerId,
      nextProducerId: stored.nextProducerId,
      clientVersion: stored.clientTransactionVersion >= 2 ? 2 : 0,
      lastProducerEpoch: -1,
      timeoutMs: stored.transactionTimeoutMs,
      state,
      partitions: new Map(
        (stored.transactionPartitions ?? []).map(({ topic, partitionIds }) => [topic, new Set(partitionIds)]),
      ),
      startMs: stored.transactionStartTimestampMs,
      lastUpdateMs: stored.transactionLastUpdateTimestampMs,
    },
  };
}
