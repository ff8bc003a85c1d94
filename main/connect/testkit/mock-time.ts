import type { Time, Timer } from '../../../common/time.ts';

/** A clock that stands still until `advance` moves it; timers due on the way run in order. Java: `MockTime`. */
export class MockTime implements Time {
  #now: number;
  #leapt = 0;
  #timers: { at: number; order: number; callback: () => void }[] = [];
  #order = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs;
  }

  milliseconds(): number {
    return this.#now + this.#leapt;
  }

  nanoseconds(): bigint {
    return BigInt(Math.round(this.#now * 1_000_000));
  }

  hiResMilliseconds(): number {
    return this.#now;
  }

  timer(delayMs: number, callback: () => void): Timer {
    const entry = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.push(entry);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== entry)) };
  }

  /** Timers that wait; a stopped component leaves none. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Somebody sets the wall clock, ahead or back; the monotonic one and timers know nothing of it. */
  leap(ms: number): void {
    this.#leapt += ms;
  }

  /** The process does not run for so long: timers that fall due meanwhile are all late. */
  sleep(ms: number): Promise<void> {
    this.#now += ms;
    return this.advance(0);
  }

  /** Moves the clock by `ms`, running due timers at their moments and letting promises settle between them. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
    await settle();
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
