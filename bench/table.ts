export interface Figure {
  value: number;
  better: 'lower' | 'higher';
}

/** Figures of one run of one contender, by their names. */
export type Figures = Map<string, Figure>;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** Of unsorted values: half of them are at most `quantile(values, 0.5)`. */
export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] as number;

const number = (value: number) =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value >= 100 ? value.toFixed(0) : value.toFixed(2);

/** A Markdown table of medians; the ratio is above 1 where Runnel is better. */
export function table(ours: readonly Figures[], theirs: readonly Figures[]): string {
  const names = [...new Set([...ours, ...theirs].flatMap((figures) => [...figures.keys()]))];
  const lines = names.map((name) => {
    const of = (runs: readonly Figures[]) => runs.map((run) => run.get(name)).filter((figure) => figure !== undefined);
    const [mine, other] = [of(ours), of(theirs)];
    const better = (mine[0] ?? other[0])?.better;
    const m = mine.length > 0 ? median(mine.map((f) => f.value)) : undefined;
    const o = other.length > 0 ? median(other.map((f) => f.value)) : undefined;
    const ratio = m === undefined || o === undefined ? '' : number(better === 'higher' ? m / o : o / m);
    return `| ${name} | ${m === undefined ? '–' : number(m)} | ${o === undefined ? '–' : number(o)} | ${ratio} |`;
  });
  return ['| | Runnel | Apache | better by |', '| --- | ---: | ---: | ---: |', ...lines].join('\n');
}
