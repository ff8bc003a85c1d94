import type { Time, Timer } from '../../../common/time.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Tries something again after a second, then after twice as long each time, up to a minute. */
export class RetryTimer {
  readonly #time: Time;
  #delayMs = FIRST_DELAY_MS;
  /** Monotonic, ms */
  #lastTry = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(time: Time) {
    this.#time = time;
  }

  /** Begins with the shortest delay again when the last try was long ago. */
  later(work: () => void): void {
    this.#timer?.cancel();
    const since = this.#time.hiResMilliseconds() - this.#lastTry;
    this.#delayMs = since > LONGEST_DELAY_MS * 2 ? FIRST_DELAY_MS : Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
    this.#timer = this.#time.timer(this.#delayMs, () => {
      this.#lastTry = this.#time.hiResMilliseconds();
      work();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
  }
}
