import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { BatchRecords } from '../../protocol/records/records.ts';
import type { BatchOpener } from './batch-opener.ts';
import { breathe, RECORDS_A_TURN } from './breathe.ts';

export interface TimestampOffset {
  /** ms since 1970 UTC */
  readonly timestamp: bigint;
  readonly offset: bigint;
}

/**
 * The first record of a batch at or after a time and an offset. A batch whose records can't be read counts as one
 * record: the broker does not know better than its header.
 */
export async function firstRecordAt(
  batch: RecordBatch,
  timestamp: bigint,
  offset: bigint,
  opener: BatchOpener,
): Promise<TimestampOffset | undefined> {
  try {
    return await opener.records(batch, (records) => firstAt(records, timestamp, offset));
  } catch {
    return { timestamp: batch.maxTimestamp, offset: batch.baseOffset };
  }
}

async function firstAt(records: BatchRecords, timestamp: bigint, offset: bigint): Promise<TimestampOffset | undefined> {
  let seen = 0;
  for (const record of records) {
    if (record.timestamp >= timestamp && record.offset >= offset) {
      return { timestamp: record.timestamp, offset: record.offset };
    }
    if (++seen % RECORDS_A_TURN === 0) await breathe();
  }
  return undefined;
}
