import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { ConnectException } from '../../common/errors.ts';
import type { Time } from '../../common/time.ts';
import { newestGoodBackup, timeStamp } from './backup.ts';
import { FileLock } from './file-lock.ts';
import { latestVersion, type Migration } from './migration.ts';
import { storageError } from './storage-error.ts';
import { checkContents, checkFile, isMissing, restoring } from './usability.ts';
import { fsyncFolder } from './versions.ts';

export interface Restored {
  backup: string;
  /** Where what was there is now; null when there was nothing. */
  setAside: string | null;
}

/**
 * Puts the newest good backup in the place of a store that can't be used, which is set aside with its -wal: SQLite
 * would write that into whatever bears the name. A restore that is cut short leaves a store that refuses to open until
 * it is restored again. Throws ConnectException: DATA_LOCKED, DATA_USABLE (nothing to restore), DATA_UNREADABLE (no
 * backup).
 */
export function restoreBackup(file: string, migrations: readonly Migration[], time: Time): Restored {
  const lock = existsSync(dirname(file)) ? FileLock.acquire(`${file}.lock`, 500) : null;
  if (lock === null)
    throw new ConnectException(`State store ${file} is in use by another process, or its folder is not there`, {
      code: 'DATA_LOCKED',
      key: file,
      hint: 'End that process first, and look at the path.',
    });
  try {
    const copy = restoring(file);
    const backup = newestGoodBackup(file, latestVersion(migrations));
    if (!existsSync(copy)) checkUnusable(file, migrations);
    if (backup === undefined)
      throw new ConnectException(`There is no backup of ${file} that can be used`, {
        code: 'DATA_UNREADABLE',
        key: file,
        hint: 'Move the file away to start anew: source connectors then begin at their start.',
      });
    rmSync(copy, { force: true });
    copyDurably(backup, copy);
    const setAside = setStoreAside(file, `${file}.damaged-${timeStamp(time)}`);
    renameSync(copy, file);
    fsyncFolder(dirname(file));
    return { backup, setAside };
  } finally {
    lock.release();
  }
}

function checkUnusable(file: string, migrations: readonly Migration[]): void {
  try {
    if (isMissing(file, migrations)) return;
    checkFile(file, migrations);
    const connection = new BetterSqlite3(file, { readonly: true });
    try {
      checkContents(connection, file, migrations);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof ConnectException) return;
    if (error instanceof BetterSqlite3.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) return;
    // That it may not be read, for one, is no damage.
    throw storageError(file, error);
  }
  throw new ConnectException(`State store ${file} is as it should be: nothing was restored`, {
    code: 'DATA_USABLE',
    key: file,
    hint: 'To go back to a backup all the same, move the store and its -wal file away first, and copy the backup there.',
  });
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
  const descriptor = openSync(to, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  fsyncFolder(dirname(to));
}

function setStoreAside(file: string, aside: string): string | null {
  let moved = false;
  for (const part of ['', '-wal', '-shm', '-journal']) {
    if (!existsSync(file + part)) continue;
    renameSync(file + part, aside + part);
    moved = true;
  }
  return moved ? aside : null;
}
