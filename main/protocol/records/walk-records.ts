import { CorruptRecordException } from '../exceptions.ts';
import type { RecordBatch } from './record-batch.ts';
import { RecordReader } from './record-reader.ts';

export interface WalkOptions {
  /** ms; records without a timestamp (-1) are within any. Null: whatever they say. */
  readonly bounds: { readonly least: bigint; readonly most: bigint } | null;
  /** Notes the records without a key. */
  readonly keysNeeded: boolean;
}

/** What a walk over the records of a batch found; indexes count the records from 0. */
export interface WalkedRecords {
  /** ms; -1 when no record has one */
  readonly maxTimestamp: bigint;
  readonly withoutKey: readonly number[];
  readonly outOfRange: readonly { readonly index: number; readonly timestamp: bigint }[];
}

/**
 * Looks at every record of a batch without making objects of them: whether their fields are what they claim to be, and
 * as many as the header says.
 *
 * @param records decompressed
 * @throws CorruptRecordException
 */
export function walkRecords(batch: RecordBatch, records: Buffer, { bounds, keysNeeded }: WalkOptions): WalkedRecords {
  const { recordCount, baseTimestamp } = batch;
  // As differences to the batch's first timestamp, which are numbers where records carry sane times.
  const least = bounds ? Number(bounds.least - baseTimestamp) : Number.NEGATIVE_INFINITY;
  const most = bounds ? Number(bounds.most - baseTimestamp) : Number.POSITIVE_INFINITY;
  const none = Number(-1n - baseTimestamp);
  const reader = new RecordReader(records);
  const withoutKey: number[] = [];
  const outOfRange: { index: number; timestamp: bigint }[] = [];
  let largest: number | bigint = none;
  let index = 0;
  for (; reader.position < records.length; index++) {
    reader.limit = records.length;
    const end = reader.varint() + reader.position;
    if (end < reader.position || end > records.length) throw new CorruptRecordException(`Record ${index} is cut short`);
    reader.limit = end;
    reader.skip(1);
    const delta = reader.varlong();
    reader.varint(); // offset delta: offsets are given anew
    if (skipBytes(reader) && keysNeeded) withoutKey.push(index);
    skipBytes(reader);
    skipHeaders(reader);
    if (reader.position !== end) throw new CorruptRecordException(`Record ${index} is longer than its fields`);
    if (delta > largest) largest = delta;
    if ((delta < least || delta > most) && delta !== none) {
      outOfRange.push({ index, timestamp: baseTimestamp + BigInt(delta) });
    }
  }
  if (index !== recordCount) {
    throw new CorruptRecordException(`Record batch claims ${recordCount} records, it holds ${index}`);
  }
  return { maxTimestamp: baseTimestamp + BigInt(largest), withoutKey, outOfRange };
}

/** Whether there are none: the field is null. */
function skipBytes(reader: RecordReader): boolean {
  const length = reader.varint();
  if (length < 0) return true;
  reader.skip(length);
  return false;
}

function skipHeaders(reader: RecordReader): void {
  const count = reader.varint();
  if (count < 0) throw new CorruptRecordException(`A record can't have ${count} headers`);
  for (let i = 0; i < count; i++) {
    if (skipBytes(reader)) throw new CorruptRecordException("A header's key can't be null");
    skipBytes(reader);
  }
}
