/** A stretch of text as it is drawn. */
export interface DataRun {
  /** `mark`: the filter matches here. `sign`: stands for a character that has no picture or turns the text around. */
  readonly kind: 'text' | 'mark' | 'sign';
  readonly text: string;
  /** A sign inside a match. */
  readonly marked?: boolean;
}

/*
 * Controls, soft hyphen, zero-width space and marks, separators, embeddings and overrides, isolates, byte order mark,
 * tags, and halves of surrogate pairs. Joiners stay: scripts and emoji are made with them.
 */
const SIGNS =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const ANY_SIGN = new RegExp(SIGNS.source, 'u');
/** Left to right without anything that needs a sign: then no box of its own has to keep its direction. */
export function isPlain(text: string): boolean {
  return !ANY_SIGN.test(text) && !RIGHT_TO_LEFT.test(text);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LINE_ENDS_AND_TABS = /^[\t\n\r]$/;

/**
 * Cuts a text into what a person must be able to tell apart. `ranges` (UTF-16, in order) become marks. With `lines`,
 * line ends and tabs do their work; in one line they are signs as well.
 */
export function dataRuns(
  text: string,
  ranges: readonly (readonly [start: number, end: number])[] = [],
  lines = false,
): DataRun[] {
  if (ranges.length === 0 && !ANY_SIGN.test(text)) return text === '' ? [] : [{ kind: 'text', text }];
  const runs: DataRun[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    push(runs, text.slice(at, start), false, lines);
    push(runs, text.slice(start, end), true, lines);
    at = end;
  }
  push(runs, text.slice(at), false, lines);
  return runs;
}

function push(runs: DataRun[], text: string, marked: boolean, lines: boolean): void {
  const kind = marked ? 'mark' : 'text';
  let at = 0;
  for (const match of text.matchAll(SIGNS)) {
    const character = match[0];
    if (lines && LINE_ENDS_AND_TABS.test(character)) continue;
    if (match.index > at) runs.push({ kind, text: text.slice(at, match.index) });
    runs.push({ kind: 'sign', text: signOf(character), marked });
    at = match.index + character.length;
  }
  if (at < text.length) runs.push({ kind, text: text.slice(at) });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** As a programmer writes it: `\n`, `\x1b`; else the code point. Unicode's pictures for controls are in few fonts. */
function signOf(character: string): string {
  const code = character.codePointAt(0)!;
  const written = ESCAPES[character];
  if (written) return written;
  if (code < 0xa0) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
