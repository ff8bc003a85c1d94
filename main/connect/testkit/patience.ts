import { systemTime } from '../../time.ts';
import { ContractViolation } from './contract-violation.ts';
import type { MockTime } from './mock-time.ts';

/** Of the mock clock, which runs as fast as the machine allows. */
const STEP_MS = 5;
/** Of the machine's clock: for files and sockets, and for what waits for nothing at all. */
const REAL_LIMIT_MS = 10_000;

/**
 * Resolves as `work` does, while the mock clock is moved on whenever something waits for it. Rejects with a
 * ContractViolation when `limitMs` of the mock clock, or ten seconds of the machine's, have gone by.
 */
export async function within<T>(time: MockTime, limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let done = false;
  const end = () => {
    done = true;
  };
  work.then(end, end);
  const [start, realStart] = [time.milliseconds(), systemTime.hiResMilliseconds()];
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    // Real reads take no mock time: the clock moves only when somebody sleeps.
    if (!done && time.pending > 0) await time.advance(STEP_MS);
    if (done) break;
    const late = time.milliseconds() - start > limitMs;
    if (late || systemTime.hiResMilliseconds() - realStart > REAL_LIMIT_MS)
      throw new ContractViolation(`${what} (${late ? limitMs : REAL_LIMIT_MS} ms went by)`);
  }
  return work;
}
