import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { ConnectException } from '../../common/errors.ts';
import type { Time } from '../../common/time.ts';
import { backUp, backupIsDue, newestBackup } from './backup.ts';
import { FileLock } from './file-lock.ts';
import { checkMigrations, latestVersion, type Migration } from './migration.ts';
import { storageError, unreadable } from './storage-error.ts';
import { fsyncFolder, readVersions } from './versions.ts';

export interface DatabaseOptions {
  /** Absolute path; its folder is made (0700) when it is missing. */
  file: string;
  migrations: readonly Migration[];
  time: Time;
  /** How long to wait for a process that is just ending. */
  lockWaitMs?: number;
  /** A backup is made at the opening when the newest is older than this (the last three stay); absent: at migrations only. */
  backUpEveryMs?: number;
}

/** A value that SQLite holds; integers come back as bigint, always. */
export type SqlValue = string | bigint | number | Uint8Array | null;

export interface Statement<Row> {
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  /** The number of rows that were changed. */
  run(...values: SqlValue[]): number;
}

/** Marks files as ours in SQLite's header: `RNNL`. */
const APPLICATION_ID = 0x524e4e4c;

/**
 * A SQLite file with one connection and one owner. WAL with `synchronous=FULL`: what a transaction wrote is on the
 * disk when it returns (and on macOS past the drive's cache). A file that is damaged, foreign or newer is an error,
 * never an empty store, and stays as it is.
 */
export class Database {
  readonly file: string;
  readonly #connection: BetterSqlite3.Database;
  readonly #lock: FileLock;
  #open = true;

  private constructor(file: string, connection: BetterSqlite3.Database, lock: FileLock) {
    this.file = file;
    this.#connection = connection;
    this.#lock = lock;
  }

  /** Throws ConnectException: DATA_LOCKED, DATA_UNREADABLE, DATA_READ_ONLY, DISK_FULL. */
  static open(options: DatabaseOptions): Database {
    const { file, migrations, time } = options;
    checkMigrations(migrations);
    makeFolder(dirname(file));
    const lock = lockOf(file, options.lockWaitMs ?? 500);
    let connection: BetterSqlite3.Database | undefined;
    try {
      const isNew = missing(file);
      if (isNew) create(file, migrations, time);
      check(file, migrations);
      connection = connect(file);
      migrate(connection, file, migrations, time);
      prepareForUse(connection, file, time);
      if (!isNew && backupIsDue(file, time, options.backUpEveryMs))
        backUp(connection, file, Number(connection.pragma('user_version', { simple: true })), time);
      return new Database(file, connection, lock);
    } catch (error) {
      connection?.close();
      lock.release();
      throw storageError(file, error);
    }
  }

  prepare<Row = unknown>(sql: string): Statement<Row> {
    const statement = this.#connection.prepare<SqlValue[], Row>(sql);
    return {
      get: (...values) => this.#guard(() => statement.get(...values)),
      all: (...values) => this.#guard(() => statement.all(...values)),
      run: (...values) => this.#guard(() => statement.run(...values).changes),
    };
  }

  /** All or nothing, durable when it returns. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.#connection.inTransaction) return work();
    return this.#guard(() => this.#connection.transaction(work).immediate());
  }

  /** Writes the WAL back into the file and gives the file free. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#connection.close();
    this.#lock.release();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storageError(this.file, error);
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConnectException(`Can't make the folder ${folder}: ${(error as Error).message}`, {
      code: 'DATA_UNREADABLE',
      key: folder,
      hint: 'Name another folder, or make this one writable.',
      cause: error,
    });
  }
}

function lockOf(file: string, waitMs: number): FileLock {
  let lock: FileLock | null;
  try {
    lock = FileLock.acquire(`${file}.lock`, waitMs);
  } catch (error) {
    throw storageError(`${file}.lock`, error);
  }
  if (lock !== null) return lock;
  const holder = existsSync(file) ? readVersions(file)?.openedBy : undefined;
  throw new ConnectException(
    `State store ${file} is in use by another process${holder === undefined ? '' : ` (${holder})`}`,
    {
      code: 'DATA_LOCKED',
      key: file,
      hint: 'End that process first, or give this one a data folder of its own.',
    },
  );
}

/** True for a store that was never there. Remains of one that is gone are an error. */
function missing(file: string): boolean {
  if (existsSync(file)) return false;
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw unreadable(file, 'the file is gone but its -wal file is there', restoreHint(file));
  }
  return true;
}

/** Made beside its place and renamed, so that a half-made store never bears the name. */
function create(file: string, migrations: readonly Migration[], time: Time): void {
  const unfinished = `${file}.new`;
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + part, { force: true });
  const connection = connect(unfinished);
  try {
    chmodSync(unfinished, 0o600);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
    connection.exec('CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID');
    migrate(connection, unfinished, migrations, time);
  } finally {
    connection.close();
  }
  renameSync(unfinished, file);
  fsyncFolder(dirname(file));
}

/** Refuses what this program can't use, reading only: no byte of such a file changes. */
function check(file: string, migrations: readonly Migration[]): void {
  const stat = statSync(file);
  if (!stat.isFile()) throw unreadable(file, 'it is not a regular file', 'Name a file.');
  if (stat.size === 0) throw unreadable(file, 'it is empty', restoreHint(file));
  const versions = readVersions(file);
  if (versions === undefined) throw unreadable(file, 'it is damaged or not a SQLite database', restoreHint(file));
  if (versions.applicationId !== APPLICATION_ID)
    throw unreadable(file, 'it was not made by Runnel', 'Name another file.');
  const latest = latestVersion(migrations);
  if (versions.userVersion > latest && versions.minReaderVersion > latest) {
    throw unreadable(
      file,
      `it was written by a newer Runnel (schema ${versions.userVersion}, this one knows ${latest})`,
      `Use the newer Runnel${backupHint(file)}. Nothing was changed.`,
    );
  }
}

function connect(file: string): BetterSqlite3.Database {
  const connection = new BetterSqlite3(file, { timeout: 5_000 });
  connection.defaultSafeIntegers(true);
  connection.pragma('journal_mode = WAL');
  return connection;
}

function migrate(connection: BetterSqlite3.Database, file: string, migrations: readonly Migration[], time: Time): void {
  const from = Number(connection.pragma('user_version', { simple: true }));
  if (from >= latestVersion(migrations)) return;
  setDurable(connection);
  if (from > 0) {
    checkContents(connection, file);
    backUp(connection, file, from, time);
  }
  const setMinReader = connection.prepare(
    `INSERT INTO meta VALUES ('min_reader_version', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  for (const migration of migrations.slice(from)) {
    const step = connection.transaction(() => {
      connection.exec(migration.sql);
      setMinReader.run(migration.minReaderVersion);
      connection.pragma(`user_version = ${migration.version}`);
    });
    step.immediate();
  }
}

function prepareForUse(connection: BetterSqlite3.Database, file: string, time: Time): void {
  checkContents(connection, file);
  setDurable(connection);
  connection.pragma('foreign_keys = ON');
  connection
    .prepare(`INSERT INTO meta VALUES ('opened_by', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
    .run(`process ${process.pid} since ${new Date(time.milliseconds()).toISOString()}`);
  // Only after a write does SQLite show what it will really do: better-sqlite3 is compiled with NORMAL for WAL.
  const synchronous = connection.pragma('synchronous', { simple: true });
  if (synchronous !== 2n) throw new Error(`SQLite says synchronous=${synchronous}: commits would not be durable`);
}

function setDurable(connection: BetterSqlite3.Database): void {
  connection.pragma('synchronous = FULL');
  // macOS: fsync alone stops at the drive's cache. Without effect elsewhere.
  connection.pragma('fullfsync = ON');
  connection.pragma('checkpoint_fullfsync = ON');
}

function checkContents(connection: BetterSqlite3.Database, file: string): void {
  const findings = connection.pragma('quick_check(1)', { simple: true });
  if (findings !== 'ok') throw unreadable(file, `it is damaged (${findings})`, restoreHint(file));
}

function restoreHint(file: string): string {
  const backup = newestBackup(file);
  return backup === undefined
    ? 'Put a backup in its place, or move it away to start anew (source connectors then begin at their start).'
    : `The newest backup is ${backup}: put it in its place.`;
}

function backupHint(file: string): string {
  const backup = newestBackup(file);
  return backup === undefined ? '' : `, or put the backup ${backup} in its place`;
}
