/** How many records were read, and how many matched, in one slice of time. */
export interface RateSlice {
  read: number;
  matched: number;
}

/** Counts of the last minutes in slices of equal length, newest last; older ones fall out. */
export class RateHistory {
  readonly sliceMs: number;
  readonly #slices: RateSlice[];
  #newest = 0;

  constructor(slices: number, sliceMs: number) {
    this.sliceMs = sliceMs;
    this.#slices = Array.from({ length: slices }, () => ({ read: 0, matched: 0 }));
  }

  /** Counts records at a time (ms, rising). */
  add(now: number, read: number, matched: number): void {
    this.#advance(now);
    const slice = this.#slices.at(-1)!;
    slice.read += read;
    slice.matched += matched;
  }

  /** The slices that end with the one that `now` is in. */
  slices(now: number): readonly RateSlice[] {
    this.#advance(now);
    return this.#slices;
  }

  /** Another filter is another count: what matched before says nothing of it. */
  forgetMatches(): void {
    for (const slice of this.#slices) slice.matched = 0;
  }

  /** The largest count of a slice as a rate a second. */
  peakPerSecond(): number {
    return (Math.max(...this.#slices.map((slice) => slice.read)) * 1000) / this.sliceMs;
  }

  #advance(now: number): void {
    const slice = Math.floor(now / this.sliceMs);
    const passed = Math.min(slice - this.#newest, this.#slices.length);
    for (let step = 0; step < passed; step++) {
      this.#slices.shift();
      this.#slices.push({ read: 0, matched: 0 });
    }
    if (passed > 0) this.#newest = slice;
  }
}
