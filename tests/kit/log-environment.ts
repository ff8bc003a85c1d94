import { dirname } from 'node:path';
import type { DamagedRecords } from '../../common/kafka/storage-alarms.ts';
import { BatchOpener } from '../../main/broker/log/batch-opener.ts';
import { CheckpointFile } from '../../main/broker/log/checkpoint-file.ts';
import { DiskSpace } from '../../main/broker/log/disk-space.ts';
import type { FileSystem } from '../../main/broker/log/file-system.ts';
import { FlushQueue } from '../../main/broker/log/flush-queue.ts';
import type { LogConfig } from '../../main/broker/log/log-config.ts';
import type { LogEnvironment } from '../../main/broker/log/log-environment.ts';
import { OffsetReservations } from '../../main/broker/log/offset-reservations.ts';
import { OpenFiles } from '../../main/broker/log/open-files.ts';
import { PartitionLog } from '../../main/broker/log/partition-log.ts';
import { PatientFileSystem } from '../../main/broker/log/patient-file-system.ts';
import { SyncTurns } from '../../main/broker/log/sync-turns.ts';
import { encodeRecordBatch, type RecordBatchOptions } from '../../main/protocol/records/encode-records.ts';
import { recordBatches } from '../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../main/protocol/records/records.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';

export const LOG_CONFIG: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 3600 * 1000,
  indexIntervalBytes: 4096,
  retentionMs: null,
  retentionBytes: null,
  maxMessageBytes: 1024 * 1024,
  isDeleted: true,
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

/** One life of a process over a directory: what it logs, and the logs that it opens. */
export class LogLife {
  readonly time = new MockTime();
  readonly lines: string[];
  readonly damage: DamagedRecords[] = [];
  readonly environment: LogEnvironment;
  readonly root: string;

  constructor(fileSystem: FileSystem, root: string, openFiles = 512) {
    const { logger, lines } = recordingLogger();
    this.lines = lines;
    this.root = root;
    fileSystem.makeDirectory(root);
    fileSystem.syncDirectoryNow(dirname(root));
    const reservations = new OffsetReservations(new CheckpointFile(fileSystem, root, 'offset-reservation-checkpoint'));
    reservations.load();
    this.environment = {
      files: new OpenFiles(new PatientFileSystem(fileSystem, this.time, logger), openFiles),
      time: this.time,
      logger,
      flushQueue: new FlushQueue(),
      syncTurns: new SyncTurns(),
      opener: new BatchOpener(),
      disk: new DiskSpace(fileSystem, root, this.time, logger, 64 * 1024),
      reservations,
      onDamage: (damage) => this.damage.push(damage),
    };
  }

  open(
    options: {
      config?: Partial<LogConfig>;
      recoveryPoint?: bigint;
      isClean?: boolean;
      partition?: number;
      hasGaps?: boolean;
    } = {},
  ): PartitionLog {
    const partition = options.partition ?? 0;
    const directory = `${this.root}/t-${partition}`;
    const { fileSystem } = this.environment.files;
    const isNew = !fileSystem.exists(directory);
    fileSystem.makeDirectory(directory);
    return new PartitionLog(this.environment, {
      topicPartition: { topic: 't', partition },
      directory,
      config: { ...LOG_CONFIG, ...options.config },
      recoveryPoint: options.recoveryPoint ?? 0n,
      isClean: options.isClean ?? false,
      logStartOffset: 0n,
      isNew,
      hasGaps: options.hasGaps ?? false,
    });
  }
}

/** A batch of texts, as a producer sends it. */
export function batchOf(values: readonly string[], options: RecordBatchOptions & { timestamp?: bigint } = {}): Buffer {
  const timestamp = options.timestamp ?? 1_700_000_000_000n;
  return encodeRecordBatch(
    values.map((value, i) => ({ timestamp: timestamp + BigInt(i), key: null, value: Buffer.from(value) })),
    options,
  );
}

export interface ReadRecord {
  offset: bigint;
  value: string;
}

/** Everything that a consumer sees from an offset on, in requests of `maxBytes`. */
export function readAll(log: PartitionLog, from = log.logStartOffset, maxBytes = 64 * 1024): ReadRecord[] {
  const records: ReadRecord[] = [];
  for (let offset = from; ; ) {
    const bytes = log.read(offset, maxBytes, true);
    if (bytes.length === 0) return records;
    for (const batch of recordBatches(bytes)) {
      if (!batch.isValid) throw new Error(`A broken batch was delivered at offset ${batch.baseOffset}`);
      for (const record of decodeRecords(batch)) {
        if (record.offset >= offset) records.push({ offset: record.offset, value: String(record.value) });
      }
      offset = batch.nextOffset;
    }
  }
}
