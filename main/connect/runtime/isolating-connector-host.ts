import type {
  ConnectorHost,
  ConnectorListener,
  ConnectorSpec,
  ConnectorValidation,
  HostedConnector,
} from './connector-host.ts';
import type { ReceivedConfig, Resolve } from './connector-validation.ts';
import type { OffsetChange } from './herder.ts';
import type { PluginRegistry } from './plugin-registry.ts';
import type { HostedTask, TaskSpec } from './task-host.ts';
import type { TaskListener } from './worker-task.ts';

/** Connectors that come with Runnel run on `own`; those with any class of a plugin package on `foreign`. */
export class IsolatingConnectorHost implements ConnectorHost {
  readonly #own: ConnectorHost;
  readonly #foreign: ConnectorHost;
  readonly #registry: Pick<PluginRegistry, 'known' | 'packagesOf' | 'settled' | 'close'>;

  constructor(
    own: ConnectorHost,
    foreign: ConnectorHost,
    registry: Pick<PluginRegistry, 'known' | 'packagesOf' | 'settled' | 'close'>,
  ) {
    this.#own = own;
    this.#foreign = foreign;
    this.#registry = registry;
  }

  async validate(received: ReceivedConfig, resolve: Resolve): Promise<ConnectorValidation> {
    return (await this.#placeOf(received)).validate(received, resolve);
  }

  async startConnector(spec: ConnectorSpec, listener: ConnectorListener, signal: AbortSignal) {
    const place = await this.#placeOf(spec.config);
    signal.throwIfAborted();
    return place.startConnector(spec, listener, signal) satisfies Promise<HostedConnector>;
  }

  async alterOffsets(spec: ConnectorSpec, offsets: readonly OffsetChange[]): Promise<boolean> {
    return (await this.#placeOf(spec.config)).alterOffsets(spec, offsets);
  }

  /** Its connector has been started, so its classes are known. */
  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    return this.#knownPlaceOf(spec.connectorConfig).start(spec, listener);
  }

  async settled(): Promise<void> {
    await this.#registry.settled();
  }

  async release(connector: string): Promise<void> {
    await Promise.all([this.#own.release(connector), this.#foreign.release(connector)]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#registry.close(), this.#own.close(), this.#foreign.close()]);
  }

  dropConnections(): void {
    this.#own.dropConnections?.();
    this.#foreign.dropConnections?.();
  }

  async #placeOf(config: ReceivedConfig): Promise<ConnectorHost> {
    await this.#registry.known(config);
    return this.#knownPlaceOf(config);
  }

  #knownPlaceOf(config: ReceivedConfig): ConnectorHost {
    return this.#registry.packagesOf(config).length === 0 ? this.#own : this.#foreign;
  }
}
