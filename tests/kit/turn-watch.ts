/**
 * Watches the turns of this process's event loop while something goes on in it: the CPU time of the longest one, which
 * hardly depends on the machine's load, and the memory.
 */
export class TurnWatch {
  #longest = 0;
  #rss = process.memoryUsage.rss();
  readonly #rssBefore = this.#rss;
  #running = true;
  readonly #ended: Promise<void>;

  constructor() {
    this.#ended = this.#watch();
  }

  async #watch(): Promise<void> {
    for (let turn = 0; this.#running; turn++) {
      const before = process.threadCpuUsage?.() ?? process.cpuUsage();
      await new Promise((resolve) => setImmediate(resolve));
      const { user, system } = process.threadCpuUsage?.(before) ?? process.cpuUsage(before);
      this.#longest = Math.max(this.#longest, (user + system) / 1000);
      if (turn % 16 === 0) this.#rss = Math.max(this.#rss, process.memoryUsage.rss());
    }
  }

  async stop(): Promise<{ readonly longestMs: number; readonly grownMiB: number }> {
    this.#running = false;
    await this.#ended;
    const rss = Math.max(this.#rss, process.memoryUsage.rss());
    return { longestMs: this.#longest, grownMiB: (rss - this.#rssBefore) / 1024 / 1024 };
  }
}
