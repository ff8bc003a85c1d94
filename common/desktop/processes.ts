import type { WireError } from '../errors.ts';
import type { StorageAlarms } from '../kafka/storage-alarms.ts';

/** `failed`: it died several times in a row or could not start; `error` says why. */
export type ProcessStatus = 'stopped' | 'starting' | 'running' | 'stopping' | 'restarting' | 'failed';

/** The sandbox Kafka, a process of its own. */
export interface SandboxState {
  status: ProcessStatus;
  /** What clients connect to: `localhost:9092`; the one in use when running, else the one that will be tried. */
  bootstrapServers: string;
  /** The default port was busy and the next free one was taken. */
  portMoved: boolean;
  /** Where containers of this computer find it, while it runs and is shared with them: `host.docker.internal:9094`. */
  containersAddress: string | null;
  dataFolder: string;
  /** How often it was restarted after it died. */
  restarts: number;
  error: WireError | null;
  /** None while it does not run. */
  alarms: StorageAlarms;
}

/** The Connect worker, a process of its own. */
export interface WorkerState {
  status: ProcessStatus;
  /** `http://127.0.0.1:8083`; null until it runs */
  restUrl: string | null;
  portMoved: boolean;
  bootstrapServers: string;
  restarts: number;
  error: WireError | null;
}

export type ProcessKind = 'main' | 'window' | 'worker' | 'sandbox' | 'gpu' | 'other';

/** Memory of the whole program, each shared page counted once. */
export interface MemoryUse {
  /** bytes */
  total: number;
  /** `pss`: proportional set size (Linux); `workingSet`: private working sets or the like elsewhere */
  measure: 'pss' | 'workingSet';
  processes: { kind: ProcessKind; pid: number; bytes: number }[];
}
