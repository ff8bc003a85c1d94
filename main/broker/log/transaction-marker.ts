import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';

/** What ends a transaction in a partition (KIP-98). Java: `EndTransactionMarker`. */
export interface TransactionMarker {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly committed: boolean;
}

const VERSION = 0;
const ABORT = 0;
const COMMIT = 1;

/** The control batch that holds it; `timestamp` in ms. */
export function encodeMarker(marker: TransactionMarker, timestamp: bigint): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(VERSION, 0);
  key.writeInt16BE(marker.committed ? COMMIT : ABORT, 2);
  const value = Buffer.alloc(6);
  value.writeInt16BE(VERSION, 0);
  value.writeInt32BE(marker.coordinatorEpoch, 2);
  const { producerId, producerEpoch } = marker;
  return encodeRecordBatch([{ key, value, timestamp }], {
    producerId,
    producerEpoch,
    transactional: true,
    control: true,
  });
}

/** Of a control batch, no more; compaction gives it a time by which it goes, which is a longer number. */
export const MAX_MARKER_BYTES = 96;

/** Undefined for control records that end no transaction, and for a batch that compaction has emptied. */
export function decodeMarker(batch: RecordBatch): TransactionMarker | undefined {
  const [record] = decodeRecords(batch);
  const { key, value } = record ?? {};
  if (!key || key.length < 4 || !value || value.length < 6) return undefined;
  const type = key.readInt16BE(2);
  if (type !== ABORT && type !== COMMIT) return undefined;
  return {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    coordinatorEpoch: value.readInt32BE(2),
    committed: type === COMMIT,
  };
}
