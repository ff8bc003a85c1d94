import { RECORD_BATCH_OVERHEAD, type RecordBatch } from '../../protocol/records/record-batch.ts';
import { baseOffsetAt, claimedSize, headerFault, lastOffsetAt, maxTimestampAt } from './batch-inspection.ts';
import { BatchScanner } from './batch-scanner.ts';
import type { LogFile } from './file-system.ts';
import type { OpenFiles } from './open-files.ts';
import { type DamagedRange, examine } from './segment-examination.ts';
import { type SegmentPaths, segmentPaths } from './segment-files.ts';
import { type BatchPlace, SegmentIndexes } from './segment-indexes.ts';
import { LOOKAHEAD_BYTES, type Place, type ReadLimits, type SegmentRead, SegmentReader } from './segment-reader.ts';
import { isUnreadable } from './storage-errors.ts';
import { unusedFrom } from './unused-offsets.ts';

export interface SegmentOptions {
  readonly files: OpenFiles;
  readonly directory: string;
  readonly baseOffset: bigint;
  readonly indexIntervalBytes: number;
  /** Compaction leaves gaps between the offsets of a segment; without it there are none. */
  readonly gapsAllowed: boolean;
}

const REWRITE_BYTES = 64 * 1024;
/** A segment that fails its own examination so often changes under our hands. */
const MAX_EXAMINATIONS = 3;

/**
 * One file of a partition's log with its indexes. Bytes that this process did not write are checked when they are read
 * for the first time: CRC, and the fields that the CRC does not cover. What is damaged stays where it is and is
 * left out of every read.
 */
export class LogSegment {
  readonly baseOffset: bigint;
  readonly paths: SegmentPaths;
  readonly #files: OpenFiles;
  readonly #gapsAllowed: boolean;
  readonly #indexes: SegmentIndexes;
  #size: number;
  readonly #reader: SegmentReader;
  /** Its name in the directory is not durable yet. */
  isNew: boolean;

  private constructor(options: SegmentOptions, isNew: boolean) {
    const { files, directory, baseOffset } = options;
    this.baseOffset = baseOffset;
    this.paths = segmentPaths(directory, baseOffset);
    this.#files = files;
    this.#gapsAllowed = options.gapsAllowed;
    this.isNew = isNew;
    this.#indexes = new SegmentIndexes(files.fileSystem, this.paths, baseOffset, options.indexIntervalBytes);
    this.#reader = new SegmentReader(() => this.#file(), options.gapsAllowed);
    this.#size = (isNew ? files.create(this.paths.log) : this.#file()).size();
  }

  /** What a crash left under its name was never part of the log. */
  static create(options: SegmentOptions): LogSegment {
    const segment = new LogSegment(options, true);
    segment.#indexes.restart(undefined);
    if (segment.#size > 0) segment.truncate(0);
    return segment;
  }

  /** One whose batches this process has written and knows. */
  static written(options: SegmentOptions, places: readonly BatchPlace[]): LogSegment {
    const segment = new LogSegment(options, false);
    segment.#indexes.restart(undefined);
    for (const place of places) segment.#indexes.note(place);
    segment.#indexes.save(true);
    segment.#reader.verified.add(0, segment.#size);
    return segment;
  }

  static open(options: SegmentOptions): LogSegment {
    const segment = new LogSegment(options, false);
    // Nothing in it was ever synced, so its name may not be either.
    segment.isNew = segment.#size === 0;
    return segment;
  }

  /** bytes */
  get size(): number {
    return this.#size;
  }

  /** Offsets may be missing between its batches without being lost. */
  get gapsAllowed(): boolean {
    return this.#gapsAllowed;
  }

  /** Where the log's records before it ended: behind that, offsets were passed over. */
  get recordsBeforeEnd(): bigint {
    return unusedFrom(this.#files.fileSystem, this.paths.unused) ?? this.baseOffset;
  }

  get damaged(): readonly DamagedRange[] {
    return this.#reader.damaged;
  }

  /** ms; -1 when no record has one. */
  get largestTimestamp(): bigint {
    this.#loadIndexes();
    return this.#indexes.maxTimestamp;
  }

  /** Of the last record of the batch with the largest timestamp; -1 when there is none. */
  get offsetOfLargestTimestamp(): bigint {
    this.#loadIndexes();
    return this.#indexes.offsetOfMaxTimestamp;
  }

  /** Last write to the file, ms since 1970 UTC. */
  get modified(): number {
    return this.#file().modified();
  }

  #file(): LogFile {
    return this.#files.file(this.paths.log);
  }

  /** Writes behind what is there. When it throws, part of it may be there: `truncate(size)` cuts that. */
  write(chunks: readonly Uint8Array[], bytes: number): void {
    this.#file().write(chunks, this.#size);
    this.#reader.verified.add(this.#size, this.#size + bytes);
    this.#size += bytes;
  }

  /** Writes once more what is there, so that the next sync covers it; what can't be read any more stays as it is. */
  rewrite(from: number, to: number): void {
    for (let at = from; at < to; at += REWRITE_BYTES) {
      const chunk = Buffer.allocUnsafe(Math.min(REWRITE_BYTES, to - at));
      let read = 0;
      try {
        read = this.#file().read(chunk, at);
      } catch (error) {
        if (!isUnreadable(error)) throw error;
      }
      if (read > 0) this.#file().write([chunk.subarray(0, read)], at);
    }
  }

  /** Tells the indexes of a batch that was written. */
  note(place: BatchPlace): void {
    this.#indexes.note(place);
  }

  /** Cuts everything from `position` on, where a batch begins or nothing does. */
  truncate(position: number): void {
    this.#file().truncate(position);
    const hadMore = position < this.#size;
    this.#size = position;
    this.#reader.verified.truncate(position);
    this.#reader.damaged = this.#reader.damaged.filter((range) => range.end <= position);
    this.#reader.forgetCursors();
    if (hadMore && this.#indexes.isLoaded) this.#noteTail(position);
  }

  /** Resolves when everything written before the call is on the disk, its name in the directory excepted. */
  async sync(): Promise<void> {
    const file = this.#files.pin(this.paths.log);
    try {
      await file.sync();
    } finally {
      this.#files.unpin(this.paths.log);
    }
  }

  syncNow(): void {
    this.#file().syncNow();
  }

  /** `isComplete`: nothing is appended for now. */
  saveIndexes(isComplete: boolean): void {
    this.#indexes.save(isComplete);
  }

  close(): void {
    this.#files.close(this.paths.log);
  }

  /** The files with all that is in them. */
  remove(): void {
    this.close();
    const { fileSystem } = this.#files;
    for (const path of Object.values(this.paths)) if (fileSystem.exists(path)) fileSystem.removeFile(path);
  }

  /**
   * Batches from the one that holds `offset` on (or the next behind it). Undefined when there are none before
   * `limits.end`; no bytes when the first is larger than `maxBytes` and may not be.
   */
  read(offset: bigint, limits: ReadLimits): SegmentRead | undefined {
    for (let attempt = 0; ; attempt++) {
      const found = this.#tryRead(offset, limits);
      if (found !== 'fault') return found;
      if (attempt === MAX_EXAMINATIONS) throw new Error(`${this.paths.log} reads differently each time`);
      this.examine();
    }
  }

  /** What the device can't read any more is a fault like any other: the examination finds how far it reaches. */
  #tryRead(offset: bigint, limits: ReadLimits): SegmentRead | undefined | 'fault' {
    try {
      return this.#reader.read(this.#placeOf(offset), offset, limits);
    } catch (error) {
      if (isUnreadable(error)) return 'fault';
      throw error;
    }
  }

  /** Where the batch begins that holds `offset` (or the next one); the size when there is none. */
  positionOf(offset: bigint): number {
    return this.read(offset, { end: this.#size, maxBytes: 1, minOneBatch: true })?.position ?? this.#size;
  }

  /** An offset whose batch begins near `position`, at or before it. */
  offsetNear(position: number): bigint {
    this.#loadIndexes();
    const entry = this.#indexes.floorByPosition(position);
    return entry ? this.baseOffset + BigInt(entry.relativeOffset) : this.baseOffset;
  }

  /** A place before the batch that holds `offset`, near it when there is an index. */
  positionNear(offset: bigint): number {
    if (!this.#indexes.isLoaded && !this.#loadFiles()) return 0;
    return this.#indexes.floor(offset)?.position ?? 0;
  }

  /**
   * The headers of the batches from the one that holds `offset` on, and in their places the ranges that are damaged; a
   * batch is valid until the next is asked for. What was not read before is checked whole.
   */
  *headers(offset: bigint): Generator<RecordBatch | DamagedRange> {
    const start = this.#indexedPlace(this.positionNear(offset));
    const scanner = new BatchScanner(this.#file(), {
      start: start.position,
      end: this.#size,
      offset: start.offset,
      gapsAllowed: this.#gapsAllowed,
      verify: (batch, position) => !this.#reader.verified.covers(position, position + batch.sizeInBytes),
    });
    for (;;) {
      const known = this.#reader.damagedAt(scanner.position, scanner.expectedOffset);
      if (known) {
        if (known.nextOffset === undefined || known.nextOffset > offset) yield known;
        scanner.resume(known.end, known.nextOffset);
        continue;
      }
      const scanned = scanner.next();
      if (!scanned) return;
      if (scanned.kind === 'batch') {
        if (scanned.batch.lastOffset >= offset) yield scanned.batch;
        continue;
      }
      const { position } = scanner;
      this.examine();
      if (!this.#reader.damagedAt(position, scanner.expectedOffset)) {
        throw new Error(`${this.paths.log} reads differently each time`);
      }
    }
  }

  /** Whether a damaged range is a single batch, by its header: of how many bytes. */
  batchIn(range: DamagedRange): number | undefined {
    const header = Buffer.alloc(RECORD_BATCH_OVERHEAD);
    if (range.end - range.start < header.length || !this.#readHeader(header, range.start)) return undefined;
    if (headerFault(header, 0, { offset: range.firstOffset, gapsAllowed: false })) return undefined;
    const size = claimedSize(header, 0);
    return range.start + size === range.end && lastOffsetAt(header, 0) + 1n === range.nextOffset ? size : undefined;
  }

  /** ms, the largest of the first batch; undefined when there is no batch or it has none. */
  firstTimestamp(): bigint | undefined {
    const read = this.read(this.baseOffset, { end: this.#size, maxBytes: 1, minOneBatch: true });
    const timestamp = read && maxTimestampAt(read.records, 0);
    return timestamp !== undefined && timestamp >= 0n ? timestamp : undefined;
  }

  /**
   * The first batch that ends at or after `offset` and has a record at or after `timestamp` (ms), before `end`.
   */
  findByTimestamp(timestamp: bigint, offset: bigint, end: number): SegmentRead | undefined {
    this.#loadIndexes();
    const entry = this.#indexes.timeEntryBefore(timestamp);
    let from = entry ? this.baseOffset + BigInt(entry.relativeOffset) + 1n : this.baseOffset;
    if (from < offset) from = offset;
    for (;;) {
      const read = this.read(from, { end, maxBytes: LOOKAHEAD_BYTES, minOneBatch: true });
      if (!read) return undefined;
      const { records } = read;
      for (let at = 0, size = 0; at < records.length; at += size) {
        size = claimedSize(records, at);
        if (maxTimestampAt(records, at) < timestamp) continue;
        const batch = records.subarray(at, at + size);
        return { records: batch, position: read.position + at, nextOffset: lastOffsetAt(batch, 0) + 1n };
      }
      from = read.nextOffset;
    }
  }

  /**
   * For the last segment after a clean stop: goes from the last index entry to the end by headers alone.
   *
   * @returns the offset after the last batch; undefined when the end is not as a clean stop leaves it
   */
  findEnd(): bigint | undefined {
    this.#loadIndexes();
    return this.#noteTail(this.#size);
  }

  /**
   * Checks every batch, from the last index entry at or before `from` (bytes) on, and makes the indexes anew from
   * there. What is not a good batch is `damaged` after it.
   *
   * @returns the offset after the last good batch
   */
  examine(from = 0): bigint {
    const start = this.#indexedPlace(from);
    this.#indexes.restart(start.entry);
    this.#reader.forgetCursors();
    const onBatch = (place: BatchPlace) => {
      this.#reader.verified.add(place.position, place.position + place.size);
      this.#indexes.note(place);
    };
    const [{ position, offset }, end, baseOffset, gapsAllowed] = [
      start,
      this.#size,
      this.baseOffset,
      this.#gapsAllowed,
    ];
    const result = this.#indexing(() =>
      examine(this.#file(), { start: position, end, baseOffset, offset, gapsAllowed, onBatch }),
    );
    this.#reader.damaged = [...this.#reader.damaged.filter((range) => range.end <= start.position), ...result.damaged];
    return result.nextOffset;
  }

  /** An index entry at or before a position, when the log agrees with it; else the start of the segment. */
  #indexedPlace(position: number) {
    const start = { position: 0, offset: this.baseOffset, entry: undefined };
    if (position <= 0) return start;
    if (!this.#indexes.isLoaded && !this.#loadFiles()) return start;
    const entry = this.#indexes.floorByPosition(position);
    if (!entry) return start;
    const header = Buffer.alloc(RECORD_BATCH_OVERHEAD);
    if (!this.#readHeader(header, entry.position)) return start;
    const lastOffset = this.baseOffset + BigInt(entry.relativeOffset);
    if (headerFault(header, 0, { offset: undefined, gapsAllowed: true }) || lastOffsetAt(header, 0) !== lastOffset) {
      return start;
    }
    return { position: entry.position, offset: baseOffsetAt(header, 0), entry };
  }

  /** False when it is lost. */
  #readHeader(header: Buffer, position: number): boolean {
    try {
      return this.#file().read(header, position) === header.length;
    } catch (error) {
      if (isUnreadable(error)) return false;
      throw error;
    }
  }

  /** Work that makes the indexes anew: when the disk fails in the middle of it, they are not complete. */
  #indexing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#indexes.interrupted();
      throw error;
    }
  }

  #loadIndexes(): void {
    if (!this.#indexes.isLoaded && !this.#loadFiles()) this.examine();
  }

  /** The indexes as they are on the disk; false when they can't be this segment's. */
  #loadFiles(): boolean {
    if (!this.#indexes.load(this.#size)) return false;
    let fits = false;
    try {
      fits = this.#indexesFit();
    } finally {
      if (!fits) this.#indexes.unload();
    }
    return fits;
  }

  /** Files that could be indexes may still be those of another log: the last entries tell. */
  #indexesFit(): boolean {
    if (this.#indexes.lastEntry() && !this.#indexedPlace(this.#size).entry) return false;
    const time = this.#indexes.lastTimeEntry();
    if (!time) return true;
    const offset = this.baseOffset + BigInt(time.relativeOffset);
    const read = this.#tryRead(offset, { end: this.#size, maxBytes: 1, minOneBatch: true });
    if (!read || read === 'fault') return false;
    return read.nextOffset === offset + 1n && maxTimestampAt(read.records, 0) === time.timestamp;
  }

  /** Notes the batches from the last index entry to `end`. Undefined when they don't end there exactly. */
  #noteTail(end: number): bigint | undefined {
    return this.#indexing(() => this.#tryToNoteTail(end));
  }

  #tryToNoteTail(end: number): bigint | undefined {
    const start = this.#indexedPlace(end - 1);
    this.#indexes.restart(start.entry);
    const scanner = new BatchScanner(this.#file(), {
      start: start.position,
      end,
      offset: start.offset,
      gapsAllowed: this.#gapsAllowed,
      verify: false,
    });
    for (let scanned = scanner.next(); scanned; scanned = scanner.next()) {
      if (scanned.kind === 'fault') return undefined;
      const { position, size, batch } = scanned;
      this.#indexes.note({ position, size, lastOffset: batch.lastOffset, maxTimestamp: batch.maxTimestamp });
    }
    return scanner.expectedOffset;
  }

  #placeOf(offset: bigint): Place {
    const cursor = this.#reader.cursorAt(offset);
    if (cursor) return cursor;
    this.#loadIndexes();
    const entry = this.#indexes.floor(offset);
    if (!entry) return { position: 0, offset: this.baseOffset };
    return { position: entry.position, lastOffset: this.baseOffset + BigInt(entry.relativeOffset) };
  }
}
