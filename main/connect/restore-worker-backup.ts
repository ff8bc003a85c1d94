import type { Time } from '../../common/time.ts';
import { Database } from '../storage/database.ts';
import { type Restored, restoreBackup } from '../storage/restore-backup.ts';
import { CONNECT_MIGRATIONS } from './storage/migrations.ts';

export interface RestoredWorker extends Restored {
  /** Where each source goes on: what it sent after that is sent again. Partition and offset are JSON. */
  offsets: { connector: string; partition: string; offset: string }[];
}

/** Puts the newest good backup in the place of a worker's SQLite file that can't be used. Throws as `restoreBackup`. */
export function restoreWorkerBackup(file: string, time: Time): RestoredWorker {
  const restored = restoreBackup(file, CONNECT_MIGRATIONS, time);
  const database = Database.open({ file, migrations: CONNECT_MIGRATIONS, time });
  try {
    const offsets = database
      .prepare<RestoredWorker['offsets'][number]>(
        'SELECT connector, partition, "offset" FROM source_offset ORDER BY connector, partition',
      )
      .all();
    return { ...restored, offsets };
  } finally {
    database.close();
  }
}
