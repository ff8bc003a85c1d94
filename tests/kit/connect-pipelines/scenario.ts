/** A record of a sink's topic before any worker reads it; text stands for its UTF-8. */
export interface InputRecord {
  key?: string | Uint8Array | null;
  value: string | Uint8Array | null;
  headers?: readonly (readonly [name: string, value: string | Uint8Array | null])[];
  partition?: number;
  timestamp?: bigint;
}

interface Common {
  /** Unique; also the connector's name, so without blanks. */
  name: string;
  config: Readonly<Record<string, string>>;
  /** Topics that are there beforehand. */
  topics?: readonly { name: string; partitions: number; configs?: Readonly<Record<string, string>> }[];
  /** The task is meant to fail; then nothing else is waited for. */
  fails?: boolean;
  /** Parts of what is seen that are meant to be others than at Kafka Connect's worker. */
  differs?: { why: string; ours: Partial<Outcome> };
}

/** A file goes to topics. In the configuration `{side}` is the worker's own prefix of topics. */
export interface SourceScenario extends Common {
  kind: 'source';
  lines: string;
  /** How many records are to arrive, in topics that begin with `{side}.<name>`; the default topic is just that. */
  expect: number;
  /** Where it is less at Kafka Connect's worker. */
  expectAtConnect?: number;
}

/** Topics go to a file. Both workers read the same topics. */
export interface SinkScenario extends Common {
  kind: 'sink';
  /** By topic; the default one is the scenario's name with one partition. */
  records: readonly InputRecord[];
  partitions?: number;
  /** How many lines the file is to have. */
  expect: number;
  /** How many records are to be in the dead letter queue, `{side}.<name>.dlq`. */
  deadLetters?: number;
}

export type Scenario = SourceScenario | SinkScenario;

export interface SeenRecord {
  partition: number;
  /** Text where it is printable ASCII or UTF-8, else `0x…`. */
  key: string | null;
  value: string | null;
  headers: readonly (readonly [string, string | null])[];
  /** Left out where it is the moment at which the worker sent. */
  timestamp?: string;
}

/** What a worker did, without what depends on its name and folder. */
export interface Outcome {
  /** RUNNING or FAILED of the connector and its tasks. */
  states: readonly string[];
  /** The first line of a failed task's trace and those that name a cause. */
  trace: readonly string[];
  /** Lines of the sink's file; sorted where there are several partitions. */
  file: readonly string[];
  /** Topic, then its records in the order of partitions and offsets. */
  topics: Readonly<Record<string, readonly SeenRecord[]>>;
  /** What was logged of failed records. */
  log: readonly string[];
  /** As REST shows them. */
  offsets: unknown;
}
