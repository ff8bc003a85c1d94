import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { ReceivedConfig, Resolve } from './connector-validation.ts';
import type { OffsetChange } from './herder.ts';
import type { TaskHost } from './task-host.ts';

/** Which connector, and the configuration that it is to have. */
export interface ConnectorSpec {
  connector: string;
  /** With the values of providers and secrets put in. */
  config: ConfigMap;
}

/** What a connector tells whoever runs it. */
export interface ConnectorListener {
  /** Its work should be divided anew. */
  onReconfigurationRequested(): void;
  /** It raised an error, or the place where it ran is gone. */
  onFailure(error: Error): void;
}

/** A connector that has been started: the half of it that divides the work. Its tasks are TaskHost's. */
export interface HostedConnector {
  /** What its tasks are to be started with. Rejects with what the connector threw, or when `signal` aborts. */
  taskConfigs(maxTasks: number, signal: AbortSignal): Promise<readonly ConfigMap[]>;
  /** Never rejects. False: it has not stopped in time and was given up. */
  stop(timeoutMs: number): Promise<boolean>;
}

export interface ConnectorValidation {
  infos: ConfigInfos;
  /** Keys whose values are secrets, defined so by anything that takes part. */
  secretKeys: ReadonlySet<string>;
}

/**
 * Where a connector's code runs, all of it: its own half, its checks, its tasks. The herder calls connectors in no other
 * way, so it cannot tell built-in ones, which run in this process and its threads, from those of plugin packages, which
 * have a process each.
 */
export interface ConnectorHost extends TaskHost {
  /** See `validateConnectorConfig`. */
  validate(received: ReceivedConfig, resolve: Resolve): Promise<ConnectorValidation>;
  /** Rejects with what the connector threw, or when `signal` aborts: then nothing of it is left. */
  startConnector(spec: ConnectorSpec, listener: ConnectorListener, signal: AbortSignal): Promise<HostedConnector>;
  /** Asks a source connector about offsets that are to be set; true: it knows how to use them. Rejects when it refuses. */
  alterOffsets(spec: ConnectorSpec, offsets: readonly OffsetChange[]): Promise<boolean>;
  /** Every plugin that was there at the start is known by now, or has been refused. */
  settled(): Promise<void>;
  /** Connector and tasks have stopped and nothing follows at once: what was kept for them can go. */
  release(connector: string): Promise<void>;
}
