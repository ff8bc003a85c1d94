/** Blocks are no larger, so that a file grows without being copied. */
const BLOCK_BYTES = 256 * 1024;
const SMALLEST_BYTES = 256;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** The bytes of a file in memory. What is nothing but zeros takes no memory as long as it is a block or more. */
export class MemoryFile {
  /** ms since 1970 UTC of the last write */
  modified: number;
  size = 0;
  /** Undefined: a block of zeros. The last one may be shorter than `BLOCK_BYTES`. */
  readonly #blocks: (Buffer | undefined)[] = [];

  constructor(modified: number) {
    this.modified = modified;
  }

  read(target: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - position));
    for (let done = 0; done < count; ) {
      const [index, at] = place(position + done);
      const length = Math.min(count - done, BLOCK_BYTES - at);
      const block = this.#blocks[index];
      const there = block ? block.subarray(at, at + length) : ZEROS.subarray(0, length);
      target.set(there, done);
      // The part of a short block that was never written.
      if (there.length < length) target.fill(0, done + there.length, done + length);
      done += length;
    }
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      const [index, at] = place(position + done);
      const part = bytes.subarray(done, done + BLOCK_BYTES - at);
      if (this.#blocks[index] || part.length < BLOCK_BYTES || !ZEROS.equals(part))
        this.#block(index, at + part.length).set(part, at);
      done += part.length;
    }
    this.size = Math.max(this.size, position + bytes.length);
  }

  truncate(size: number): void {
    if (size < this.size) {
      const [index, at] = place(size);
      this.#blocks.length = Math.min(this.#blocks.length, at === 0 ? index : index + 1);
      this.#blocks[index]?.fill(0, at);
    }
    this.size = size;
  }

  /** With room for so many bytes. */
  #block(index: number, needed: number): Buffer {
    const block = this.#blocks[index];
    if (block && block.length >= needed) return block;
    let length = block?.length ?? SMALLEST_BYTES;
    while (length < needed) length *= 2;
    const grown = Buffer.alloc(length);
    block?.copy(grown);
    this.#blocks[index] = grown;
    return grown;
  }
}

function place(position: number): [index: number, at: number] {
  return [Math.floor(position / BLOCK_BYTES), position % BLOCK_BYTES];
}
