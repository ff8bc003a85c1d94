import { RecordBatchTooLargeException } from '../../exceptions.ts';

/** Room for decompressed bytes that grows as they arrive, never by what the input claims, up to a limit. */
export class Output {
  bytes: Buffer;
  length = 0;
  readonly #limit: number;

  constructor(initial: number, limit: number) {
    this.#limit = limit;
    this.bytes = Buffer.allocUnsafe(Math.min(initial, limit));
  }

  /** Makes room for `count` bytes after `length`. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.#limit) throw tooLarge(this.#limit);
    // What is not written to takes no memory; to copy many MiB would hold up others.
    const room = needed > this.#limit / 16 ? this.#limit : Math.max(needed, this.bytes.length * 2);
    const grown = Buffer.allocUnsafe(room);
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  append(chunk: Buffer): void {
    this.reserve(chunk.length);
    chunk.copy(this.bytes, this.length);
    this.length += chunk.length;
  }

  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

export function tooLarge(limit: number): RecordBatchTooLargeException {
  return new RecordBatchTooLargeException(`The decompressed record batch is larger than ${limit} bytes`);
}

/**
 * Repeats `length` bytes from `distance` before `position`, as LZ77 formats mean it: the source may run into the
 * bytes being written.
 */
export function copyMatch(bytes: Uint8Array, position: number, distance: number, length: number): void {
  const from = position - distance;
  if (length <= 32) {
    for (let i = 0; i < length; i++) bytes[position + i] = bytes[from + i]!;
  } else if (distance === 1) {
    bytes.fill(bytes[from]!, position, position + length);
  } else {
    // Copies what is there already, which doubles each time when source and target overlap.
    let done = 0;
    while (done < length) {
      const step = Math.min(distance + done, length - done);
      bytes.copyWithin(position + done, from, from + step);
      done += step;
    }
  }
}
