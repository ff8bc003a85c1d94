import type { Time } from '../../common/time.ts';

/** A window is remembered in so many steps. */
const STEPS = 10;

/**
 * How many a second, over about the last `windowMs`; before that much time has passed, since the beginning. Both for
 * what is counted as it happens and for a counter that is read now and then.
 */
export class Rate {
  readonly #time: Time;
  readonly #windowMs: number;
  /** What had been counted at some moments: the first one lies before the window, or at the beginning. */
  #samples: { at: number; total: number }[];
  #total = 0;

  constructor(time: Time, windowMs: number) {
    this.#time = time;
    this.#windowMs = windowMs;
    this.#samples = [{ at: time.hiResMilliseconds(), total: 0 }];
  }

  add(count: number): void {
    this.#total += count;
    this.#sample();
  }

  perSecond(): number {
    const now = this.#sample();
    const { at, total } = this.#samples[0] as { at: number; total: number };
    return (this.#total - total) / (Math.max(this.#windowMs / STEPS, now - at) / 1_000);
  }

  #sample(): number {
    const now = this.#time.hiResMilliseconds();
    const last = this.#samples.at(-1) as { at: number };
    if (now - last.at >= this.#windowMs / STEPS) this.#samples.push({ at: now, total: this.#total });
    while ((this.#samples[1]?.at ?? now) <= now - this.#windowMs) this.#samples.shift();
    return now;
  }
}
