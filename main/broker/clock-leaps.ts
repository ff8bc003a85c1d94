import type { Time } from '../../common/time.ts';

/** The wall clock may run this much apart from the monotonic one between two looks. */
const LEAP_MS = 3_600_000;
const CALM_AFTER_MS = 24 * 3_600_000;

/** Notices that the wall clock leapt ahead. It may be wrong now, and what is removed for its age does not come back. */
export class ClockLeaps {
  readonly #time: Time;
  #wall: number;
  #monotonic: number;

  constructor(time: Time) {
    this.#time = time;
    this.#wall = time.milliseconds();
    this.#monotonic = time.hiResMilliseconds();
  }

  /**
   * How far it leapt ahead since the last look, ms; 0 when it did not. A sleeping machine looks the same where the
   * monotonic clock sleeps as well.
   */
  look(): number {
    const [wall, monotonic] = [this.#time.milliseconds(), this.#time.hiResMilliseconds()];
    const leap = wall - this.#wall - (monotonic - this.#monotonic);
    [this.#wall, this.#monotonic] = [wall, monotonic];
    return leap > LEAP_MS ? leap : 0;
  }
}

/** Whether the wall clock can be trusted with what is to be forgotten: for a day after a leap it can't. */
export class CalmClock {
  readonly #time: Time;
  readonly #leaps: ClockLeaps;
  #leaptAt = Number.NEGATIVE_INFINITY;

  constructor(time: Time) {
    this.#time = time;
    this.#leaps = new ClockLeaps(time);
  }

  /** It looks at the clock. */
  isCalm(): boolean {
    const now = this.#time.hiResMilliseconds();
    if (this.#leaps.look() > 0) this.#leaptAt = now;
    return now - this.#leaptAt >= CALM_AFTER_MS;
  }
}
