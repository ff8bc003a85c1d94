import { closeSync, fsyncSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';

export interface Versions {
  applicationId: number;
  userVersion: number;
  minReaderVersion: number;
  /** `process 4711 since 2026-…`: who opened it last. */
  openedBy: string | undefined;
}

/** What a file says of itself, without writing to it. Undefined when it is damaged or no database. */
export function readVersions(file: string): Versions | undefined {
  let connection: BetterSqlite3.Database | undefined;
  try {
    connection = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
    const meta = connection
      .prepare<[], { value: unknown }>(`SELECT 1 AS value FROM sqlite_schema WHERE type = 'table' AND name = 'meta'`)
      .get();
    const read = (key: string) =>
      meta === undefined
        ? undefined
        : connection?.prepare<[string], { value: unknown }>('SELECT value FROM meta WHERE key = ?').get(key)?.value;
    const openedBy = read('opened_by');
    return {
      applicationId: Number(connection.pragma('application_id', { simple: true })),
      userVersion: Number(connection.pragma('user_version', { simple: true })),
      minReaderVersion: Number(read('min_reader_version') ?? 0),
      openedBy: typeof openedBy === 'string' ? openedBy : undefined,
    };
  } catch (error) {
    if (error instanceof BetterSqlite3.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) return undefined;
    throw error;
  } finally {
    connection?.close();
  }
}

/** Makes a rename durable. Windows can't open folders and does it by itself. */
export function fsyncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
