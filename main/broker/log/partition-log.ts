import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import type { AppendRules } from './append-validation.ts';
import { LEADER_EPOCH } from './batch-inspection.ts';
import { type CheckedBatch, check, checkedAtOnce } from './client-batches.ts';
import { Latch } from './latch.ts';
import type { LogConfig } from './log-config.ts';
import type { LogEnvironment } from './log-environment.ts';
import { type LogToOpen, loadLog, type OpenedLog } from './log-loader.ts';
import { LogReader } from './log-reader.ts';
import { LogSegment } from './log-segment.ts';
import { LogWatchers } from './log-watchers.ts';
import { LogWriter } from './log-writer.ts';
import type { ProducerLog } from './producer-log.ts';
import type { ProducerEntry } from './producer-state.ts';
import { RetryTimer } from './retry-timer.ts';
import type { BatchPlace } from './segment-indexes.ts';
import type { SegmentList } from './segment-list.ts';
import { SegmentRoller } from './segment-roller.ts';
import { storageError } from './storage-errors.ts';
import type { TimestampOffset } from './timestamp-lookup.ts';
import type { AbortedTransaction } from './transaction-index.ts';
import { encodeMarker, type TransactionMarker } from './transaction-marker.ts';

export interface Appended {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** ms; -1 when the records keep their own time */
  readonly logAppendTimeMs: bigint;
  /** It had come before: nothing was appended. */
  readonly isDuplicate: boolean;
  /** The bytes are with the operating system: they survive the end of this process. */
  readonly written: Latch;
  /** The bytes are on the disk (as far as `flush.messages` asks for it), and consumers see them. */
  readonly committed: Latch;
}

/** Read back from the disk when a partition was offline, before it goes on: what the last minutes may have brought. */
const VERIFIED_BYTES = 64 * 1024 * 1024;

/**
 * The log of one partition. Appends are ordered and get their offsets at once; the bytes of one turn of the event loop
 * are written together at its end and then synced in another thread, as many turns at a time as come meanwhile
 * (group commit). Only what is synced lies below the high watermark and is read. Java: `UnifiedLog`.
 */
export class PartitionLog {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly #environment: LogEnvironment;
  readonly #toOpen: LogToOpen;
  readonly #watchers = new LogWatchers();
  readonly #retry: RetryTimer;
  readonly #name: string;
  #segments!: SegmentList;
  #producers!: ProducerLog;
  #writer!: LogWriter;
  #roller!: SegmentRoller;
  #reader!: LogReader;
  #logStartOffset!: bigint;
  /** Offsets may be missing between its batches: compaction took them. */
  #hasGaps: boolean;
  #closed = false;

  /** Opens it as the last process left it. Throws what the disk says. */
  constructor(environment: LogEnvironment, toOpen: LogToOpen) {
    this.#environment = environment;
    this.#toOpen = toOpen;
    this.#retry = new RetryTimer(environment.time);
    this.topicPartition = toOpen.topicPartition;
    this.directory = toOpen.directory;
    this.#hasGaps = toOpen.hasGaps;
    this.#name = topicPartitionKey(toOpen.topicPartition.topic, toOpen.topicPartition.partition);
    this.#use(loadLog(environment, toOpen));
  }

  #use(opened: OpenedLog): void {
    const { segments, producers, logStartOffset } = opened;
    const onOffline = () => this.#retry.later(() => void this.#comeBack());
    this.#segments = segments;
    this.#producers = producers;
    this.#logStartOffset = logStartOffset;
    this.#writer = new LogWriter({ environment: this.#environment, watchers: this.#watchers, onOffline, ...opened });
    this.#roller = new SegmentRoller(this.#environment, opened, this.#writer);
    this.#reader = new LogReader(this.#environment, this.topicPartition, segments, this.#writer);
  }

  get config(): LogConfig {
    return this.#writer.config;
  }

  /** Holds from the next append on. */
  set config(config: LogConfig) {
    this.#writer.config = config;
    this.#writer.syncByPolicy();
  }

  get logStartOffset(): bigint {
    return this.#logStartOffset;
  }

  /** The next offset to be given. */
  get logEndOffset(): bigint {
    return this.#writer.endOffset;
  }

  /** Consumers see what lies before it. */
  get highWatermark(): bigint {
    return this.#writer.highWatermark.offset;
  }

  /** Consumers of committed records see what lies before it: no transaction before it is undecided (LSO). */
  get lastStableOffset(): bigint {
    const unstable = this.#ofProducers((producers) => producers.firstUnstableOffset(this.highWatermark));
    if (unstable === undefined || unstable > this.highWatermark) return this.highWatermark;
    return max(unstable, this.#logStartOffset);
  }

  /** Everything before it is on the disk. */
  get syncedOffset(): bigint {
    return this.#writer.synced.offset;
  }

  /** bytes */
  get size(): number {
    return this.#segments.size;
  }

  get segments(): readonly LogSegment[] {
    return this.#segments.all;
  }

  /** Why nothing can be appended any more; undefined while all is well. */
  get failure(): ApiException | undefined {
    return this.#writer.failure;
  }

  /** It was closed or its topic deleted: nothing will come any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Counts bytes as they come below the high watermark: what a waiting reader gets is the difference. */
  get visibleBytes(): number {
    return this.#watchers.visibleBytes;
  }

  /** Calls `listener` each time the high watermark moves or the log ends; returns how to stop that. */
  onHighWatermark(listener: () => void): () => void {
    return this.#watchers.add(listener);
  }

  /** Looks at what a client wants to append, aside when it is large. `recordErrors` as in `AppendRules`. */
  check(records: Buffer, recordErrors: AppendRules['recordErrors']): CheckedBatch | Promise<CheckedBatch> {
    return check(records, this.#appendRules(recordErrors), this.#environment.opener);
  }

  /**
   * One batch of a client, whose bytes are the log's from now on, and what `check` gave for it; absent: it is checked
   * here. `beginsAnew` as for `ProducerState.check`.
   *
   * @throws ApiException what `checkedAtOnce`, `ProducerState.check` and the disk say
   */
  append(records: Buffer, beginsAnew = false, checked?: CheckedBatch): Appended {
    this.#assertWritable();
    this.#environment.disk.assertSpace();
    const batch = checked?.() ?? checkedAtOnce(records, this.#appendRules({ left: Number.POSITIVE_INFINITY }));
    // First: it may write what is pending, and when that fails the producers' state is another one.
    this.#roller.rollFor(batch);
    return (batch.hasProducerId && this.#asBefore(batch, beginsAnew)) || this.#append(batch);
  }

  #appendRules(recordErrors: AppendRules['recordErrors']): AppendRules {
    return { config: this.config, name: this.#name, nowMs: this.#environment.time.milliseconds(), recordErrors };
  }

  /** One batch of our own; goes on when the disk is full for clients. */
  appendInternal(records: Buffer): Appended {
    this.#assertWritable();
    const batch = new RecordBatch(records);
    this.#roller.rollFor(batch);
    return this.#append(batch);
  }

  /** Ends the producer's transaction in this partition; without one the marker is written all the same. */
  endTransaction(marker: TransactionMarker): Appended {
    const appended = this.appendInternal(encodeMarker(marker, BigInt(this.#environment.time.milliseconds())));
    this.#ofProducers((producers) => producers.endTransaction(marker, appended.firstOffset));
    return appended;
  }

  /**
   * As `endTransaction`, for a marker that a client sends. `bumped`: of a transaction whose end bumps the epoch.
   *
   * @throws ApiException what `ProducerState.checkMarker` and the disk say
   */
  writeMarker(marker: TransactionMarker, bumped: boolean): Appended {
    this.#assertWritable();
    this.#ofProducers((producers) => producers.checkMarker(marker, bumped));
    return this.endTransaction(marker);
  }

  /** What was answered to a batch that came before. */
  #asBefore(batch: RecordBatch, beginsAnew: boolean): Appended | undefined {
    const known = this.#ofProducers((producers) => producers.check(batch, beginsAnew));
    if (!known) return undefined;
    const { firstOffset, lastOffset, timestamp } = known;
    const { written, committed } = this.#writer.groupOf(lastOffset) ?? DONE;
    return { firstOffset, lastOffset, logAppendTimeMs: timestamp, isDuplicate: true, written, committed };
  }

  #append(batch: RecordBatch): Appended {
    const now = this.#environment.time.milliseconds();
    if (this.config.timestampType === 'LogAppendTime') batch.setLogAppendTime(BigInt(now));
    const firstOffset = this.#writer.endOffset;
    const lastOffset = firstOffset + BigInt(batch.lastOffsetDelta);
    if (this.#writer.isRelaxed) this.#reserve(lastOffset + 1n);
    batch.setBaseOffset(firstOffset);
    batch.setPartitionLeaderEpoch(LEADER_EPOCH);
    if (batch.hasProducerId && !batch.isControlBatch) this.#producers.state.update(batch, firstOffset, now);
    const { written, committed } = this.#writer.add(batch.bytes, lastOffset, batch.maxTimestamp);
    const logAppendTimeMs = this.config.timestampType === 'LogAppendTime' ? BigInt(now) : -1n;
    return { firstOffset, lastOffset, logAppendTimeMs, isDuplicate: false, written, committed };
  }

  #ofProducers<T>(ask: (producers: ProducerLog) => T): T {
    try {
      return ask(this.#producers);
    } catch (error) {
      if (error instanceof ApiException) throw error;
      throw storageError(`Can't read what ${this.#name} knows of its producers: ${(error as Error).message}`, error);
    }
  }

  #reserve(endOffset: bigint): void {
    try {
      this.#environment.reservations.ensure(this.topicPartition, endOffset);
    } catch (error) {
      throw this.#writer.diskFailed('reserve offsets for', error);
    }
  }

  /** Clients then ask where the partition is, and learn what became of it. */
  #assertOpen(): void {
    if (this.#closed) throw new ApiException(Errors.NOT_LEADER_OR_FOLLOWER, `${this.#name} is closed`);
  }

  #assertWritable(): void {
    this.#assertOpen();
    if (this.failure) throw this.failure;
  }

  /** As `SegmentRoller.roll`. */
  roll(): void {
    this.#roller.roll();
  }

  /**
   * Batches from the one that holds `offset` on, before `end`: the high watermark, or the last stable offset.
   *
   * @param minOneBatch give the first batch even if it is larger than `maxBytes`
   * @throws ApiException OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR
   */
  read(offset: bigint, maxBytes: number, minOneBatch: boolean, end = this.highWatermark): Buffer {
    this.#assertOpen();
    if (offset < this.#logStartOffset || offset > this.logEndOffset) {
      throw new ApiException(
        Errors.OFFSET_OUT_OF_RANGE,
        `${this.#name} has the offsets ${this.#logStartOffset} to ${this.logEndOffset}, not ${offset}`,
      );
    }
    return this.#reader.read(offset, { end, maxBytes, minOneBatch });
  }

  /** The aborted transactions that a reader of `[from, to)` has to leave out. */
  abortedTransactions(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#producers.aborted.between(from, to);
  }

  /** Whether the batch belongs to a transaction that was aborted. */
  isAborted(batch: RecordBatch): boolean {
    return this.#producers.aborted.holds(batch);
  }

  /** What is known of idempotent producers. */
  get producers(): Iterable<Readonly<ProducerEntry>> {
    return this.#producers.state.entries;
  }

  /** The first record at or after a time (ms); undefined when there is none below the high watermark. */
  offsetForTimestamp(timestamp: bigint): Promise<TimestampOffset | undefined> {
    return this.#reader.offsetForTimestamp(timestamp, this.#logStartOffset);
  }

  /** The record with the largest timestamp below the high watermark; undefined when no record has one. */
  offsetOfMaxTimestamp(): Promise<TimestampOffset | undefined> {
    return this.#reader.offsetOfMaxTimestamp(this.#logStartOffset);
  }

  /** Hides everything before `offset`, which lies below the high watermark; whole segments of it are removed. */
  advanceLogStart(offset: bigint): void {
    if (offset <= this.#logStartOffset) return;
    if (offset > this.highWatermark) {
      throw new ApiException(Errors.OFFSET_OUT_OF_RANGE, `${this.#name} ends at ${this.highWatermark}`);
    }
    this.#logStartOffset = offset;
    while (this.oldestRemovable && this.#segments.at(1)!.baseOffset <= offset) this.removeOldest();
  }

  /** The oldest segment, when it is not the active one and lies below the high watermark. */
  get oldestRemovable(): LogSegment | undefined {
    const next = this.#segments.at(1);
    return next && next.baseOffset <= this.syncedOffset && next.baseOffset <= this.highWatermark
      ? this.#segments.first
      : undefined;
  }

  removeOldest(): void {
    const segment = this.oldestRemovable;
    if (!segment) return;
    this.#logStartOffset = max(this.#logStartOffset, this.#segments.at(1)!.baseOffset);
    this.#removeSegment(segment);
    this.#producers.aborted.removeBefore(this.#segments.first.baseOffset);
  }

  #removeSegment(segment: LogSegment): void {
    this.#segments.remove(segment);
    segment.remove();
  }

  /**
   * Those that nothing is appended to, whose records are on the disk and in no undecided transaction: compaction may
   * work on them.
   */
  get sealedSegments(): readonly LogSegment[] {
    const { synced, highWatermark } = this.#writer;
    const end = synced.offset < highWatermark.offset ? synced : highWatermark;
    const stable = this.lastStableOffset;
    return this.#segments.all.filter(
      (segment) =>
        segment.baseOffset < end.segment.baseOffset && (this.#segments.endOf(segment) ?? stable + 1n) <= stable,
    );
  }

  /**
   * Puts the file at `swap` in the place of neighbouring sealed segments, also when nothing is left in it: where the log
   * begins stays as it is. False when they are not there any more.
   */
  replaceSegments(old: readonly LogSegment[], swap: string, places: readonly BatchPlace[]): boolean {
    if (this.#closed || this.failure || old.some((segment) => !this.#segments.all.includes(segment))) return false;
    const { fileSystem } = this.#environment.files;
    const first = old[0]!;
    const endOffset = this.#segments.endOf(old.at(-1)!)!;
    this.#hasGaps = true;
    try {
      if (old.some(({ paths }) => fileSystem.exists(paths.txnIndex))) this.#producers.forgetSnapshots();
      for (const segment of old) this.#removeSegment(segment);
      fileSystem.rename(swap, first.paths.log);
      const options = this.#roller.optionsAt(first.baseOffset);
      this.#segments.insert(LogSegment.written({ ...options, gapsAllowed: true }, places));
      const batches = new Set(places.map(({ lastOffset }) => lastOffset));
      this.#producers.aborted.replaced(first.baseOffset, endOffset, batches);
      this.#producers.aborted.save();
    } catch (error) {
      // Opened anew, the partition finds what was to take their place.
      throw this.#writer.diskFailed('replace segments of', error);
    }
    return true;
  }

  /** Whether the batch is the last one that is remembered of its producer. */
  isLastOfProducer(batch: RecordBatch): boolean {
    return this.#producers.state.isLast(batch);
  }

  /** Forgets producers that were not heard of for so long. */
  expireProducers(expirationMs: number): void {
    this.#producers.state.removeExpired(this.#environment.time.milliseconds(), expirationMs);
  }

  /**
   * Saves indexes and producers as they are, so that a start after a crash reads less. False when there was nothing to
   * save.
   */
  saveState(): boolean {
    this.#writer.flush();
    if (this.failure || !this.#producers.takeSnapshot(this.logEndOffset)) return false;
    this.#segments.active.saveIndexes(false);
    return true;
  }

  /**
   * Brings everything to the disk and closes the files. After it nothing can be appended or read.
   *
   * @throws ApiException KAFKA_STORAGE_ERROR when not everything could be brought there; the files are closed all the same
   */
  async close(): Promise<void> {
    this.#closed = true;
    try {
      await this.#writer.sync();
      this.#segments.active.saveIndexes(true);
      this.#producers.takeSnapshot(this.logEndOffset);
    } finally {
      this.#closeFiles();
    }
  }

  /** Ends it without care for what is in it: its directory is about to be removed. */
  async abandon(): Promise<void> {
    this.#closed = true;
    this.#writer.abandon(new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `${this.#name} was deleted`));
    await this.#writer.idle();
    this.#closeFiles();
  }

  #closeFiles(): void {
    this.#retry.cancel();
    this.#writer.cancelTimers();
    for (const segment of this.#segments.all) segment.close();
    this.#watchers.tell();
  }

  /** After a while offline. What a failed sync left in the system's cache is written again or gone, and never believed. */
  async #comeBack(): Promise<void> {
    await this.#writer.idle();
    if (this.#closed) return;
    const { logger } = this.#environment;
    try {
      this.#reopen();
    } catch (error) {
      this.#retry.later(() => void this.#comeBack());
      logger.warn(`${this.#name} stays offline: ${(error as Error).message}`);
      return;
    }
    logger.info(`${this.#name} is back: its log was verified from the disk up to offset ${this.logEndOffset}.`);
  }

  #reopen(): void {
    this.#writer.cutUncommitted();
    this.#writer.rewriteUnsynced();
    const { synced, highWatermark } = this.#writer;
    const { segment, position } = synced;
    for (const each of this.#segments.all) each.close();
    const opened = loadLog(this.#environment, {
      ...this.#toOpen,
      config: this.config,
      recoveryPoint: synced.offset,
      isClean: false,
      logStartOffset: this.#logStartOffset,
      isNew: false,
      hasGaps: this.#hasGaps,
      reopening: {
        verifyFrom: segment.offsetNear(Math.max(0, position - VERIFIED_BYTES)),
        visibleOffset: highWatermark.offset,
      },
    });
    this.#writer.cancelTimers();
    this.#use(opened);
    this.#watchers.tell();
  }
}

const DONE = { written: Latch.done(), committed: Latch.done() };

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
