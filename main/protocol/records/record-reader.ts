import { CorruptRecordException } from '../exceptions.ts';

/** Reads the fields of records; every step checks that the bytes are there. */
export class RecordReader {
  readonly #bytes: Buffer;
  position: number;
  /** Where the record that is being read ends: its fields may not run into the next one. */
  limit: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.position = 0;
    this.limit = bytes.length;
  }

  skip(count: number): void {
    if (this.position + count > this.limit) throw cut();
    this.position += count;
  }

  varint(): number {
    let at = this.position;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= this.limit) throw cut();
      const byte = this.#bytes[at++]!;
      if (shift === 28 && byte > 0x0f) throw new CorruptRecordException('A varint of a record is longer than int32');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.position = at;
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number where that is exact, else a bigint. */
  varlong(): number | bigint {
    let at = this.position;
    let value = 0;
    let scale = 1;
    // Seven bytes hold 49 bits: exact in a double.
    for (let count = 0; count < 7; count++, scale *= 128) {
      if (at >= this.limit) throw cut();
      const byte = this.#bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.position = at;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    }
    return this.#longVarlong();
  }

  #longVarlong(): bigint {
    let at = this.position;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= this.limit) throw cut();
      const byte = this.#bytes[at++]!;
      if (shift === 63n && byte > 1) throw new CorruptRecordException('A varlong of a record is longer than int64');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.position = at;
    return (value >> 1n) ^ -(value & 1n);
  }

  /** A length and that many bytes, sharing memory; null for a negative length. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.position;
    if (start + length > this.limit) {
      throw new CorruptRecordException(`A field of a record claims ${length} bytes, ${this.limit - start} are left`);
    }
    this.position = start + length;
    return this.#bytes.subarray(start, start + length);
  }
}

function cut(): CorruptRecordException {
  return new CorruptRecordException('A record is cut short');
}
