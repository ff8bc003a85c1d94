import type { RecordMetadata, TopicPartition } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { ConfigDef, ConfigKeys, ParsedConfig } from './config-def.ts';
import type { SinkRecord, SourceMap, SourceRecord } from './records.ts';

/** A connector's or task's configuration as received: an ordered map of strings. */
export type ConfigMap = Readonly<Record<string, string>>;

export interface ConnectorContext {
  logger: Logger;
  time: Time;
  /** The connector noticed that its tasks should be divided anew. */
  requestTaskReconfiguration(): void;
  /** The connector can't go on: it becomes FAILED. */
  raiseError(error: Error): void;
}

/** What both kinds of connector say of themselves; catalog, form, validation and documentation come from it. */
interface ConnectorDefinition<K extends ConfigKeys> {
  /** The Java class name under which Kafka Connect users know it. */
  className: string;
  version: string;
  /** One sentence: what it does. */
  summary: string;
  /** What is true of delivery, e.g. "at least once; resumes at the byte after the last stored line". */
  delivery: string;
  /** Where a catalog lists it: `Files`, `Databases`. */
  category?: string;
  /** It needs nothing but Kafka and this machine. Default: false. */
  worksOffline?: boolean;
  /** Kafka Connect has a class of this name: a configuration without `runnel.*` keys runs there as it is. Default: false. */
  runsOnKafkaConnect?: boolean;
  config: ConfigDef<K>;
  /** Complete configurations that work as they stand. */
  examples: readonly { title: string; config: ConfigMap }[];
  /** Checks that need several keys at once, or the world outside: messages by key. */
  validate?(config: ParsedConfig<K>): { key: string; message: string }[] | Promise<{ key: string; message: string }[]>;
  /** Opens what the connector itself needs, e.g. to watch for new tables. */
  start?(config: ParsedConfig<K>, context: ConnectorContext): void | Promise<void>;
  stop?(): void | Promise<void>;
  /** At most `maxTasks` configurations. Default: one task with the connector's own. */
  taskConfigs?(config: ParsedConfig<K>, raw: ConfigMap, maxTasks: number): ConfigMap[];
}

export interface SourceConnector<K extends ConfigKeys = ConfigKeys> extends ConnectorDefinition<K> {
  kind: 'source';
  task(): SourceTask<K>;
  /** Called before offsets are altered by hand; throws ConnectException for a partition or offset it can't use. */
  alterOffsets?(
    config: ConfigMap,
    offsets: readonly { partition: SourceMap | null; offset: SourceMap | null }[],
  ): boolean;
  /**
   * An offset that Kafka Connect stored for Java's connector of this class, as this one means it; null for what is
   * not of this class. Default: they mean the same.
   */
  offsetOfJava?(partition: SourceMap, offset: SourceMap, logger: Logger): Promise<SourceMap | null>;
}

export interface SinkConnector<K extends ConfigKeys = ConfigKeys> extends ConnectorDefinition<K> {
  kind: 'sink';
  task(): SinkTask<K>;
}

export interface SourceTaskContext {
  logger: Logger;
  time: Time;
  /** The stored offset of each partition, null where there is none. */
  offsets(partitions: readonly SourceMap[]): Promise<(SourceMap | null)[]>;
}

export interface SourceTask<K extends ConfigKeys = ConfigKeys> {
  start(config: ParsedConfig<K>, context: SourceTaskContext): void | Promise<void>;
  /**
   * The next records; waits for them, but gives up after about a second (null) or when `signal` aborts. What is
   * waited for can be said by `context.logger`.
   */
  poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null>;
  /** One record is acknowledged (metadata) or was dropped by a transformation or by tolerance (null). */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void;
  /** Offsets up to here are stored. */
  commit?(): void | Promise<void>;
  stop(): void | Promise<void>;
}

export interface SinkTaskContext {
  logger: Logger;
  time: Time;
  assignment(): readonly TopicPartition[];
  pause(...partitions: TopicPartition[]): void;
  resume(...partitions: TopicPartition[]): void;
  /** Rewind or skip: the next records of the partition start here. */
  offset(partition: TopicPartition, offset: bigint): void;
  /** The pause before the next try after a RetriableException. */
  timeout(ms: number): void;
  requestCommit(): void;
  /** Absent when the connector tolerates no errors and has no dead letter queue. */
  errantRecordReporter: { report(record: SinkRecord, error: Error): Promise<void> } | null;
}

export type SinkOffset = TopicPartition & { offset: bigint };

export interface SinkTask<K extends ConfigKeys = ConfigKeys> {
  start(config: ParsedConfig<K>, context: SinkTaskContext): void | Promise<void>;
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** RetriableException: the same records come again after the context's time-out. */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  flush?(offsets: readonly SinkOffset[]): void | Promise<void>;
  /** The offsets that may be committed. Default: flush, then all of them. */
  preCommit?(offsets: readonly SinkOffset[]): readonly SinkOffset[] | Promise<readonly SinkOffset[]>;
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  stop(): void | Promise<void>;
}

export type Connector = SourceConnector | SinkConnector;

/** Defines a source connector; the configuration's types follow from its `config`. */
export function sourceConnector<K extends ConfigKeys>(definition: Omit<SourceConnector<K>, 'kind'>): SourceConnector {
  return { ...definition, kind: 'source' } as unknown as SourceConnector;
}

/** Defines a sink connector; the configuration's types follow from its `config`. */
export function sinkConnector<K extends ConfigKeys>(definition: Omit<SinkConnector<K>, 'kind'>): SinkConnector {
  return { ...definition, kind: 'sink' } as unknown as SinkConnector;
}
