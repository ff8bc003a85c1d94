import type { Time } from '../common/time.ts';

/** The machine's own clock: the one place where the program asks it. */
export const systemTime: Time = {
  milliseconds: () => Date.now(),
  nanoseconds: () => process.hrtime.bigint(),
  hiResMilliseconds: () => performance.now(),
  timer(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
