import type { Style } from './style.ts';

/** A cell: text, or text with a style that takes no room. */
export type Cell = string | { text: string; style: keyof Style };

/** Columns as wide as their widest cell, two spaces apart; the last one is not padded. Control characters are shown, not obeyed. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[], style: Style): string[] {
  const all: Cell[][] = [header.map((text): Cell => ({ text, style: 'dim' })), ...rows.map((row) => [...row])];
  return aligned(header.length === 0 ? all.slice(1) : all, style);
}

/** Rows without a header. */
export function aligned(rows: readonly (readonly Cell[])[], style: Style): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, visible(textOf(cell)).length);
    });
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const text = visible(textOf(cell));
        const padding = i === row.length - 1 ? '' : ' '.repeat((widths[i] as number) - text.length);
        return `${typeof cell === 'string' ? text : style[cell.style](text)}${padding}`;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** What comes from a worker may hold anything; a terminal shall not take it for a command. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, (c) => {
    if (c === '\n') return '\\n';
    if (c === '\t') return '\\t';
    if (c === '\r') return '\\r';
    return `\\u${(c.codePointAt(0) as number).toString(16).padStart(4, '0')}`;
  });
}

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);
