import { basename } from 'node:path';
import { RecordBatch } from '../../protocol/records/record-batch.ts';
import { type FileSystem, readWholeFileIfReadable, replaceFileNow } from './file-system.ts';
import type { SegmentList } from './segment-list.ts';
import { type AbortedTransaction, decodeTransactionIndex, encodeTransactionIndex } from './transaction-index.ts';

const NO_END = 0x7fff_ffff_ffff_ffffn;

/**
 * The aborted transactions of a partition, in memory and in the `.txnindex` beside each segment. Aborting is rare: a
 * file is written whole, and synced before the snapshot of producers that relies on it.
 */
export class AbortedTransactions {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #segments: SegmentList;
  /** In the order of their markers. */
  #all: AbortedTransaction[] = [];
  /** The least first offset of those from each on, so that a search ends where no more can begin early enough. */
  #leastFirst: bigint[] = [];
  /** Base offsets of segments whose file is not up to date. */
  readonly #unsaved = new Set<bigint>();

  constructor(fileSystem: FileSystem, directory: string, segments: SegmentList) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#segments = segments;
  }

  /** Those that ended before `endOffset`, as the files have them. False when a file is damaged: then there are none. */
  load(endOffset: bigint): boolean {
    this.#clear();
    this.#unsaved.clear();
    for (const segment of this.#segments.all) {
      const path = segment.paths.txnIndex;
      if (!this.#fileSystem.exists(path)) continue;
      const end = this.#segments.endOf(segment) ?? NO_END;
      const bytes = readWholeFileIfReadable(this.#fileSystem, path);
      const entries = bytes && decodeTransactionIndex(bytes, segment.baseOffset, end);
      if (!entries?.every((entry) => this.#isInLog(entry))) {
        for (const { baseOffset } of this.#segments.all) this.#unsaved.add(baseOffset);
        this.#clear();
        return false;
      }
      for (const entry of entries) if (!this.#isCompactedAway(entry)) this.#push(entry);
    }
    this.truncate(endOffset);
    return true;
  }

  /** The files have no checksum: what the log says of the same offsets has to do. */
  #isInLog({ producerId, firstOffset, lastOffset }: AbortedTransaction): boolean {
    const marker = this.#batchAt(lastOffset);
    const first = this.#batchAt(firstOffset);
    // Compaction may have taken either.
    if (marker && !(marker.isControlBatch && marker.producerId === producerId)) return false;
    if (!first) return true;
    return (
      first.baseOffset === firstOffset &&
      first.isTransactional &&
      !first.isControlBatch &&
      first.producerId === producerId
    );
  }

  /** The crash came between the compaction and the change of the file. */
  #isCompactedAway({ lastOffset }: AbortedTransaction): boolean {
    const segment = this.#segmentOf(lastOffset);
    const [found] = segment.headers(lastOffset);
    return segment.gapsAllowed && (!found || (found instanceof RecordBatch && found.baseOffset > lastOffset));
  }

  #batchAt(offset: bigint): RecordBatch | undefined {
    for (const found of this.#segmentOf(offset).headers(offset)) {
      return found instanceof RecordBatch && found.baseOffset <= offset ? found : undefined;
    }
    return undefined;
  }

  add(transaction: AbortedTransaction): void {
    this.#push(transaction);
    this.#unsaved.add(this.#segmentOf(transaction.lastOffset).baseOffset);
  }

  #push(transaction: AbortedTransaction): void {
    const { firstOffset } = transaction;
    this.#all.push(transaction);
    this.#leastFirst.push(firstOffset);
    for (let i = this.#all.length - 2; i >= 0 && this.#leastFirst[i]! > firstOffset; i--)
      this.#leastFirst[i] = firstOffset;
  }

  /** Those whose marker lies at or behind `offset` are gone with it. */
  truncate(offset: bigint): void {
    const all = this.#all;
    const gone = all.slice(this.#firstEndingAt(offset));
    if (gone.length === 0) return;
    for (const { lastOffset } of gone) this.#unsaved.add(this.#segmentOf(lastOffset).baseOffset);
    this.#clear();
    for (const transaction of all.slice(0, all.length - gone.length)) this.#push(transaction);
  }

  #clear(): void {
    this.#all = [];
    this.#leastFirst = [];
  }

  /** Segments before `offset` are gone, and their files with them. */
  removeBefore(offset: bigint): void {
    const gone = this.#firstEndingAt(offset);
    this.#all.splice(0, gone);
    this.#leastFirst.splice(0, gone);
  }

  /**
   * A segment took the place of those in `[baseOffset, endOffset)`, and its file is not there; `batches` are the last
   * offsets of its batches. A transaction whose marker was compacted away has no records left: a consumer that is told
   * of it would wait for that marker, and pass over whatever the producer committed since. Java:
   * `CleanedTransactionMetadata`.
   */
  replaced(baseOffset: bigint, endOffset: bigint, batches: ReadonlySet<bigint>): void {
    const isInIt = (offset: bigint) => offset >= baseOffset && offset < endOffset;
    const left = this.#all.filter(({ lastOffset }) => !isInIt(lastOffset) || batches.has(lastOffset));
    this.#clear();
    for (const transaction of left) this.#push(transaction);
    this.#unsaved.add(baseOffset);
  }

  /** Those that a reader of `[from, to)` has to know. Java: `TransactionIndex.collectAbortedTxns`. */
  between(from: bigint, to: bigint): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let i = this.#firstEndingAt(from); i < this.#all.length && this.#leastFirst[i]! < to; i++) {
      const transaction = this.#all[i]!;
      if (transaction.firstOffset < to) found.push(transaction);
    }
    return found;
  }

  /** Whether the batch belongs to one of them. */
  holds(batch: RecordBatch): boolean {
    if (!batch.isTransactional || batch.isControlBatch) return false;
    const { producerId, baseOffset } = batch;
    return this.between(baseOffset, baseOffset + 1n).some(
      (transaction) => transaction.producerId === producerId && transaction.firstOffset <= baseOffset,
    );
  }

  /** Brings to the disk what the files lack. */
  save(): void {
    if (this.#unsaved.size === 0) return;
    for (const segment of this.#segments.all) {
      if (!this.#unsaved.has(segment.baseOffset)) continue;
      const end = this.#segments.endOf(segment) ?? NO_END;
      const entries = this.#all.slice(this.#firstEndingAt(segment.baseOffset), this.#firstEndingAt(end));
      this.#write(segment.paths.txnIndex, entries);
    }
    this.#fileSystem.syncDirectoryNow(this.#directory);
    this.#unsaved.clear();
  }

  #write(path: string, entries: readonly AbortedTransaction[]): void {
    if (entries.length === 0) {
      if (this.#fileSystem.exists(path)) this.#fileSystem.removeFile(path);
      return;
    }
    // In one step: a file cut short looks like one with fewer transactions, and their records like committed ones.
    replaceFileNow(this.#fileSystem, this.#directory, basename(path), encodeTransactionIndex(entries));
  }

  #segmentOf(offset: bigint) {
    return this.#segments.at(this.#segments.floorIndex(offset))!;
  }

  /** Index of the first whose marker lies at or behind `offset`. */
  #firstEndingAt(offset: bigint): number {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#all[middle]!.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
