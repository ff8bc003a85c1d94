/** A row as `%-15s %-10s %s` prints it: cells padded to their widths, never cut; what has no width is not padded. */
export function javaRow(widths: readonly number[], cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ');
}

/** The longest of the texts, at least `minimum`. */
export function widest(minimum: number, texts: Iterable<string>): number {
  let width = minimum;
  for (const { length } of texts) width = Math.max(width, length);
  return width;
}

/** What stands in the place of a value that is not there. */
export const MISSING = '-';
