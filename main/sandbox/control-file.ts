import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the lock, for its owner alone, as long as the sandbox runs. */
export const CONTROL_FILE = '.lock.control';

/** Where a sandbox that runs is asked, and the secret that only who reads its folder knows. */
export interface ControlFile {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
}

/** The file is there whole, or not at all. */
export function writeControlFile(folder: string, control: ControlFile): void {
  const file = join(folder, CONTROL_FILE);
  writeFileSync(`${file}.tmp`, JSON.stringify(control), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

export function removeControlFile(folder: string): void {
  rmSync(join(folder, CONTROL_FILE), { force: true });
}

/** Of the sandbox that has the folder's lock; one that was killed has left its own behind. */
export function readControlFile(folder: string): ControlFile | undefined {
  const file = join(folder, CONTROL_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ControlFile) : undefined;
}
