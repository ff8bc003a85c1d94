import { RECORD_BATCH_OVERHEAD } from '../../protocol/records/record-batch.ts';
import { claimedSize, contentFault, headerFault, lastOffsetAt } from './batch-inspection.ts';
import { ByteRanges } from './byte-ranges.ts';
import type { LogFile } from './file-system.ts';
import type { DamagedRange } from './segment-examination.ts';

export interface SegmentRead {
  /** Whole batches, in order. */
  readonly records: Buffer;
  /** Where they begin in the segment, bytes. */
  readonly position: number;
  /** Offset after the last of them. */
  readonly nextOffset: bigint;
}

export interface ReadLimits {
  /** Bytes of the segment that may be read: up to the high watermark. */
  readonly end: number;
  readonly maxBytes: number;
  /** Give the first batch even if it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
}

/** A place in the segment where a batch begins, with what is known of its offsets. */
export interface Place {
  readonly position: number;
  /** The batch's base offset, or less when there may be gaps. */
  readonly offset?: bigint;
  /** The batch's last offset. */
  readonly lastOffset?: bigint;
}

const EMPTY = Buffer.alloc(0);
/** Read beyond `maxBytes` for the batches between an index entry and the wanted one. */
export const LOOKAHEAD_BYTES = 8 * 1024;
/** Reads that go on where one ended find their place without the index; so many readers are remembered. */
const CURSORS = 8;

/** Finds batches in a segment by their headers. What was not verified yet is, before it is given to anyone. */
export class SegmentReader {
  readonly #file: () => LogFile;
  readonly #gapsAllowed: boolean;
  /** What was checked, or was written by this process. */
  readonly verified = new ByteRanges();
  /** What is left out. */
  damaged: readonly DamagedRange[] = [];
  #cursors: { readonly position: number; readonly offset: bigint }[] = [];

  constructor(file: () => LogFile, gapsAllowed: boolean) {
    this.#file = file;
    this.#gapsAllowed = gapsAllowed;
  }

  /** Where a read ended whose next offset was this one. */
  cursorAt(offset: bigint): Place | undefined {
    return this.#cursors.find((each) => each.offset === offset);
  }

  /** The bytes are not where they were. */
  forgetCursors(): void {
    this.#cursors = [];
  }

  /**
   * Batches from the one that holds `wanted` on, beginning the search at `place`. 'fault' when what is there is not
   * what was written: the segment has to be examined.
   */
  read(place: Place, wanted: bigint, limits: ReadLimits): SegmentRead | undefined | 'fault' {
    let { position, offset: expected, lastOffset: expectedLast } = place;
    let window = this.#window(position, limits.end, limits.maxBytes + (expected === wanted ? 0 : LOOKAHEAD_BYTES));
    let windowStart = position;
    let first = -1;
    while (position < limits.end) {
      const damage = this.damagedAt(position, expected);
      if (damage) {
        if (first >= 0) break;
        [position, expected, expectedLast] = [damage.end, damage.nextOffset, undefined];
        continue;
      }
      let at = position - windowStart;
      if (at < 0 || at + RECORD_BATCH_OVERHEAD > window.length) {
        if (first >= 0) break;
        [window, windowStart, at] = [this.#window(position, limits.end, limits.maxBytes), position, 0];
        if (window.length < RECORD_BATCH_OVERHEAD) return 'fault';
      }
      if (headerFault(window, at, { offset: expected, gapsAllowed: this.#gapsAllowed }) !== undefined) return 'fault';
      const size = claimedSize(window, at);
      const last = lastOffsetAt(window, at);
      if (expectedLast !== undefined && last !== expectedLast) return 'fault';
      // The high watermark lies between batches.
      if (position + size > limits.end) return 'fault';
      if (last >= wanted) {
        if (first < 0) {
          if (size > limits.maxBytes && !limits.minOneBatch) return { records: EMPTY, position, nextOffset: wanted };
          if (at + size > window.length) {
            [window, windowStart, at] = [this.#window(position, limits.end, size), position, 0];
            if (window.length < size) return 'fault';
          }
          first = position;
        } else if (position + size - first > limits.maxBytes || at + size > window.length) break;
        if (!this.verified.covers(position, position + size)) {
          if (contentFault(window, at, size) !== undefined) return 'fault';
          this.verified.add(position, position + size);
        }
      }
      position += size;
      [expected, expectedLast] = [last + 1n, undefined];
    }
    if (first < 0 || expected === undefined) return undefined;
    this.#remember(position, expected);
    const records = window.subarray(first - windowStart, position - windowStart);
    return { records, position: first, nextOffset: expected };
  }

  /** A damaged range that holds the position, or missing offsets before the batch that begins there. */
  damagedAt(position: number, expected: bigint | undefined): DamagedRange | undefined {
    if (this.damaged.length === 0) return undefined;
    return this.damaged.find((range) =>
      range.start === range.end
        ? position === range.start &&
          expected !== undefined &&
          range.nextOffset !== undefined &&
          expected < range.nextOffset
        : position >= range.start && position < range.end,
    );
  }

  /** Shorter than asked only at the end of the file. */
  #window(position: number, end: number, bytes: number): Buffer {
    const wanted = Math.max(RECORD_BATCH_OVERHEAD, bytes);
    let room = end - position;
    // What lies behind may not even be readable.
    for (const { start } of this.damaged) if (start > position) room = Math.min(room, start - position);
    const window = Buffer.allocUnsafeSlow(Math.min(room, wanted));
    return window.subarray(0, this.#file().read(window, position));
  }

  #remember(position: number, offset: bigint): void {
    this.#cursors.unshift({ position, offset });
    if (this.#cursors.length > CURSORS) this.#cursors.pop();
  }
}
