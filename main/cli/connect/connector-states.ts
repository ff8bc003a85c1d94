import type { State } from '../../../common/connect/connector-state-info.ts';

/** Java: `AbstractStatus.State`. */
export const STATES: readonly State[] = [
  'UNASSIGNED',
  'RUNNING',
  'PAUSED',
  'FAILED',
  'RESTARTING',
  'STOPPED',
  'DESTROYED',
];
