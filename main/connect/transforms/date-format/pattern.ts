/** One piece of a pattern: literal text, or a letter and how often it stands there. */
export type PatternPiece = { literal: string } | { letter: string; count: number };

const LETTERS = 'GyYMLwWDdFEuaHkKhmsSzZX';

/** Reads the syntax of `java.text.SimpleDateFormat`; throws RangeError in its words. */
export function parsePattern(pattern: string): PatternPiece[] {
  const pieces: PatternPiece[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') pieces.push({ literal });
    literal = '';
  };
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] as string;
    if (char === "'") {
      const end = quotedEnd(pattern, at);
      literal += pattern.slice(at + 1, end).replaceAll("''", "'") || "'";
      at = end + 1;
    } else if (/[a-zA-Z]/.test(char)) {
      if (!LETTERS.includes(char)) throw new RangeError(`Illegal pattern character '${char}'`);
      let count = 1;
      while (pattern[at + count] === char) count++;
      flush();
      pieces.push({ letter: char, count });
      at += count;
    } else {
      literal += char;
      at++;
    }
  }
  flush();
  return pieces;
}

/** Two quotes in a row are one quote, inside and outside of quoted text. */
function quotedEnd(pattern: string, start: number): number {
  if (pattern[start + 1] === "'") return start + 1;
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern[at] !== "'") continue;
    if (pattern[at + 1] === "'") at++;
    else return at;
  }
  throw new RangeError('Unterminated quote');
}
