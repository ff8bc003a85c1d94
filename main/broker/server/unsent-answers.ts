/** Answers of all connections that their clients have not taken may have so many bytes together. */
const MAX_BYTES = 128 * 1024 * 1024;
/** An answer may always be so large: what is asked for then comes in more of them. */
const ALWAYS_BYTES = 1024 * 1024;

/** A client with an answer on its way. */
export interface Reader {
  readonly unsentBytes: number;
  /** Monotonic, ms: when it last took some of it. */
  readonly taken: number;
  close(): void;
}

/**
 * The answers that wait for their clients, of all connections together. The more there are, the smaller are further
 * ones; beyond the bound the clients that have taken nothing for longest lose their connections. So a crowd of readers
 * that don't read can't fill the memory, and those who do read hardly notice.
 */
export class UnsentAnswers {
  readonly #maxBytes: number;
  readonly #readers = new Map<Reader, number>();
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all answers together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How large an answer may be now, bytes. */
  get room(): number {
    return Math.max(ALWAYS_BYTES, (this.#maxBytes - this.#bytes) / 2);
  }

  /** Called when the unsent bytes of a reader have changed, and with its end. */
  changed(reader: Reader): void {
    const before = this.#readers.get(reader) ?? 0;
    const now = reader.unsentBytes;
    this.#bytes += now - before;
    if (now === 0) this.#readers.delete(reader);
    else this.#readers.set(reader, now);
    if (now > before && this.#bytes > this.#maxBytes) this.#cut(reader);
  }

  forget(reader: Reader): void {
    this.#bytes -= this.#readers.get(reader) ?? 0;
    this.#readers.delete(reader);
  }

  /** Not the one that has just got an answer: it had no time to take it. */
  #cut(latest: Reader): void {
    const slowest = [...this.#readers.keys()].filter((each) => each !== latest).sort((a, b) => a.taken - b.taken);
    for (const reader of slowest) {
      if (this.#bytes <= this.#maxBytes) return;
      this.forget(reader);
      reader.close();
    }
  }
}
