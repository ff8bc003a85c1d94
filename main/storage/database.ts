import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { ConnectException } from '../../common/errors.ts';
import type { Time } from '../../common/time.ts';
import { backUp, backupIsDue } from './backup.ts';
import { FileLock } from './file-lock.ts';
import { checkMigrations, latestVersion, type Migration } from './migration.ts';
import { storageError } from './storage-error.ts';
import { APPLICATION_ID, checkContents, checkFile, isMissing } from './usability.ts';
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
      const isNew = isMissing(file, migrations);
      if (isNew) create(file, migrations, time);
      checkFile(file, migrations);
      connection = connect(file);
      migrate(connection, file, migrations, time);
      prepareForUse(connection, file, migrations, time);
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
    checkContents(connection, file, migrations);
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

function prepareForUse(
  connection: BetterSqlite3.Database,
  file: string,
  migrations: readonly Migration[],
  time: Time,
): void {
  checkContents(connection, file, migrations);
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
