import {
  BatchLayout,
  LOG_OVERHEAD,
  MAGIC,
  RECORD_BATCH_OVERHEAD,
  RecordBatch,
} from '../../protocol/records/record-batch.ts';
import { baseOffsetAt, claimedSize, contentFault, headerFault, lastOffsetAt } from './batch-inspection.ts';
import type { LogFile } from './file-system.ts';
import { isUnreadable } from './storage-errors.ts';

/** One batch of a file, or the place where the next one should be and is not. */
export type Scanned =
  | { readonly kind: 'batch'; readonly position: number; readonly size: number; readonly batch: RecordBatch }
  | {
      readonly kind: 'fault';
      readonly position: number;
      readonly reason: string;
      /** A good header claims more bytes than there are: the offset that would follow its batch. */
      readonly tornBefore?: bigint;
    };

export interface ScanOptions {
  readonly start: number;
  readonly end: number;
  /** Offset that the first batch must have; undefined when that is not known. */
  readonly offset: bigint | undefined;
  readonly gapsAllowed: boolean;
  /**
   * Whether the CRC of a batch is checked too, for which all of its bytes are read; without, `batch` has its header
   * only.
   */
  readonly verify: boolean | ((header: RecordBatch, position: number) => boolean);
}

const HEADER_WINDOW_BYTES = 64 * 1024;
const VERIFY_WINDOW_BYTES = 1024 * 1024;
/** A sector or page that the device can't read for good is damaged; its neighbours are not. */
const UNREADABLE_BYTES = 4096;
/** What every disk writes as a whole or not at all. */
const SECTOR_BYTES = 512;

/** Goes through the batches of a stretch of a segment, in order, with one buffer that it fills again and again. */
export class BatchScanner {
  readonly #file: LogFile;
  readonly #options: ScanOptions;
  #window: Buffer;
  #windowStart = 0;
  #windowBytes = 0;
  #position: number;
  #offset: bigint | undefined;

  constructor(file: LogFile, options: ScanOptions) {
    this.#file = file;
    this.#options = options;
    const bytes = Math.max(RECORD_BATCH_OVERHEAD, options.end - options.start);
    this.#window = Buffer.allocUnsafeSlow(Math.min(bytes, options.verify ? VERIFY_WINDOW_BYTES : HEADER_WINDOW_BYTES));
    this.#position = options.start;
    this.#offset = options.offset;
  }

  get position(): number {
    return this.#position;
  }

  /** Offset that the next batch must have. */
  get expectedOffset(): bigint | undefined {
    return this.#offset;
  }

  /** Undefined at the end. After a fault it stays where it is: `resume` goes on elsewhere. A batch is valid until then. */
  next(): Scanned | undefined {
    const { end, gapsAllowed, verify } = this.#options;
    const position = this.#position;
    if (position >= end) return undefined;
    if (end - position < RECORD_BATCH_OVERHEAD) {
      return { kind: 'fault', position, reason: `only ${end - position} bytes are left` };
    }
    let at = this.#load(position, RECORD_BATCH_OVERHEAD);
    const header = headerFault(this.#window, at, { offset: this.#offset, gapsAllowed });
    if (header !== undefined) return { kind: 'fault', position, reason: header };
    const size = claimedSize(this.#window, at);
    if (position + size > end) {
      const reason = `${size} bytes are claimed, ${end - position} are left`;
      return { kind: 'fault', position, reason, tornBefore: lastOffsetAt(this.#window, at) + 1n };
    }
    const isChecked = typeof verify === 'function' ? verify(new RecordBatch(this.#window, at), position) : verify;
    if (isChecked) {
      at = this.#load(position, size);
      const content = contentFault(this.#window, at, size);
      if (content !== undefined) return { kind: 'fault', position, reason: content };
    }
    const batch = new RecordBatch(this.#window, at);
    this.#position = position + size;
    this.#offset = batch.nextOffset;
    return { kind: 'batch', position, size, batch };
  }

  /** Goes on at another place; `offset` is what must follow there at least. */
  resume(position: number, offset: bigint | undefined): void {
    this.#position = position;
    this.#offset = offset;
  }

  /**
   * Whether the batch at `position`, which is not the one that was due, is valid and the next one goes on from it:
   * then the offsets between are missing. Alone its offset would prove nothing, as the CRC does not cover it.
   */
  gapBefore(position: number): { nextOffset: bigint } | undefined {
    const { end } = this.#options;
    let at = this.#load(position, RECORD_BATCH_OVERHEAD);
    const offset = baseOffsetAt(this.#window, at);
    if (this.#offset === undefined || offset <= this.#offset) return undefined;
    if (headerFault(this.#window, at, { offset, gapsAllowed: false }) !== undefined) return undefined;
    const size = claimedSize(this.#window, at);
    if (position + size + RECORD_BATCH_OVERHEAD > end) return undefined;
    at = this.#load(position, size + RECORD_BATCH_OVERHEAD);
    const following = { offset: lastOffsetAt(this.#window, at) + 1n, gapsAllowed: false };
    if (headerFault(this.#window, at + size, following) !== undefined) return undefined;
    return contentFault(this.#window, at, size) === undefined ? { nextOffset: offset } : undefined;
  }

  /**
   * Looks for the next place from `from` on where a whole, valid batch begins whose offset is in `[offset, limit)`.
   * What lies between is damaged. Undefined when there is none before the end.
   */
  findBatch(from: number, offset: bigint, limit: bigint): number | undefined {
    const end = this.#options.end;
    let position = from;
    while (position + RECORD_BATCH_OVERHEAD <= end) {
      let at = this.#load(position, RECORD_BATCH_OVERHEAD);
      const magic = this.#window.indexOf(MAGIC, at + BatchLayout.magic);
      if (magic < 0 || magic >= this.#windowBytes) {
        position = this.#windowStart + this.#windowBytes - BatchLayout.magic;
        continue;
      }
      position = this.#windowStart + magic - BatchLayout.magic;
      if (position + RECORD_BATCH_OVERHEAD > end) return undefined;
      at = this.#load(position, RECORD_BATCH_OVERHEAD);
      if (headerFault(this.#window, at, { offset, gapsAllowed: true }) === undefined) {
        const size = claimedSize(this.#window, at);
        if (position + size <= end && baseOffsetAt(this.#window, at) < limit) {
          at = this.#load(position, size);
          const isWhole = contentFault(this.#window, at, size) === undefined;
          if (isWhole && this.#isPlausible(position, position - from, offset)) return position;
        }
      }
      position++;
    }
    return undefined;
  }

  /**
   * Whether the offset of a whole batch may be its own, which no checksum covers: the next one goes on from it, or it is
   * no further from `expected` than the bytes between (`skipped`) could have held records, and what kept the checksum
   * kept the offset too.
   */
  #isPlausible(position: number, skipped: number, expected: bigint): boolean {
    const { end, gapsAllowed } = this.#options;
    let at = this.#load(position, RECORD_BATCH_OVERHEAD);
    const offset = baseOffsetAt(this.#window, at);
    const following = { offset: lastOffsetAt(this.#window, at) + 1n, gapsAllowed };
    const next = position + claimedSize(this.#window, at);
    const isLast = next + RECORD_BATCH_OVERHEAD > end;
    if (!isLast) {
      at = this.#load(next, RECORD_BATCH_OVERHEAD);
      if (headerFault(this.#window, at, following) === undefined) return true;
    }
    // Disks lose whole sectors: zeros in one that is lost would read as offset 0.
    if (sectorOf(position) !== sectorOf(position + BatchLayout.crc)) return false;
    return gapsAllowed ? isLast : offset - expected <= BigInt(skipped + 1);
  }

  /** Returns where in the window `position` lies, with `length` bytes behind it. */
  #load(position: number, length: number): number {
    const at = position - this.#windowStart;
    if (at >= 0 && at + length <= this.#windowBytes) return at;
    if (length > this.#window.length) this.#window = Buffer.allocUnsafeSlow(length + LOG_OVERHEAD);
    const wanted = Math.min(this.#window.length, this.#options.end - position);
    this.#windowStart = position;
    this.#windowBytes = readReadable(this.#file, this.#window.subarray(0, wanted), position);
    // The file is shorter than it was: what is not there is as damaged as what can't be read.
    if (this.#windowBytes < length) {
      this.#window.fill(0, this.#windowBytes, length);
      this.#windowBytes = length;
    }
    return 0;
  }
}

const sectorOf = (position: number) => Math.floor(position / SECTOR_BYTES);

/** Reads what can be read; what is lost for good becomes zeros, which no check takes for a batch. */
function readReadable(file: LogFile, target: Buffer, position: number): number {
  try {
    return file.read(target, position);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  for (let at = 0, size = 0; at < target.length; at += size) {
    size = UNREADABLE_BYTES - ((position + at) % UNREADABLE_BYTES);
    const piece = target.subarray(at, at + size);
    try {
      piece.fill(0, file.read(piece, position + at));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      piece.fill(0);
    }
  }
  return target.length;
}
