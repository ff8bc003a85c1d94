import type { ConnectorState, ConnectorType, TaskState } from './connector-state-info.ts';

/** One row of the pipelines table: a connector's state as REST has it, with what is measured beside it. */
export interface ConnectorSummary {
  name: string;
  type: ConnectorType;
  /** As configured: a full class name or an alias. */
  connectorClass: string;
  /** `tasks.max`, as far as it can be read. */
  tasksMax: number;
  connector: ConnectorState;
  tasks: TaskSummary[];
  /** Topics that it has used since they were last reset, sorted. */
  topics: string[];
  /** Every task ended because its source has no more; REST calls that FAILED, as Connect does. */
  finished: boolean;
  /** Records polled (source) or put (sink) a second, over the last five seconds. */
  recordsPerSecond: number;
  /** Records polled or put since the worker started. */
  records: number;
  /** Records that failed, were skipped or went to the dead letter queue since the worker started. */
  errors: number;
  /** Sink: records not yet read, over its partitions; null when that is not known, and for a source. */
  lag: bigint | null;
  /** Source: its last stored offset as one line (`tweets.txt: 4120`); null when it has none. */
  offset: string | null;
  /** What it waits for, and since when (ms since 1970 UTC): `a line in /tmp/in.txt`. The state stays RUNNING. */
  waitingFor: { what: string; since: number } | null;
  /** Belongs to the demo and goes when the demo is removed. */
  demo: boolean;
}

export interface TaskSummary extends TaskState {
  recordsPerSecond: number;
}
