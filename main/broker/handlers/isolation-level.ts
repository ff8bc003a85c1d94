import type { PartitionLog } from '../log/partition-log.ts';

const READ_COMMITTED = 1;

/** As a request says it (KIP-98). */
export function isReadCommitted(isolationLevel: number): boolean {
  return isolationLevel === READ_COMMITTED;
}

/** The end of what a client sees of a log: nothing undecided is shown to one that reads committed records. */
export function visibleEnd(log: PartitionLog, isCommitted: boolean): bigint {
  return isCommitted ? log.lastStableOffset : log.highWatermark;
}
