import { z } from 'zod';
import type { PackedRecords } from './packed-records.ts';

/** An int64 as Kafka has it. */
export const int64 = z
  .bigint()
  .min(-(2n ** 63n))
  .max(2n ** 63n - 1n);

/** Java: `org.apache.kafka.common.internals.Topic.validate`. */
export const topicName = z
  .string()
  .max(249)
  .regex(/^(?!\.{1,2}$)[a-zA-Z0-9._-]+$/, 'is no name of a topic');
export const partitionNumber = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Where a live consumer starts in each of its partitions. */
export const consumeStart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('now') }),
  z.object({ type: z.literal('beginning') }),
  /** The same offset in every partition; before the first it means the first, beyond the last the end. */
  z.object({ type: z.literal('offset'), offset: int64.min(0n) }),
  /** The first record at or after it, ms since 1970 UTC; the end where there is none. */
  z.object({ type: z.literal('timestamp'), timestamp: int64 }),
  /** The last so many records of each partition. */
  z.object({ type: z.literal('last'), records: z.int().min(1).max(1_000_000) }),
  /** Where an earlier stream stopped (`ConsumeTotals.partitions`); partitions that are not named start at the beginning. */
  z.object({
    type: z.literal('positions'),
    positions: z.array(z.object({ partition: partitionNumber, position: int64.min(0n) })).max(100_000),
  }),
]);
export type ConsumeStart = z.infer<typeof consumeStart>;

/**
 * Which records are shown. Both kinds look into the text (UTF-8) of key, value, header keys and header values, each
 * for itself and in full length, whatever the preview cuts.
 */
export const consumeFilter = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  /** Substring; without regard to case unless `matchCase`. */
  z.object({ type: z.literal('text'), text: z.string().max(10_000), matchCase: z.boolean().optional() }),
  /** JavaScript's syntax; flags of `imsu`. An invalid one fails the stream with code INVALID_FILTER. */
  z.object({
    type: z.literal('regex'),
    source: z.string().max(10_000),
    flags: z
      .string()
      .regex(/^[imsu]*$/)
      .optional(),
  }),
]);
export type ConsumeFilter = z.infer<typeof consumeFilter>;

export const consumeRequest = z.object({
  topic: topicName,
  /** Absent: all of them. */
  partitions: z.array(partitionNumber).min(1).max(100_000).optional(),
  start: consumeStart,
  filter: consumeFilter.optional(),
  isolationLevel: z.enum(['read_uncommitted', 'read_committed']).optional(),
});
export type ConsumeRequest = z.infer<typeof consumeRequest>;

/**
 * Offsets of one partition for which the list has no records though they were read or jumped over.
 * - `dropped`: matching records were read faster than the window took them; `records` of them, all lost to the list.
 * - `absent`: Kafka has no record there (compaction, deletion, transaction markers).
 */
export interface ConsumeGap {
  reason: 'dropped' | 'absent';
  partition: number;
  /** first offset */
  from: bigint;
  /** offset after the last */
  to: bigint;
  /** dropped: how many matching records; absent: 0 */
  records: number;
  /** Stands before this index of the batch's records (its length: after the last). */
  before: number;
}

export interface ConsumePartition {
  partition: number;
  /** Everything before it is in this batch or an earlier one, in a gap, or did not match. */
  position: bigint;
  /** The partition's end (high watermark) as last seen. */
  endOffset: bigint;
}

/** Counted over the whole stream, each record once, whether it is shown or not. */
export interface ConsumeTotals {
  read: number;
  matched: number;
  /** Matching records that went into gaps. */
  dropped: number;
  /** Bytes of keys, values and headers read. */
  bytes: number;
  readPerSecond: number;
  matchedPerSecond: number;
  /** End offsets minus positions. */
  lag: bigint;
  /** Every partition has been read to the end that it had when the stream began. */
  caughtUp: boolean;
  partitions: ConsumePartition[];
}

/**
 * What one credit buys: everything that matched since the last batch, at most `MAX_BATCH_RECORDS` records and
 * `MAX_BATCH_BYTES` bytes. Comes at least twice a second, without records when there were none (totals move on).
 */
export interface ConsumeBatch {
  records: PackedRecords;
  gaps: ConsumeGap[];
  totals: ConsumeTotals;
}

export const MAX_BATCH_RECORDS = 5_000;
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** A key or value is cut here in the list (its size is kept); the `record` call has all of it. */
export const PREVIEW_BYTES = 64 * 1024;
