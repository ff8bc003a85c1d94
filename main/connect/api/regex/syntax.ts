/** A Java regular expression as a tree. */
export type RegexNode =
  | { kind: 'empty' }
  | { kind: 'set'; set: CharSet }
  | { kind: 'sequence'; items: readonly RegexNode[] }
  | { kind: 'choice'; options: readonly RegexNode[] }
  | { kind: 'group'; index: number; body: RegexNode }
  | { kind: 'repeat'; body: RegexNode; min: number; max: number; mode: 'greedy' | 'lazy' | 'possessive' }
  | { kind: 'look'; body: RegexNode; behind: boolean; negated: boolean }
  | { kind: 'atomic'; body: RegexNode }
  | { kind: 'assertion'; at: Assertion }
  | { kind: 'backreference'; group: number; fold: Fold };

/** Where a position is: Java's `^` and `$` in both modes, `\A`, `\z`, `\b`, `\B`. */
export type Assertion = 'start' | 'end' | 'end-or-last-line' | 'line-start' | 'line-end' | 'boundary' | 'no-boundary';

/** Is the code point one of them? */
export type CharSet = (codePoint: number) => boolean;

/** How letters compare: exactly, ignoring the case of ASCII (Java's default), or of all of Unicode. */
export type Fold = 'none' | 'ascii' | 'unicode';

export interface RegexSyntax {
  root: RegexNode;
  /** The whole match not counted. */
  groupCount: number;
  groupNames: ReadonlyMap<string, number>;
}

/** What is no Java regular expression, or one that is not supported; the message says which and where. */
export class RegexSyntaxError extends Error {
  constructor(message: string, index: number, pattern: string) {
    super(`${message} near index ${index}\n${pattern}`);
  }
}

export function folded(set: CharSet, fold: Fold): CharSet {
  if (fold === 'none') return set;
  return (codePoint) => {
    if (set(codePoint)) return true;
    if (fold === 'ascii' && codePoint > 0x7f) return false;
    const text = String.fromCodePoint(codePoint);
    const [lower, upper] = [text.toLowerCase(), text.toUpperCase()];
    return (
      (lower.codePointAt(0) !== codePoint && set(lower.codePointAt(0) as number)) ||
      (upper.codePointAt(0) !== codePoint && set(upper.codePointAt(0) as number))
    );
  };
}

export function foldedText(text: string, fold: Fold): string {
  if (fold === 'none') return text;
  return fold === 'unicode' ? text.toLowerCase() : text.replace(/[A-Z]+/g, (it) => it.toLowerCase());
}
