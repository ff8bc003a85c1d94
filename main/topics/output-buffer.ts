const encoder = new TextEncoder();

/** Bytes on their way to standard output: written piece by piece, taken in large chunks. Grows; never copies twice. */
export class OutputBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(initialSize = 256 * 1024) {
    this.#bytes = Buffer.allocUnsafe(initialSize);
  }

  get length(): number {
    return this.#length;
  }

  bytes(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  text(piece: string): void {
    this.#reserve(piece.length * 3);
    this.#length += encoder.encodeInto(piece, this.#bytes.subarray(this.#length)).written;
  }

  /** What was written since the last take; the buffer starts anew, so the chunk may be kept. */
  take(): Buffer {
    const chunk = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(this.#bytes.length);
    this.#length = 0;
    return chunk;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
