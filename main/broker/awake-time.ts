import type { Time, Timer } from '../../common/time.ts';

const TICK_MS = 1_000;
/** A tick that comes so much later than it should was not held up by work. */
const LATE_MS = 2_000;

/**
 * A clock for time-outs that counts only while this process runs. When the machine sleeps, or somebody stopped the
 * process, nobody could be heard: after it no session is over that would not be over without it. Monotonic clocks
 * differ in whether they go on while a machine sleeps (Linux: no; macOS, Windows: yes); this one does not, by looking
 * once a second whether it was away.
 */
export class AwakeTime implements Time {
  readonly #time: Time;
  readonly #onSleep: (ms: number) => void;
  #seen: number;
  #asleep = 0;
  #ticker: Timer;

  /** `onSleep` is told of each sleep after it (ms). */
  constructor(time: Time, onSleep: (ms: number) => void) {
    this.#time = time;
    this.#onSleep = onSleep;
    this.#seen = time.hiResMilliseconds();
    this.#ticker = this.#tick();
  }

  /** The wall clock, as it is. */
  milliseconds(): number {
    return this.#time.milliseconds();
  }

  nanoseconds(): bigint {
    this.#look();
    return this.#time.nanoseconds() - BigInt(Math.round(this.#asleep * 1_000_000));
  }

  hiResMilliseconds(): number {
    this.#look();
    return this.#seen - this.#asleep;
  }

  timer(delayMs: number, callback: () => void): Timer {
    const due = this.hiResMilliseconds() + delayMs;
    let asleep = this.#asleep;
    const ring = () => {
      const left = due - this.hiResMilliseconds();
      // The machine's timers may ring a little early: that is no reason to wait again.
      if (this.#asleep === asleep || left <= 0) return callback();
      asleep = this.#asleep;
      timer = this.#time.timer(left, ring);
    };
    let timer = this.#time.timer(delayMs, ring);
    return { cancel: () => timer.cancel() };
  }

  close(): void {
    this.#ticker.cancel();
  }

  #tick(): Timer {
    return this.#time.timer(TICK_MS, () => {
      this.#look();
      this.#ticker = this.#tick();
    });
  }

  /** Whoever is first awake finds out: timers that fell due meanwhile come in any order. */
  #look(): void {
    const now = this.#time.hiResMilliseconds();
    const away = now - this.#seen - TICK_MS;
    this.#seen = now;
    if (away <= LATE_MS) return;
    this.#asleep += away;
    this.#onSleep(away);
  }
}
