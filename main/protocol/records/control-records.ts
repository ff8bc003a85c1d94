import { CorruptRecordException } from '../exceptions.ts';
import { encodeRecordBatch } from './encode-records.ts';

/** Markers that end a transaction in a partition (KIP-98; Java: `EndTransactionMarker`, `ControlRecordType`). */
export type ControlRecordType = 'ABORT' | 'COMMIT';

export interface EndTransactionMarker {
  type: ControlRecordType;
  producerId: bigint;
  producerEpoch: number;
  coordinatorEpoch: number;
  /** ms since 1970 UTC */
  timestamp: bigint;
  baseOffset?: bigint;
  partitionLeaderEpoch?: number;
}

/** A control batch with one marker. */
export function encodeEndTransactionMarker(marker: EndTransactionMarker): Buffer {
  const key = Buffer.alloc(4); // version 0, type
  key.writeInt16BE(marker.type === 'COMMIT' ? 1 : 0, 2);
  const value = Buffer.alloc(6); // version 0, coordinator epoch
  value.writeInt32BE(marker.coordinatorEpoch, 2);
  return encodeRecordBatch([{ timestamp: marker.timestamp, key, value }], {
    baseOffset: marker.baseOffset,
    partitionLeaderEpoch: marker.partitionLeaderEpoch,
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    transactional: true,
    control: true,
  });
}

/** The type in a control record's key; undefined for those that concern the quorum or are from the future. */
export function controlRecordType(key: Buffer | null): ControlRecordType | undefined {
  if (!key || key.length < 4) throw new CorruptRecordException('A control record has no key');
  const type = key.readInt16BE(2);
  return type === 0 ? 'ABORT' : type === 1 ? 'COMMIT' : undefined;
}

/** @throws CorruptRecordException when the value is cut short */
export function coordinatorEpochOf(value: Buffer | null): number {
  if (!value || value.length < 6) throw new CorruptRecordException('A transaction marker has no value');
  return value.readInt32BE(2);
}
