import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/**
 * Says that one process owns what lies beside `<path>`. The lock is the operating system's own (taken through SQLite,
 * which has the right call on each system) on a file that stays empty, so a killed process leaves no obstacle.
 *
 * Nothing else in this process may open the lock file: on POSIX, closing any descriptor of a file drops its locks.
 */
export class FileLock {
  static readonly #held = new Set<string>();
  readonly #path: string;
  readonly #connection: BetterSqlite3.Database;

  private constructor(path: string, connection: BetterSqlite3.Database) {
    this.#path = path;
    this.#connection = connection;
  }

  /** Null when somebody else has it, after waiting `waitMs` for them to finish. The folder must exist. */
  static acquire(path: string, waitMs: number): FileLock | null {
    const real = join(realpathSync(dirname(path)), basename(path));
    if (FileLock.#held.has(real)) return null;
    const connection = new BetterSqlite3(real, { timeout: waitMs });
    try {
      connection.pragma('journal_mode = MEMORY');
      connection.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      connection.close();
      if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
      throw error;
    }
    FileLock.#held.add(real);
    return new FileLock(real, connection);
  }

  release(): void {
    if (!FileLock.#held.delete(this.#path)) return;
    this.#connection.exec('ROLLBACK');
    this.#connection.close();
  }
}
