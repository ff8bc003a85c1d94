/** Something with bytes to write at the end of this turn of the event loop. */
export interface Flushable {
  flush(): void;
}

/** Written in one turn of the event loop: with thousands of them other connections have theirs between. */
const LOGS_A_TURN = 128;

/**
 * Gathers what came in one turn of the event loop, from however many connections, into one write for each partition:
 * more writes cost more than they bring, asynchronous ones let buffers pile up.
 */
export class FlushQueue {
  readonly #waiting = new Set<Flushable>();
  #scheduled = false;

  add(log: Flushable): void {
    this.#waiting.add(log);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const turn: Flushable[] = [];
    for (const log of this.#waiting) {
      if (turn.length === LOGS_A_TURN) break;
      turn.push(log);
      this.#waiting.delete(log);
    }
    for (const log of turn) log.flush();
    if (this.#waiting.size > 0) this.#schedule();
  }
}
