import { crc32c } from '../../protocol/records/crc32c.ts';
import { BatchLayout, LOG_OVERHEAD, MAGIC, RECORD_BATCH_OVERHEAD } from '../../protocol/records/record-batch.ts';

/** A single node is leader of everything for ever: its epoch is the first one. */
export const LEADER_EPOCH = 0;
/** A batch in the log can't be larger than a request may be, and that is an int32. */
export const MAX_BATCH_BYTES = 0x7fff_ffff;

/** What a batch must be in its place; the fields before the CRC are not covered by it, so their values are checked. */
export interface Expectation {
  /** Offset after the batch before it; undefined when that is not known. */
  readonly offset: bigint | undefined;
  /** Compaction leaves gaps between batches; nothing else does within a segment. */
  readonly gapsAllowed: boolean;
}

/** Bytes of the batch at `at`, by its own word; 0 when that can't be. 12 bytes must be there. */
export function claimedSize(buffer: Buffer, at: number): number {
  const length = buffer.readInt32BE(at + BatchLayout.batchLength);
  return length < RECORD_BATCH_OVERHEAD - LOG_OVERHEAD ? 0 : LOG_OVERHEAD + length;
}

export function lastOffsetAt(buffer: Buffer, at: number): bigint {
  return baseOffsetAt(buffer, at) + BigInt(buffer.readInt32BE(at + BatchLayout.lastOffsetDelta));
}

export function baseOffsetAt(buffer: Buffer, at: number): bigint {
  return buffer.readBigInt64BE(at + BatchLayout.baseOffset);
}

export function maxTimestampAt(buffer: Buffer, at: number): bigint {
  return buffer.readBigInt64BE(at + BatchLayout.maxTimestamp);
}

/** Why the header at `at` (61 bytes must be there) is not one that we wrote; undefined when it may be. */
export function headerFault(buffer: Buffer, at: number, expectation: Expectation): string | undefined {
  const magic = buffer[at + BatchLayout.magic];
  if (magic !== MAGIC) return `magic is ${magic}`;
  if (claimedSize(buffer, at) === 0) return `length is ${buffer.readInt32BE(at + BatchLayout.batchLength)}`;
  const epoch = buffer.readInt32BE(at + BatchLayout.partitionLeaderEpoch);
  if (epoch !== LEADER_EPOCH) return `leader epoch is ${epoch}`;
  const delta = buffer.readInt32BE(at + BatchLayout.lastOffsetDelta);
  if (delta < 0) return `last offset delta is ${delta}`;
  const offset = baseOffsetAt(buffer, at);
  const { offset: expected, gapsAllowed } = expectation;
  if (expected !== undefined && (gapsAllowed ? offset < expected : offset !== expected)) {
    return `base offset is ${offset} where ${expected} follows`;
  }
  return undefined;
}

/** Why the batch at `at`, `size` bytes that are all there, is not what was written; undefined when it is. */
export function contentFault(buffer: Buffer, at: number, size: number): string | undefined {
  const stored = buffer.readUInt32BE(at + BatchLayout.crc);
  const computed = crc32c(buffer, at + BatchLayout.attributes, at + size);
  return stored === computed ? undefined : `stored crc is ${stored}, computed crc is ${computed}`;
}
