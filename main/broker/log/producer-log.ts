import { join } from 'node:path';
import type { Time } from '../../../common/time.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { type FileSystem, readWholeFile } from './file-system.ts';
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.ts';
import { type ProducedBatch, ProducerState } from './producer-state.ts';
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './segment-files.ts';
import type { SegmentList } from './segment-list.ts';

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
  }

  get state(): ProducerState {
    return this.#state;
  }

  /** The state as of `endOffset`, from the newest good snapshot and the log behind it. */
  load(endOffset: bigint): void {
    this.#state.clear();
    this.#snapshotAt = -1n;
    this.#restoredAt = this.#segments.first.baseOffset;
    for (const offset of this.#snapshots()) {
      if (offset > endOffset) {
        this.#remove(offset);
        continue;
      }
      const entries = decodeProducerSnapshot(readWholeFile(this.#fileSystem, this.#path(offset)));
      if (!entries) {
        this.#remove(offset);
        continue;
      }
      for (const entry of entries) this.#state.restore(entry);
      this.#restoredAt = this.#snapshotAt = offset;
      break;
    }
    if (this.#restoredAt >= endOffset) return;
    const now = this.#time.milliseconds();
    for (const batch of this.#batches(this.#restoredAt, endOffset)) this.#state.update(batch, batch.baseOffset, now);
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
  check(batch: RecordBatch): ProducedBatch | undefined {
    this.#catchUp();
    if (this.#state.needsRecall(batch)) this.#recall();
    return this.#state.check(batch);
  }

  /** Writes the state as of `offset`. It can be made again from the log, so nobody waits for the disk. */
  takeSnapshot(offset: bigint): void {
    if (this.#snapshotAt === offset) return;
    this.#catchUp();
    const file = this.#fileSystem.open(this.#path(offset), 'create');
    try {
      file.truncate(0);
      file.write([encodeProducerSnapshot(this.#state)], 0);
    } finally {
      file.close();
    }
    this.#snapshotAt = offset;
    for (const old of this.#snapshots().slice(SNAPSHOTS_KEPT)) this.#remove(old);
  }

  #recall(): void {
    const segment = this.#segments.at(this.#segments.floorIndex(this.#restoredAt - 1n));
    if (segment) {
      const end = segment.positionOf(this.#restoredAt);
      const from = segment.offsetNear(Math.max(0, end - RECALL_BYTES));
      for (const batch of this.#batches(from, this.#restoredAt)) this.#state.recall(batch);
    }
    this.#state.recalled();
  }

  /** Batches of idempotent producers, by their headers: the records are not read. */
  *#batches(from: bigint, to: bigint): Generator<RecordBatch> {
    for (let index = this.#segments.floorIndex(from); ; index++) {
      const segment = this.#segments.at(index);
      if (!segment || segment.baseOffset >= to) return;
      for (const batch of segment.headers(from)) {
        if (batch.baseOffset >= to) return;
        if (batch.hasProducerId && !batch.isControlBatch) yield batch;
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
