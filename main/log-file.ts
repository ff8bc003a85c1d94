import { appendFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type { LogEntry } from '../common/logger.ts';

export interface LogFileOptions {
  /** bytes; a file that has reached it is put aside. Default 10 MiB. */
  maxBytes?: number;
  /** How many files that were put aside are kept. Default 5. */
  keep?: number;
}

/**
 * Writes entries as JSON lines. `worker.log` is the newest, then `worker.log.1` and so on. Each line is written at
 * once: the last one before a crash is the one that is looked for.
 */
export function logFile(path: string, { maxBytes = 10 * 1024 * 1024, keep = 5 }: LogFileOptions = {}) {
  let size = existsSync(path) ? statSync(path).size : 0;
  return (entry: LogEntry): void => {
    const line = `${JSON.stringify({ ...entry, time: new Date(entry.time).toISOString() })}\n`;
    if (size >= maxBytes) {
      rotate(path, keep);
      size = 0;
    }
    appendFileSync(path, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  };
}

function rotate(path: string, keep: number): void {
  rmSync(`${path}.${keep}`, { force: true });
  for (let n = keep - 1; n >= 1; n--) if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  if (keep > 0) renameSync(path, `${path}.1`);
  else rmSync(path);
}
