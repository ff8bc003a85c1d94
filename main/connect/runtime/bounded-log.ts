import type { LogEntry } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';

const LINES_PER_SECOND = 200;
const MAX_CHARACTERS = 16_384;

/**
 * A log that a plugin can't flood: so many lines a second, each of a length that can be read. How many were left out is
 * said in the log itself.
 */
export function boundedLog(time: Time, write: (entry: LogEntry) => void): (entry: LogEntry) => void {
  let second = 0;
  let lines = 0;
  let dropped = 0;
  return (entry) => {
    const now = Math.floor(time.hiResMilliseconds() / 1_000);
    if (now !== second) {
      second = now;
      lines = 0;
      if (dropped > 0)
        write({ ...entry, level: 'WARN', text: `${dropped} lines of the log were left out`, trace: undefined });
      dropped = 0;
    }
    if (++lines > LINES_PER_SECOND) dropped++;
    else write({ ...entry, text: cut(entry.text), ...(entry.trace !== undefined && { trace: cut(entry.trace) }) });
  };
}

function cut(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}… (${text.length} characters)`;
}
