import { sleep, type Time, type Timer } from '../../../common/time.ts';
import { ClientClosedException } from '../errors.ts';

export interface MetadataRefreshOptions {
  time: Time;
  maxAgeMs: number;
  backoffMs(attempts: number): number;
  /** One attempt. It says whether what is wanted is complete; what isn't is asked again, ever more slowly. */
  attempt(): Promise<'settled' | 'unsettled'>;
  /** After each attempt, before anyone who waits for it goes on. */
  onAttempt(): void;
}

interface Waiter {
  /** resolved by the attempt with this number or a later one */
  attempt: number;
  resolve(): void;
  reject(error: Error): void;
}

/** When metadata is asked for: on demand, when it is old, and again while something is missing. One attempt at a time. */
export class MetadataRefresh {
  readonly #options: MetadataRefreshOptions;
  readonly #time: Time;
  readonly #closing = new AbortController();
  #stale = false;
  #running = false;
  #attempt = 0;
  #unsettledAttempts = 0;
  #nextAttemptMs = 0;
  #waiters: Waiter[] = [];
  #ageTimer: Timer | null = null;

  constructor(options: MetadataRefreshOptions) {
    this.#options = options;
    this.#time = options.time;
  }

  /** In the background; repeated until it is there. */
  request(): void {
    this.#stale = true;
    if (this.#running || this.#closing.signal.aborted) return;
    this.#running = true;
    void this.#run();
  }

  /** A new topic needs no pause after the refresh before it; one after a failure does. */
  requestAtOnce(): void {
    if (this.#unsettledAttempts === 0) this.#nextAttemptMs = 0;
    this.request();
  }

  /** Resolves after an attempt that began after this call; rejects when that one fails. */
  once(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(new ClientClosedException('The client was closed'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ attempt: this.#attempt + 1, resolve, reject });
      this.request();
    });
  }

  /** No further attempts; who waits is told `error`. */
  close(error: Error): void {
    this.#closing.abort();
    this.#ageTimer?.cancel();
    this.#settle(Number.POSITIVE_INFINITY, error);
  }

  async #run(): Promise<void> {
    const { backoffMs, onAttempt } = this.#options;
    while (this.#stale && !this.#closing.signal.aborted) {
      await sleep(this.#time, Math.max(0, this.#nextAttemptMs - this.#time.hiResMilliseconds()), this.#closing.signal);
      if (this.#closing.signal.aborted) break;
      this.#stale = false;
      const attempt = ++this.#attempt;
      let failure: Error | undefined;
      let outcome: 'settled' | 'unsettled' = 'unsettled';
      try {
        outcome = await this.#options.attempt();
      } catch (error) {
        failure = error as Error;
      }
      if (outcome === 'unsettled') this.#stale = true;
      this.#unsettledAttempts = outcome === 'unsettled' ? this.#unsettledAttempts + 1 : 0;
      this.#nextAttemptMs = this.#time.hiResMilliseconds() + backoffMs(Math.max(0, this.#unsettledAttempts - 1));
      this.#settle(attempt, failure);
      onAttempt();
    }
    this.#running = false;
    this.#watchAge();
  }

  #settle(attempt: number, failure?: Error): void {
    const due = this.#waiters.filter((waiter) => waiter.attempt <= attempt);
    this.#waiters = this.#waiters.filter((waiter) => waiter.attempt > attempt);
    for (const waiter of due) failure ? waiter.reject(failure) : waiter.resolve();
  }

  #watchAge(): void {
    this.#ageTimer?.cancel();
    if (this.#closing.signal.aborted) return;
    const { maxAgeMs } = this.#options;
    this.#ageTimer = this.#time.timer(Math.min(maxAgeMs, 0x7fff_ffff), () => this.request());
  }
}
