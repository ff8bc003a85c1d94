import type { RowRange } from './record-ring.ts';

/** More rows a second than this can't be followed, by eyes or by a screen. */
export const MOVING_ROWS_PER_SECOND = 1_000;

/**
 * How many matches stand behind one row of a moving list: 1, 2, 5, 10, 20, 50 … so that at most a thousand rows a
 * second go by. A smaller ratio comes back only when the rate has fallen clearly, else the list would flicker
 * between two.
 */
export function nextStride(current: number, matchesPerSecond: number): number {
  const wanted = strideFor(matchesPerSecond);
  return wanted >= current ? wanted : Math.min(current, strideFor(matchesPerSecond * 1.3));
}

function strideFor(matchesPerSecond: number): number {
  const least = matchesPerSecond / MOVING_ROWS_PER_SECOND;
  if (least <= 1) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((step) => step * magnitude).find((step) => step >= least) ?? 10 * magnitude;
}

/** A list over every n-th row of a range, newest first: which row stands at an index, and how many there are. */
export interface MovingList {
  readonly count: number;
  sequence(index: number): number;
}

/** Picks rows by their sequence, so that a row once shown stays shown until it leaves the range. */
export function everyNth({ start, end }: Pick<RowRange, 'start' | 'end'>, stride: number): MovingList {
  const newest = Math.floor((end - 1) / stride) * stride;
  const oldest = Math.ceil(start / stride) * stride;
  return {
    count: Math.max(0, (newest - oldest) / stride + 1),
    sequence: (index) => newest - index * stride,
  };
}
