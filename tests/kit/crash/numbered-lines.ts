/** What the oracle says of numbers that should be 0, 1, 2, … in order, where a crash may repeat a contiguous run. */
export interface LinesVerdict {
  missing: number[];
  /** Steps back: each begins a run that was delivered before. */
  replays: { at: number; from: number; to: number }[];
  /** Steps forward over something that had not come before: order was not kept. */
  skips: { at: number; from: number; to: number }[];
  longestReplay: number;
}

export function judgeLines(numbers: readonly number[], count: number): LinesVerdict {
  const seen = new Set<number>();
  const replays: LinesVerdict['replays'] = [];
  const skips: LinesVerdict['skips'] = [];
  let expected = 0;
  let highest = -1;
  for (const [at, number] of numbers.entries()) {
    if (number < expected) replays.push({ at, from: expected, to: number });
    else if (number > expected && number > highest + 1) skips.push({ at, from: expected, to: number });
    seen.add(number);
    expected = number + 1;
    highest = Math.max(highest, number);
  }
  const missing: number[] = [];
  for (let number = 0; number < count; number++) if (!seen.has(number)) missing.push(number);
  return { missing, replays, skips, longestReplay: Math.max(0, ...replays.map(({ from, to }) => from - to)) };
}
