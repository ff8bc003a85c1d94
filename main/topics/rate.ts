import type { Time } from '../../common/time.ts';

const BUCKETS = 10;

/** How many a second, over the last `windowMs`. A window that is not full yet counts from the first moment. */
export class Rate {
  readonly #time: Time;
  readonly #bucketMs: number;
  /** Ring; bucket `n` covers [n, n + 1) × bucketMs of the clock. */
  readonly #counts: number[] = new Array(BUCKETS + 1).fill(0);
  readonly #started: number;
  #newest: number;

  constructor(time: Time, windowMs: number) {
    this.#time = time;
    this.#bucketMs = windowMs / BUCKETS;
    this.#started = time.hiResMilliseconds();
    this.#newest = Math.floor(this.#started / this.#bucketMs);
  }

  add(count: number): void {
    this.#advance();
    const index = this.#newest % this.#counts.length;
    this.#counts[index] = (this.#counts[index] as number) + count;
  }

  perSecond(): number {
    const now = this.#advance();
    const sum = this.#counts.reduce((total, count) => total + count, 0);
    // The ring covers its full buckets and the part of the newest one that is over.
    const covered = (BUCKETS + (now / this.#bucketMs - this.#newest)) * this.#bucketMs;
    return sum / (Math.max(this.#bucketMs, Math.min(covered, now - this.#started)) / 1000);
  }

  #advance(): number {
    const now = this.#time.hiResMilliseconds();
    const bucket = Math.floor(now / this.#bucketMs);
    const steps = Math.min(bucket - this.#newest, this.#counts.length);
    for (let i = 1; i <= steps; i++) this.#counts[(this.#newest + i) % this.#counts.length] = 0;
    if (steps > 0) {
      // After a long pause the ring is empty whichever bucket comes next.
      if (steps === this.#counts.length) this.#counts.fill(0);
      this.#newest = bucket;
    }
    return now;
  }
}
