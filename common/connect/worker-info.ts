import type { WireError } from '../errors.ts';

/** `GET /` of the worker, and where it is. */
export interface WorkerInfo {
  version: string;
  commit: string;
  kafka_cluster_id: string | null;
  /** `http://127.0.0.1:8083`; null when REST is off */
  restUrl: string | null;
  bootstrapServers: string;
  keyConverter: string;
  valueConverter: string;
}

export interface EnvironmentState {
  bootstrapServers: string;
  status: 'connecting' | 'connected' | 'unreachable';
  /** ms since 1970 UTC */
  since: number;
  /** Why it can't be reached, in a sentence; null while connected. */
  error: WireError | null;
}

export interface DemoInfo {
  connector: string;
  topic: string;
  recordsPerSecond: number;
}
