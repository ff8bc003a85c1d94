import { escapeClass, namedClass, noneOf } from './char-sets.ts';
import { type CharSet, RegexSyntaxError } from './syntax.ts';

/** The text with a position, shared with the parser of character classes. */
export class PatternReader {
  readonly pattern: string;
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  peek(): string {
    return this.pattern.charAt(this.at);
  }

  /** The next code point as text, consumed. */
  take(): string {
    const codePoint = this.pattern.codePointAt(this.at);
    if (codePoint === undefined) throw this.error('Unexpected end of the pattern');
    const text = String.fromCodePoint(codePoint);
    this.at += text.length;
    return text;
  }

  takeIf(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** What the regular expression matches here, consumed. */
  takeMatch(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.pattern);
    if (match !== null) this.at = sticky.lastIndex;
    return match;
  }

  error(message: string): RegexSyntaxError {
    return new RegexSyntaxError(message, this.at, this.pattern);
  }

  /** After a backslash: a class (`\d`) or one character (`\n`, `\x41`, `\.`). */
  escape(): CharSet | string {
    const letter = this.take();
    const set = escapeClass(letter);
    if (set !== undefined) return set;
    if (letter === 'p' || letter === 'P') {
      const name = this.takeMatch(/\{(\w+(?:=\w+)?)\}|[A-Z]/y);
      const named = name === null ? undefined : namedClass(name[1] ?? name[0]);
      if (named === undefined) throw this.error('Unknown character property');
      return letter === 'P' ? noneOf(named) : named;
    }
    return this.#character(letter);
  }

  #character(letter: string): string {
    const simple = SIMPLE_ESCAPES.get(letter);
    if (simple !== undefined) return simple;
    switch (letter) {
      case 'x':
      case 'u': {
        const hex = this.takeMatch(letter === 'x' ? /([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\}/y : /([0-9a-fA-F]{4})/y);
        const codePoint = hex === null ? -1 : Number.parseInt(hex[1] ?? (hex[2] as string), 16);
        if (codePoint < 0 || codePoint > 0x10ffff) throw this.error('Illegal hexadecimal escape sequence');
        return String.fromCodePoint(codePoint);
      }
      case '0': {
        const octal = this.takeMatch(/[0-3][0-7]{2}|[0-7]{1,2}/y);
        if (octal === null) throw this.error('Illegal octal escape sequence');
        return String.fromCodePoint(Number.parseInt(octal[0], 8));
      }
      case 'c':
        return String.fromCharCode(this.take().charCodeAt(0) ^ 64);
    }
    if (/[a-zA-Z]/.test(letter)) throw this.error('Illegal/unsupported escape sequence');
    return letter;
  }
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
  ['a', '\x07'],
  ['e', '\x1b'],
]);
