import { FilterParser } from './filter-parser.ts';
import { type JsonPath, JsonPathSyntaxError, type Step } from './syntax.ts';

const MAX_DEPTH = 100;

/** Reads a whole path; without `$` in front it is put there. Throws JsonPathSyntaxError. */
export function parseJsonPath(text: string): JsonPath {
  const trimmed = text.trim();
  const reader = new PathReader(/^[$@]/.test(trimmed) ? trimmed : `$.${trimmed}`);
  const path = reader.path();
  reader.skipSpace();
  if (reader.at < reader.text.length) throw reader.error('Unexpected character');
  return path;
}

/** A position in the text; the filter's parser reads on from it. */
export class PathReader {
  readonly text: string;
  at = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  error(message: string): JsonPathSyntaxError {
    return new JsonPathSyntaxError(`${message} at position ${this.at} of ${this.text}`);
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }

  takeIf(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  take(expected: string): void {
    this.skipSpace();
    if (!this.takeIf(expected)) throw this.error(`Expected ${expected}`);
  }

  takeMatch(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match !== null) this.at = sticky.lastIndex;
    return match;
  }

  /** From `$` or `@` to where the path ends: white space, an operator, a bracket that it did not open. */
  path(): JsonPath {
    if (++this.depth > MAX_DEPTH) throw this.error('The path is nested too deep');
    const fromRoot = this.text.charAt(this.at) === '$';
    if (!this.takeIf('$') && !this.takeIf('@')) throw this.error("Expected '$' or '@'");
    const steps: Step[] = [];
    for (;;) {
      if (this.takeIf('..')) {
        steps.push({ kind: 'scan' });
        steps.push(this.text.charAt(this.at) === '[' ? this.#bracket() : this.#dot());
      } else if (this.takeIf('.')) steps.push(this.text.charAt(this.at) === '[' ? this.#bracket() : this.#dot());
      else if (this.text.charAt(this.at) === '[') steps.push(this.#bracket());
      else break;
    }
    this.depth--;
    return { fromRoot, steps, definite: steps.every((step, i) => isDefinite(step, i === steps.length - 1)) };
  }

  #dot(): Step {
    if (this.takeIf('*')) return { kind: 'all' };
    const name = this.takeMatch(/[^\s.[\]()<>=!~&|,*'"]+/y)?.[0];
    if (name === undefined) throw this.error('Expected the name of a member');
    if (this.text.charAt(this.at) === '(') throw this.error(`The function ${name}() is not supported`);
    return { kind: 'names', names: [name] };
  }

  #bracket(): Step {
    this.take('[');
    this.skipSpace();
    const next = this.text.charAt(this.at);
    if (next === '*') {
      this.at++;
      this.take(']');
      return { kind: 'all' };
    }
    if (next === '?') {
      this.at++;
      const filter = new FilterParser(this).parse();
      this.take(']');
      return { kind: 'filter', filter };
    }
    return next === "'" || next === '"' ? this.#names() : this.#indices();
  }

  #names(): Step {
    const names: string[] = [];
    do {
      this.skipSpace();
      names.push(this.string());
      this.skipSpace();
    } while (this.takeIf(','));
    this.take(']');
    return { kind: 'names', names };
  }

  #indices(): Step {
    const slice = this.takeMatch(/\s*(-?\d{1,9})?\s*:\s*(-?\d{1,9})?\s*\]/y);
    if (slice !== null) {
      const [, from, to] = slice;
      return {
        kind: 'slice',
        from: from === undefined ? null : Number(from),
        to: to === undefined ? null : Number(to),
      };
    }
    const list = this.takeMatch(/\s*(-?\d{1,9}(?:\s*,\s*-?\d{1,9})*)\s*\]/y);
    if (list === null) throw this.error("Expected ?, ', 0-9 or *");
    return { kind: 'indices', indices: (list[1] as string).split(',').map(Number) };
  }

  /** In single or double quotes, with JSON's escapes. */
  string(): string {
    const match = this.takeMatch(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
    if (match === null) throw this.error('The string has no end');
    return (match[1] ?? match[2] ?? '').replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_all, hex?: string, char?: string) =>
      hex === undefined
        ? (ESCAPES.get(char as string) ?? (char as string))
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
]);

function isDefinite(step: Step, last: boolean): boolean {
  if (step.kind === 'names') return step.names.length === 1 || last;
  return step.kind === 'indices' && step.indices.length === 1;
}
