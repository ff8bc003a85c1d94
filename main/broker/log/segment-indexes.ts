import { type FileSystem, readWholeFileIfReadable } from './file-system.ts';
import { type IndexEntry, OffsetIndex } from './offset-index.ts';
import type { SegmentPaths } from './segment-files.ts';
import { TimeIndex, type TimeIndexEntry } from './time-index.ts';

/** Where a batch lies, and what the indexes want to know of it. */
export interface BatchPlace {
  readonly position: number;
  readonly size: number;
  readonly lastOffset: bigint;
  readonly maxTimestamp: bigint;
}

/**
 * The two indexes of a segment. Entries are made as Kafka makes them (Java: `LogSegment.append`): when more than
 * `index.interval.bytes` were written since the last entry, one that names the batch that follows.
 */
export class SegmentIndexes {
  readonly #fileSystem: FileSystem;
  readonly #paths: SegmentPaths;
  readonly #baseOffset: bigint;
  readonly #intervalBytes: number;
  #offsets = new OffsetIndex();
  #times = new TimeIndex();
  #isLoaded = false;
  /** Not all of the segment could be read: neither these entries nor those of the files are complete. */
  #isIncomplete = false;
  #bytesSinceEntry = 0;
  #maxTimestamp = -1n;
  #offsetOfMaxTimestamp = -1n;
  /** Entries that the files have already; what is in the files behind them is to be cut. */
  #savedOffsets = 0;
  #savedTimes = 0;

  constructor(fileSystem: FileSystem, paths: SegmentPaths, baseOffset: bigint, intervalBytes: number) {
    this.#fileSystem = fileSystem;
    this.#paths = paths;
    this.#baseOffset = baseOffset;
    this.#intervalBytes = intervalBytes;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** ms; -1 when no record has one. */
  get maxTimestamp(): bigint {
    return this.#maxTimestamp;
  }

  /** Of the last record of the batch with the largest timestamp; -1 when there is none. */
  get offsetOfMaxTimestamp(): bigint {
    return this.#offsetOfMaxTimestamp;
  }

  /** Reads the files. False when they are missing or can't belong to a segment of that size. */
  load(segmentBytes: number): boolean {
    if (this.#isIncomplete) return false;
    const [offsets, times] = [this.#read(this.#paths.index), this.#read(this.#paths.timeIndex)];
    if (!offsets || !times) return false;
    const [offsetIndex, timeIndex] = [OffsetIndex.decode(offsets, segmentBytes), TimeIndex.decode(times)];
    if (!offsetIndex || !timeIndex || (segmentBytes > 0 && timeIndex.count === 0)) return false;
    this.#offsets = offsetIndex;
    this.#times = timeIndex;
    this.#savedOffsets = offsetIndex.count;
    this.#savedTimes = timeIndex.count;
    this.#isLoaded = true;
    this.#takeMaxFromTimes();
    return true;
  }

  /** What was loaded is not to be used. */
  unload(): void {
    this.restart(undefined);
    this.#isLoaded = false;
  }

  /** While they were made, a place of the segment could not be read: they are of no use before they are made anew. */
  interrupted(): void {
    this.unload();
    this.#isIncomplete = true;
  }

  /** Keeps entries up to `entry` (all gone without one): batches from there on are noted anew. */
  restart(entry: IndexEntry | undefined): void {
    this.#offsets.truncate(entry ? entry.position + 1 : 0);
    this.#times.truncate(entry ? entry.relativeOffset + 1 : 0);
    this.#savedOffsets = Math.min(this.#savedOffsets, this.#offsets.count);
    this.#savedTimes = Math.min(this.#savedTimes, this.#times.count);
    this.#bytesSinceEntry = 0;
    this.#isLoaded = true;
    this.#isIncomplete = false;
    this.#takeMaxFromTimes();
  }

  note(place: BatchPlace): void {
    if (this.#isIncomplete) return;
    const relativeOffset = Number(place.lastOffset - this.#baseOffset);
    if (place.maxTimestamp > this.#maxTimestamp) {
      this.#maxTimestamp = place.maxTimestamp;
      this.#offsetOfMaxTimestamp = place.lastOffset;
    }
    if (this.#bytesSinceEntry > this.#intervalBytes) {
      this.#offsets.append(relativeOffset, place.position);
      this.#appendTime();
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += place.size;
  }

  /** The entry of the last batch that ends at or before `offset`. */
  floor(offset: bigint): IndexEntry | undefined {
    const relative = offset - this.#baseOffset;
    return relative < 0n ? undefined : this.#offsets.floor(relative > 0x7fff_ffffn ? 0x7fff_ffff : Number(relative));
  }

  floorByPosition(position: number): IndexEntry | undefined {
    return this.#offsets.floorByPosition(position);
  }

  lastEntry(): IndexEntry | undefined {
    return this.#offsets.last();
  }

  lastTimeEntry(): TimeIndexEntry | undefined {
    return this.#times.last();
  }

  /** The last entry with a timestamp before the given one. */
  timeEntryBefore(timestamp: bigint): TimeIndexEntry | undefined {
    return this.#times.before(timestamp);
  }

  /** Writes what the files lack; with `isComplete` the largest timestamp is an entry of its own, as Kafka has it. */
  save(isComplete: boolean): void {
    if (this.#isIncomplete) this.#remove();
    if (!this.#isLoaded) return;
    if (isComplete) this.#appendTime();
    this.#write(this.#paths.index, this.#offsets.encode(this.#savedOffsets), this.#savedOffsets, 8);
    this.#write(this.#paths.timeIndex, this.#times.encode(this.#savedTimes), this.#savedTimes, 12);
    this.#savedOffsets = this.#offsets.count;
    this.#savedTimes = this.#times.count;
  }

  #appendTime(): void {
    if (this.#offsetOfMaxTimestamp < 0n) return;
    this.#times.append(this.#maxTimestamp, Number(this.#offsetOfMaxTimestamp - this.#baseOffset));
  }

  #takeMaxFromTimes(): void {
    const last = this.#times.last();
    this.#maxTimestamp = last ? last.timestamp : -1n;
    this.#offsetOfMaxTimestamp = last ? this.#baseOffset + BigInt(last.relativeOffset) : -1n;
  }

  /** Whoever opens the segment next makes them anew. */
  #remove(): void {
    for (const path of [this.#paths.index, this.#paths.timeIndex]) {
      if (this.#fileSystem.exists(path)) this.#fileSystem.removeFile(path);
    }
  }

  #read(path: string): Buffer | undefined {
    return this.#fileSystem.exists(path) ? readWholeFileIfReadable(this.#fileSystem, path) : undefined;
  }

  #write(path: string, bytes: Buffer, savedEntries: number, entryBytes: number): void {
    const file = this.#fileSystem.open(path, 'create');
    try {
      file.truncate(savedEntries * entryBytes);
      if (bytes.length > 0) file.write([bytes], savedEntries * entryBytes);
    } finally {
      file.close();
    }
  }
}
