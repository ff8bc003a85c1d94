import type { Time } from '../../../common/time.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import { recordBatches } from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';
import type { LogConfig } from '../log/log-config.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { MetadataImage } from './metadata-image.ts';
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecordInput } from './metadata-records.ts';

export const METADATA_TOPIC = '__cluster_metadata';

/** It never loses records by age, and never waits for anything but the disk. */
export const METADATA_LOG_CONFIG: LogConfig = {
  segmentBytes: 64 * 1024 * 1024,
  segmentMs: Number.MAX_SAFE_INTEGER,
  indexIntervalBytes: 4096,
  retentionMs: null,
  retentionBytes: null,
  maxMessageBytes: 0x7fff_ffff,
  isDeleted: false,
  isCompacted: false,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0n,
  maxCompactionLagMs: 0x7fff_ffff_ffff_ffffn,
  deleteRetentionMs: 86_400_000n,
  compressionType: null,
  compressionLevel: undefined,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: 0x7fff_ffff_ffff_ffffn,
  timestampAfterMaxMs: 0x7fff_ffff_ffff_ffffn,
  flushMessages: 1n,
  flushMs: 0x7fff_ffff_ffff_ffffn,
};

const READ_BYTES = 1024 * 1024;
/** A log that has grown beyond it is begun anew at a start. */
const COMPACT_BYTES = 1024 * 1024;

/**
 * `__cluster_metadata`: topics, their settings and ids, and the producer ids that were given out, as a log of changes
 * (KIP-500). The records that one change needs are one batch: after a crash all of them are there or none.
 */
export class MetadataLog {
  readonly #log: PartitionLog;
  readonly #time: Time;

  constructor(log: PartitionLog, time: Time) {
    this.#log = log;
    this.#time = time;
  }

  /** Nothing was ever written to it. */
  get isEmpty(): boolean {
    return this.#log.logEndOffset === 0n;
  }

  load(): MetadataImage {
    const image = new MetadataImage();
    for (let offset = this.#log.logStartOffset; ; ) {
      const bytes = this.#log.read(offset, READ_BYTES, true);
      if (bytes.length === 0) return image;
      for (const batch of recordBatches(bytes)) {
        offset = batch.nextOffset;
        if (batch.isControlBatch) continue;
        for (const { value } of decodeRecords(batch)) {
          const record = value && decodeMetadataRecord(value);
          if (record) image.replay(record);
        }
      }
    }
  }

  /** Resolves when the records are durable. Rejects with KAFKA_STORAGE_ERROR when they are not. */
  async append(records: readonly MetadataRecordInput[]): Promise<void> {
    if (records.length === 0) return;
    const timestamp = BigInt(this.#time.milliseconds());
    const batch = encodeRecordBatch(
      records.map((record) => ({ timestamp, key: null, value: encodeMetadataRecord(record) })),
    );
    await this.#log.appendInternal(batch).committed.wait();
  }

  /** When history is most of the log, begins it anew with what is true now. A crash on the way leaves both. */
  async compact(image: MetadataImage, brokerId: number, directoryId: string): Promise<void> {
    if (this.#log.size < COMPACT_BYTES) return;
    const records = image.records(brokerId, directoryId);
    if (records.length * 100 > this.#log.size / 2) return;
    this.#log.roll();
    const start = this.#log.logEndOffset;
    await this.append(records);
    this.#log.advanceLogStart(start);
  }
}
