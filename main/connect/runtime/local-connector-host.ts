import { ConnectException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type {
  ConnectorHost,
  ConnectorListener,
  ConnectorSpec,
  ConnectorValidation,
  HostedConnector,
} from './connector-host.ts';
import {
  type ClientDefinitions,
  type ReceivedConfig,
  type Resolve,
  validateConnectorConfig,
} from './connector-validation.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import type { OffsetChange } from './herder.ts';
import { type OverridePolicy, overridePolicy } from './override-policy.ts';
import type { HostedTask, TaskHost, TaskSpec } from './task-host.ts';
import type { WorkerConfig } from './worker-config.ts';
import type { TaskListener } from './worker-task.ts';

export interface LocalConnectorHostOptions {
  plugins: Plugins;
  worker: WorkerConfig;
  clientDefinitions: ClientDefinitions;
  /** Where the tasks run. */
  tasks: TaskHost;
  time: Time;
  logger: Logger;
}

/**
 * Runs the connectors' own half in the process that it lives in: the worker's for those that come with Runnel, a
 * plugin's process for that plugin.
 */
export class LocalConnectorHost implements ConnectorHost {
  readonly #options: LocalConnectorHostOptions;
  readonly #overrides: OverridePolicy;

  constructor(options: LocalConnectorHostOptions) {
    this.#options = options;
    this.#overrides = overridePolicy(options.worker);
  }

  async validate(received: ReceivedConfig, resolve: Resolve): Promise<ConnectorValidation> {
    const { plugins, worker, clientDefinitions } = this.#options;
    const context = { plugins, worker: worker.properties, overrides: this.#overrides, resolve, clientDefinitions };
    const { infos, secretKeys } = await validateConnectorConfig(context, received);
    return { infos, secretKeys };
  }

  async startConnector(
    spec: ConnectorSpec,
    listener: ConnectorListener,
    signal: AbortSignal,
  ): Promise<HostedConnector> {
    const connector = Object.create(this.#definition(spec)) as Connector;
    const started = this.#start(connector, spec, listener);
    await untilAborted(started, signal).catch((error) => {
      // It may come about after all: then nobody wants it any more.
      if (signal.aborted) void started.then(() => this.#stop(connector, spec)).catch(() => {});
      throw error;
    });
    return {
      taskConfigs: async (maxTasks, aborted) => {
        const configs = taskConfigs(connector, spec.config, maxTasks);
        return checkTaskConfigs(connector, await untilAborted(Promise.resolve(configs), aborted));
      },
      stop: (timeoutMs) => this.#stopInTime(connector, spec, timeoutMs),
    };
  }

  async alterOffsets(spec: ConnectorSpec, offsets: readonly OffsetChange[]): Promise<boolean> {
    const connector = this.#definition(spec);
    if (connector.kind !== 'source') return false;
    return (await connector.alterOffsets?.(spec.config, offsets)) === true;
  }

  async settled(): Promise<void> {}

  async release(): Promise<void> {}

  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    return this.#options.tasks.start(spec, listener);
  }

  close(): Promise<void> {
    return this.#options.tasks.close();
  }

  dropConnections(): void {
    this.#options.tasks.dropConnections?.();
  }

  #definition({ config }: ConnectorSpec): Connector {
    return this.#options.plugins.connector(config['connector.class'] ?? '', config['connector.plugin.version']);
  }

  /** Definitions are shared by all connectors of a class: what one of them keeps on `this` is its own. */
  async #start(connector: Connector, { connector: name, config }: ConnectorSpec, listener: ConnectorListener) {
    await connector.start?.(parseConfig(connector.config, config), {
      logger: this.#logger(name).named(connector.className),
      time: this.#options.time,
      requestTaskReconfiguration: () => listener.onReconfigurationRequested(),
      raiseError: (error) => listener.onFailure(asError(error)),
    });
  }

  async #stopInTime(connector: Connector, spec: ConnectorSpec, timeoutMs: number): Promise<boolean> {
    const patience = new AbortController();
    const stopped = await Promise.race([
      this.#stop(connector, spec).then(() => true),
      sleep(this.#options.time, timeoutMs, patience.signal).then(() => false),
    ]);
    patience.abort();
    if (!stopped)
      this.#logger(spec.connector).error(
        `The connector ${spec.connector} has not stopped within ${timeoutMs} ms and is given up`,
      );
    return stopped;
  }

  async #stop(connector: Connector, { connector: name }: ConnectorSpec): Promise<void> {
    try {
      await connector.stop?.();
    } catch (error) {
      this.#logger(name).warn('The connector did not stop cleanly', error);
    }
  }

  #logger(connector: string): Logger {
    return this.#options.logger.context(`${connector}|worker`).named('runtime.WorkerConnector');
  }
}

function taskConfigs(connector: Connector, config: ConfigMap, maxTasks: number): readonly ConfigMap[] {
  if (connector.taskConfigs === undefined) return [config];
  return connector.taskConfigs(parseConfig(connector.config, config), config, maxTasks);
}

/** A plugin in JavaScript can return anything. */
function checkTaskConfigs({ className }: Connector, configs: unknown): readonly ConfigMap[] {
  const isConfig = (config: unknown) =>
    typeof config === 'object' &&
    config !== null &&
    !Array.isArray(config) &&
    Object.values(config).every((value) => typeof value === 'string');
  if (Array.isArray(configs) && configs.every(isConfig)) return configs as ConfigMap[];
  throw new ConnectException(`taskConfigs of ${className} has not returned a list of configurations`, {
    code: 'INVALID_PLUGIN',
    hint: 'Each task’s configuration is an object whose values are strings.',
  });
}

/** As `work`, or rejects with the signal's reason. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
