import type { Time } from '../../../common/time.ts';

/** A stream that fell behind by more than this (the machine slept, the topic was full) goes on from now. */
const LONGEST_LAG_MS = 1_000;

/** When each item of a steady flow is due, by the monotonic clock. */
export class Pace {
  readonly #time: Time;
  readonly #intervalMs: number;
  /** The monotonic time at which the next item is due. */
  #next: number;

  constructor(time: Time, perSecond: number) {
    this.#time = time;
    this.#intervalMs = 1_000 / perSecond;
    this.#next = time.hiResMilliseconds();
  }

  /** The wall-clock times of those that are due now, at most `limit`. */
  take(limit: number): number[] {
    const now = this.#time.hiResMilliseconds();
    if (now - this.#next > LONGEST_LAG_MS) this.#next = now;
    const wall = this.#time.milliseconds();
    const due: number[] = [];
    while (due.length < limit && this.#next <= now) {
      due.push(Math.round(wall - (now - this.#next)));
      this.#next += this.#intervalMs;
    }
    return due;
  }

  /** Until `count` more are due. */
  wait(count: number): number {
    return Math.max(0, this.#next + (count - 1) * this.#intervalMs - this.#time.hiResMilliseconds());
  }
}
