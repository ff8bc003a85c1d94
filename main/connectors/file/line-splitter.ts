import { isUtf8 } from 'node:buffer';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export interface Line {
  text: string;
  /** Bytes from the start of the file to the byte after the line's end. */
  end: number;
  /** Some bytes are not UTF-8: U+FFFD stands for them, as in Java. */
  malformed: boolean;
}

/** A line of more than the limit's bytes: not kept; `start` is its first byte's position. */
export class LineTooLong {
  readonly start: number;
  readonly limit: number;

  constructor(start: number, limit: number) {
    this.start = start;
    this.limit = limit;
  }
}

/**
 * Cuts bytes into lines that end in `\n`, `\r` or `\r\n`, and knows each line's end in bytes. A `\r` at the end of what
 * was pushed waits for the next byte, which may belong to it; a line without an end waits for the rest. Holds at
 * most one pushed piece and one unfinished line of at most `maxLineBytes`.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** Whether the chunk holds a `\r`: without one, the fast search is enough. */
  #carriageReturns = false;
  /** Pieces of the unfinished line from earlier chunks, copied. */
  #rest: Buffer[] = [];
  #restLength = 0;
  /** The last piece ended in `\r`: the line is complete, but a `\n` may follow. */
  #pendingReturn = false;
  #skipping = false;
  #lineStart: number;

  constructor(position: number, maxLineBytes: number) {
    this.#lineStart = position;
    this.#maxLineBytes = maxLineBytes;
  }

  /** Where the first line begins that was not yet taken. */
  get position(): number {
    return this.#lineStart;
  }

  /** All lines that are complete were taken: bytes may be pushed. */
  get drained(): boolean {
    return this.#at >= this.#chunk.length;
  }

  /** The next bytes. They are read until `drained`: the caller must not change them before. */
  push(chunk: Buffer): void {
    if (!this.drained) throw new Error('LineSplitter.push before the last piece was drained');
    this.#chunk = chunk;
    this.#at = 0;
    this.#carriageReturns = chunk.includes(CARRIAGE_RETURN);
  }

  /** The next complete line, the news that one is too long (once a line), or null when more bytes are needed. */
  next(): Line | LineTooLong | null {
    if (this.#pendingReturn) {
      if (this.drained) return null;
      this.#pendingReturn = false;
      const feed = this.#chunk[this.#at] === LINE_FEED ? 1 : 0;
      this.#at += feed;
      const done = this.#complete(this.#restLength - 1, EMPTY, 1 + feed);
      if (done) return done;
    }
    for (;;) {
      if (this.drained) return null;
      const chunk = this.#chunk;
      const from = this.#at;
      const end = this.#findEnd(from);
      const bytes = (end === -1 ? chunk.length : end) - from;
      if (!this.#skipping && this.#restLength + bytes > this.#maxLineBytes) {
        this.#skipping = true;
        this.#rest = [];
        return new LineTooLong(this.#lineStart, this.#maxLineBytes);
      }
      if (end === -1) {
        this.#keep(chunk.subarray(from));
        return null;
      }
      if (chunk[end] === CARRIAGE_RETURN && end + 1 === chunk.length) {
        this.#keep(chunk.subarray(from));
        this.#pendingReturn = true;
        return null;
      }
      const endBytes = chunk[end] === CARRIAGE_RETURN && chunk[end + 1] === LINE_FEED ? 2 : 1;
      this.#at = end + endBytes;
      if (this.#restLength === 0) {
        // The usual line, whole in one chunk. (`#skipping` implies kept bytes or a start in this very chunk.)
        this.#lineStart += bytes + endBytes;
        if (!this.#skipping) return line(chunk, from, end, this.#lineStart);
        this.#skipping = false;
        continue;
      }
      const done = this.#complete(this.#restLength, chunk.subarray(from, end), endBytes);
      if (done) return done;
    }
  }

  /** What will never be finished because its file ended: the unfinished line, or null if there is none. */
  finish(): Line | null {
    if (this.#restLength === 0) return null;
    const returns = this.#pendingReturn ? 1 : 0;
    this.#pendingReturn = false;
    return this.#complete(this.#restLength - returns, EMPTY, returns);
  }

  #findEnd(from: number): number {
    if (!this.#carriageReturns) return this.#chunk.indexOf(LINE_FEED, from);
    const { length } = this.#chunk;
    for (let i = from; i < length; i++) {
      const byte = this.#chunk[i];
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) return i;
    }
    return -1;
  }

  #keep(piece: Buffer): void {
    // Bytes of a line that is skipped are counted but not kept; the pushed buffer is the caller's, hence the copy.
    if (!this.#skipping) this.#rest.push(Buffer.from(piece));
    this.#restLength += piece.length;
    this.#at = this.#chunk.length;
  }

  /** The line of the kept bytes' first `kept` and `last`; null when it was too long. Its end has `endBytes`. */
  #complete(kept: number, last: Buffer, endBytes: number): Line | null {
    this.#lineStart += kept + last.length + endBytes;
    const pieces = this.#rest;
    const skipped = this.#skipping;
    this.#rest = [];
    this.#restLength = 0;
    this.#skipping = false;
    if (skipped) return null;
    const length = kept + last.length;
    return line(Buffer.concat([...pieces, last], length), 0, length, this.#lineStart);
  }
}

function line(bytes: Buffer, from: number, to: number, end: number): Line {
  const text = bytes.toString('utf8', from, to);
  // Looking for the replacement character costs nothing in a text of one-byte characters.
  return { text, end, malformed: text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to)) };
}

const EMPTY = Buffer.alloc(0);
