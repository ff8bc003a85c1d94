import type { Database, Statement } from '../../storage/database.ts';
import type { JavaOffset } from './java-offsets-file.ts';
import type { OffsetBackingStore } from './offset-backing-store.ts';

/** What the first start of a store found in the place of Kafka Connect's offsets file. */
export interface ImportMark {
  /** Of the file's bytes, hexadecimal; null when there was no file. */
  sha256: string | null;
  /** ms since 1970 UTC */
  time: number;
}

const KEY = 'java_offsets';

/** Brings the offsets of a Java worker into a store that is new, once in its life. */
export class JavaOffsetsImport {
  readonly #database: Database;
  readonly #offsets: OffsetBackingStore;
  readonly #get: Statement<{ value: string }>;
  readonly #put: Statement<void>;
  readonly #used: Statement<{ used: bigint }>;

  constructor(database: Database, offsets: OffsetBackingStore) {
    this.#database = database;
    this.#offsets = offsets;
    this.#get = database.prepare('SELECT value FROM meta WHERE key = ?');
    this.#put = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    this.#used = database.prepare(
      'SELECT EXISTS (SELECT 1 FROM connector_config) OR EXISTS (SELECT 1 FROM source_offset) AS used',
    );
  }

  /** Null when no start has looked for such a file yet. */
  mark(): ImportMark | null {
    const row = this.#get.get(KEY);
    return row === undefined ? null : (JSON.parse(row.value) as ImportMark);
  }

  /** Whether the store ever held a connector or holds an offset: those are newer than any file of Java's. */
  isUsed(): boolean {
    return this.#used.get()?.used === 1n;
  }

  /** All of them and the mark, or nothing; of one partition the last counts. */
  store(mark: ImportMark, offsets: readonly JavaOffset[]): void {
    const byConnector = Map.groupBy(offsets, ({ connector }) => connector);
    this.#database.transaction(() => {
      this.#put.run(KEY, JSON.stringify(mark));
      for (const [connector, own] of byConnector) this.#offsets.set(connector, own);
    });
  }
}
