import { ANY_BUT_LINE_END, ANY_BUT_NEWLINE, ANYTHING, escapeClass, only } from './char-sets.ts';
import { ClassParser } from './class-parser.ts';
import { PatternReader } from './pattern-reader.ts';
import { type CharSet, type Fold, folded, type RegexNode, type RegexSyntax } from './syntax.ts';

/** Counted repetitions are written out when compiled, so they are bounded. */
const MAX_REPEAT = 1000;
const MAX_GROUP_DEPTH = 200;

interface Flags {
  fold: Fold;
  dotAll: boolean;
  multiline: boolean;
  comments: boolean;
  unixLines: boolean;
}

/** Reads Java's syntax (`java.util.regex.Pattern`); throws RegexSyntaxError for what it can't. */
export function parseRegex(pattern: string): RegexSyntax {
  return new RegexParser(pattern).parse();
}

class RegexParser {
  readonly #reader: PatternReader;
  readonly #groupNames = new Map<string, number>();
  #groupCount = 0;
  #depth = 0;
  #flags: Flags = { fold: 'none', dotAll: false, multiline: false, comments: false, unixLines: false };

  constructor(pattern: string) {
    this.#reader = new PatternReader(pattern);
  }

  parse(): RegexSyntax {
    const root = this.#choice();
    if (this.#reader.peek() === ')') throw this.#reader.error("Unmatched closing ')'");
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames };
  }

  /** Flags set inside hold to the end of the group. */
  #choice(): RegexNode {
    if (++this.#depth > MAX_GROUP_DEPTH) throw this.#reader.error('Groups are nested too deep');
    const outer = this.#flags;
    const options = [this.#sequence()];
    while (this.#reader.takeIf('|')) options.push(this.#sequence());
    this.#flags = outer;
    this.#depth--;
    return options.length === 1 ? (options[0] as RegexNode) : { kind: 'choice', options };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#flags.comments && this.#reader.takeMatch(/(?:\s|#[^\n]*)+/y) !== null) continue;
      const next = this.#reader.peek();
      if (next === '' || next === '|' || next === ')') break;
      if (this.#reader.takeIf('\\Q')) {
        const end = this.#reader.pattern.indexOf('\\E', this.#reader.at);
        const text = this.#reader.pattern.slice(this.#reader.at, end < 0 ? undefined : end);
        this.#reader.at += text.length + (end < 0 ? 0 : 2);
        const literals = [...text].map((char) => this.#literal(char));
        const last = literals.pop();
        items.push(...literals);
        if (last !== undefined) items.push(this.#repeated(last));
        continue;
      }
      items.push(this.#repeated(this.#atom()));
    }
    if (items.length === 1) return items[0] as RegexNode;
    return items.length === 0 ? { kind: 'empty' } : { kind: 'sequence', items };
  }

  #repeated(atom: RegexNode): RegexNode {
    const match = this.#reader.takeMatch(/([?*+]|\{(\d+)(,(\d*))?\})([?+]?)/y);
    if (match === null) return atom;
    const [, sign, least, comma, most, suffix] = match;
    const min = sign === '+' ? 1 : Number(least ?? 0);
    const endless = sign === '*' || sign === '+' || (comma !== undefined && most === '');
    const max = endless ? Number.POSITIVE_INFINITY : sign === '?' ? 1 : Number(most ?? least);
    if (min > MAX_REPEAT || (max > MAX_REPEAT && !endless))
      throw this.#reader.error(`Repetition of more than ${MAX_REPEAT} is not supported`);
    if (max < min) throw this.#reader.error('Illegal repetition range');
    const mode = suffix === '?' ? 'lazy' : suffix === '+' ? 'possessive' : 'greedy';
    return { kind: 'repeat', body: atom, min, max, mode };
  }

  #atom(): RegexNode {
    const char = this.#reader.take();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(new ClassParser(this.#reader).parse());
      case '.':
        if (this.#flags.dotAll) return this.#set(ANYTHING);
        return this.#set(this.#flags.unixLines ? ANY_BUT_NEWLINE : ANY_BUT_LINE_END);
      case '^':
        return { kind: 'assertion', at: this.#flags.multiline ? 'line-start' : 'start' };
      case '$':
        return { kind: 'assertion', at: this.#flags.multiline ? 'line-end' : 'end-or-last-line' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw this.#reader.error(`Dangling meta character '${char}'`);
      case '{': {
        const { at } = this.#reader;
        if (this.#reader.takeMatch(/\d+(?:,\d*)?\}/y) === null) throw this.#reader.error('Illegal repetition');
        // A count with nothing before it repeats nothing: `a{2}{3}` is `a{2}`.
        this.#reader.at = at - 1;
        return { kind: 'empty' };
      }
    }
    return this.#literal(char);
  }

  #escape(): RegexNode {
    const assertion = this.#reader.takeMatch(/[bBAzZ]/y)?.[0];
    switch (assertion) {
      case 'b':
        return { kind: 'assertion', at: 'boundary' };
      case 'B':
        return { kind: 'assertion', at: 'no-boundary' };
      case 'A':
        return { kind: 'assertion', at: 'start' };
      case 'z':
        return { kind: 'assertion', at: 'end' };
      case 'Z':
        return { kind: 'assertion', at: 'end-or-last-line' };
    }
    const name = this.#reader.takeMatch(/k<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
    if (name !== undefined) {
      const group = this.#groupNames.get(name);
      if (group === undefined) throw this.#reader.error(`(named capturing group <${name}> does not exit`);
      return { kind: 'backreference', group, fold: this.#flags.fold };
    }
    if (/[1-9]/.test(this.#reader.peek())) return this.#backreference();
    if (this.#reader.takeIf('R')) return LINE_BREAK;
    const escaped = this.#reader.escape();
    return typeof escaped === 'string' ? this.#literal(escaped) : this.#set(escaped);
  }

  /** `\11` is group 11 if there are so many before, else group 1 and a 1. */
  #backreference(): RegexNode {
    let group = Number(this.#reader.take());
    while (/\d/.test(this.#reader.peek()) && group * 10 + Number(this.#reader.peek()) <= this.#groupCount)
      group = group * 10 + Number(this.#reader.take());
    return { kind: 'backreference', group, fold: this.#flags.fold };
  }

  #group(): RegexNode {
    if (!this.#reader.takeIf('?')) return this.#capturing(undefined);
    const name = this.#reader.takeMatch(/<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
    if (name !== undefined) return this.#capturing(name);
    for (const [sign, make] of SPECIAL_GROUPS) if (this.#reader.takeIf(sign)) return make(this.#closed(this.#choice()));
    const flags = this.#reader.takeMatch(/([idmsux]*)(?:-([idmsux]*))?([:)])/y);
    if (flags === null) throw this.#reader.error('Unknown or unsupported group or inline modifier');
    const changed = changeFlags(this.#flags, flags[1] as string, flags[2] ?? '');
    if (flags[3] === ')') {
      this.#flags = changed;
      return { kind: 'empty' };
    }
    const outer = this.#flags;
    this.#flags = changed;
    const body = this.#closed(this.#choice());
    this.#flags = outer;
    return body;
  }

  #capturing(name: string | undefined): RegexNode {
    const index = ++this.#groupCount;
    if (name !== undefined) {
      if (this.#groupNames.has(name)) throw this.#reader.error(`Named capturing group <${name}> is already defined`);
      this.#groupNames.set(name, index);
    }
    return { kind: 'group', index, body: this.#closed(this.#choice()) };
  }

  #closed(body: RegexNode): RegexNode {
    if (!this.#reader.takeIf(')')) throw this.#reader.error('Unclosed group');
    return body;
  }

  #literal(char: string): RegexNode {
    return this.#set(only(char.codePointAt(0) as number));
  }

  #set(set: CharSet): RegexNode {
    return { kind: 'set', set: folded(set, this.#flags.fold) };
  }
}

const SPECIAL_GROUPS: readonly [string, (body: RegexNode) => RegexNode][] = [
  ['=', (body) => ({ kind: 'look', body, behind: false, negated: false })],
  ['!', (body) => ({ kind: 'look', body, behind: false, negated: true })],
  ['<=', (body) => ({ kind: 'look', body, behind: true, negated: false })],
  ['<!', (body) => ({ kind: 'look', body, behind: true, negated: true })],
  ['>', (body) => ({ kind: 'atomic', body })],
];

const CARRIAGE_RETURN: RegexNode = { kind: 'set', set: only(0x0d) };
const NEWLINE: RegexNode = { kind: 'set', set: only(0x0a) };
const LINE_BREAK: RegexNode = {
  kind: 'choice',
  options: [
    { kind: 'sequence', items: [CARRIAGE_RETURN, NEWLINE] },
    { kind: 'set', set: escapeClass('v') as CharSet },
  ],
};

function changeFlags(flags: Flags, on: string, off: string): Flags {
  const set = (letter: string, current: boolean) => (current || on.includes(letter)) && !off.includes(letter);
  const ignoreCase = set('i', flags.fold !== 'none');
  const unicode = set('u', flags.fold === 'unicode');
  return {
    fold: ignoreCase ? (unicode ? 'unicode' : 'ascii') : 'none',
    dotAll: set('s', flags.dotAll),
    multiline: set('m', flags.multiline),
    comments: set('x', flags.comments),
    unixLines: set('d', flags.unixLines),
  };
}
