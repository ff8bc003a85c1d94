import { SchemaException } from '../exceptions.ts';
import { MAX_STRING_BYTES } from './reader.ts';
import { isUuid } from './uuid.ts';

/** Bytes from here on are handed over as a chunk of their own, shorter ones are copied. */
const OWN_CHUNK_BYTES = 1024;
const INITIAL_BYTES = 512;

/** Writes Kafka's primitive types into a list of chunks, so that record batches are never copied. */
export class Writer {
  #chunk: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  /** What of `#chunk` is already in `#chunks`. */
  #flushed = 0;
  #position = 0;
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  get length(): number {
    return this.#chunkBytes + this.#position - this.#flushed;
  }

  /** Returns where `count` bytes may be written, and moves behind them. */
  #room(count: number): number {
    const start = this.#position;
    if (start + count > this.#chunk.length) return this.#grow(count);
    this.#position = start + count;
    return start;
  }

  #grow(count: number): number {
    const pending = this.#position - this.#flushed;
    const grown = Buffer.allocUnsafe(Math.max(this.#chunk.length * 2, pending + count));
    this.#chunk.copy(grown, 0, this.#flushed, this.#position);
    this.#chunk = grown;
    this.#flushed = 0;
    this.#position = pending + count;
    return pending;
  }

  bool(value: boolean): void {
    const at = this.#room(1);
    this.#chunk[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#chunk.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#chunk.writeInt16BE(value, at);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#chunk.writeUInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#chunk.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#chunk.writeUInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#chunk.writeBigInt64BE(value, at);
  }

  float64(value: number): void {
    const at = this.#room(8);
    this.#chunk.writeDoubleBE(value, at);
  }

  uuid(value: string): void {
    if (!isUuid(value)) throw new SchemaException(`'${value}' is not a Kafka uuid (22 characters of base64url)`);
    const at = this.#room(16);
    this.#chunk.write(value, at, 16, 'base64url');
  }

  unsignedVarint(value: number): void {
    let rest = value >>> 0;
    let at = this.#room(rest < 0x80 ? 1 : rest < 0x4000 ? 2 : rest < 0x20_0000 ? 3 : rest < 0x1000_0000 ? 4 : 5);
    const chunk = this.#chunk;
    while (rest >= 0x80) {
      chunk[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    chunk[at] = rest;
  }

  /** Length (a varint of length + 1 when `compact`, else int16) and UTF-8. */
  string(value: string, compact: boolean): void {
    const length = Buffer.byteLength(value);
    if (length > MAX_STRING_BYTES)
      throw new SchemaException(`A string of ${length} bytes is too long for the protocol`);
    if (compact) this.unsignedVarint(length + 1);
    else this.int16(length);
    const at = this.#room(length);
    this.#chunk.write(value, at, length, 'utf8');
  }

  /** Without a length. Long ones share memory with what goes out: they may not change until it is sent. */
  bytes(value: Uint8Array): void {
    if (value.length < OWN_CHUNK_BYTES) {
      const at = this.#room(value.length);
      this.#chunk.set(value, at);
      return;
    }
    this.#flush();
    this.#chunks.push(value);
    this.#chunkBytes += value.length;
  }

  #flush(): void {
    if (this.#position === this.#flushed) return;
    this.#chunks.push(this.#chunk.subarray(this.#flushed, this.#position));
    this.#chunkBytes += this.#position - this.#flushed;
    this.#flushed = this.#position;
  }

  /** Everything written, in order. The writer is done after it. */
  chunks(): Uint8Array[] {
    this.#flush();
    return this.#chunks;
  }

  /** Everything written as one buffer. */
  concat(): Buffer {
    const chunks = this.chunks();
    const only = chunks.length === 1 ? chunks[0]! : undefined;
    return only ? Buffer.from(only.buffer, only.byteOffset, only.length) : Buffer.concat(chunks);
  }
}
