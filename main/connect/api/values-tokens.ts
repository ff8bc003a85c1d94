const DELIMITERS = ':,{}[]"';

/**
 * Cuts text into delimiters (`: , { } [ ] "`, unless a backslash stands before) and what is between them. Java:
 * `Values.Parser`, whose ways with white space are part of what users see.
 */
export class ValueTokens {
  readonly original: string;
  previous = '';
  #at = 0;
  #peeked: string | null = null;

  constructor(original: string) {
    this.original = original;
  }

  /** Where the next token starts. */
  mark(): number {
    return this.#at - (this.#peeked?.length ?? 0);
  }

  rewindTo(position: number): void {
    this.#at = position;
    this.#peeked = null;
    this.previous = '';
  }

  hasNext(): boolean {
    return this.#peeked !== null || this.#at < this.original.length;
  }

  next(): string {
    this.previous = this.#peeked ?? this.#read();
    this.#peeked = null;
    return this.previous;
  }

  /** The text of the next `count` tokens; null, and nothing consumed, when there are fewer. */
  nextTokens(count: number): string | null {
    const start = this.mark();
    for (let i = 0; i < count; i++) {
      if (!this.hasNext()) {
        this.rewindTo(start);
        return null;
      }
      this.next();
    }
    return this.original.slice(start, this.#at);
  }

  /** Steps over `expected` if it comes next, white space aside. Blank tokens before it are gone either way. */
  canConsume(expected: string): boolean {
    if (this.#peeked === null) {
      if (!this.hasNext()) return false;
      this.#peeked = this.#read();
    }
    while (this.#peeked.trim() === '' && this.#at < this.original.length) this.#peeked = this.#read();
    if (this.#peeked.trim() !== expected) return false;
    this.#peeked = null;
    return true;
  }

  #read(): string {
    const { original } = this;
    const start = this.#at;
    let escaped = false;
    for (; this.#at < original.length; this.#at++) {
      const char = original[this.#at] as string;
      if (char === '\\') {
        escaped = !escaped;
        continue;
      }
      if (!escaped && DELIMITERS.includes(char)) {
        if (start === this.#at) this.#at++;
        break;
      }
      escaped = false;
    }
    return original.slice(start, this.#at);
  }
}
