/** Who waits for records: told each time the high watermark moves or the log ends. They stay while the log is opened anew. */
export class LogWatchers {
  readonly #listeners = new Set<() => void>();
  /** Counts bytes as they come below the high watermark: what a waiting reader gets is the difference. */
  visibleBytes = 0;

  /** Returns how to stop that. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
