/** Work that is done one after another, in the order in which it was asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** `work` begins when all that was asked for before has ended; its failure goes to whoever asked for it. */
  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const done = this.#last.then(work).finally(() => {
      this.#waiting--;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Nothing is under way or waits. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** Resolves when all that was asked for until now has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
