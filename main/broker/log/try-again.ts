import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { isDeviceError } from './storage-errors.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/** Longer than it takes until a place counts as damaged: what fails then is the whole disk. */
const PATIENCE_MS = 60_000;

/** At a start: the work, once more after a pause as long as the device fails, for a minute at most. */
export async function tryAgain<T>(time: Time, logger: Logger, what: string, work: () => T): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      const { cause } = error as Error;
      if (!isDeviceError(error) && !(cause && isDeviceError(cause))) throw error;
      if (waitedMs >= PATIENCE_MS) throw error;
      logger.warn(`${what} can't be opened: ${(error as Error).message}. It is tried again in ${pauseMs / 1000} s.`);
    }
    await sleep(time, pauseMs);
    waitedMs += pauseMs;
  }
}
