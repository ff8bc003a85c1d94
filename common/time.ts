/** The clock, passed in wherever time matters, so that tests move it by hand. Java: `org.apache.kafka.common.utils.Time`. */
export interface Time {
  /** Wall clock, ms since 1970 UTC. May jump: only for timestamps that people see or records carry. */
  milliseconds(): number;
  /** Monotonic, ns from an arbitrary start. For intervals and time-outs. */
  nanoseconds(): bigint;
  /** Monotonic, ms (fractional) from an arbitrary start. */
  hiResMilliseconds(): number;
  /** Calls `callback` once after `delayMs` unless cancelled. */
  timer(delayMs: number, callback: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** Resolves after `ms`, or at once when `signal` aborts (it does not reject: look at the signal). */
export function sleep(time: Time, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = time.timer(ms, done);
    signal?.addEventListener('abort', done);
  });
}
