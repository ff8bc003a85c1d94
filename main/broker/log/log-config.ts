import type { TimestampType } from '../../../common/kafka/records.ts';
import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';

/** What a partition's log is told by its topic's configuration. Bytes and ms; null: no limit. Java: `LogConfig`. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly indexIntervalBytes: number;
  readonly retentionMs: number | null;
  readonly retentionBytes: number | null;
  readonly maxMessageBytes: number;
  /** `cleanup.policy` has `delete` */
  readonly isDeleted: boolean;
  /** `cleanup.policy` has `compact`: every record needs a key */
  readonly isCompacted: boolean;
  /** A log is compacted when so much of its sealed part was not yet, 0 to 1. */
  readonly minCleanableDirtyRatio: number;
  /** Records younger than this are not compacted, ms. */
  readonly minCompactionLagMs: bigint;
  /** Older ones are, however little there is to be gained, ms. */
  readonly maxCompactionLagMs: bigint;
  /** How long tombstones stay after they were compacted, ms. */
  readonly deleteRetentionMs: bigint;
  /** null: as the producer sent it */
  readonly compressionType: CompressionType | null;
  /** Of `compressionType`, on the codec's own scale; undefined: its default. */
  readonly compressionLevel: number | undefined;
  readonly timestampType: Exclude<TimestampType, 'NoTimestampType'>;
  readonly timestampBeforeMaxMs: bigint;
  readonly timestampAfterMaxMs: bigint;
  /** 1: every batch is synced before it is answered for and before it is read; more: nobody waits for the disk */
  readonly flushMessages: bigint;
  readonly flushMs: bigint;
}
