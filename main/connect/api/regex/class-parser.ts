import { allOf, anyOf, noneOf, only, range } from './char-sets.ts';
import type { PatternReader } from './pattern-reader.ts';
import type { CharSet } from './syntax.ts';

const MAX_DEPTH = 100;

/** `[a-z]`, `[^a-z]`, `[a-d[m-p]]` (union), `[a-z&&[^bc]]` (intersection), after the opening bracket. */
export class ClassParser {
  readonly #reader: PatternReader;
  readonly #depth: number;

  constructor(reader: PatternReader, depth = 0) {
    this.#reader = reader;
    this.#depth = depth;
  }

  parse(): CharSet {
    if (this.#depth > MAX_DEPTH) throw this.#reader.error('Character classes are nested too deep');
    const negated = this.#reader.takeIf('^');
    const operands: CharSet[] = [];
    let union: CharSet[] = [];
    // The first `]` is a character, unless nothing else comes.
    if (this.#reader.takeIf(']')) union.push(only(0x5d));
    for (;;) {
      if (this.#reader.peek() === '') throw this.#reader.error('Unclosed character class');
      if (this.#reader.takeIf('&&')) {
        if (union.length > 0) operands.push(anyOf(union));
        union = [];
      } else if (this.#reader.takeIf('[')) union.push(new ClassParser(this.#reader, this.#depth + 1).parse());
      else if (this.#reader.takeIf(']')) break;
      else union.push(this.#item());
    }
    if (union.length > 0) operands.push(anyOf(union));
    const set = allOf(operands);
    return negated ? noneOf(set) : set;
  }

  #item(): CharSet {
    const from = this.#char();
    if (typeof from !== 'string') return from;
    const first = from.codePointAt(0) as number;
    if (this.#reader.takeMatch(/-(?=[^\]&[])|-(?=&[^&])/y) === null) return only(first);
    const to = this.#char();
    if (typeof to !== 'string') throw this.#reader.error('Illegal character range');
    const last = to.codePointAt(0) as number;
    if (last < first) throw this.#reader.error('Illegal character range');
    return range(first, last);
  }

  #char(): CharSet | string {
    const char = this.#reader.take();
    return char === '\\' ? this.#reader.escape() : char;
  }
}
