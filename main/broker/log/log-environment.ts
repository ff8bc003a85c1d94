import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { BatchOpener } from './batch-opener.ts';
import type { DiskSpace } from './disk-space.ts';
import type { FlushQueue } from './flush-queue.ts';
import type { OffsetReservations } from './offset-reservations.ts';
import type { OpenFiles } from './open-files.ts';
import type { SyncTurns } from './sync-turns.ts';

/** What all logs of a directory share. */
export interface LogEnvironment {
  readonly files: OpenFiles;
  readonly time: Time;
  readonly logger: Logger;
  readonly flushQueue: FlushQueue;
  readonly syncTurns: SyncTurns;
  readonly opener: BatchOpener;
  readonly disk: DiskSpace;
  readonly reservations: OffsetReservations;
  readonly onDamage: (damage: DamagedRecords) => void;
}
