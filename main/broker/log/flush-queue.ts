/** Something with bytes to write at the end of this turn of the event loop. */
export interface Flushable {
  flush(): void;
}

/**
 * Gathers what came in one turn of the event loop, from however many connections, into one write for each partition:
 * more writes cost more than they bring, asynchronous ones let buffers pile up.
 */
export class FlushQueue {
  #waiting = new Set<Flushable>();
  #scheduled = false;

  add(log: Flushable): void {
    this.#waiting.add(log);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#scheduled = false;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const log of waiting) log.flush();
  }
}
