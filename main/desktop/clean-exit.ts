import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Marks that the program runs; a mark that is already there at the start says that the run before did not end
 * cleanly. The mark goes when everything is closed.
 */
export function markRunning(folder: string): { uncleanExit: boolean; clear(): void } {
  const path = join(folder, 'running');
  const uncleanExit = existsSync(path);
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  return { uncleanExit, clear: () => rmSync(path, { force: true }) };
}
