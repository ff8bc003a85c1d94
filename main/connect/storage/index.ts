import type { Time } from '../../../common/time.ts';
import { Database } from '../../storage/database.ts';
import type { ConfigBackingStore } from './config-backing-store.ts';
import { JavaOffsetsImport } from './java-offsets-import.ts';
import { MemoryConfigBackingStore, MemoryOffsetBackingStore, MemoryStatusBackingStore } from './memory-stores.ts';
import { CONNECT_MIGRATIONS } from './migrations.ts';
import type { OffsetBackingStore } from './offset-backing-store.ts';
import type { SecretKey } from './secret-key.ts';
import { SqliteConfigBackingStore } from './sqlite-config-backing-store.ts';
import { SqliteOffsetBackingStore } from './sqlite-offset-backing-store.ts';
import { SqliteStatusBackingStore } from './sqlite-status-backing-store.ts';
import type { StatusBackingStore } from './status-backing-store.ts';

/** All that a worker keeps. */
export interface ConnectStores {
  configs: ConfigBackingStore;
  offsets: OffsetBackingStore;
  statuses: StatusBackingStore;
  close(): void;
}

export interface SqliteStores extends ConnectStores {
  javaOffsets: JavaOffsetsImport;
}

const A_DAY_MS = 24 * 3_600_000;

/** The worker's SQLite file. Throws ConnectException (DATA_LOCKED, DATA_UNREADABLE …): see `Database.open`. */
export function sqliteStores(options: { file: string; secretKey: SecretKey; time: Time }): SqliteStores {
  const { file, time } = options;
  const database = Database.open({ file, migrations: CONNECT_MIGRATIONS, time, backUpEveryMs: A_DAY_MS });
  const offsets = new SqliteOffsetBackingStore(database, time);
  return {
    configs: new SqliteConfigBackingStore(database, options.secretKey, time),
    offsets,
    statuses: new SqliteStatusBackingStore(database, time),
    javaOffsets: new JavaOffsetsImport(database, offsets),
    close: () => database.close(),
  };
}

export function memoryStores(time: Time): ConnectStores {
  return {
    configs: new MemoryConfigBackingStore(time),
    offsets: new MemoryOffsetBackingStore(time),
    statuses: new MemoryStatusBackingStore(),
    close: () => {},
  };
}
