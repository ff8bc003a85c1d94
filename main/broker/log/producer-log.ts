import { join } from 'node:path';
import type { Time } from '../../../common/time.ts';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { type FileSystem, readWholeFileIfReadable } from './file-system.ts';
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts';
import { type ProducedBatch, ProducerState } from './producer-state.ts';
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './segment-files.ts';
import type { SegmentList } from './segment-list.ts';
import { decodeMarker, type TransactionMarker } from './transaction-marker.ts';

/** The newest is enough; a second one is there in case it is damaged. */
const SNAPSHOTS_KEPT = 2;
/** How far before a snapshot the log is asked for the older batches of its producers. */
const RECALL_BYTES = 1024 * 1024;

/** The producer state of a partition with its snapshots, which spare it reading the whole log at a start. */
export class ProducerLog {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #time: Time;
  readonly #segments: SegmentList;
  readonly #state = new ProducerState();
  readonly aborted: AbortedTransactions;
  /** Offset of the snapshot that the state was restored from. */
  #restoredAt = 0n;
  #rewoundTo: bigint | undefined;
  /** The newest one that was read or written. */
  #snapshotAt = -1n;

  constructor(fileSystem: FileSystem, directory: string, segments: SegmentList, time: Time) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#segments = segments;
    this.#time = time;
    this.aborted = new AbortedTransactions(fileSystem, directory, segments);
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
    for (const batch of this.#batches(this.#restoredAt, endOffset)) {
      if (!batch.isControlBatch) {
        this.#state.update(batch, batch.baseOffset, now);
        continue;
      }
      // A transaction whose marker can't be read stays open: nobody knows how it ended.
      const whole = this.#whole(batch);
      const marker = whole && decodeMarker(whole);
      if (marker) this.#end(marker, batch.baseOffset, now);
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

  #recall(): void {
    const segment = this.#segments.at(this.#segments.floorIndex(this.#restoredAt - 1n));
    if (segment) {
      const end = segment.positionOf(this.#restoredAt);
      const from = segment.offsetNear(Math.max(0, end - RECALL_BYTES));
      for (const batch of this.#batches(from, this.#restoredAt)) {
        if (!batch.isControlBatch && batch.baseSequence >= 0) this.#state.recall(batch);
      }
    }
    this.#state.recalled();
  }

  /** Batches of idempotent producers and markers of transactions, by their headers: the records are not read. */
  *#batches(from: bigint, to: bigint): Generator<RecordBatch> {
    for (let index = this.#segments.floorIndex(from); ; index++) {
      const segment = this.#segments.at(index);
      if (!segment || segment.baseOffset >= to) return;
      for (const batch of segment.headers(from)) {
        if (batch.baseOffset >= to) return;
        if (batch.hasProducerId) yield batch;
      }
    }
  }

  /** Newest first. */
  #snapshots(): bigint[] {
    return this.#fileSystem
      .list(this.#directory)
      .map((name) => offsetOfFileName(name, SNAPSHOT_SUFFIX))
      .filter((offset) => offset !== undefined)
      .sort((a, b) => (a < b ? 1 : -1));
  }

  #remove(offset: bigint): void {
    this.#fileSystem.removeFile(this.#path(offset));
  }

  #path(offset: bigint): string {
    return join(this.#directory, offsetFileName(offset, SNAPSHOT_SUFFIX));
  }
}
