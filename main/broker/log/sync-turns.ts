/** More at once bring nothing: Node has four threads for files. */
const SYNCS_AT_ONCE = 16;

/**
 * Syncs of many logs in the order in which they were asked for, a few at a time: each keeps files open that may not be
 * closed meanwhile, and thousands of partitions may want theirs in the same turn of the event loop.
 */
export class SyncTurns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Begins `sync` at once when there is room. */
  async run(sync: () => Promise<void>): Promise<void> {
    if (this.#running >= SYNCS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      await sync();
    } finally {
      // The turn goes on to the next one in line.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
