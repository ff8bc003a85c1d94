import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { createLogger } from '../../logging.ts';

/** A logger whose lines a test reads: `WARN text`. */
export function testLogger(time: Time): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return {
    logger: createLogger({ time, write: (entry) => lines.push(`${entry.level} ${entry.text}`), level: 'INFO' }),
    lines,
  };
}
