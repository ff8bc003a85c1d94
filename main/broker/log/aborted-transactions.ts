import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { type FileSystem, readWholeFile } from './file-system.ts';
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
  /** Base offsets of segments whose file is not up to date. */
  readonly #unsaved = new Set<bigint>();

  constructor(fileSystem: FileSystem, directory: string, segments: SegmentList) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#segments = segments;
  }

  /** Those that ended before `endOffset`, as the files have them. False when a file is damaged: then there are none. */
  load(endOffset: bigint): boolean {
    this.#all = [];
    this.#unsaved.clear();
    for (const segment of this.#segments.all) {
      const path = segment.paths.txnIndex;
      if (!this.#fileSystem.exists(path)) continue;
      const end = this.#segments.endOf(segment) ?? NO_END;
      const entries = decodeTransactionIndex(readWholeFile(this.#fileSystem, path), segment.baseOffset, end);
      if (!entries) {
        for (const { baseOffset } of this.#segments.all) this.#unsaved.add(baseOffset);
        this.#all = [];
        return false;
      }
      this.#all.push(...entries);
    }
    this.truncate(endOffset);
    return true;
  }

  add(transaction: AbortedTransaction): void {
    this.#all.push(transaction);
    this.#unsaved.add(this.#segmentOf(transaction.lastOffset).baseOffset);
  }

  /** Those whose marker lies at or behind `offset` are gone with it. */
  truncate(offset: bigint): void {
    const kept = this.#firstEndingAt(offset);
    for (const { lastOffset } of this.#all.splice(kept)) this.#unsaved.add(this.#segmentOf(lastOffset).baseOffset);
  }

  /** Segments before `offset` are gone, and their files with them. */
  removeBefore(offset: bigint): void {
    this.#all.splice(0, this.#firstEndingAt(offset));
  }

  /** The file of the segment is not there: it took the place of others. */
  replaced(baseOffset: bigint): void {
    this.#unsaved.add(baseOffset);
  }

  /** Those that a reader of `[from, to)` has to know. Java: `TransactionIndex.collectAbortedTxns`. */
  between(from: bigint, to: bigint): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let i = this.#firstEndingAt(from); i < this.#all.length; i++) {
      const transaction = this.#all[i]!;
      if (transaction.firstOffset < to) found.push(transaction);
      if (transaction.lastStableOffset >= to) break;
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
    const file = this.#fileSystem.open(path, 'create');
    try {
      file.truncate(0);
      file.write([encodeTransactionIndex(entries)], 0);
      file.syncNow();
    } finally {
      file.close();
    }
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
