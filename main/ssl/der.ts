/** One value of ASN.1 in DER: a tag, and what it holds. */
export interface Der {
  /** The first byte: class, constructed bit and number. */
  tag: number;
  content: Buffer;
}

/** What can't be read as DER (X.690), or is not what the format says it is. */
export class DerError extends Error {}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;
export const SET = 0x31;
/** Context-specific tag 0, constructed and primitive. */
export const CONTEXT_0 = 0xa0;
export const CONTEXT_0_PRIMITIVE = 0x80;

/** Reads values one after another; every length is checked against what is there. */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Tag of the next value; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#at];
  }

  next(): Der {
    const tag = this.#byte();
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag of several bytes');
    const length = this.#length();
    if (length > this.#bytes.length - this.#at) throw new DerError('it ends too early');
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return { tag, content };
  }

  /** The content of the next value, which has to have this tag. */
  take(tag: number): Buffer {
    const { tag: found, content } = this.next();
    if (found !== tag) throw new DerError(`tag ${found} instead of ${tag}`);
    return content;
  }

  /** What is inside the next value. */
  enter(tag: number): DerReader {
    return new DerReader(this.take(tag));
  }

  /** Dotted, `1.2.840.113549.1.7.1`. */
  oid(): string {
    const bytes = this.take(OBJECT_IDENTIFIER);
    const numbers: number[] = [];
    let value = 0;
    for (const byte of bytes) {
      value = value * 128 + (byte & 0x7f);
      if (byte & 0x80) continue;
      if (numbers.length === 0) numbers.push(...(value < 80 ? [Math.floor(value / 40), value % 40] : [2, value - 80]));
      else numbers.push(value);
      value = 0;
    }
    return numbers.join('.');
  }

  /** Not negative, and small enough for a count. */
  count(): number {
    const bytes = this.take(INTEGER);
    if (bytes.length === 0 || bytes.length > 5 || (bytes[0] as number) & 0x80) throw new DerError('no count');
    return bytes.readUIntBE(0, bytes.length);
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const bytes = first & 0x7f;
    if (bytes === 0 || bytes > 4) throw new DerError('a length that DER does not have');
    let length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + this.#byte();
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('it ends too early');
    return byte;
  }
}
