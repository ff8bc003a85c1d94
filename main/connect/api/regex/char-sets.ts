import type { CharSet } from './syntax.ts';

/** Sets of characters by Java's names for them. Java: `java.util.regex.Pattern`, "Summary of regular-expression constructs". */
export function only(codePoint: number): CharSet {
  return (it) => it === codePoint;
}

export function range(from: number, to: number): CharSet {
  return (it) => it >= from && it <= to;
}

export function anyOf(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? (sets[0] as CharSet) : (it) => sets.some((set) => set(it));
}

export function allOf(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? (sets[0] as CharSet) : (it) => sets.every((set) => set(it));
}

export function noneOf(set: CharSet): CharSet {
  return (it) => !set(it);
}

export const ANYTHING: CharSet = () => true;

const LINE_ENDS: CharSet = (it) => it === 0x0a || it === 0x0d || it === 0x85 || it === 0x2028 || it === 0x2029;
export const ANY_BUT_LINE_END = noneOf(LINE_ENDS);
export const ANY_BUT_NEWLINE = noneOf(only(0x0a));

const LOWER = range(0x61, 0x7a);
const UPPER = range(0x41, 0x5a);
const DIGIT = range(0x30, 0x39);
const ALPHA = anyOf([LOWER, UPPER]);
const ALNUM = anyOf([ALPHA, DIGIT]);
const SPACE = anyOf([range(0x09, 0x0d), only(0x20)]);
const WORD = anyOf([ALNUM, only(0x5f)]);
const HORIZONTAL: CharSet = (it) =>
  it === 0x20 ||
  it === 0x09 ||
  it === 0xa0 ||
  it === 0x1680 ||
  it === 0x180e ||
  (it >= 0x2000 && it <= 0x200a) ||
  it === 0x202f ||
  it === 0x205f ||
  it === 0x3000;
const VERTICAL: CharSet = (it) => (it >= 0x0a && it <= 0x0d) || it === 0x85 || it === 0x2028 || it === 0x2029;
const PUNCT: CharSet = (it) => it > 0x20 && it < 0x7f && !ALNUM(it);

/** `\d`, `\W`, `\h` …; undefined for any other letter. */
export function escapeClass(letter: string): CharSet | undefined {
  const set = ESCAPE_CLASSES.get(letter.toLowerCase());
  return set !== undefined && letter !== letter.toLowerCase() ? noneOf(set) : set;
}

const ESCAPE_CLASSES: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['w', WORD],
  ['s', SPACE],
  ['h', HORIZONTAL],
  ['v', VERTICAL],
]);

export const isWord = WORD;

/** `\p{Alpha}`, `\p{Lu}`, `\p{IsGreek}`, `\p{script=Latin}`; undefined when Java's name has no set here. */
export function namedClass(name: string): CharSet | undefined {
  const posix = POSIX.get(name);
  if (posix !== undefined) return posix;
  const script = /^(?:Is|script=|sc=)(\w+)$/i.exec(name)?.[1];
  const category = /^(?:Is|general_category=|gc=)?([A-Z][a-z]?)$/.exec(name)?.[1];
  for (const property of [category, script && `Script=${title(script)}`, script && title(script)]) {
    if (!property) continue;
    const set = unicodeProperty(property);
    if (set !== undefined) return set;
  }
  return undefined;
}

const POSIX: ReadonlyMap<string, CharSet> = new Map<string, CharSet>([
  ['Lower', LOWER],
  ['Upper', UPPER],
  ['ASCII', (it) => it <= 0x7f],
  ['Alpha', ALPHA],
  ['Digit', DIGIT],
  ['Alnum', ALNUM],
  ['Punct', PUNCT],
  ['Graph', range(0x21, 0x7e)],
  ['Print', range(0x20, 0x7e)],
  ['Blank', anyOf([only(0x20), only(0x09)])],
  ['Cntrl', (it) => it < 0x20 || it === 0x7f],
  ['XDigit', anyOf([DIGIT, range(0x61, 0x66), range(0x41, 0x46)])],
  ['Space', SPACE],
  ['javaLowerCase', (it) => /\p{Lowercase}/u.test(String.fromCodePoint(it))],
  ['javaUpperCase', (it) => /\p{Uppercase}/u.test(String.fromCodePoint(it))],
  [
    'javaWhitespace',
    (it) => /[\p{Z}\t-\r\x1c-\x1f]/u.test(String.fromCodePoint(it)) && ![0xa0, 0x2007, 0x202f].includes(it),
  ],
]);

function unicodeProperty(name: string): CharSet | undefined {
  try {
    const pattern = new RegExp(`^\\p{${name}}$`, 'u');
    return (it) => pattern.test(String.fromCodePoint(it));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `IsALPHABETIC`, `isgreek`: Java does not look at the case. */
function title(name: string): string {
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join('_');
}
