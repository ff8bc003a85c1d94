import { resolve } from 'node:path';
import {
  baseOffsetOf,
  bytesOf,
  CorruptIndexException,
  offsetEntries,
  siblingOf,
  withoutReserve,
} from './index-file.ts';
import type { LineOutput } from './line-output.ts';
import { SegmentBatches } from './segment-batches.ts';

export interface IndexDump {
  /** Only what a broker checks at its start. */
  sanityOnly: boolean;
  verifyOnly: boolean;
  /** How far behind an entry's position its batch may end. */
  maxMessageSize: number;
}

/** Entries that don't point to the end of a batch, by the full name of the file. */
export type IndexMismatches = Map<string, [indexOffset: bigint, logOffset: bigint][]>;

const ENTRY_BYTES = 8;

/** A `.index` beside its `.log`. Java: `DumpLogSegments.dumpIndex`. */
export async function dumpOffsetIndex(
  file: string,
  { sanityOnly, verifyOnly, maxMessageSize }: IndexDump,
  output: LineOutput,
  mismatches: IndexMismatches,
): Promise<void> {
  const baseOffset = baseOffsetOf(file);
  using log = new SegmentBatches(siblingOf(file, '.log'));
  const bytes = bytesOf(file);
  const entries = offsetEntries(bytes, baseOffset);
  if (entries.length === 0) return output.line(`${file} is empty.`);
  if (sanityOnly) {
    checkSanity(file, bytes.length, baseOffset, entries.at(-1)?.offset ?? baseOffset);
    return output.line(`${file} passed sanity check.`);
  }
  for (const { offset, position } of withoutReserve(entries, baseOffset)) {
    const [first] = log.batches(position, position + maxMessageSize);
    if (first === undefined) {
      throw new CorruptIndexException(
        `Index offset ${offset} of ${file} points to position ${position}: no batch is there`,
      );
    }
    const { lastOffset } = first.batch;
    if (lastOffset !== offset) {
      const of = mismatches.get(resolve(file)) ?? [];
      mismatches.set(resolve(file), of);
      of.push([offset, lastOffset]);
    }
    if (!verifyOnly) await output.line(`offset: ${offset} position: ${position}`);
  }
}

/** Java: `OffsetIndex.sanityCheck`. */
function checkSanity(file: string, length: number, baseOffset: bigint, lastOffset: bigint): void {
  if (lastOffset < baseOffset) {
    throw new CorruptIndexException(
      `Corrupt index found, index file (${resolve(file)}) has non-zero size but the last offset is ${lastOffset} which is less than the base offset ${baseOffset}`,
    );
  }
  if (length % ENTRY_BYTES !== 0) {
    throw new CorruptIndexException(
      `Index file ${resolve(file)} is corrupt, found ${length} bytes which is neither positive nor a multiple of ${ENTRY_BYTES}`,
    );
  }
}
