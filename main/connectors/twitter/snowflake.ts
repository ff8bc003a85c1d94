/** 2010-11-04T01:42:54.657Z, where Twitter's ids begin. */
const EPOCH = 1_288_834_974_657n;
const LOW_BITS = 22n;

/**
 * Ids as Twitter made them: milliseconds since their epoch in the upper bits, so beyond 2^53 and growing with time. They
 * grow even when the clock goes back, and after a restart too, given the last one that was stored.
 */
export class SnowflakeIds {
  #last: bigint;

  constructor(last: bigint) {
    this.#last = last;
  }

  /** `scatter` in [0, 1) stands for what the machine and the sequence number would be. */
  next(milliseconds: number, scatter: number): bigint {
    const ofTime = ((BigInt(Math.max(0, milliseconds)) - EPOCH) << LOW_BITS) + BigInt(Math.floor(scatter * 2 ** 20));
    const afterLast = this.#last + 1n + BigInt(Math.floor(scatter * 4_096));
    this.#last = ofTime > this.#last ? ofTime : afterLast;
    return this.#last;
  }
}
