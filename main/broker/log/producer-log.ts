import { join } from 'node:path';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { type FileSystem, readWholeFileIfReadable } from './file-system.ts';
import type { LogEnvironment } from './log-environment.ts';
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts';
import { type ProducedBatch, ProducerState } from './producer-state.ts';
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './segment-files.ts';
import type { SegmentList } from './segment-list.ts';
import { decodeMarker, MAX_MARKER_BYTES, type TransactionMarker } from './transaction-marker.ts';

/** The newest is enough; a second one is there in case it is damaged. */
const SNAPSHOTS_KEPT = 2;
/** How far before a snapshot the log is asked for the older batches of its producers. */
const RECALL_BYTES = 1024 * 1024;

export interface ProducerLogOf {
  readonly topicPartition: TopicPartition;
  readonly directory: string;
  readonly segments: SegmentList;
}

/** Records that can't be read any more. */
interface LostRange {
  /** of the last of them */
  readonly offset: bigint;
  /** of the batch that they were, when they were one */
  readonly bytes: number | undefined;
}

/** The producer state of a partition with its snapshots, which spare it reading the whole log at a start. */
export class ProducerLog {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #name: string;
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #segments: SegmentList;
  readonly #state = new ProducerState();
  readonly aborted: AbortedTransactions;
  /** Offset of the snapshot that the state was restored from. */
  #restoredAt = 0n;
  #rewoundTo: bigint | undefined;
  /** The newest one that was read or written. */
  #snapshotAt = -1n;

  constructor(environment: LogEnvironment, log: ProducerLogOf) {
    const { directory, segments, topicPartition } = log;
    this.#fileSystem = environment.files.fileSystem;
    this.#directory = directory;
    this.#name = topicPartitionKey(topicPartition.topic, topicPartition.partition);
    this.#segments = segments;
    this.#time = environment.time;
    this.#logger = environment.logger;
    this.aborted = new AbortedTransactions(this.#fileSystem, directory, segments);
  }

  get state(): ProducerState {
    return this.#state;
  }

  /** The state as of `endOffset`, from the newest good snapshot and the log behind it. */
  load(endOffset: bigint): void {
    this.#state.clear();
    this.#snapshotAt = -1n;
    this.#restoredAt = this.#segments.first.baseOffset;
    // Without all aborted transactions the whole log is read: it tells them.
    const snapshots = this.aborted.load(endOffset) ? this.#snapshots() : [];
    for (const offset of snapshots) {
      if (offset > endOffset) {
        this.#remove(offset);
        continue;
      }
      const bytes = readWholeFileIfReadable(this.#fileSystem, this.#path(offset));
      const entries = bytes && decodeProducerSnapshot(bytes);
      if (!entries) {
        this.#remove(offset);
        continue;
      }
      for (const entry of entries) this.#state.restore(entry);
      this.#restoredAt = this.#snapshotAt = offset;
      break;
    }
    this.aborted.truncate(this.#restoredAt);
    if (this.#restoredAt >= endOffset) return;
    const now = this.#time.milliseconds();
    for (const found of this.#batches(this.#restoredAt, endOffset)) {
      if (!(found instanceof RecordBatch)) this.#lost(found);
      else if (found.isControlBatch) this.#replayMarker(found, now);
      else this.#replay(found, now);
    }
  }

  #replay(batch: RecordBatch, now: number): void {
    this.#state.update(batch, batch.baseOffset, now);
  }

  #replayMarker(batch: RecordBatch, now: number): void {
    const whole = this.#whole(batch);
    const marker = whole && decodeMarker(whole);
    if (marker) this.#end(marker, batch.baseOffset, now);
  }

  /**
   * Markers may be among what is lost, and nobody knows what they said: what was open before counts as aborted, so that
   * its readers neither wait for ever nor get what was taken back (docs/decisions/0007).
   */
  #lost({ offset, bytes }: LostRange): void {
    if (bytes !== undefined && bytes > MAX_MARKER_BYTES) return;
    for (const ended of this.#state.endAll(offset)) {
      this.aborted.add(ended);
      this.#logger.warn(
        `The transaction of producer ${ended.producerId} that began at offset ${ended.firstOffset} of ${this.#name} may ` +
          `have ended where records are lost, at or before offset ${offset}: its records before that count as aborted.`,
      );
    }
  }

  /** As `ProducerState.checkMarker`. */
  checkMarker(marker: TransactionMarker, bumped: boolean): void {
    this.#catchUp();
    this.#state.checkMarker(marker, bumped);
  }

  /** After a marker got its offset. */
  endTransaction(marker: TransactionMarker, offset: bigint): void {
    this.#catchUp();
    this.#end(marker, offset, this.#time.milliseconds());
  }

  /** As `ProducerState.firstUnstableOffset`. */
  firstUnstableOffset(highWatermark: bigint): bigint | undefined {
    this.#catchUp();
    return this.#state.firstUnstableOffset(highWatermark);
  }

  #end(marker: TransactionMarker, offset: bigint, nowMs: number): void {
    const ended = this.#state.end(marker, offset, nowMs);
    if (ended && !marker.committed) this.aborted.add(ended);
  }

  /** A batch of which the header alone was read; undefined when the rest of it is damaged, which its readers report. */
  #whole({ baseOffset }: RecordBatch): RecordBatch | undefined {
    const segment = this.#segments.at(this.#segments.floorIndex(baseOffset))!;
    const read = segment.read(baseOffset, { end: segment.size, maxBytes: 1, minOneBatch: true });
    const batch = read && new RecordBatch(read.records);
    return batch?.baseOffset === baseOffset ? batch : undefined;
  }

  /**
   * What was appended behind `endOffset` is gone again. The log is read when the state is next needed: the disk that
   * lost it may not be readable at this moment.
   */
  rewind(endOffset: bigint): void {
    this.#rewoundTo = endOffset;
  }

  /** Snapshots of what was cut off: after a crash they would be taken for true. */
  removeSnapshotsBehind(endOffset: bigint): void {
    for (const offset of this.#snapshots()) if (offset > endOffset) this.#remove(offset);
    this.#snapshotAt = -1n;
  }

  #catchUp(): void {
    if (this.#rewoundTo === undefined) return;
    this.load(this.#rewoundTo);
    this.#rewoundTo = undefined;
  }

  /** As `ProducerState.check`, with the log asked for what a snapshot does not have. */
  check(batch: RecordBatch, beginsAnew = false): ProducedBatch | undefined {
    this.#catchUp();
    if (this.#state.needsRecall(batch)) this.#recall();
    return this.#state.check(batch, beginsAnew);
  }

  /**
   * Writes the state as of `offset`. It can be made again from the log, so nobody waits for the disk. False when there
   * is one as of then.
   */
  takeSnapshot(offset: bigint): boolean {
    if (this.#snapshotAt === offset) return false;
    this.#catchUp();
    this.aborted.save();
    const file = this.#fileSystem.open(this.#path(offset), 'create');
    try {
      file.truncate(0);
      file.write([encodeProducerSnapshot(this.#state)], 0);
    } finally {
      file.close();
    }
    this.#snapshotAt = offset;
    for (const old of this.#snapshots().slice(SNAPSHOTS_KEPT)) this.#remove(old);
    return true;
  }

  /**
   * Before files of aborted transactions are taken away: a crash until they are there again would leave snapshots that
   * rely on them. Without a snapshot the whole log is read, which tells of all of them.
   */
  forgetSnapshots(): void {
    removeSnapshots(this.#fileSystem, this.#directory);
    this.#snapshotAt = -1n;
  }

  #recall(): void {
    const segment = this.#segments.at(this.#segments.floorIndex(this.#restoredAt - 1n));
    if (segment) {
      const end = segment.positionOf(this.#restoredAt);
      const from = segment.offsetNear(Math.max(0, end - RECALL_BYTES));
      for (const batch of this.#batches(from, this.#restoredAt)) {
        if (batch instanceof RecordBatch && !batch.isControlBatch && batch.baseSequence >= 0) this.#state.recall(batch);
      }
    }
    this.#state.recalled();
  }

  /**
   * Batches of idempotent producers and markers of transactions, by their headers: the records are not read; and what is
   * missing between them.
   */
  *#batches(from: bigint, to: bigint): Generator<RecordBatch | LostRange> {
    for (let index = this.#segments.floorIndex(from); ; index++) {
      const segment = this.#segments.at(index);
      if (!segment || segment.baseOffset >= to) return;
      let next = segment.baseOffset > from ? segment.baseOffset : from;
      for (const found of segment.headers(from)) {
        if (found instanceof RecordBatch) {
          if (found.baseOffset >= to) return;
          next = found.nextOffset;
          if (found.hasProducerId) yield found;
        } else if (found.firstOffset < to) {
          next = found.nextOffset ?? this.#segments.recordsEndOf(segment) ?? to;
          if (next > found.firstOffset) yield { offset: next - 1n, bytes: segment.batchIn(found) };
        }
      }
      // Behind its last batch.
      const following = this.#segments.endOf(segment);
      if (segment.gapsAllowed || following === undefined || next >= following) continue;
      const end = this.#segments.recordsEndOf(segment)!;
      if (next < end) yield { offset: end - 1n, bytes: undefined };
    }
  }

  /** Newest first. */
  #snapshots(): bigint[] {
    return snapshotsIn(this.#fileSystem, this.#directory);
  }

  #remove(offset: bigint): void {
    this.#fileSystem.removeFile(this.#path(offset));
  }

  #path(offset: bigint): string {
    return join(this.#directory, offsetFileName(offset, SNAPSHOT_SUFFIX));
  }
}

/** Offsets of the snapshots, the newest first. */
function snapshotsIn(fileSystem: FileSystem, directory: string): bigint[] {
  return fileSystem
    .list(directory)
    .map((name) => offsetOfFileName(name, SNAPSHOT_SUFFIX))
    .filter((offset) => offset !== undefined)
    .sort((a, b) => (a < b ? 1 : -1));
}

/** Durably. */
export function removeSnapshots(fileSystem: FileSystem, directory: string): void {
  for (const offset of snapshotsIn(fileSystem, directory)) {
    fileSystem.removeFile(join(directory, offsetFileName(offset, SNAPSHOT_SUFFIX)));
  }
  fileSystem.syncDirectoryNow(directory);
}
