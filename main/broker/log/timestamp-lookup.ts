import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';

export interface TimestampOffset {
  /** ms since 1970 UTC */
  readonly timestamp: bigint;
  readonly offset: bigint;
}

/**
 * The first record of a batch at or after a time and an offset. A batch whose records can't be read counts as one
 * record: the broker does not know better than its header.
 */
export function firstRecordAt(batch: RecordBatch, timestamp: bigint, offset: bigint): TimestampOffset | undefined {
  let records: ReturnType<typeof decodeRecords>;
  try {
    records = decodeRecords(batch);
  } catch {
    return { timestamp: batch.maxTimestamp, offset: batch.baseOffset };
  }
  const found = records.find((record) => record.timestamp >= timestamp && record.offset >= offset);
  return found && { timestamp: found.timestamp, offset: found.offset };
}
