import type { Time, Timer } from '../../../common/time.ts';

/** Ids that were given to new members which have not come back with them yet (KIP-394). */
export class PendingMembers {
  readonly #time: Time;
  readonly #timers = new Map<string, Timer>();

  constructor(time: Time) {
    this.#time = time;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** `onExpired` is called when nobody has come with it in `timeoutMs`. */
  add(memberId: string, timeoutMs: number, onExpired: () => void): void {
    const timer = this.#time.timer(timeoutMs, () => {
      this.#timers.delete(memberId);
      onExpired();
    });
    this.#timers.set(memberId, timer);
  }

  /** False when it was not one of them. */
  take(memberId: string): boolean {
    this.#timers.get(memberId)?.cancel();
    return this.#timers.delete(memberId);
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
