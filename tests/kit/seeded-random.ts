/** Numbers in [0, 1), evenly spread, that a seed repeats (fast-check's own doubles crowd around 0); mulberry32. */
export function evenly(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Choices of a random run. */
export class Choices {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = evenly(seed);
  }

  /** An integer in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True in `share` of the cases. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]!;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.between(0, 255)));
  }
}

/** What a run of tests begins with: RUNNEL_SEED repeats one that failed. */
export function testSeed(): number {
  return Number(process.env.RUNNEL_SEED ?? Date.now() % 1_000_000_000);
}
