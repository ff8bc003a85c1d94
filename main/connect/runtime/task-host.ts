import type { ConfigMap } from '../api/connector.ts';
import type { HiddenValue } from './hidden-values.ts';
import type { TaskMetricsSnapshot } from './task-metrics.ts';
import type { TaskListener } from './worker-task.ts';

/** Everything a host needs to run a task; plain data, with secrets in it: it stays in this process. */
export interface TaskSpec {
  connector: string;
  task: number;
  /** Full class name. */
  connectorClass: string;
  /** The connector's configuration with values of providers and secrets put in. */
  connectorConfig: ConfigMap;
  taskConfig: ConfigMap;
  /** The worker's settings. */
  worker: ConfigMap;
  /** Values that may not stand in what the task writes besides its records; absent: none. */
  hidden?: readonly HiddenValue[];
  paused: boolean;
}

export interface HostedTask {
  pause(): void;
  resume(): void;
  /**
   * Ends it cleanly: resolves to true when it has committed and closed, to false when it has not done so in
   * `timeoutMs`; then it is cancelled, and whatever it still says is ignored.
   */
  stop(timeoutMs: number): Promise<boolean>;
  /** As of about a second ago at most. */
  metrics(): TaskMetricsSnapshot;
}

/**
 * Where tasks run: in this thread, in a pool of threads, in a process of their own. The declared contract between a
 * herder and its tasks is this file: start, stop, offsets, status and metrics; log lines go to the host's logger.
 */
export interface TaskHost {
  /** Never rejects: what goes wrong is told to the listener. */
  start(spec: TaskSpec, listener: TaskListener): HostedTask;
  close(): Promise<void>;
  /** After sleep or a change of network: Kafka clients that are not the worker's own connect anew. */
  dropConnections?(): void;
}

/** `tweets-0`, as Connect prints a task's id. */
export function taskName({ connector, task }: { connector: string; task: number }): string {
  return `${connector}-${task}`;
}
