import type { Migration } from '../../storage/migration.ts';

/**
 * The worker's schema (`connect.sqlite`), step by step. Times are int64 ms UTC; configurations are JSON objects of
 * strings in the order received; partitions and offsets are canonical JSON (`api/source-map.ts`).
 */
export const CONNECT_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    minReaderVersion: 1,
    sql: `
CREATE TABLE connector (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  target_state TEXT NOT NULL CHECK (target_state IN ('STARTED', 'PAUSED', 'STOPPED')),
  config_version INTEGER NOT NULL
) STRICT;

CREATE TABLE connector_config (
  connector TEXT NOT NULL,
  version INTEGER NOT NULL,
  config TEXT NOT NULL,
  time INTEGER NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (connector, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
  connector TEXT NOT NULL REFERENCES connector (name) ON DELETE CASCADE,
  key TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (connector, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_offset (
  connector TEXT NOT NULL,
  partition TEXT NOT NULL,
  "offset" TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (connector, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE offset_commit (
  id INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  partition TEXT NOT NULL,
  "offset" TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX offset_commit_connector ON offset_commit (connector, id);

CREATE TABLE status (
  connector TEXT NOT NULL,
  task INTEGER NOT NULL,
  state TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  trace TEXT,
  time INTEGER NOT NULL,
  PRIMARY KEY (connector, task)
) STRICT, WITHOUT ROWID;

CREATE TABLE topic_use (
  connector TEXT NOT NULL,
  topic TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (connector, topic)
) STRICT, WITHOUT ROWID;
`,
  },
];
