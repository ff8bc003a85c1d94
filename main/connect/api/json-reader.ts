import { Decimal } from './decimal.ts';
import { decodeJson } from './json-encoding.ts';
import { JsonException } from './json-exception.ts';
import { pathAt } from './json-path.ts';

export { JsonException };

/** Jackson's own limits (StreamReadConstraints), so that what Connect reads we read. */
export const MAX_DEPTH = 1000;
const MAX_STRING = 20_000_000;
const MAX_NAME = 50_000;
const MAX_NUMBER = 1000;

/**
 * Reads JSON into Connect's values without a schema: integers as bigint, exact within int64 and refused beyond;
 * numbers with a point or an exponent as number; objects as Map in their order (the last of equal names wins).
 * Undefined for nothing but white space.
 *
 * Lenient where Jackson, as Connect sets it up, is: leading zeros; a byte order mark, UTF-16; what follows the first
 * value is not looked at. Throws JsonException for anything else that is no JSON, deeper than 1,000 or not UTF-8.
 */
export function parseJson(json: Uint8Array | string): unknown {
  return new JsonReader(typeof json === 'string' ? json : decodeJson(json), 'connect').read();
}

/** The same, but any integer is a bigint and any other number a `Decimal`: nothing is lost, nothing refused. */
export function parseExactJson(json: Uint8Array | string): unknown {
  return new JsonReader(typeof json === 'string' ? json : decodeJson(json), 'exact').read();
}

/** A number as it was written: `1e3`, `-0`, `0.10`. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Integers as bigint, others as number. */
  get value(): bigint | number {
    return /^-?\d+$/.test(this.text) ? BigInt(this.text) : Number(this.text);
  }
}

/**
 * Strict JSON, as Connect reads requests: no leading zeros, and nothing but white space after the value. Numbers keep
 * their text.
 */
export function parseStrictJson(json: Uint8Array | string): unknown {
  const reader = new JsonReader(typeof json === 'string' ? json : decodeJson(json), 'text');
  const value = reader.read();
  if (!Number.isNaN(reader.skipSpace())) throw new JsonException(`No valid JSON at character ${reader.at + 1}`);
  return value;
}

/** One pass over the text. A class, so that a converter can read an envelope member by member. */
export class JsonReader {
  readonly text: string;
  readonly exact: boolean;
  readonly #asText: boolean;
  at: number;

  constructor(text: string, numbers: 'connect' | 'exact' | 'text', at = 0) {
    this.text = text;
    this.exact = numbers === 'exact';
    this.#asText = numbers === 'text';
    this.at = at;
  }

  /** The value from here on, undefined when only white space is left. */
  read(): unknown {
    this.skipSpace();
    return this.at >= this.text.length ? undefined : this.#value(0);
  }

  /** The value of a member of an object that the caller reads by itself. */
  readMember(): unknown {
    this.skipSpace();
    return this.#value(1);
  }

  skipSpace(): number {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++this.at);
    return code;
  }

  #value(depth: number): unknown {
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case 0x22:
        return this.#string(MAX_STRING);
      case 0x7b:
        return this.#object(depth + 1);
      case 0x5b:
        return this.#array(depth + 1);
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#number(depth);
        throw this.#unexpected();
    }
  }

  #object(depth: number): Map<string, unknown> {
    if (depth > MAX_DEPTH) throw this.#tooDeep();
    const object = new Map<string, unknown>();
    this.at++;
    let code = this.skipSpace();
    if (code === 0x7d) {
      this.at++;
      return object;
    }
    for (;;) {
      if (code !== 0x22) throw this.#unexpected();
      const name = this.#string(MAX_NAME);
      code = this.text.charCodeAt(this.at);
      if (code !== 0x3a && this.skipSpace() !== 0x3a) throw this.#unexpected();
      this.at++;
      this.skipSpace();
      object.set(name, this.#value(depth));
      code = this.text.charCodeAt(this.at);
      if (code !== 0x2c && code !== 0x7d) code = this.skipSpace();
      this.at++;
      if (code === 0x7d) return object;
      if (code !== 0x2c) {
        this.at--;
        throw this.#unexpected();
      }
      code = this.skipSpace();
    }
  }

  #array(depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw this.#tooDeep();
    const array: unknown[] = [];
    this.at++;
    let code = this.skipSpace();
    if (code === 0x5d) {
      this.at++;
      return array;
    }
    for (;;) {
      array.push(this.#value(depth));
      code = this.skipSpace();
      if (code !== 0x2c && code !== 0x5d) throw this.#unexpected();
      this.at++;
      if (code === 0x5d) return array;
      this.skipSpace();
    }
  }

  #string(limit: number): string {
    const { text } = this;
    const start = this.at + 1;
    PLAIN_CHARACTERS.lastIndex = start;
    PLAIN_CHARACTERS.test(text);
    const end = PLAIN_CHARACTERS.lastIndex;
    const code = text.charCodeAt(end);
    if (code === 0x5c) return this.#escapedString(start, end, limit);
    if (code !== 0x22) {
      this.at = end;
      throw this.#unexpected();
    }
    this.at = end + 1;
    if (end - start > limit) throw this.#tooLong(start, limit);
    return text.slice(start, end);
  }

  #escapedString(start: number, firstEscape: number, limit: number): string {
    const { text } = this;
    let result = text.slice(start, firstEscape);
    let from = firstEscape;
    let end = firstEscape;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c) {
        result += text.slice(from, end);
        const kind = text.charCodeAt(end + 1);
        if (kind === 0x75) {
          const hex = text.slice(end + 2, end + 6);
          if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
            this.at = end;
            throw this.#unexpected();
          }
          result += String.fromCharCode(Number.parseInt(hex, 16));
          end += 6;
        } else {
          const plain = ESCAPES.get(kind);
          if (plain === undefined) {
            this.at = end + 1;
            throw this.#unexpected();
          }
          result += plain;
          end += 2;
        }
        from = end;
      } else if (code >= 0x20) end++;
      else {
        this.at = end;
        throw this.#unexpected();
      }
    }
    result += text.slice(from, end);
    this.at = end + 1;
    if (result.length > limit) throw this.#tooLong(start, limit);
    return result;
  }

  #word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.#unexpected();
    const start = this.at;
    this.at += word.length;
    // As in Jackson a letter or digit may not follow: `nullx`, `true1`.
    if (isNameCode(this.text.charCodeAt(this.at))) {
      this.at = start;
      throw this.#unexpected();
    }
    return value;
  }

  #number(depth: number): unknown {
    const { text } = this;
    const start = this.at;
    let end = start;
    let code = text.charCodeAt(end);
    const negative = code === 0x2d;
    if (negative) code = text.charCodeAt(++end);
    const firstDigit = end;
    let small = 0;
    while (code >= 0x30 && code <= 0x39) {
      small = small * 10 + code - 0x30;
      code = text.charCodeAt(++end);
    }
    const digits = end - firstDigit;
    this.at = end;
    if (digits === 0) throw this.#unexpected();
    if (this.#asText && digits > 1 && text.charCodeAt(firstDigit) === 0x30) throw this.#unexpected();
    if (code === 0x2e || code === 0x65 || code === 0x45) return this.#decimal(start, depth);
    this.#checkNumberEnd(code, depth);
    if (this.#asText) {
      if (digits > MAX_NUMBER) throw this.#tooLongNumber(start);
      return new JsonNumber(text.slice(start, end));
    }
    if (digits <= 15) return BigInt(negative ? -small : small);
    if (digits > MAX_NUMBER) throw this.#tooLongNumber(start);
    const integer = BigInt(text.slice(start, end));
    if (this.exact || BigInt.asIntN(64, integer) === integer) return integer;
    this.at = start;
    throw new JsonException(`The integer of ${digits} digits at ${this.#path(start)} is beyond int64`, {
      hint: 'Write it as a string, or as a number that a signed 64-bit integer holds.',
    });
  }

  /** With a point, an exponent or both; stands after the digits before them. */
  #decimal(start: number, depth: number): unknown {
    if (this.text.charCodeAt(this.at) === 0x2e) {
      this.at++;
      this.#digits();
    }
    if ((this.text.charCodeAt(this.at) | 0x20) === 0x65) {
      const sign = this.text.charCodeAt(++this.at);
      if (sign === 0x2b || sign === 0x2d) this.at++;
      this.#digits();
    }
    this.#checkNumberEnd(this.text.charCodeAt(this.at), depth);
    const end = this.at;
    if (end - start > MAX_NUMBER) throw this.#tooLongNumber(start);
    const digits = this.text.slice(start, end);
    if (this.#asText) return new JsonNumber(digits);
    const number = this.exact ? Decimal.parse(digits) : Number(digits);
    if (number === undefined || number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY)
      throw new JsonException(`The number at ${this.#path(start)} is beyond float64`);
    return number;
  }

  #digits(): void {
    const start = this.at;
    let code = this.text.charCodeAt(this.at);
    while (code >= 0x30 && code <= 0x39) code = this.text.charCodeAt(++this.at);
    if (this.at === start) throw this.#unexpected();
  }

  /** At the root nothing else looks at what follows: `12abc` is no 12. */
  #checkNumberEnd(code: number, depth: number): void {
    if (depth === 0 && code > 0x20) throw this.#unexpected();
  }

  #unexpected(): JsonException {
    const where = `at character ${this.at + 1}`;
    return this.at >= this.text.length
      ? new JsonException(`The JSON text ends too early, ${where}`)
      : new JsonException(`No valid JSON ${where}`);
  }

  #tooDeep(): JsonException {
    return new JsonException(`The JSON text is nested deeper than ${MAX_DEPTH}, at character ${this.at + 1}`);
  }

  #tooLong(start: number, limit: number): JsonException {
    return new JsonException(`The string at character ${start} is longer than ${limit} characters`);
  }

  #tooLongNumber(start: number): JsonException {
    return new JsonException(`The number at ${this.#path(start)} is longer than ${MAX_NUMBER} characters`);
  }

  #path(position: number): string {
    return pathAt(this.text, position);
  }
}

/** What may stand in a string as it is. The engine's own loop is three times as fast as one over `charCodeAt`. */
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '"'],
  [0x5c, '\\'],
  [0x2f, '/'],
  [0x62, '\b'],
  [0x66, '\f'],
  [0x6e, '\n'],
  [0x72, '\r'],
  [0x74, '\t'],
]);

function isNameCode(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code > 0x7f;
}
