import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { BatchOpener } from './batch-opener.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { DiskSpace } from './disk-space.ts';
import { type FileSystem, replaceFile } from './file-system.ts';
import { FlushQueue } from './flush-queue.ts';
import { LogCleaner } from './log-cleaner.ts';
import type { LogConfig } from './log-config.ts';
import type { LogEnvironment } from './log-environment.ts';
import { OffsetReservations } from './offset-reservations.ts';
import { OpenFiles } from './open-files.ts';
import {
  doomedDirectoryName,
  type PartitionDirectory,
  partitionDirectories,
  removeDirectory,
  strayDirectoryName,
  topicIdOf,
  writePartitionMetadata,
} from './partition-directory.ts';
import { PartitionLog } from './partition-log.ts';
import { PatientFileSystem } from './patient-file-system.ts';
import { SyncTurns } from './sync-turns.ts';
import { tryAgain } from './try-again.ts';

const CLEAN_SHUTDOWN = '.kafka_cleanshutdown';
/** How often the recovery points are looked at. */
const UPKEEP_INTERVAL_MS = 5_000;
/** As Kafka: `log.flush.offset.checkpoint.interval.ms`. */
const CHECKPOINT_INTERVAL_MS = 60_000;
/** A start after a crash reads about so much again, not a minute's worth of it. */
const CHECKPOINT_BYTES = 64 * 1024 * 1024;
/** Logs whose state is written in one turn of the event loop. */
const SAVED_A_TURN = 32;

export interface LogManagerOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly time: Time;
  readonly logger: Logger;
  readonly onDamage: (damage: DamagedRecords) => void;
  /** Whether logs are compacted (`log.cleaner.enable`). */
  readonly compacts: boolean;
}

/**
 * The logs of a data folder, and the files that they share: recovery points, log starts, the mark of a clean stop, the
 * reserve for a full disk. Whoever opens a folder is its only owner. Java: `LogManager`.
 */
export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #environment: LogEnvironment;
  readonly #recoveryPoints: CheckpointFile;
  readonly #logStarts: CheckpointFile;
  readonly #cleaner: LogCleaner;
  readonly #wasClean: boolean;
  /** As of the start, by partition: what is opened takes its own out. */
  readonly #knownRecoveryPoints: Map<string, bigint>;
  readonly #knownLogStarts: Map<string, bigint>;
  readonly #logs = new Set<PartitionLog>();
  #timer: Timer | undefined;
  #checkpointing: Promise<void> = Promise.resolve();
  #checkpointedBytes = 0;
  readonly #checkpointedStarts = new Map<PartitionLog, bigint>();
  #checkpointedAt: number;
  /** All logs of the folder are open: what is checkpointed is about all of them. */
  #isWhole = false;
  #closed = false;

  constructor(options: LogManagerOptions) {
    this.#options = options;
    const { fileSystem, directory, time, logger, onDamage } = options;
    const reservations = new OffsetReservations(
      new CheckpointFile(fileSystem, directory, 'offset-reservation-checkpoint'),
    );
    if (!reservations.load()) {
      logger.error(
        `${join(directory, 'offset-reservation-checkpoint')} can't be read: topics with flush.messages above 1 may use offsets again that were read before a crash.`,
      );
    }
    this.#environment = {
      files: new OpenFiles(new PatientFileSystem(fileSystem, time, logger)),
      time,
      logger,
      flushQueue: new FlushQueue(),
      syncTurns: new SyncTurns(),
      opener: new BatchOpener(),
      disk: new DiskSpace(fileSystem, directory, time, logger),
      reservations,
      onDamage,
    };
    this.#recoveryPoints = new CheckpointFile(fileSystem, directory, 'recovery-point-offset-checkpoint');
    this.#logStarts = new CheckpointFile(fileSystem, directory, 'log-start-offset-checkpoint');
    this.#knownRecoveryPoints = this.#read(this.#recoveryPoints, 'Every log is checked from its beginning.');
    this.#knownLogStarts = this.#read(this.#logStarts, 'Records that were deleted by offset may be there again.');
    this.#cleaner = new LogCleaner({
      files: this.#environment.files,
      time,
      logger,
      opener: this.#environment.opener,
      checkpoint: new CheckpointFile(fileSystem, directory, 'cleaner-offset-checkpoint'),
    });
    this.#wasClean = this.#takeCleanMark();
    this.#checkpointedAt = time.hiResMilliseconds();
    this.#environment.disk.open();
  }

  /** No space is left: producers are refused. */
  get isDiskFull(): boolean {
    return this.#environment.disk.isFull;
  }

  /** What a crash left half removed is gone after it. */
  directories(): PartitionDirectory[] {
    return partitionDirectories(this.#options.fileSystem, this.#options.directory);
  }

  hasDirectory({ topic, partition }: TopicPartition): boolean {
    return this.#options.fileSystem.exists(join(this.#options.directory, topicPartitionKey(topic, partition)));
  }

  /** The log of a partition, begun anew when there is none. `topicId`: null for the broker's own. */
  open(topicPartition: TopicPartition, topicId: string | null, config: LogConfig): PartitionLog {
    const { fileSystem, directory: root } = this.#options;
    const key = topicPartitionKey(topicPartition.topic, topicPartition.partition);
    const directory = join(root, key);
    const isNew = !fileSystem.exists(directory);
    if (isNew) fileSystem.makeDirectory(directory);
    if (topicId !== null && topicIdOf(fileSystem, directory) !== topicId) {
      writePartitionMetadata(fileSystem, directory, topicId);
    }
    const log = new PartitionLog(this.#environment, {
      topicPartition,
      directory,
      config,
      recoveryPoint: this.#knownRecoveryPoints.get(key) ?? 0n,
      isClean: this.#wasClean,
      logStartOffset: this.#knownLogStarts.get(key) ?? 0n,
      isNew,
      hasGaps: this.#cleaner.hasCleaned(topicPartition.topic, topicPartition.partition),
    });
    this.#knownRecoveryPoints.delete(key);
    this.#knownLogStarts.delete(key);
    this.#logs.add(log);
    return log;
  }

  /** As `open`, at a start: what the disk can't read may be readable in a moment. */
  openAtStart(topicPartition: TopicPartition, topicId: string | null, config: LogConfig): Promise<PartitionLog> {
    const { time, logger } = this.#options;
    const key = topicPartitionKey(topicPartition.topic, topicPartition.partition);
    return tryAgain(time, logger, key, () => this.open(topicPartition, topicId, config));
  }

  /** Removes logs with their directories. After it a topic of the same name begins from nothing. */
  async remove(logs: readonly PartitionLog[], uniqueId: string): Promise<void> {
    const { fileSystem, directory: root } = this.#options;
    const doomed: string[] = [];
    for (const log of logs) {
      await log.abandon();
      this.#logs.delete(log);
      this.#environment.reservations.forget(log.topicPartition);
      this.#cleaner.forget(log.topicPartition.topic, log.topicPartition.partition);
      const path = join(root, doomedDirectoryName(log.topicPartition, uniqueId));
      fileSystem.rename(log.directory, path);
      doomed.push(path);
    }
    await fileSystem.syncDirectory(root);
    // Else the recovery points of the old topic would be those of a new one after a crash.
    await this.checkpoint();
    for (const path of doomed) removeDirectory(fileSystem, path);
  }

  /** A directory that belongs to no topic: kept, under a name that is never opened. */
  setAside(stray: PartitionDirectory, uniqueId: string): void {
    const { fileSystem, directory: root, logger } = this.#options;
    const name = strayDirectoryName(stray, uniqueId);
    fileSystem.rename(stray.path, join(root, name));
    logger.warn(
      `${stray.path} belongs to no topic of this broker. It was renamed to ${name} and is left alone; remove it when nobody misses it.`,
    );
  }

  discard(directory: PartitionDirectory): void {
    removeDirectory(this.#options.fileSystem, directory.path);
  }

  /** Everything that was there is open: from here on the recovery points follow. */
  startUpkeep(): void {
    this.#knownRecoveryPoints.clear();
    this.#knownLogStarts.clear();
    this.#isWhole = true;
    this.#upkeepLater();
  }

  #upkeepLater(): void {
    this.#timer = this.#options.time.timer(UPKEEP_INTERVAL_MS, () => {
      // It takes its time, and nothing waits for it.
      if (this.#options.compacts && !this.#environment.disk.isFull) void this.#cleaner.run(this.#logs);
      this.#checkpointIfDue()
        .catch((error: unknown) => this.#options.logger.error('The recovery points could not be written', error))
        .finally(() => {
          if (!this.#closed) this.#upkeepLater();
        });
    });
  }

  /** Writes how far every log is on the disk, so that a start after a crash checks only what comes behind. */
  checkpoint(): Promise<void> {
    // One at a time. That one before failed was told to whoever asked for it.
    this.#checkpointing = this.#checkpointing.catch(() => {}).then(() => this.#writeCheckpoints());
    return this.#checkpointing;
  }

  /** Brings everything to the disk and says so. Resolves also when it could not be: then the next start checks. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    await this.#cleaner.stop();
    const { logger, fileSystem, directory } = this.#options;
    try {
      const results = await Promise.allSettled([...this.#logs].map((log) => log.close()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      if (!this.#isWhole) return;
      await this.checkpoint();
      this.#environment.reservations.clear();
      await replaceFile(fileSystem, directory, CLEAN_SHUTDOWN, Buffer.from('{"version":0,"brokerEpoch":0}'));
    } catch (error) {
      logger.error('Not everything could be brought to the disk: the next start checks what is there.', error);
    } finally {
      this.#environment.disk.close();
      this.#environment.files.closeAll();
    }
  }

  async #checkpointIfDue(): Promise<void> {
    const now = this.#options.time.hiResMilliseconds();
    const bytes = this.#visibleBytes() - this.#checkpointedBytes;
    const isDue = bytes >= CHECKPOINT_BYTES || (bytes > 0 && now - this.#checkpointedAt >= CHECKPOINT_INTERVAL_MS);
    if (isDue || this.#startsMoved()) await this.checkpoint();
  }

  #startsMoved(): boolean {
    for (const log of this.#logs) {
      if (log.logStartOffset !== (this.#checkpointedStarts.get(log) ?? 0n)) return true;
    }
    return false;
  }

  #visibleBytes(): number {
    let bytes = 0;
    for (const log of this.#logs) bytes += log.visibleBytes;
    return bytes;
  }

  async #writeCheckpoints(): Promise<void> {
    this.#checkpointedBytes = this.#visibleBytes();
    this.#checkpointedAt = this.#options.time.hiResMilliseconds();
    if (!this.#closed) await this.#saveStates();
    const logs = [...this.#logs];
    // Read before anything is awaited: a point that moves on meanwhile is as good, one that moves back is not.
    const recoveryPoints = logs.map((log) => ({ ...log.topicPartition, offset: log.syncedOffset }));
    const logStarts = logs.map((log) => ({ ...log.topicPartition, offset: log.logStartOffset }));
    this.#checkpointedStarts.clear();
    for (const log of logs) this.#checkpointedStarts.set(log, log.logStartOffset);
    await this.#recoveryPoints.write(recoveryPoints);
    await this.#logStarts.write(logStarts);
  }

  /** In steps: thousands of logs have other work between them. */
  async #saveStates(): Promise<void> {
    let saved = 0;
    for (const log of [...this.#logs]) {
      if (log.isClosed || !log.saveState()) continue;
      if (++saved % SAVED_A_TURN === 0) await setImmediate();
    }
  }

  #takeCleanMark(): boolean {
    const { fileSystem, directory } = this.#options;
    const mark = join(directory, CLEAN_SHUTDOWN);
    if (!fileSystem.exists(mark)) return false;
    fileSystem.removeFile(mark);
    fileSystem.syncDirectoryNow(directory);
    return true;
  }

  #read(file: CheckpointFile, consequence: string): Map<string, bigint> {
    const known = file.read();
    if (!known) this.#options.logger.warn(`${file.path} can't be read. ${consequence}`);
    return new Map((known ?? []).map((entry) => [topicPartitionKey(entry.topic, entry.partition), entry.offset]));
  }
}
