import type { Time } from '../../../common/time.ts';
import type { Database, Statement } from '../../storage/database.ts';
import type { SourceMap } from '../api/records.ts';
import { canonicalSourceMap, parseSourceMap } from '../api/source-map.ts';
import type { OffsetBackingStore, OffsetCommit, StoredOffset } from './offset-backing-store.ts';

/** How much history a connector keeps. */
const HISTORY_ROWS = 1_000;
const HISTORY_MS = 7 * 24 * 3_600_000;
/** Trimming at each commit would double its work. */
const TRIM_EVERY = 100;

interface Row {
  partition: string;
  offset: string;
  time: bigint;
}

export class SqliteOffsetBackingStore implements OffsetBackingStore {
  readonly #database: Database;
  readonly #time: Time;
  readonly #get: Statement<{ offset: string }>;
  readonly #all: Statement<Row>;
  readonly #put: Statement<void>;
  readonly #remove: Statement<void>;
  readonly #clear: Statement<void>;
  readonly #remember: Statement<void>;
  readonly #history: Statement<Row>;
  readonly #trim: Statement<void>;
  readonly #commits = new Map<string, number>();

  constructor(database: Database, time: Time) {
    this.#database = database;
    this.#time = time;
    this.#get = database.prepare('SELECT "offset" FROM source_offset WHERE connector = ? AND partition = ?');
    this.#all = database.prepare(
      'SELECT partition, "offset", time FROM source_offset WHERE connector = ? ORDER BY partition',
    );
    this.#put = database.prepare(
      `INSERT INTO source_offset (connector, partition, "offset", time) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET "offset" = excluded."offset", time = excluded.time`,
    );
    this.#remove = database.prepare('DELETE FROM source_offset WHERE connector = ? AND partition = ?');
    this.#clear = database.prepare('DELETE FROM source_offset WHERE connector = ?');
    this.#remember = database.prepare(
      'INSERT INTO offset_commit (connector, partition, "offset", time) VALUES (?, ?, ?, ?)',
    );
    this.#history = database.prepare(
      'SELECT partition, "offset", time FROM offset_commit WHERE connector = ? ORDER BY id DESC LIMIT ?',
    );
    this.#trim = database.prepare(
      `DELETE FROM offset_commit WHERE connector = ? AND (time < ? OR id <=
       (SELECT id FROM offset_commit WHERE connector = ? ORDER BY id DESC LIMIT 1 OFFSET ${HISTORY_ROWS}))`,
    );
  }

  get(connector: string, partitions: readonly SourceMap[]): (SourceMap | null)[] {
    return partitions.map((partition) => {
      const row = this.#get.get(connector, canonicalSourceMap(partition));
      return row === undefined ? null : parseSourceMap(row.offset);
    });
  }

  all(connector: string): StoredOffset[] {
    return this.#all.all(connector).map(read);
  }

  set(connector: string, offsets: readonly { partition: SourceMap; offset: SourceMap | null }[]): void {
    const now = this.#time.milliseconds();
    const rows = offsets.map(({ partition, offset }) => ({
      partition: canonicalSourceMap(partition),
      offset: offset === null ? null : canonicalSourceMap(offset),
    }));
    this.#database.transaction(() => {
      for (const { partition, offset } of rows) {
        if (offset === null) this.#remove.run(connector, partition);
        else {
          this.#put.run(connector, partition, offset, now);
          this.#remember.run(connector, partition, offset, now);
        }
      }
      this.#maybeTrim(connector, now);
    });
  }

  clear(connector: string): void {
    this.#clear.run(connector);
  }

  history(connector: string, limit: number): OffsetCommit[] {
    return this.#history.all(connector, limit).map((row) => ({ ...read(row), time: Number(row.time) }));
  }

  #maybeTrim(connector: string, now: number): void {
    const commits = this.#commits.get(connector) ?? 0;
    if (commits % TRIM_EVERY === 0) this.#trim.run(connector, now - HISTORY_MS, connector);
    this.#commits.set(connector, commits + 1);
  }
}

function read(row: Row): StoredOffset {
  return { partition: parseSourceMap(row.partition), offset: parseSourceMap(row.offset) };
}
