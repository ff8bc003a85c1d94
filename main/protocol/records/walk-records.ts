import { CorruptRecordException } from '../exceptions.ts';
import type { RecordBatch } from './record-batch.ts';
import { RecordReader } from './record-reader.ts';
import { atOnce, STEP_BYTES, type Steps } from './steps.ts';

/** Of each kind so many are noted; the rest is only counted, as a batch may have millions. */
export const MAX_NOTED_RECORDS = 10_000;

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
  /** The first of them, up to `MAX_NOTED_RECORDS`. */
  readonly withoutKey: readonly number[];
  readonly outOfRange: readonly { readonly index: number; readonly timestamp: bigint }[];
  /** Of both kinds, all together. */
  readonly faults: number;
}

/** As `walkInSteps`, at once. */
export function walkRecords(batch: RecordBatch, records: Buffer, options: WalkOptions): WalkedRecords {
  return atOnce(walkInSteps(batch, records, options));
}

/**
 * Looks at every record of a batch without making objects of them: whether their fields are what they claim to be, and
 * as many as the header says.
 *
 * @param records decompressed
 * @throws CorruptRecordException
 */
export function* walkInSteps(
  batch: RecordBatch,
  records: Buffer,
  { bounds, keysNeeded }: WalkOptions,
): Steps<WalkedRecords> {
  const { recordCount, baseTimestamp } = batch;
  // As differences to the batch's first timestamp, which are numbers where records carry sane times.
  const least = bounds ? Number(bounds.least - baseTimestamp) : Number.NEGATIVE_INFINITY;
  const most = bounds ? Number(bounds.most - baseTimestamp) : Number.POSITIVE_INFINITY;
  const none = Number(-1n - baseTimestamp);
  const reader = new RecordReader(records);
  const withoutKey: number[] = [];
  const outOfRange: { index: number; timestamp: bigint }[] = [];
  let faults = 0;
  let largest: number | bigint = none;
  let index = 0;
  let pause = STEP_BYTES;
  for (; reader.position < records.length; index++) {
    reader.limit = records.length;
    const end = reader.varint() + reader.position;
    if (end < reader.position || end > records.length) throw new CorruptRecordException(`Record ${index} is cut short`);
    reader.limit = end;
    reader.skip(1);
    const delta = reader.varlong();
    reader.varint(); // offset delta: offsets are given anew
    if (skipBytes(reader) && keysNeeded) {
      faults++;
      if (withoutKey.length < MAX_NOTED_RECORDS) withoutKey.push(index);
    }
    skipBytes(reader);
    const headers = reader.varint();
    if (headers < 0) throw new CorruptRecordException(`A record can't have ${headers} headers`);
    for (let i = 0; i < headers; i++) {
      if (skipBytes(reader)) throw new CorruptRecordException("A header's key can't be null");
      skipBytes(reader);
      if (reader.position < pause) continue;
      yield reader.position;
      pause = reader.position + STEP_BYTES;
    }
    if (reader.position !== end) throw new CorruptRecordException(`Record ${index} is longer than its fields`);
    if (delta > largest) largest = delta;
    if ((delta < least || delta > most) && delta !== none) {
      faults++;
      if (outOfRange.length < MAX_NOTED_RECORDS) outOfRange.push({ index, timestamp: baseTimestamp + BigInt(delta) });
    }
    if (end < pause) continue;
    yield end;
    pause = end + STEP_BYTES;
  }
  if (index !== recordCount) {
    throw new CorruptRecordException(`Record batch claims ${recordCount} records, it holds ${index}`);
  }
  return { maxTimestamp: baseTimestamp + BigInt(largest), withoutKey, outOfRange, faults };
}

/** Whether there are none: the field is null. */
function skipBytes(reader: RecordReader): boolean {
  const length = reader.varint();
  if (length < 0) return true;
  reader.skip(length);
  return false;
}
