import type { Catalog } from '../../../common/connect/catalog.ts';
import type { ConfigInfos, ConfigKeyInfo, PluginInfo } from '../../../common/connect/config-infos.ts';
import type {
  ConnectorInfo,
  ConnectorOffsets,
  ConnectorStateInfo,
  TargetState,
  TaskState,
} from '../../../common/connect/connector-state-info.ts';
import type { LoggerLevel, LogThreshold } from '../../../common/logger.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { SourceMap } from '../api/records.ts';
import type { ReceivedConfig } from './connector-validation.ts';
import type { TaskMetricsSnapshot } from './task-metrics.ts';

export interface PutConnectorOptions {
  /** False: AlreadyExistsException when there is one of this name. */
  allowReplace: boolean;
  /** Who asks: `rest`, `window`, `connect-standalone`. Kept with the configuration. */
  author: string;
  /** Absent: STARTED for a new connector, its own for another. */
  targetState?: TargetState;
}

export interface RestartRequest {
  connector: string;
  includeTasks: boolean;
  onlyFailed: boolean;
}

export interface TaskInfo {
  id: { connector: string; task: number };
  config: ConfigMap;
}

export interface TaskReport {
  task: number;
  metrics: TaskMetricsSnapshot;
  /** The stable code of the error that ended it; null while it runs. `FINISHED`: its source has no more. */
  failureCode: string | null;
}

/** One source partition and where it is to go on; null forgets it. Sinks: `kafka_topic`, `kafka_partition`, `kafka_offset`. */
export interface OffsetChange {
  /** null is what no connector takes, unless its offset is null too. */
  partition: SourceMap | null;
  offset: SourceMap | null;
}

/**
 * Everything that can be asked of a worker: REST, window and command line all call this and nothing else. What changes
 * state is on the disk when the promise resolves. Errors: NotFoundException, AlreadyExistsException,
 * BadRequestException, ConnectException. Java: `Herder`.
 */
export interface Herder {
  readonly workerId: string;
  /** Every connector that is stored has been started, or has failed to. */
  readonly ready: boolean;
  kafkaClusterId(): Promise<string | null>;

  connectors(): string[];
  connectorInfo(name: string): ConnectorInfo;
  connectorConfig(name: string): ConfigMap;
  connectorStatus(name: string): ConnectorStateInfo;
  taskStatus(name: string, task: number): TaskState;
  taskConfigs(name: string): TaskInfo[];
  putConnectorConfig(
    name: string,
    config: ReceivedConfig,
    options: PutConnectorOptions,
  ): Promise<{ created: boolean; info: ConnectorInfo }>;
  /** null removes a key. */
  patchConnectorConfig(name: string, patch: ReceivedConfig, author: string): Promise<ConnectorInfo>;
  deleteConnector(name: string): Promise<void>;
  pauseConnector(name: string): Promise<void>;
  resumeConnector(name: string): Promise<void>;
  stopConnector(name: string): Promise<void>;
  restartConnector(name: string): Promise<void>;
  /** The states as they are while it restarts. */
  restartConnectorAndTasks(request: RestartRequest): Promise<ConnectorStateInfo>;
  restartTask(name: string, task: number): Promise<void>;

  activeTopics(name: string): string[];
  resetActiveTopics(name: string): void;
  connectorOffsets(name: string): Promise<ConnectorOffsets>;
  /** Only while the connector is STOPPED. Resolves to the sentence that REST answers. */
  alterConnectorOffsets(name: string, changes: readonly OffsetChange[]): Promise<string>;
  resetConnectorOffsets(name: string): Promise<string>;

  plugins(connectorsOnly: boolean): Promise<PluginInfo[]>;
  pluginConfig(classOrAlias: string, version?: string | null): Promise<ConfigKeyInfo[]>;
  /** What `plugins` lists, with all that they say of themselves; and packages that are not used, with the reason. */
  catalog(): Promise<Catalog>;
  validateConnectorConfig(config: ReceivedConfig): Promise<ConfigInfos>;

  /** Null: there is no logger of this name. */
  loggerLevel(name: string): LoggerLevel | null;
  allLoggerLevels(): ReadonlyMap<string, LoggerLevel>;
  /** Here and where tasks run. Returns the loggers whose level has changed. */
  setLoggerLevel(namespace: string, level: LogThreshold): string[];

  /** Tasks that run or have failed, with their counters. */
  taskReports(name: string): TaskReport[];
  /** Called after any state of any connector or task has changed; returns how to end that. */
  onChange(listener: (connector: string) => void): () => void;
}
