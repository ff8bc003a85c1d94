import type { Time, Timer } from '../../../common/time.ts';

/**
 * What a member of a consumer group has to do in time: to say that it is there, to give partitions back, and, when it
 * speaks the classic protocol, to join again and to ask for its part.
 */
export type Duty = 'beat' | 'revoke' | 'join' | 'sync';

/** What members of a group have to do, and until when. */
export class MemberTimers {
  readonly #time: Time;
  readonly #overdue: (memberId: string) => void;
  readonly #timers = new Map<Duty, Map<string, Timer>>([
    ['beat', new Map()],
    ['revoke', new Map()],
    ['join', new Map()],
    ['sync', new Map()],
  ]);

  /** `overdue` is told of a member that did not do it in time. */
  constructor(time: Time, overdue: (memberId: string) => void) {
    this.#time = time;
    this.#overdue = overdue;
  }

  /** It has to be done in `ms` from now. */
  set(duty: Duty, memberId: string, ms: number): void {
    const timers = this.#timers.get(duty)!;
    timers.get(memberId)?.cancel();
    const timer = this.#time.timer(ms, () => {
      timers.delete(memberId);
      this.#overdue(memberId);
    });
    timers.set(memberId, timer);
  }

  /** As `set`, unless it has to be done by some time anyway. */
  setOnce(duty: Duty, memberId: string, ms: number): void {
    if (!this.#timers.get(duty)!.has(memberId)) this.set(duty, memberId, ms);
  }

  done(duty: Duty, memberId: string): void {
    const timers = this.#timers.get(duty)!;
    timers.get(memberId)?.cancel();
    timers.delete(memberId);
  }

  /** The member has left. */
  allDone(memberId: string): void {
    for (const duty of this.#timers.keys()) this.done(duty, memberId);
  }

  close(): void {
    for (const timers of this.#timers.values()) {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    }
  }
}
