import { SchemaException } from '../exceptions.ts';
import { ZERO_UUID } from './uuid.ts';

/**
 * Array elements and tagged fields that one message may hold. Kafka bounds an array by the bytes that are left; an
 * object takes many times its bytes, so 100 MiB of tiny elements would still be gigabytes. A million take a tenth of
 * a second and 100 MB.
 */
export const MAX_ELEMENTS = 1_000_000;
/** Kafka's limit for a string, in bytes. */
export const MAX_STRING_BYTES = 0x7fff;

/** Reads Kafka's primitive types; every step checks that the bytes are there before anything is made of them. */
export class Reader {
  readonly #bytes: Buffer;
  #position: number;
  readonly #maxElements: number;
  #elementsLeft: number;

  constructor(bytes: Buffer, position = 0, maxElements = MAX_ELEMENTS) {
    this.#bytes = bytes;
    this.#position = position;
    this.#maxElements = maxElements;
    this.#elementsLeft = maxElements;
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /** Returns where the next `count` bytes begin, and moves behind them. */
  #take(count: number): number {
    const start = this.#position;
    if (count > this.#bytes.length - start) {
      throw new SchemaException(`${count} bytes are needed, ${this.#bytes.length - start} are left`);
    }
    this.#position = start + count;
    return start;
  }

  skip(count: number): void {
    this.#take(count);
  }

  bool(): boolean {
    return this.#bytes[this.#take(1)] !== 0;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  float64(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  uuid(): string {
    const start = this.#take(16);
    const bytes = this.#bytes;
    let bits = 0;
    for (let i = 0; i < 16; i++) bits |= bytes[start + i]!;
    return bits === 0 ? ZERO_UUID : bytes.toString('base64url', start, start + 16);
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#take(1)]!;
      if (shift === 28 && byte > 0x0f) throw new SchemaException('A varint is longer than 32 bits');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** `length` bytes of UTF-8; broken sequences become U+FFFD, as in Java. */
  string(length: number): string {
    if (length > MAX_STRING_BYTES) throw new SchemaException(`A string claims ${length} bytes`);
    const start = this.#take(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  /** Shares memory with the message. */
  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Checks a claimed count of elements of at least `minBytes` each against the bytes left and the budget. */
  elements(count: number, minBytes: number): number {
    if (count * minBytes > this.remaining) {
      throw new SchemaException(`An array claims ${count} elements in ${this.remaining} bytes`);
    }
    if (count > this.#elementsLeft) {
      throw new SchemaException(`The message has more than ${this.#maxElements} elements`);
    }
    this.#elementsLeft -= count;
    return count;
  }
}
