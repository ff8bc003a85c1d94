import type { SourceMap } from '../api/records.ts';

export interface StoredOffset {
  partition: SourceMap;
  offset: SourceMap;
}

/** One partition's offset as it was at some moment. */
export interface OffsetCommit extends StoredOffset {
  /** ms since 1970 UTC */
  time: number;
}

/**
 * Where source connectors stand, by connector and source partition. Java: `OffsetBackingStore` with its reader and
 * writer. Equal partitions are equal whatever the order of their fields.
 */
export interface OffsetBackingStore {
  /** The offset of each partition, null where there is none. */
  get(connector: string, partitions: readonly SourceMap[]): (SourceMap | null)[];
  all(connector: string): StoredOffset[];
  /**
   * All of them or none, durable when it returns; null forgets a partition. Throws DataException for what is no
   * source offset, ConnectException (DISK_FULL …) when it could not be written: then nothing has changed.
   */
  set(connector: string, offsets: readonly { partition: SourceMap; offset: SourceMap | null }[]): void;
  clear(connector: string): void;
  /** The newest `limit` commits, newest first. Bounded by count and age. */
  history(connector: string, limit: number): OffsetCommit[];
}
