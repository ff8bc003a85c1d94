import type { LogEntry, Logger } from '../../common/logger.ts';
import { createLogger } from '../../main/logging.ts';
import { MockTime } from './mock-time.ts';

/** A logger whose lines a test reads: `WARN text`. */
export function recordingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const write = (entry: LogEntry) => lines.push(`${entry.level} ${entry.text}`);
  return { logger: createLogger({ time: new MockTime(), write, level: 'INFO' }), lines };
}
