import { JavaPattern } from '../../api/regex/java-pattern.ts';
import { RegexSyntaxError } from '../../api/regex/syntax.ts';
import type { PathReader } from './parser.ts';
import { type Filter, OPERATORS, type Operand, type Operator } from './syntax.ts';

/** `?(…)`: `&&`, `||`, `!`, brackets, comparisons, existence. The outer brackets may be missing (RFC 9535). */
export class FilterParser {
  readonly #reader: PathReader;

  constructor(reader: PathReader) {
    this.#reader = reader;
  }

  parse(): Filter {
    if (++this.#reader.depth > 100) throw this.#reader.error('The filter is nested too deep');
    const filters = [this.#and()];
    while (this.#takeWord('||')) filters.push(this.#and());
    this.#reader.depth--;
    return filters.length === 1 ? (filters[0] as Filter) : { kind: 'or', filters };
  }

  #and(): Filter {
    const filters = [this.#operand()];
    while (this.#takeWord('&&')) filters.push(this.#operand());
    return filters.length === 1 ? (filters[0] as Filter) : { kind: 'and', filters };
  }

  #operand(): Filter {
    if (this.#takeWord('!')) {
      this.#reader.skipSpace();
      return {
        kind: 'not',
        filter: /[$@]/.test(this.#reader.text.charAt(this.#reader.at)) ? this.#test() : this.#operand(),
      };
    }
    if (this.#takeWord('(')) {
      const filter = this.parse();
      this.#reader.take(')');
      return filter;
    }
    return this.#test();
  }

  #test(): Filter {
    const left = this.#value();
    const operator = this.#operator();
    if (operator !== undefined) return { kind: 'compare', left, operator, right: this.#value() };
    if (left.kind !== 'path') throw this.#reader.error('Expected an operator');
    return { kind: 'exists', path: left.path, wanted: true };
  }

  #operator(): Operator | undefined {
    this.#reader.skipSpace();
    const text = this.#reader.takeMatch(/[<>=!~]+|[a-zA-Z]+/y)?.[0];
    if (text === undefined) return undefined;
    const operator = OPERATORS.find((it) => it === text.toLowerCase());
    if (operator === undefined) throw this.#reader.error(`The operator ${text} is not supported,`);
    return operator;
  }

  #value(): Operand {
    this.#reader.skipSpace();
    const next = this.#reader.text.charAt(this.#reader.at);
    if (next === '$' || next === '@') return { kind: 'path', path: this.#reader.path() };
    return next === '/' ? { kind: 'pattern', pattern: this.#pattern() } : { kind: 'literal', value: this.#literal(0) };
  }

  /** `/…/i`, with the letters of Java's inline flags. */
  #pattern(): JavaPattern {
    const match = this.#reader.takeMatch(/\/((?:[^/\\]|\\.)*)\/([a-zA-Z]*)/sy);
    if (match === null) throw this.#reader.error('The regular expression has no end');
    const [, body, flags = ''] = match as unknown as [string, string, string];
    if (/[^idmsux]/.test(flags)) throw this.#reader.error(`The flags ${flags} are not supported,`);
    try {
      return new JavaPattern(flags === '' ? body : `(?${flags})${body}`);
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
      throw this.#reader.error(`Invalid regex: ${error.message.split('\n')[0]},`);
    }
  }

  #literal(depth: number): unknown {
    if (depth > 100) throw this.#reader.error('The literal is nested too deep');
    this.#reader.skipSpace();
    const next = this.#reader.text.charAt(this.#reader.at);
    if (next === "'" || next === '"') return this.#reader.string();
    if (next === '[') return this.#list(depth);
    if (next === '{') return this.#object(depth);
    const word = this.#reader.takeMatch(/(true|false|null)(?![a-zA-Z0-9_])/y)?.[1];
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    const number = this.#reader.takeMatch(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (number === null) throw this.#reader.error('Expected a value');
    const [digits, fraction, exponent] = number;
    return fraction === undefined && exponent === undefined ? BigInt(digits) : Number(digits);
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#reader.take('[');
    this.#reader.skipSpace();
    if (this.#reader.takeIf(']')) return items;
    do items.push(this.#literal(depth + 1));
    while (this.#takeWord(','));
    this.#reader.take(']');
    return items;
  }

  #object(depth: number): Map<string, unknown> {
    const members = new Map<string, unknown>();
    this.#reader.take('{');
    this.#reader.skipSpace();
    if (this.#reader.takeIf('}')) return members;
    do {
      this.#reader.skipSpace();
      const name = this.#reader.string();
      this.#reader.take(':');
      members.set(name, this.#literal(depth + 1));
    } while (this.#takeWord(','));
    this.#reader.take('}');
    return members;
  }

  #takeWord(word: string): boolean {
    this.#reader.skipSpace();
    return this.#reader.takeIf(word);
  }
}
