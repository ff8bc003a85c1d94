import { dirname } from 'node:path';
import type { TopicPartition } from '../../../common/kafka/records.ts';
import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import { applyTimestamps, recompress, validateClientBatch } from './append-validation.ts';
import { LEADER_EPOCH } from './batch-inspection.ts';
import type { DiskSpace } from './disk-space.ts';
import type { Flushable, FlushQueue } from './flush-queue.ts';
import { Latch } from './latch.ts';
import type { LogConfig } from './log-config.ts';
import { LogSegment, type SegmentOptions } from './log-segment.ts';
import type { OffsetReservations } from './offset-reservations.ts';
import type { OpenFiles } from './open-files.ts';
import type { ProducerLog } from './producer-log.ts';
import type { BatchPlace } from './segment-indexes.ts';
import type { SegmentList } from './segment-list.ts';
import { isNoSpace, storageError } from './storage-errors.ts';
import { firstRecordAt, type TimestampOffset } from './timestamp-lookup.ts';

/** What all logs of a directory share. */
export interface LogEnvironment {
  readonly files: OpenFiles;
  readonly time: Time;
  readonly logger: Logger;
  readonly flushQueue: FlushQueue;
  readonly disk: DiskSpace;
  readonly reservations: OffsetReservations;
  readonly onDamage: (damage: LogDamage) => void;
}

/** Records of a partition that can't be read any more; they were not removed. */
export interface LogDamage extends TopicPartition {
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
  readonly file: string;
  readonly bytes: number;
  readonly reason: string;
}

/** An end of the log: where the next batch goes, in which segment and at which byte. */
interface LogEnd {
  readonly offset: bigint;
  readonly segment: LogSegment;
  readonly position: number;
}

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

/** What is appended in one turn of the event loop. */
interface AppendGroup {
  readonly written: Latch;
  readonly committed: Latch;
  /** Offset after its last record. */
  endOffset: bigint;
}

interface Pending {
  readonly group: AppendGroup;
  readonly chunks: Buffer[];
  readonly places: { readonly size: number; readonly lastOffset: bigint; readonly maxTimestamp: bigint }[];
  bytes: number;
}

export interface OpenedLog {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly config: LogConfig;
  readonly segments: SegmentList;
  readonly producers: ProducerLog;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  /** The directory's own name may not be durable yet. */
  readonly isNew: boolean;
}

const EMPTY = Buffer.alloc(0);
/** Relative offsets are int32. */
const MAX_RELATIVE_OFFSET = 0x7fff_ffffn;

/**
 * The log of one partition. Appends are ordered and get their offsets at once; the bytes of one turn of the event loop
 * are written together at its end and then synced in another thread, as many turns at a time as come meanwhile
 * (group commit). Only what is synced lies below the high watermark and is read. Java: `UnifiedLog`.
 */
export class PartitionLog implements Flushable {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly #environment: LogEnvironment;
  readonly #segments: SegmentList;
  readonly #producers: ProducerLog;
  readonly #name: string;
  #config: LogConfig;
  #logStartOffset: bigint;
  /** Next offset to give. */
  #endOffset: bigint;
  #written: LogEnd;
  #synced: LogEnd;
  #highWatermark: LogEnd;
  #pending: Pending | undefined;
  #uncommitted: AppendGroup[] = [];
  #syncing: Promise<void> | undefined;
  #flushTimer: Timer | undefined;
  #directoryIsNew: boolean;
  #failure: ApiException | undefined;
  #closed = false;
  /** Of the active segment; null: it has none, undefined: not looked at yet. */
  #firstTimestamp: bigint | null | undefined;
  #visibleBytes = 0;
  readonly #listeners = new Set<() => void>();
  readonly #reportedDamage = new Set<string>();

  constructor(environment: LogEnvironment, opened: OpenedLog) {
    this.#environment = environment;
    this.topicPartition = opened.topicPartition;
    this.directory = opened.directory;
    this.#name = topicPartitionKey(opened.topicPartition.topic, opened.topicPartition.partition);
    this.#config = opened.config;
    this.#segments = opened.segments;
    this.#producers = opened.producers;
    this.#logStartOffset = opened.logStartOffset;
    this.#endOffset = opened.endOffset;
    this.#directoryIsNew = opened.isNew || opened.segments.size === 0;
    const active = opened.segments.active;
    const end: LogEnd = { offset: opened.endOffset, segment: active, position: active.size };
    this.#written = end;
    this.#synced = end;
    this.#highWatermark = end;
    for (const segment of opened.segments.all) this.#reportDamage(segment);
  }

  get config(): LogConfig {
    return this.#config;
  }

  /** Holds from the next append on. */
  set config(config: LogConfig) {
    this.#config = config;
    if (this.#written.offset > this.#synced.offset) this.#syncByPolicy();
  }

  get logStartOffset(): bigint {
    return this.#logStartOffset;
  }

  /** The next offset to be given. */
  get logEndOffset(): bigint {
    return this.#endOffset;
  }

  /** Consumers see what lies before it. */
  get highWatermark(): bigint {
    return this.#highWatermark.offset;
  }

  /** Everything before it is on the disk. */
  get syncedOffset(): bigint {
    return this.#synced.offset;
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
    return this.#failure;
  }

  /** It was closed or its topic deleted: nothing will come any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Counts bytes as they come below the high watermark: what a waiting reader gets is the difference. */
  get visibleBytes(): number {
    return this.#visibleBytes;
  }

  /** Calls `listener` each time the high watermark moves or the log ends; returns how to stop that. */
  onHighWatermark(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * One batch of a client, whose bytes are the log's from now on.
   *
   * @throws ApiException what `validateClientBatch`, `ProducerState.check` and the disk say
   */
  append(records: Buffer): Appended {
    this.#assertWritable();
    this.#environment.disk.assertSpace();
    const batch = recompress(validateClientBatch(records, this.#config), this.#config);
    return this.#append(batch);
  }

  /** One batch of our own; goes on when the disk is full for clients. */
  appendInternal(records: Buffer): Appended {
    this.#assertWritable();
    return this.#append(new RecordBatch(records));
  }

  #append(batch: RecordBatch): Appended {
    // First: it may write what is pending, and when that fails the producers' state is another one.
    this.#rollFor(batch);
    if (batch.hasProducerId) {
      const known = this.#producers.check(batch);
      if (known) {
        const group = this.#uncommitted.find((each) => each.endOffset > known.lastOffset);
        const { firstOffset, lastOffset } = known;
        const { written, committed } = group ?? DONE;
        return { firstOffset, lastOffset, logAppendTimeMs: -1n, isDuplicate: true, written, committed };
      }
    }
    const now = this.#environment.time.milliseconds();
    applyTimestamps(batch, this.#config, now);
    const firstOffset = this.#endOffset;
    const endOffset = firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (!this.#waitsForSync) this.#reserve(endOffset);
    batch.setBaseOffset(firstOffset);
    batch.setPartitionLeaderEpoch(LEADER_EPOCH);
    if (batch.hasProducerId) this.#producers.state.update(batch, firstOffset, now);
    this.#endOffset = endOffset;
    const { bytes, maxTimestamp } = batch;
    const pending = this.#pendingGroup();
    pending.chunks.push(bytes);
    pending.places.push({ size: bytes.length, lastOffset: endOffset - 1n, maxTimestamp });
    pending.bytes += bytes.length;
    pending.group.endOffset = endOffset;
    const { written, committed } = pending.group;
    const logAppendTimeMs = this.#config.timestampType === 'LogAppendTime' ? BigInt(now) : -1n;
    return { firstOffset, lastOffset: endOffset - 1n, logAppendTimeMs, isDuplicate: false, written, committed };
  }

  #pendingGroup(): Pending {
    if (this.#pending) return this.#pending;
    const group: AppendGroup = { written: new Latch(), committed: new Latch(), endOffset: this.#endOffset };
    this.#uncommitted.push(group);
    this.#environment.flushQueue.add(this);
    this.#pending = { group, chunks: [], places: [], bytes: 0 };
    return this.#pending;
  }

  #reserve(endOffset: bigint): void {
    try {
      this.#environment.reservations.ensure(this.topicPartition, endOffset);
    } catch (error) {
      throw this.#diskFailed('reserve offsets for', error);
    }
  }

  /** Clients then ask where the partition is, and learn what became of it. */
  #assertOpen(): void {
    if (this.#closed) throw new ApiException(Errors.NOT_LEADER_OR_FOLLOWER, `${this.#name} is closed`);
  }

  #assertWritable(): void {
    this.#assertOpen();
    if (this.#failure) throw this.#failure;
  }

  get #waitsForSync(): boolean {
    return this.#config.flushMessages <= 1n;
  }

  /** Writes what this turn of the event loop brought. Called by the flush queue. */
  flush(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const segment = this.#segments.active;
    let position = segment.size;
    try {
      segment.write(pending.chunks, pending.bytes);
    } catch (error) {
      this.#writeFailed(segment, error);
      return;
    }
    for (const { size, lastOffset, maxTimestamp } of pending.places) {
      segment.note({ position, size, lastOffset, maxTimestamp });
      position += size;
    }
    this.#written = { offset: pending.group.endOffset, segment, position };
    pending.group.written.settle();
    if (!this.#waitsForSync) this.#commit(this.#written);
    this.#syncByPolicy();
  }

  /** Resolves when everything appended so far is on the disk, or rejects when it can't be brought there. */
  async sync(): Promise<void> {
    this.flush();
    if (this.#failure) throw this.#failure;
    await this.#startSync();
    if (this.#failure) throw this.#failure;
  }

  #syncByPolicy(): void {
    const { flushMessages, flushMs } = this.#config;
    if (this.#written.offset - this.#synced.offset >= flushMessages) {
      void this.#startSync();
    } else if (flushMs < 0x7fff_ffffn && !this.#flushTimer) {
      this.#flushTimer = this.#environment.time.timer(Number(flushMs), () => {
        this.#flushTimer = undefined;
        void this.#startSync();
      });
    }
  }

  #startSync(): Promise<void> {
    this.#syncing ??= this.#syncWritten().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async #syncWritten(): Promise<void> {
    while (this.#synced.offset < this.#written.offset) {
      const target = this.#written;
      try {
        await this.#syncUpTo(target);
      } catch (error) {
        this.#syncFailed(error);
        return;
      }
      this.#synced = target;
      if (target.offset > this.#highWatermark.offset) this.#commit(target);
    }
  }

  async #syncUpTo(target: LogEnd): Promise<void> {
    const { fileSystem } = this.#environment.files;
    const from = this.#synced.segment.baseOffset;
    for (const segment of this.#segments.all.filter((each) => each.baseOffset >= from)) {
      if (segment.baseOffset > target.segment.baseOffset) break;
      await segment.sync();
      if (segment.isNew) {
        await fileSystem.syncDirectory(this.directory);
        segment.isNew = false;
      }
    }
    if (this.#directoryIsNew) {
      await fileSystem.syncDirectory(dirname(this.directory));
      this.#directoryIsNew = false;
    }
  }

  /** Shows everything before `end` to consumers and answers for it. */
  #commit(end: LogEnd): void {
    this.#visibleBytes += this.#bytesBetween(this.#highWatermark, end);
    this.#highWatermark = end;
    const isCovered = (group: AppendGroup) => group.endOffset <= end.offset;
    const covered = this.#uncommitted.filter(isCovered);
    this.#uncommitted = this.#uncommitted.filter((group) => !isCovered(group));
    for (const group of covered) group.committed.settle();
    for (const listener of [...this.#listeners]) listener();
  }

  #bytesBetween(from: LogEnd, to: LogEnd): number {
    if (from.segment === to.segment) return to.position - from.position;
    const between = this.#segments.all.filter(
      ({ baseOffset }) => baseOffset >= from.segment.baseOffset && baseOffset < to.segment.baseOffset,
    );
    return between.reduce((sum, segment) => sum + segment.size, to.position - from.position);
  }

  #writeFailed(segment: LogSegment, error: unknown): void {
    const failure = this.#diskFailed('write to', error);
    this.#endOffset = this.#written.offset;
    this.#fail(failure, this.#written.offset);
    try {
      segment.truncate(segment.size);
      this.#producers.load(this.#endOffset);
    } catch (cause) {
      this.#goOffline(storageError(`${this.#name}: what was written in part can't be cut off`, cause));
    }
  }

  /**
   * After a sync failed, nobody knows what of it is on the disk, and a later success says nothing about it: what was
   * not answered for is cut off.
   */
  #syncFailed(error: unknown): void {
    const failure = this.#diskFailed('sync', error);
    const end = this.#highWatermark;
    this.#pending = undefined;
    this.#fail(failure, end.offset);
    try {
      for (const segment of [...this.#segments.all].reverse()) {
        if (segment.baseOffset <= end.segment.baseOffset) break;
        this.#removeSegment(segment);
      }
      end.segment.truncate(end.position);
      this.#producers.load(end.offset);
    } catch (cause) {
      this.#goOffline(storageError(`${this.#name}: what was not synced can't be cut off`, cause));
    }
    [this.#endOffset, this.#written, this.#synced] = [end.offset, end, end];
  }

  /** A full disk passes; after any other error the partition is offline until it was checked at a start. */
  #diskFailed(doing: string, error: unknown): ApiException {
    const words = (error as Error).message;
    const failure = storageError(`Can't ${doing} ${this.#name}: ${words}`, error);
    if (isNoSpace(error)) this.#environment.disk.reportFull();
    else this.#goOffline(failure);
    return failure;
  }

  #goOffline(failure: ApiException): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#environment.logger.error(
      `${failure.message}. The partition takes no more records; what was acknowledged can be read. ` +
        'Check the disk, then start the sandbox again: it verifies the log first.',
      failure.cause,
    );
  }

  /** Whoever waits for something behind `end` gets the failure instead. */
  #fail(failure: ApiException, end: bigint): void {
    const failed = this.#uncommitted.filter((group) => group.endOffset > end);
    this.#uncommitted = this.#uncommitted.filter((group) => group.endOffset <= end);
    for (const group of failed) {
      group.written.settle(failure);
      group.committed.settle(failure);
    }
  }

  #rollFor(batch: RecordBatch): void {
    const active = this.#segments.active;
    const bytes = active.size + (this.#pending?.bytes ?? 0);
    if (bytes === 0) {
      this.#firstTimestamp = batch.maxTimestamp >= 0n ? batch.maxTimestamp : null;
      return;
    }
    const lastOffset = this.#endOffset + BigInt(batch.lastOffsetDelta);
    if (
      bytes + batch.sizeInBytes > this.#config.segmentBytes ||
      lastOffset - active.baseOffset > MAX_RELATIVE_OFFSET ||
      this.#isDue(active, batch.maxTimestamp)
    ) {
      this.roll();
    }
  }

  /** By the records' own time where they have one, as Kafka does (`segment.ms`). */
  #isDue(active: LogSegment, timestamp: bigint): boolean {
    this.#firstTimestamp ??= active.firstTimestamp() ?? null;
    const waited =
      this.#firstTimestamp === null || timestamp < 0n
        ? BigInt(this.#environment.time.milliseconds() - active.modified)
        : timestamp - this.#firstTimestamp;
    return waited > BigInt(this.#config.segmentMs);
  }

  /** Starts a new segment, unless the active one is empty. */
  roll(): void {
    this.flush();
    const { active } = this.#segments;
    if (active.size === 0) return;
    try {
      active.saveIndexes(true);
      this.#producers.takeSnapshot(this.#endOffset);
      this.#segments.add(LogSegment.create(this.#segmentOptions(this.#endOffset)));
    } catch (error) {
      throw this.#diskFailed('start a segment of', error);
    }
    this.#firstTimestamp = undefined;
  }

  #segmentOptions(baseOffset: bigint): SegmentOptions {
    const { files } = this.#environment;
    const { indexIntervalBytes, isCompacted } = this.#config;
    return { files, directory: this.directory, baseOffset, indexIntervalBytes, gapsAllowed: isCompacted };
  }

  /**
   * Batches from the one that holds `offset` on, below the high watermark.
   *
   * @param minOneBatch give the first batch even if it is larger than `maxBytes`
   * @throws ApiException OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR
   */
  read(offset: bigint, maxBytes: number, minOneBatch: boolean): Buffer {
    this.#assertOpen();
    if (offset < this.#logStartOffset || offset > this.#endOffset) {
      throw new ApiException(
        Errors.OFFSET_OUT_OF_RANGE,
        `${this.#name} has the offsets ${this.#logStartOffset} to ${this.#endOffset}, not ${offset}`,
      );
    }
    return (
      this.#forReading(offset, (segment, end) => {
        const limits = { end, maxBytes, minOneBatch };
        return segment.read(offset, limits)?.records;
      }) ?? EMPTY
    );
  }

  /** Asks the segments from the one with `offset` on, up to the high watermark, until one has an answer. */
  #forReading<T>(offset: bigint, ask: (segment: LogSegment, end: number) => T | undefined): T | undefined {
    const end = this.#highWatermark;
    if (offset >= end.offset) return undefined;
    for (let index = this.#segments.floorIndex(offset); ; index++) {
      const segment = this.#segments.at(index);
      if (!segment || segment.baseOffset > end.segment.baseOffset) return undefined;
      try {
        const answer = ask(segment, segment === end.segment ? end.position : segment.size);
        this.#reportDamage(segment);
        if (answer !== undefined) return answer;
      } catch (error) {
        if (error instanceof ApiException) throw error;
        throw storageError(`Can't read ${segment.paths.log}: ${(error as Error).message}`, error);
      }
    }
  }

  /** The first record at or after a time (ms); undefined when there is none below the high watermark. */
  offsetForTimestamp(timestamp: bigint): TimestampOffset | undefined {
    const from = this.#logStartOffset;
    return this.#forReading(from, (segment, end) => {
      if (segment.largestTimestamp < timestamp) return undefined;
      const found = segment.findByTimestamp(timestamp, from, end);
      return found && firstRecordAt(new RecordBatch(found.records), timestamp, from);
    });
  }

  /** The record with the largest timestamp below the high watermark; undefined when no record has one. */
  offsetOfMaxTimestamp(): TimestampOffset | undefined {
    let largest: { timestamp: bigint; offset: bigint } | undefined;
    this.#forReading(this.#logStartOffset, (segment) => {
      const [timestamp, offset] = [segment.largestTimestamp, segment.offsetOfLargestTimestamp];
      if (offset >= this.#logStartOffset && (!largest || timestamp > largest.timestamp))
        largest = { timestamp, offset };
      return undefined;
    });
    if (!largest || largest.offset >= this.#highWatermark.offset) return undefined;
    const batch = this.read(largest.offset, 1, true);
    if (batch.length === 0) return undefined;
    return firstRecordAt(new RecordBatch(batch), largest.timestamp, this.#logStartOffset);
  }

  /** Hides everything before `offset`, which lies below the high watermark; whole segments of it are removed. */
  advanceLogStart(offset: bigint): void {
    if (offset <= this.#logStartOffset) return;
    if (offset > this.#highWatermark.offset) {
      throw new ApiException(Errors.OFFSET_OUT_OF_RANGE, `${this.#name} ends at ${this.#highWatermark.offset}`);
    }
    this.#logStartOffset = offset;
    while (this.oldestRemovable && this.#segments.at(1)!.baseOffset <= offset) this.removeOldest();
  }

  /** The oldest segment, when it is not the active one and lies below the high watermark. */
  get oldestRemovable(): LogSegment | undefined {
    const next = this.#segments.at(1);
    return next && next.baseOffset <= this.#synced.offset && next.baseOffset <= this.#highWatermark.offset
      ? this.#segments.first
      : undefined;
  }

  removeOldest(): void {
    const segment = this.oldestRemovable;
    if (!segment) return;
    this.#logStartOffset = max(this.#logStartOffset, this.#segments.at(1)!.baseOffset);
    this.#removeSegment(segment);
  }

  #removeSegment(segment: LogSegment): void {
    this.#segments.remove(segment);
    segment.remove();
  }

  /** Those that nothing is appended to and whose records are on the disk: compaction may work on them. */
  get sealedSegments(): readonly LogSegment[] {
    const end = this.#synced.offset < this.#highWatermark.offset ? this.#synced : this.#highWatermark;
    return this.#segments.all.filter(({ baseOffset }) => baseOffset < end.segment.baseOffset);
  }

  /**
   * Puts the file at `swap` in the place of neighbouring sealed segments; without `places` there is nothing in it.
   * False when they are not there any more.
   */
  replaceSegments(old: readonly LogSegment[], swap: string, places: readonly BatchPlace[] | undefined): boolean {
    if (this.#closed || this.#failure || old.some((segment) => !this.#segments.all.includes(segment))) return false;
    const { files } = this.#environment;
    const first = old[0]!;
    for (const segment of old) this.#removeSegment(segment);
    if (!places) return false;
    files.fileSystem.rename(swap, first.paths.log);
    const options = this.#segmentOptions(first.baseOffset);
    this.#segments.insert(LogSegment.written({ ...options, gapsAllowed: true }, places));
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

  /** Saves the indexes as they are, so that a start after a crash reads less. */
  saveIndexes(): void {
    this.#segments.active.saveIndexes(false);
  }

  /**
   * Brings everything to the disk and closes the files. After it nothing can be appended or read.
   *
   * @throws ApiException KAFKA_STORAGE_ERROR when not everything could be brought there; the files are closed all the same
   */
  async close(): Promise<void> {
    this.#closed = true;
    try {
      await this.sync();
      this.#segments.active.saveIndexes(true);
      this.#producers.takeSnapshot(this.#endOffset);
    } finally {
      this.#closeFiles();
    }
  }

  /** Ends it without care for what is in it: its directory is about to be removed. */
  async abandon(): Promise<void> {
    this.#closed = true;
    this.#pending = undefined;
    this.#fail(new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `${this.#name} was deleted`), -1n);
    await this.#syncing;
    this.#closeFiles();
  }

  #closeFiles(): void {
    this.#flushTimer?.cancel();
    for (const segment of this.#segments.all) segment.close();
    for (const listener of [...this.#listeners]) listener();
  }

  #reportDamage(segment: LogSegment): void {
    for (const { start, end, firstOffset, nextOffset, reason } of segment.damaged) {
      const key = `${segment.baseOffset} ${start}`;
      if (this.#reportedDamage.has(key)) continue;
      this.#reportedDamage.add(key);
      // Up to the end of the segment: what it held before is known by what comes next.
      const next = nextOffset > firstOffset ? nextOffset : (this.#segments.endOf(segment) ?? this.#endOffset);
      const damage = { firstOffset, nextOffset: next, file: segment.paths.log, bytes: end - start, reason };
      this.#environment.onDamage({ ...this.topicPartition, ...damage });
      this.#environment.logger.error(
        `Records of ${this.#name} are damaged: offsets from ${firstOffset} to before ${next} ` +
          `(${end - start} bytes at byte ${start} of ${segment.paths.log}: ${reason}). ` +
          'They stay in the file; readers go on behind them.',
      );
    }
  }
}

const DONE = { written: Latch.done(), committed: Latch.done() };

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
