import { join } from 'node:path';

export const LOG_SUFFIX = '.log';
export const INDEX_SUFFIX = '.index';
export const TIME_INDEX_SUFFIX = '.timeindex';
export const SNAPSHOT_SUFFIX = '.snapshot';
/** Kafka's own transaction index; made when transactions are, removed with its segment. */
export const TXN_INDEX_SUFFIX = '.txnindex';
/**
 * Beside a segment that does not begin where the one before it ends: the first of the offsets between them that never
 * had a record. Kafka has no such file, and passes it over.
 */
export const UNUSED_SUFFIX = '.unused';
/** Files that a deletion was about to remove. */
export const DELETED_SUFFIX = '.deleted';
/** Output of a cleaning that did not end. */
export const CLEANED_SUFFIX = '.cleaned';
/** Output of a cleaning that did end: it takes the place of what it was made of. */
export const SWAP_SUFFIX = '.swap';

const DIGITS = 20;

/** `00000000000000000000`: a file is named after the first offset it may hold. */
export function offsetFileName(offset: bigint, suffix: string): string {
  return offset.toString().padStart(DIGITS, '0') + suffix;
}

/** The offset in a name with the suffix; undefined for other files. */
export function offsetOfFileName(name: string, suffix: string): bigint | undefined {
  if (!name.endsWith(suffix) || name.length !== DIGITS + suffix.length) return undefined;
  const digits = name.slice(0, DIGITS);
  return /^\d+$/.test(digits) ? BigInt(digits) : undefined;
}

export interface SegmentPaths {
  readonly log: string;
  readonly index: string;
  readonly timeIndex: string;
  readonly txnIndex: string;
  readonly unused: string;
}

export function segmentPaths(directory: string, baseOffset: bigint): SegmentPaths {
  const path = (suffix: string) => join(directory, offsetFileName(baseOffset, suffix));
  return {
    log: path(LOG_SUFFIX),
    index: path(INDEX_SUFFIX),
    timeIndex: path(TIME_INDEX_SUFFIX),
    txnIndex: path(TXN_INDEX_SUFFIX),
    unused: path(UNUSED_SUFFIX),
  };
}
