import type { TopicPartition } from './records.ts';

/** Records that can't be read any more. Their bytes stay in the file; readers go on behind them. */
export interface DamagedRecords extends TopicPartition {
  /** `[firstOffset, nextOffset)` */
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
  readonly file: string;
  readonly bytes: number;
  readonly reason: string;
}

/** A partition that takes no records (KAFKA_STORAGE_ERROR), until its log was read again from the disk without an error. */
export interface OfflinePartition extends TopicPartition {
  readonly reason: string;
}

/** What people should know of the disk that the sandbox is on. */
export interface StorageAlarms {
  /** No space is left: producers are refused until there is. */
  readonly isDiskFull: boolean;
  readonly offline: readonly OfflinePartition[];
  /** Found since the start, at most a hundred. */
  readonly damaged: readonly DamagedRecords[];
  /** How many were found. */
  readonly damagedCount: number;
}

export const NO_ALARMS: StorageAlarms = { isDiskFull: false, offline: [], damaged: [], damagedCount: 0 };
