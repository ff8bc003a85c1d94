import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';
import { CONTROL_FILE, readControlFile } from '../control-file.ts';

/** Of a folder's files: not data, made anew at each start. */
export const NOT_DATA: ReadonlySet<string> = new Set(['.lock', CONTROL_FILE, 'disk-reserve']);

/** While it is held no sandbox runs in the folder. Rejects with DATA_LOCKED when one does. */
export async function lockFolder(folder: string): Promise<{ release(): void }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { FileLock } = await import('../../storage/file-lock.ts');
  const lock = FileLock.acquire(join(folder, '.lock'), LOCK_WAIT_MS);
  if (lock) return lock;
  const pid = readControlFile(folder)?.pid;
  const who = pid === undefined ? 'another Runnel' : `another Runnel (process ${pid})`;
  throw new KafkaException(`The sandbox data in ${folder} is in use by ${who}`, {
    code: 'DATA_LOCKED',
    key: folder,
    hint: 'Stop that sandbox first, by Ctrl-C or in the window where it runs; it can be started again afterwards.',
  });
}

const LOCK_WAIT_MS = 500;
