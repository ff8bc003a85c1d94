import { Machine } from './machine.ts';
import { parseRegex } from './parser.ts';
import { compileRegex, type Program } from './program.ts';
import { RegexSyntaxError } from './syntax.ts';

/**
 * A Java regular expression that never takes exponential time. Java: `java.util.regex.Pattern`, with its syntax but for
 * `\X`, `\G`, `\N{…}`, Unicode blocks, and the flag U; those are refused. A match that needs too many steps (only with
 * backreferences or nested lookaround) throws RegexTooExpensive.
 */
export class JavaPattern {
  readonly pattern: string;
  readonly groupCount: number;
  readonly #groupNames: ReadonlyMap<string, number>;
  readonly #program: Program;

  /** Throws RegexSyntaxError. */
  constructor(pattern: string) {
    const syntax = parseRegex(pattern);
    this.pattern = pattern;
    this.groupCount = syntax.groupCount;
    this.#groupNames = syntax.groupNames;
    try {
      this.#program = compileRegex(syntax);
    } catch (error) {
      throw new RegexSyntaxError((error as Error).message, 0, pattern);
    }
  }

  /** The whole text matches. Java: `Matcher.matches`. */
  matches(text: string): boolean {
    return new Machine(text).match(this.#program, 0, true) !== null;
  }

  /** Some part of the text matches. Java: `Matcher.find`. */
  find(text: string): boolean {
    return new Machine(text).find(this.#program, 0) !== null;
  }

  /** Java: `Matcher.replaceFirst`, with a replacement made by `replacement`. */
  replaceFirst(text: string, replacement: Replacement): string {
    const slots = new Machine(text).find(this.#program, 0);
    if (slots === null) return text;
    const [start, end] = slots as [number, number];
    const group = (index: number) => {
      const [from, to] = [slots[index * 2] as number, slots[index * 2 + 1] as number];
      return from < 0 || to < 0 ? '' : text.slice(from, to);
    };
    const middle = replacement.map((part) => (typeof part === 'string' ? part : group(part))).join('');
    return text.slice(0, start) + middle + text.slice(end);
  }

  /** `$1`, `${name}`, `\$`; throws RegexSyntaxError for a group that there is not. */
  replacement(text: string): Replacement {
    const parts: (string | number)[] = [];
    for (let at = 0; at < text.length; ) {
      const char = text.charAt(at);
      if (char === '\\') {
        if (at + 1 >= text.length) throw new RegexSyntaxError('character to be escaped is missing', at, text);
        parts.push(text.charAt(at + 1));
        at += 2;
      } else if (char === '$') {
        const reference = this.#reference(text, at);
        parts.push(reference.group);
        at = reference.end;
      } else {
        parts.push(char);
        at++;
      }
    }
    return parts;
  }

  #reference(text: string, at: number): { group: number; end: number } {
    const name = /^\$\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text.slice(at));
    if (name !== null) {
      const group = this.#groupNames.get(name[1] as string);
      if (group === undefined) throw new RegexSyntaxError(`No group with name {${name[1]}}`, at, text);
      return { group, end: at + name[0].length };
    }
    const digits = /^\d+/.exec(text.slice(at + 1))?.[0];
    if (digits === undefined) throw new RegexSyntaxError('Illegal group reference', at, text);
    let group = Number(digits[0]);
    if (group > this.groupCount) throw new RegexSyntaxError(`No group ${group}`, at, text);
    let used = 1;
    while (used < digits.length && group * 10 + Number(digits[used]) <= this.groupCount)
      group = group * 10 + Number(digits[used++]);
    return { group, end: at + 1 + used };
  }
}

/** Texts, and numbers of groups. */
export type Replacement = readonly (string | number)[];
