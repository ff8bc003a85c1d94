import { RECORD_BATCH_OVERHEAD } from '../../protocol/records/record-batch.ts';
import { baseOffsetAt } from './batch-inspection.ts';
import { BatchScanner } from './batch-scanner.ts';
import type { LogFile } from './file-system.ts';
import type { BatchPlace } from './segment-indexes.ts';

/** A stretch of a segment that can't be read any more. It stays where it is; readers go on behind it. */
export interface DamagedRange {
  /** bytes, `[start, end)` */
  readonly start: number;
  readonly end: number;
  /** offsets, `[firstOffset, nextOffset)`: equal when none of them is missing */
  readonly firstOffset: bigint;
  /** undefined: it reaches to the end of the segment, and what follows tells what it held */
  readonly nextOffset: bigint | undefined;
  readonly reason: string;
}

export interface ExaminationOptions {
  readonly start: number;
  readonly end: number;
  /** of the segment */
  readonly baseOffset: bigint;
  /** that the first batch has; undefined when that is not known */
  readonly offset: bigint | undefined;
  readonly gapsAllowed: boolean;
  readonly onBatch: (place: BatchPlace) => void;
}

/** Offsets in a segment are at most int32 away from its base. */
const SEGMENT_OFFSETS = 0x8000_0000n;

/**
 * Checks every batch of a stretch and goes on behind those that are bad: with one copy of the data, stopping at the
 * first bad byte would throw away what was acknowledged (Kafka does, and fetches it again from a replica). A last
 * range that reaches the end is what a crash may have torn.
 */
export function examine(file: LogFile, options: ExaminationOptions): { nextOffset: bigint; damaged: DamagedRange[] } {
  const { start, end, offset, gapsAllowed, baseOffset } = options;
  const scanner = new BatchScanner(file, { start, end, offset, gapsAllowed, verify: true });
  const damaged: DamagedRange[] = [];
  for (let scanned = scanner.next(); scanned; scanned = scanner.next()) {
    if (scanned.kind === 'batch') {
      const { position, size, batch } = scanned;
      options.onBatch({ position, size, lastOffset: batch.lastOffset, maxTimestamp: batch.maxTimestamp });
      continue;
    }
    const { position, reason, tornBefore } = scanned;
    const firstOffset = scanner.expectedOffset ?? baseOffset;
    const gap = scanner.gapBefore(position);
    if (gap) {
      damaged.push({ start: position, end: position, firstOffset, nextOffset: gap.nextOffset, reason });
      scanner.resume(position, gap.nextOffset);
      continue;
    }
    // What lies behind a torn header is records, and they may hold batches: only the one that must follow counts.
    const next =
      tornBefore === undefined || gapsAllowed
        ? scanner.findBatch(position + 1, firstOffset, baseOffset + SEGMENT_OFFSETS)
        : scanner.findBatch(position + 1, tornBefore, tornBefore + 1n);
    if (next === undefined) {
      damaged.push({ start: position, end, firstOffset, nextOffset: undefined, reason });
      return { nextOffset: firstOffset, damaged };
    }
    const nextOffset = baseOffsetOf(file, next);
    damaged.push({ start: position, end: next, firstOffset, nextOffset, reason });
    scanner.resume(next, nextOffset);
  }
  return { nextOffset: scanner.expectedOffset ?? baseOffset, damaged };
}

function baseOffsetOf(file: LogFile, position: number): bigint {
  const header = Buffer.allocUnsafe(RECORD_BATCH_OVERHEAD);
  file.read(header, position);
  return baseOffsetAt(header, 0);
}
