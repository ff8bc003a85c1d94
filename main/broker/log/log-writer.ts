import { dirname } from 'node:path';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Timer } from '../../../common/time.ts';
import type { ApiException } from '../../protocol/messages/errors.ts';
import type { Flushable } from './flush-queue.ts';
import { Latch } from './latch.ts';
import type { LogConfig } from './log-config.ts';
import type { LogEnvironment } from './log-environment.ts';
import type { LogSegment } from './log-segment.ts';
import type { LogWatchers } from './log-watchers.ts';
import type { ProducerLog } from './producer-log.ts';
import type { SegmentList } from './segment-list.ts';
import { isNoSpace, isOutOfFiles, storageError } from './storage-errors.ts';

/** An end of the log: the offset after a batch, and the byte after it in which segment. */
export interface LogEnd {
  readonly offset: bigint;
  readonly segment: LogSegment;
  readonly position: number;
}

/** What is appended in one turn of the event loop. */
export interface AppendGroup {
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

export interface LogWriterOptions {
  readonly environment: LogEnvironment;
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly segments: SegmentList;
  readonly producers: ProducerLog;
  readonly config: LogConfig;
  readonly endOffset: bigint;
  readonly isNew: boolean;
  readonly watchers: LogWatchers;
  /** The disk failed, and nothing can be written until the log was opened anew. */
  readonly onOffline: () => void;
}

/** A timer of Node can't wait longer: it is no limit. */
const LONGEST_TIMER_MS = 0x7fff_ffffn;

/**
 * Brings batches to the disk and says when they are there. The bytes of one turn of the event loop are written together
 * at its end, then synced in another thread, as many turns at once as come meanwhile (group commit). Only what is
 * synced lies below the high watermark.
 */
export class LogWriter implements Flushable {
  config: LogConfig;
  readonly #environment: LogEnvironment;
  readonly #directory: string;
  readonly #segments: SegmentList;
  readonly #producers: ProducerLog;
  readonly #name: string;
  /** Next offset to give. */
  #endOffset: bigint;
  #written: LogEnd;
  #synced: LogEnd;
  #highWatermark: LogEnd;
  #pending: Pending | undefined;
  /** In order; the pending one is the last of them. */
  #uncommitted: AppendGroup[] = [];
  #syncing: Promise<void> | undefined;
  #flushTimer: Timer | undefined;
  #directoryIsNew: boolean;
  #failure: ApiException | undefined;
  readonly #watchers: LogWatchers;
  readonly #onOffline: () => void;

  constructor(options: LogWriterOptions) {
    this.config = options.config;
    this.#environment = options.environment;
    this.#directory = options.directory;
    this.#segments = options.segments;
    this.#producers = options.producers;
    this.#name = topicPartitionKey(options.topicPartition.topic, options.topicPartition.partition);
    this.#watchers = options.watchers;
    this.#onOffline = options.onOffline;
    this.#endOffset = options.endOffset;
    this.#directoryIsNew = options.isNew || options.segments.size === 0;
    const { active } = options.segments;
    this.#written = { offset: options.endOffset, segment: active, position: active.size };
    this.#synced = this.#written;
    this.#highWatermark = this.#written;
  }

  get endOffset(): bigint {
    return this.#endOffset;
  }

  /** Everything before it is in the files. */
  get writtenOffset(): bigint {
    return this.#written.offset;
  }

  get highWatermark(): LogEnd {
    return this.#highWatermark;
  }

  /** Everything before it is on the disk. */
  get synced(): LogEnd {
    return this.#synced;
  }

  get pendingBytes(): number {
    return this.#pending?.bytes ?? 0;
  }

  /** Why nothing can be written any more; undefined while all is well. */
  get failure(): ApiException | undefined {
    return this.#failure;
  }

  /** Nobody waits for the disk: what is written is committed. */
  get isRelaxed(): boolean {
    return this.config.flushMessages > 1n;
  }

  /** The bytes of one batch, whose offsets end at `lastOffset`; written at the end of this turn of the event loop. */
  add(bytes: Buffer, lastOffset: bigint, maxTimestamp: bigint): AppendGroup {
    if (!this.#pending) {
      const group = { written: new Latch(), committed: new Latch(), endOffset: this.#endOffset };
      this.#pending = { group, chunks: [], places: [], bytes: 0 };
      this.#uncommitted.push(group);
      this.#environment.flushQueue.add(this);
    }
    const { group, chunks, places } = this.#pending;
    chunks.push(bytes);
    places.push({ size: bytes.length, lastOffset, maxTimestamp });
    this.#pending.bytes += bytes.length;
    this.#endOffset = group.endOffset = lastOffset + 1n;
    return group;
  }

  /** The group that an offset belongs to, while it is not committed. */
  groupOf(offset: bigint): AppendGroup | undefined {
    return this.#uncommitted.find(({ endOffset }) => endOffset > offset);
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
    if (this.isRelaxed) this.#commit(this.#written);
    this.syncByPolicy();
  }

  /** Resolves when everything so far is on the disk, or rejects when it can't be brought there. */
  async sync(): Promise<void> {
    this.flush();
    if (this.#failure) throw this.#failure;
    await this.#startSync();
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when no file is being synced. */
  async idle(): Promise<void> {
    await this.#syncing;
  }

  /** Whoever waits gets the error; what was not written never will be. */
  abandon(error: ApiException): void {
    this.#pending = undefined;
    this.#fail(error, -1n);
  }

  cancelTimers(): void {
    this.#flushTimer?.cancel();
  }

  /** As `flush.messages` and `flush.ms` say. */
  syncByPolicy(): void {
    const { flushMessages, flushMs } = this.config;
    const waiting = this.#written.offset - this.#synced.offset;
    if (waiting === 0n) return;
    if (waiting >= flushMessages) {
      void this.#startSync();
    } else if (flushMs < LONGEST_TIMER_MS && !this.#flushTimer) {
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
      let target = this.#written;
      try {
        await this.#environment.syncTurns.run(async () => {
          // What came while it waited goes with it.
          target = this.#written;
          await this.#syncUpTo(target);
        });
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
        await fileSystem.syncDirectory(this.#directory);
        segment.isNew = false;
      }
    }
    if (this.#directoryIsNew) {
      await fileSystem.syncDirectory(dirname(this.#directory));
      this.#directoryIsNew = false;
    }
  }

  /** Shows everything before `end` to consumers and answers for it. */
  #commit(end: LogEnd): void {
    this.#watchers.visibleBytes += this.#bytesBetween(this.#highWatermark, end);
    this.#highWatermark = end;
    let covered = 0;
    while (covered < this.#uncommitted.length && this.#uncommitted[covered]!.endOffset <= end.offset) covered++;
    for (const group of this.#uncommitted.splice(0, covered)) group.committed.settle();
    this.#watchers.tell();
  }

  #bytesBetween(from: LogEnd, to: LogEnd): number {
    if (from.segment === to.segment) return to.position - from.position;
    const between = this.#segments.all.filter(
      ({ baseOffset }) => baseOffset >= from.segment.baseOffset && baseOffset < to.segment.baseOffset,
    );
    return between.reduce((sum, segment) => sum + segment.size, to.position - from.position);
  }

  #writeFailed(segment: LogSegment, error: unknown): void {
    const failure = this.diskFailed('write to', error);
    this.#endOffset = this.#written.offset;
    this.#fail(failure, this.#endOffset);
    try {
      // The file could not even be opened: nothing of it was written.
      if (!isOutOfFiles(error)) segment.truncate(segment.size);
      this.#producers.rewind(this.#endOffset);
    } catch (cause) {
      this.#goOffline(storageError(`${this.#name}: what was written in part can't be cut off`, cause));
    }
  }

  /** What was not answered for is cut off; the rest of what this sync was to cover is written again later. */
  #syncFailed(error: unknown): void {
    const failure = this.diskFailed('sync', error);
    try {
      this.cutUncommitted();
    } catch (cause) {
      this.#goOffline(storageError(`${this.#name}: what was not synced can't be cut off`, cause));
    }
    this.#fail(failure, this.#endOffset);
  }

  /** Afterwards the log ends at the high watermark, in memory and in its files. Throws what the disk says. */
  cutUncommitted(): void {
    const end = this.#highWatermark;
    this.#pending = undefined;
    [this.#endOffset, this.#written] = [end.offset, end];
    if (this.#synced.offset > end.offset) this.#synced = end;
    this.#producers.rewind(end.offset);
    for (const segment of [...this.#segments.all].reverse()) {
      if (segment.baseOffset <= end.segment.baseOffset) break;
      segment.remove();
      // A file that can't be removed is removed by the next try.
      this.#segments.remove(segment);
    }
    end.segment.truncate(end.position);
    this.#producers.removeSnapshotsBehind(end.offset);
  }

  /**
   * After a sync failed, nobody knows what of it is on the disk, and a later success says nothing about it, as the
   * system holds its pages for clean: what consumers have seen is written once more, so that the next sync covers it.
   */
  rewriteUnsynced(): void {
    const [from, to] = [this.#synced, this.#written];
    for (const segment of this.#segments.all) {
      if (segment.baseOffset < from.segment.baseOffset) continue;
      segment.rewrite(
        segment === from.segment ? from.position : 0,
        segment === to.segment ? to.position : segment.size,
      );
    }
  }

  /**
   * A full disk passes, and so does a lack of file handles; after any other error the partition is offline until it
   * was opened anew. Returns what to answer.
   */
  diskFailed(doing: string, error: unknown): ApiException {
    const failure = storageError(`Can't ${doing} ${this.#name}: ${(error as Error).message}`, error);
    if (isNoSpace(error)) this.#environment.disk.reportFull();
    else if (!isOutOfFiles(error)) this.#goOffline(failure);
    return failure;
  }

  #goOffline(failure: ApiException): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#environment.logger.error(
      `${failure.message}. The partition takes no more records; what was acknowledged can be read. ` +
        'It is tried again by itself, after its log was verified from the disk: check that disk.',
      failure.cause,
    );
    this.#onOffline();
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
}
