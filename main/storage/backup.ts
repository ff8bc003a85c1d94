import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Time } from '../../common/time.ts';
import { unreadable } from './storage-error.ts';
import { fsyncFolder } from './versions.ts';

/** How many stay; older ones are removed. */
const KEPT = 3;

/**
 * A verified copy of the whole store, `<file>.backup-v1-20261123T104218177Z`. Named only once it is complete and
 * checked.
 */
export function backUp(connection: BetterSqlite3.Database, file: string, version: number, time: Time): string {
  const target = `${file}.backup-v${version}-${timeStamp(time)}`;
  const unfinished = `${target}.new`;
  rmSync(unfinished, { force: true });
  connection.prepare('VACUUM INTO ?').run(unfinished);
  chmodSync(unfinished, 0o600);
  const copy = new BetterSqlite3(unfinished, { readonly: true });
  try {
    const findings = copy.pragma('integrity_check(1)', { simple: true });
    if (findings !== 'ok')
      throw unreadable(unfinished, `the backup is damaged (${findings})`, 'Check the disk; the store is as it was.');
  } finally {
    copy.close();
  }
  renameSync(unfinished, target);
  fsyncFolder(dirname(file));
  for (const old of backupsOf(file).slice(KEPT)) rmSync(old);
  return target;
}

/** `20261123T104218177Z`, for names of files. */
export function timeStamp(time: Time): string {
  return new Date(time.milliseconds()).toISOString().replace(/[-:.]/g, '');
}

/** Newest first, by the time in the name. */
export function backupsOf(file: string): string[] {
  const folder = dirname(file);
  if (!existsSync(folder)) return [];
  const prefix = `${basename(file)}.backup-v`;
  const stamp = (name: string) => name.slice(name.lastIndexOf('-') + 1);
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && /^\d{8}T\d{9}Z$/.test(stamp(name)))
    .sort((a, b) => (stamp(a) < stamp(b) ? 1 : -1))
    .map((name) => join(folder, name));
}

export function backupIsDue(file: string, time: Time, everyMs: number | undefined): boolean {
  if (everyMs === undefined) return false;
  const newest = backupsOf(file)[0];
  if (newest === undefined) return true;
  const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\d{3}Z$/.exec(newest) ?? [];
  const made = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  // A clock that was set back must not end backups for good.
  return Math.abs(time.milliseconds() - made) >= everyMs;
}

/** Of those whose schema is at most `latest`; each is read, since a disk that damages one file may damage others. */
export function newestGoodBackup(file: string, latest: number): string | undefined {
  return backupsOf(file).find((backup) => versionOf(backup) <= latest && isGood(backup));
}

function versionOf(backup: string): number {
  return Number(/\.backup-v(\d+)-[^-]+$/.exec(backup)?.[1] ?? Number.NaN);
}

function isGood(backup: string): boolean {
  let connection: BetterSqlite3.Database | undefined;
  try {
    connection = new BetterSqlite3(backup, { readonly: true, fileMustExist: true });
    return connection.pragma('integrity_check(1)', { simple: true }) === 'ok';
  } catch (error) {
    if (error instanceof BetterSqlite3.SqliteError) return false;
    throw error;
  } finally {
    connection?.close();
  }
}
