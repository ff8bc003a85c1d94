import BetterSqlite3 from 'better-sqlite3';
import { ConnectException, type KafkaException } from '../../common/errors.ts';

/** What can be done about the failures of SQLite that a person can do something about. */
const CURES: Readonly<Record<string, { code: string; what: string; hint: string }>> = {
  SQLITE_FULL: {
    code: 'DISK_FULL',
    what: 'the disk is full',
    hint: 'Free some space; Runnel goes on by itself.',
  },
  SQLITE_READONLY: {
    code: 'DATA_READ_ONLY',
    what: 'it can only be read',
    hint: 'Make the file and its folder writable for this user.',
  },
  SQLITE_CANTOPEN: {
    code: 'DATA_UNREADABLE',
    what: 'it cannot be opened',
    hint: 'Check that its folder exists and that this user may write there.',
  },
  SQLITE_CORRUPT: {
    code: 'DATA_UNREADABLE',
    what: 'it is damaged',
    hint: 'Start again: it is looked at then, and the backup that can take its place is named.',
  },
  SQLITE_NOTADB: {
    code: 'DATA_UNREADABLE',
    what: 'it is not a SQLite database',
    hint: 'Put a backup in its place, or name another file.',
  },
  SQLITE_IOERR: {
    code: 'DATA_IO_ERROR',
    what: 'the disk reports an error',
    hint: 'Check the disk; what was answered before is kept.',
  },
};

/** SQLite's error as one sentence with the file's name; other errors pass as they are. */
export function storageError(file: string, error: unknown): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) return error;
  const family = /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? error.code;
  const known = CURES[family];
  return known === undefined
    ? new ConnectException(`State store ${file}: ${error.message} (${error.code})`, {
        code: 'STORAGE_ERROR',
        key: file,
        cause: error,
      })
    : new ConnectException(`State store ${file}: ${known.what} (${error.message})`, {
        code: known.code,
        hint: known.hint,
        key: file,
        cause: error,
      });
}

/** The store is there but can't be trusted: never taken for an empty one. */
export function unreadable(file: string, reason: string, hint: string, cause?: unknown): KafkaException {
  return new ConnectException(`State store ${file} can't be used: ${reason}`, {
    code: 'DATA_UNREADABLE',
    key: file,
    hint,
    cause,
  });
}
