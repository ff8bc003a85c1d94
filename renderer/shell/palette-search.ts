export type PaletteGroup = 'Topics' | 'Connectors' | 'Commands';

/** What the palette can find, by its name. */
export interface Findable {
  group: PaletteGroup;
  name: string;
}

export interface Found<T> {
  item: T;
  /** Where the words stand in the name, UTF-16, in order and apart. */
  ranges: (readonly [start: number, end: number])[];
}

const PREFIXES: Readonly<Record<string, PaletteGroup>> = { '>': 'Commands', '#': 'Topics', '@': 'Connectors' };
const MOST = 50;
/** Of each group while nothing is typed. */
const FIRST = 5;

/**
 * Items whose names hold every word of the query, best first: where a name begins with the first word, then where a
 * part of it does. `>`, `#` and `@` ask for one group.
 */
export function search<T extends Findable>(items: readonly T[], query: string): Map<PaletteGroup, Found<T>[]> {
  const wanted = PREFIXES[query[0] ?? ''];
  const words = (wanted ? query.slice(1) : query).toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Map<PaletteGroup, Found<T>[]>();
  for (const group of ['Topics', 'Connectors', 'Commands'] as const) {
    if (wanted && wanted !== group) continue;
    const ranked = items
      .filter((item) => item.group === group)
      .flatMap((item, index) => {
        const match = matchOf(item.name, words);
        return match ? [{ item, index, ...match }] : [];
      })
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .map(({ item, ranges }) => ({ item, ranges }));
    found.set(group, ranked.slice(0, words.length === 0 && !wanted && group !== 'Commands' ? FIRST : MOST));
  }
  return found;
}

function matchOf(
  name: string,
  words: readonly string[],
): { rank: number; ranges: Found<Findable>['ranges'] } | undefined {
  const lower = name.toLowerCase();
  const ranges: [number, number][] = [];
  let rank = 0;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return undefined;
    ranges.push([at, at + word.length]);
    rank += at === 0 ? 0 : /[^\p{L}\p{N}]/u.test(lower[at - 1] ?? '') ? 1 : 2;
  }
  return { rank, ranges: merged(ranges) };
}

function merged(ranges: [number, number][]): [number, number][] {
  const sorted = ranges.sort(([a], [b]) => a - b);
  const apart: [number, number][] = [];
  for (const range of sorted) {
    const last = apart.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else apart.push(range);
  }
  return apart;
}
