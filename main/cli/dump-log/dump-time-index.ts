import { resolve } from 'node:path';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { BatchRecords } from '../../protocol/records/records.ts';
import type { IndexDump } from './dump-offset-index.ts';
import {
  baseOffsetOf,
  bytesOf,
  CorruptIndexException,
  offsetEntries,
  siblingOf,
  timeEntries,
  withoutReserve,
} from './index-file.ts';
import type { LineOutput } from './line-output.ts';
import { SegmentBatches } from './segment-batches.ts';

type Pairs = Map<string, [first: bigint, second: bigint][]>;

/** What is wrong with time indexes, by the full names of their files. Java: `TimeIndexDumpErrors`. */
export class TimeIndexErrors {
  readonly #mismatches: Pairs = new Map();
  readonly #outOfOrder: Pairs = new Map();
  readonly #notFound: Pairs = new Map();

  mismatch(file: string, indexTimestamp: bigint, logTimestamp: bigint): void {
    add(this.#mismatches, file, indexTimestamp, logTimestamp);
  }

  outOfOrder(file: string, timestamp: bigint, previous: bigint): void {
    add(this.#outOfOrder, file, timestamp, previous);
  }

  notFound(file: string, indexOffset: bigint, logOffset: bigint): void {
    add(this.#notFound, file, indexOffset, logOffset);
  }

  lines(): string[] {
    const texts = (pairs: Pairs, title: (file: string) => string, line: (a: bigint, b: bigint) => string) =>
      [...pairs].flatMap(([file, list]) => [title(file), ...list.map(([a, b]) => line(a, b))]);
    return [
      ...texts(
        this.#mismatches,
        (file) => `Found timestamp mismatch in :${file}`,
        (index, log) => `  Index timestamp: ${index}, log timestamp: ${log}`,
      ),
      ...texts(
        this.#outOfOrder,
        (file) => `Found out of order timestamp in :${file}`,
        (timestamp, previous) => `  Index timestamp: ${timestamp}, Previously indexed timestamp: ${previous}`,
      ),
      ...texts(
        this.#notFound,
        (file) => `The following indexed offsets are not found in :${file}`,
        (index, log) => `Indexed offset: ${index}, found log offset: ${log}`,
      ),
    ];
  }
}

function add(pairs: Pairs, file: string, first: bigint, second: bigint): void {
  const list = pairs.get(resolve(file)) ?? [];
  pairs.set(resolve(file), list);
  list.push([first, second]);
}

const ENTRY_BYTES = 12;
const NO_TIMESTAMP = -1n;

/** A `.timeindex` beside its `.log` and `.index`. Java: `DumpLogSegments.dumpTimeIndex`. */
export async function dumpTimeIndex(
  file: string,
  { sanityOnly, verifyOnly }: IndexDump,
  output: LineOutput,
  errors: TimeIndexErrors,
): Promise<void> {
  const baseOffset = baseOffsetOf(file);
  using log = new SegmentBatches(siblingOf(file, '.log'));
  const offsets = withoutReserve(offsetEntries(bytesOf(siblingOf(file, '.index')), baseOffset), baseOffset);
  const bytes = bytesOf(file);
  const entries = timeEntries(bytes, baseOffset);
  if (sanityOnly) {
    checkSanity(file, bytes.length, baseOffset, entries);
    return output.line(`${file} passed sanity check.`);
  }
  let previous = NO_TIMESTAMP;
  for (const { timestamp, offset } of withoutReserve(entries, baseOffset)) {
    const position = offsets.findLast((entry) => entry.offset <= offset)?.position ?? 0;
    const batch = batchWith(log, position, offset);
    if (batch === undefined || batch.lastOffset !== offset) {
      errors.notFound(file, offset, batch === undefined ? -1n : batch.lastOffset);
    } else {
      const latest = latestTimestamp(batch);
      if (latest !== timestamp) errors.mismatch(file, timestamp, latest);
      if (previous >= timestamp) errors.outOfOrder(file, timestamp, previous);
    }
    if (!verifyOnly) await output.line(`timestamp: ${timestamp} offset: ${offset}`);
    previous = timestamp;
  }
}

/** The first batch from `position` on that ends at or after the offset. */
function batchWith(log: SegmentBatches, position: number, offset: bigint): RecordBatch | undefined {
  for (const { batch } of log.batches(position)) if (batch.lastOffset >= offset) return batch;
  return undefined;
}

function latestTimestamp(batch: RecordBatch): bigint {
  let latest = NO_TIMESTAMP;
  for (const { timestamp } of BatchRecords.open(batch)) if (timestamp > latest) latest = timestamp;
  return latest;
}

/** Java: `TimeIndex.sanityCheck`. */
function checkSanity(
  file: string,
  length: number,
  baseOffset: bigint,
  entries: readonly { timestamp: bigint; offset: bigint }[],
): void {
  const [first, last] = [entries[0], entries.at(-1)];
  const corrupt = `Corrupt time index found, time index file (${resolve(file)}) has non-zero size but the last`;
  if (first && last && last.timestamp < first.timestamp) {
    throw new CorruptIndexException(
      `${corrupt} timestamp is ${last.timestamp} which is less than the first timestamp ${first.timestamp}`,
    );
  }
  if (last && last.offset < baseOffset) {
    throw new CorruptIndexException(
      `${corrupt} offset is ${last.offset} which is less than the first offset ${baseOffset}`,
    );
  }
  if (length % ENTRY_BYTES !== 0) {
    throw new CorruptIndexException(
      `Time index file ${resolve(file)} is corrupt, found ${length} bytes which is neither positive nor a multiple of ${ENTRY_BYTES}`,
    );
  }
}
