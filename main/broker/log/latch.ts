/** Something that happens once, well or badly. Waiting costs a promise only for those who wait. */
export class Latch {
  #settled = false;
  #error: unknown;
  #waiters: (() => void)[] = [];

  get isSettled(): boolean {
    return this.#settled;
  }

  get error(): unknown {
    return this.#error;
  }

  settle(error?: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#error = error;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => (this.#error === undefined ? resolve() : reject(this.#error));
      if (this.#settled) end();
      else this.#waiters.push(end);
    });
  }

  static done(): Latch {
    const latch = new Latch();
    latch.settle();
    return latch;
  }
}
