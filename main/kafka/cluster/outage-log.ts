import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { AuthenticationException } from '../errors.ts';

/** Keeps in mind whether brokers can be reached, and says so once an outage where nobody else would. */
export class OutageLog {
  readonly #time: Time;
  readonly #logger: Logger | null;
  #everReached = false;
  #current: { sinceMs: number; error: Error } | null = null;
  #puzzled = false;

  /** Without a logger it is silent: whoever asks is told by an error. */
  constructor(time: Time, logger: Logger | null) {
    this.#time = time;
    this.#logger = logger;
  }

  get everReached(): boolean {
    return this.#everReached;
  }

  /** `sinceMs` is wall-clock time. */
  get current(): { sinceMs: number; error: Error } | null {
    return this.#current;
  }

  began(error: Error): void {
    if (this.#current) {
      this.#current.error = error;
      return;
    }
    this.#current = { sinceMs: this.#time.milliseconds(), error };
    // Who waits is told of what waiting won't help.
    if (error instanceof AuthenticationException) return;
    this.#logger?.warn(`${error.message}; trying again until it can be reached`);
  }

  over(): void {
    this.#everReached = true;
    if (this.#current) this.#logger?.info('A broker can be reached again');
    this.#current = null;
  }

  /** An answer that can't be understood will hardly be another the next time. */
  puzzled(error: Error): void {
    if (!this.#puzzled) this.#logger?.warn(`The metadata of the cluster can't be had: ${error.message}; trying again`);
    this.#puzzled = true;
  }

  understood(): void {
    this.#puzzled = false;
  }
}
