import type { State, TargetState } from '../../../common/connect/connector-state-info.ts';
import { ConnectException, traceOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { CONNECTOR_CONFIG } from './connector-config.ts';
import { ConnectorTasks, type ConnectorTasksOptions } from './connector-tasks.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import type { TaskReport } from './herder.ts';

export interface ManagedConnectorOptions extends ConnectorTasksOptions {
  plugins: Plugins;
  time: Time;
}

/** What a connector is started with. */
export interface StartRequest {
  /** As stored. */
  raw: ConfigMap;
  /** With the values of providers and secrets put in. */
  resolved: ConfigMap;
  targetState: TargetState;
}

/**
 * One connector and its tasks as they run here, and their states. Its methods are called one at a time (`exclusive`).
 * Java: `WorkerConnector` with the parts of `Worker` and `StandaloneHerder` that deal with one connector.
 */
export class ManagedConnector {
  readonly #options: ManagedConnectorOptions;
  readonly #logger: Logger;
  readonly #tasks: ConnectorTasks;
  #queue: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #request: StartRequest | null = null;
  /** Its own state, when its class keeps one; null while it doesn't run. */
  #connector: Connector | null = null;
  #taskConfigs: readonly ConfigMap[] = [];

  constructor(options: ManagedConnectorOptions) {
    this.#options = options;
    this.#logger = options.logger.context(`${options.name}|worker`).named('runtime.WorkerConnector');
    this.#tasks = new ConnectorTasks(options);
  }

  /** Runs `work` after all that was asked before; requests to one connector never overlap, those to others do. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#pending++;
    const result = this.#queue.then(work);
    // A failure is the caller's; the next request must not fall over it.
    const done = () => void this.#pending--;
    this.#queue = result.then(done, done);
    return this.#queue.then(() => result);
  }

  /** Nothing is under way and nothing waits. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  /** Ids of the tasks that it has, whatever their state. */
  get taskIds(): number[] {
    return this.#taskConfigs.map((_, task) => task);
  }

  /** As in the stored configuration: secrets and variables are not put in. */
  get taskConfigs(): ConfigMap[] {
    return this.#taskConfigs.map((config) => this.#unresolved(config));
  }

  reports(): TaskReport[] {
    return this.#tasks.reports();
  }

  /** Brings connector and tasks into the target state. Never rejects: what fails becomes the state FAILED. */
  async start(request: StartRequest): Promise<void> {
    this.#request = request;
    if (request.targetState !== 'STARTED') {
      this.#state(request.targetState === 'PAUSED' ? 'PAUSED' : 'STOPPED');
      return;
    }
    if (await this.#startConnector()) await this.updateTasks();
  }

  /** It can't be started at all: an unreadable secret, a config provider that fails. */
  fail(error: unknown): void {
    this.#failed(asError(error));
  }

  /** Connector and tasks end cleanly; the tasks' configurations are forgotten. */
  async stop(): Promise<void> {
    await this.#tasks.stop(this.taskIds);
    this.#tasks.forget(this.#options.statuses.tasks(this.#options.name).keys());
    this.#taskConfigs = [];
    await this.#stopConnector();
  }

  async pause(): Promise<void> {
    await this.#stopConnector();
    this.#target('PAUSED');
    this.#state('PAUSED');
    this.#tasks.pause();
  }

  async resume(): Promise<void> {
    this.#target('STARTED');
    if (this.#connector === null && !(await this.#startConnector())) return;
    this.#tasks.resume();
    await this.updateTasks();
  }

  async stopForGood(): Promise<void> {
    await this.stop();
    this.#target('STOPPED');
    this.#state('STOPPED');
  }

  /** The connector alone; its tasks go on, unless it divides its work anew. */
  async restartConnector(request: StartRequest): Promise<void> {
    await this.#stopConnector();
    await this.start(request);
  }

  async restartTasks(tasks: readonly number[]): Promise<void> {
    await this.#tasks.stop(tasks);
    for (const task of tasks) this.#startTask(task);
  }

  /** The end of the worker: everything stops, the states say that nobody runs it. */
  async shutDown(): Promise<void> {
    await this.#tasks.stop(this.taskIds);
    this.#tasks.mark(this.taskIds, 'UNASSIGNED');
    const ran = this.#connector !== null;
    await this.#stopConnector();
    if (ran) this.#state('UNASSIGNED');
  }

  markRestarting(connector: boolean, tasks: readonly number[]): void {
    if (connector) this.#state('RESTARTING');
    this.#tasks.mark(tasks, 'RESTARTING');
  }

  /** Asks the connector for its tasks' configurations; when they have changed, the tasks are started anew. */
  async updateTasks(): Promise<void> {
    if (this.#connector === null || this.#request?.targetState !== 'STARTED') return;
    let configs: readonly ConfigMap[];
    try {
      configs = this.#computeTaskConfigs(this.#connector, this.#request.resolved);
    } catch (error) {
      this.#failed(asError(error));
      return;
    }
    if (JSON.stringify(configs) === JSON.stringify(this.#taskConfigs)) return;
    await this.#tasks.stop(this.taskIds);
    this.#tasks.forget(this.taskIds.slice(configs.length));
    this.#taskConfigs = configs;
    for (const task of this.taskIds) this.#startTask(task);
  }

  #computeTaskConfigs(connector: Connector, resolved: ConfigMap): readonly ConfigMap[] {
    const { 'tasks.max': max, 'tasks.max.enforce': enforce } = parseConfig(CONNECTOR_CONFIG, resolved);
    const parsed = parseConfig(connector.config, resolved);
    const configs = connector.taskConfigs?.(parsed, resolved, max) ?? [resolved];
    if (configs.length > max && enforce) {
      throw new ConnectException(
        `The connector ${this.#options.name} has generated ${configs.length} tasks, which is greater than ${max}, ` +
          'the maximum number of tasks it is configured to create',
        { code: 'TOO_MANY_TASKS', key: 'tasks.max', hint: 'Raise tasks.max, or set tasks.max.enforce=false.' },
      );
    }
    return configs;
  }

  async #startConnector(): Promise<boolean> {
    const { resolved } = this.#request as StartRequest;
    try {
      const definition = this.#options.plugins.connector(
        resolved['connector.class'] ?? '',
        resolved['connector.plugin.version'],
      );
      // Definitions are shared by all connectors of a class: what one of them keeps on `this` is its own.
      const connector = Object.create(definition) as Connector;
      await connector.start?.(parseConfig(connector.config, resolved), {
        logger: this.#logger.named(connector.className),
        time: this.#options.time,
        requestTaskReconfiguration: () => {
          void this.exclusive(async () => {
            if (this.#connector === connector) await this.updateTasks();
          });
        },
        raiseError: (error) => {
          if (this.#connector === connector) this.#failed(error);
        },
      });
      this.#connector = connector;
      this.#state('RUNNING');
      return true;
    } catch (error) {
      this.#failed(asError(error));
      return false;
    }
  }

  async #stopConnector(): Promise<void> {
    const connector = this.#connector;
    this.#connector = null;
    try {
      await connector?.stop?.();
    } catch (error) {
      this.#logger.warn('The connector did not stop cleanly', error);
    }
  }

  #startTask(task: number): void {
    const { resolved, targetState } = this.#request as StartRequest;
    this.#tasks.start(task, this.#taskConfigs[task] as ConfigMap, {
      connectorClass: resolved['connector.class'] ?? '',
      connectorConfig: resolved,
      paused: targetState === 'PAUSED',
    });
  }

  #target(targetState: TargetState): void {
    if (this.#request !== null) this.#request = { ...this.#request, targetState };
  }

  #failed(error: Error): void {
    this.#logger.error('Connector failed', error);
    this.#state('FAILED', traceOf(error));
  }

  #state(state: State, trace?: string): void {
    const { name, workerId, statuses, changed } = this.#options;
    statuses.putConnector(name, trace === undefined ? { state, workerId } : { state, workerId, trace });
    changed();
  }

  /** Values that were put in go back to what the stored configuration has. Java: `AbstractHerder.reverseTransform`. */
  #unresolved(config: ConfigMap): ConfigMap {
    const { raw, resolved } = this.#request as StartRequest;
    return Object.fromEntries(
      Object.entries(config).map(([key, value]) => {
        const stored = Object.hasOwn(raw, key) ? raw[key] : undefined;
        return [key, stored !== undefined && resolved[key] === value ? stored : value];
      }),
    );
  }
}
