import { existsSync, statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { newestGoodBackup } from './backup.ts';
import { latestVersion, type Migration } from './migration.ts';
import { unreadable } from './storage-error.ts';
import { readVersions } from './versions.ts';

/** Marks files as ours in SQLite's header: `RNNL`. */
export const APPLICATION_ID = 0x524e4e4c;

/** A backup on its way to the place of a damaged store. While it is there the restore has not ended. */
export const restoring = (file: string) => `${file}.restoring`;

/** True for a store that was never there. Remains of one that is gone are an error. */
export function isMissing(file: string, migrations: readonly Migration[]): boolean {
  if (existsSync(restoring(file)))
    throw unreadable(file, 'a restore of its backup was cut short', `Run \`runnel restore-backup ${file}\` again.`);
  if (existsSync(file)) return false;
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw unreadable(file, 'the file is gone but its -wal file is there', restoreHint(file, migrations));
  return true;
}

/** Refuses what this program can't use, reading only: no byte of such a file changes. */
export function checkFile(file: string, migrations: readonly Migration[]): void {
  const stat = statSync(file);
  const hint = () => restoreHint(file, migrations);
  if (!stat.isFile()) throw unreadable(file, 'it is not a regular file', hint());
  if (stat.size === 0) throw unreadable(file, 'it is empty', hint());
  const versions = readVersions(file);
  if (versions === undefined) throw unreadable(file, 'it is damaged or not a SQLite database', hint());
  if (versions.applicationId !== APPLICATION_ID)
    throw unreadable(file, 'it was not made by Runnel', 'Name another file.');
  const latest = latestVersion(migrations);
  if (versions.userVersion > latest && versions.minReaderVersion > latest) {
    throw unreadable(
      file,
      `it was written by a newer Runnel (schema ${versions.userVersion}, this one knows ${latest})`,
      `Use the newer Runnel. ${hint()} Nothing was changed.`,
    );
  }
}

export function checkContents(
  connection: BetterSqlite3.Database,
  file: string,
  migrations: readonly Migration[],
): void {
  const findings = connection.pragma('quick_check(1)', { simple: true });
  if (findings !== 'ok') throw unreadable(file, `it is damaged (${findings})`, restoreHint(file, migrations));
}

function restoreHint(file: string, migrations: readonly Migration[]): string {
  const backup = newestGoodBackup(file, latestVersion(migrations));
  return backup === undefined
    ? 'There is no backup of it that can be used: move it away to start anew (source connectors then begin at their start).'
    : `The newest good backup is ${backup}: \`runnel restore-backup ${file}\` puts it in its place.`;
}
