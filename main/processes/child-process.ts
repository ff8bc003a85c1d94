import { join } from 'node:path';
import type { Logger } from '../../common/logger.ts';
import { logFile } from '../log-file.ts';
import { createLogger, writeToStderr } from '../logging.ts';
import { systemTime } from '../time.ts';

/** A log that goes to stderr and to `<name>.log` of the folder. */
export function processLog(folder: string, name: string) {
  const writeToFile = logFile(join(folder, `${name}.log`));
  const write: Parameters<typeof createLogger>[0]['write'] = (entry) => {
    writeToStderr(entry);
    writeToFile(entry);
  };
  return { write, logger: createLogger({ time: systemTime, write }) };
}

/**
 * What signals and failures mean for a process that another one owns: a terminal's Ctrl-C reaches all of them and is
 * the owner's to decide; SIGTERM ends this one cleanly; an error that nobody caught ends it at once, to be started anew.
 */
export function liveAsChild(logger: () => Logger | undefined, stop: () => Promise<void>): void {
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => void stop().then(exitSoon, exitWith(1)));
  process.on('uncaughtException', (error) => {
    const log = logger();
    if (log) log.error('This process has failed and ends', error);
    else console.error(error);
    process.exit(1);
  });
}

/** Lets the answer that is being sent leave first. */
export function exitSoon(): void {
  setImmediate(() => process.exit(0));
}

function exitWith(code: number): () => void {
  return () => process.exit(code);
}
