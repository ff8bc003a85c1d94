import type { Logger } from '../../common/logger.ts';

export interface QuitOptions {
  /** Whether the page should be asked at all. */
  shouldAsk(): boolean;
  /** Ends worker and sandbox cleanly. */
  stop(): Promise<void>;
  /** Ends the program; everything is closed. */
  exit(): void;
  logger: Logger;
}

/**
 * From the wish to quit to the end: the page may ask the person first, then worker and sandbox are ended cleanly. A
 * second wish while the question stands is the answer, so a page that is stuck can't keep the program open.
 */
export class Quit {
  readonly #options: QuitOptions;
  readonly #listeners = new Set<(requested: boolean) => void>();
  #state: 'running' | 'asking' | 'stopping' | 'stopped' = 'running';

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  /** Everything is closed: windows may go. */
  get stopped(): boolean {
    return this.#state === 'stopped';
  }

  onRequest(listener: (requested: boolean) => void): () => void {
    listener(this.#state === 'asking');
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  request(): void {
    if (this.#state === 'running' && this.#listeners.size > 0 && this.#options.shouldAsk()) this.#set('asking');
    else this.confirm();
  }

  cancel(): void {
    if (this.#state === 'asking') this.#set('running');
  }

  confirm(): void {
    if (this.#state === 'stopping' || this.#state === 'stopped') return;
    this.#set('stopping');
    void this.#options
      .stop()
      .catch((error: unknown) => this.#options.logger.error('Not everything could be closed cleanly', error))
      .then(() => {
        this.#set('stopped');
        this.#options.exit();
      });
  }

  #set(state: 'running' | 'asking' | 'stopping' | 'stopped'): void {
    const asked = this.#state === 'asking';
    this.#state = state;
    if (asked !== (state === 'asking')) for (const listener of this.#listeners) listener(state === 'asking');
  }
}
