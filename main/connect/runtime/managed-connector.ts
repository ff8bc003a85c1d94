import type { State, TargetState } from '../../../common/connect/connector-state-info.ts';
import { ConnectException, traceOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap } from '../api/connector.ts';
import { CONNECTOR_CONFIG } from './connector-config.ts';
import type { ConnectorListener, HostedConnector } from './connector-host.ts';
import { ConnectorTasks, type ConnectorTasksOptions } from './connector-tasks.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import type { TaskReport } from './herder.ts';

export interface ManagedConnectorOptions extends ConnectorTasksOptions {
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
  /** Its own half; null while it doesn't run. */
  #connector: HostedConnector | null = null;
  /** Ends the call to the connector that is waited for. */
  #call = new AbortController();
  #taskConfigs: readonly ConfigMap[] = [];

  constructor(options: ManagedConnectorOptions) {
    this.#options = options;
    this.#logger = options.logger.context(`${options.name}|worker`).named('runtime.WorkerConnector');
    this.#tasks = new ConnectorTasks(options);
  }

  /**
   * Runs `work` after all that was asked before; requests to one connector never overlap, those to others do. What
   * `ends` the present run does not wait for a connector that takes its time to start: that is given up then.
   */
  exclusive<T>(work: () => Promise<T>, { ends = false } = {}): Promise<T> {
    const patience = ends && this.#pending > 0 ? this.#giveUpLater() : undefined;
    this.#pending++;
    const result = this.#queue.then(() => {
      patience?.cancel();
      return work();
    });
    // A failure is the caller's; the next request must not fall over it.
    const done = () => void this.#pending--;
    this.#queue = result.then(done, done);
    return this.#queue.then(() => result);
  }

  #giveUpLater(): Timer {
    const { name, time, stopTimeoutMs } = this.#options;
    return time.timer(stopTimeoutMs, () => {
      this.#call.abort(
        new ConnectException(`The connector ${name} was to end before it had started, and has been given up`, {
          code: 'GIVEN_UP',
          hint: 'It may wait for something that never comes; restart it to try again.',
        }),
      );
      this.#call = new AbortController();
    });
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
    await this.#options.host.release(this.#options.name);
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
    await this.#options.host.release(this.#options.name);
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
      configs = await this.#computeTaskConfigs(this.#connector, this.#request.resolved);
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

  async #computeTaskConfigs(connector: HostedConnector, resolved: ConfigMap): Promise<readonly ConfigMap[]> {
    const { 'tasks.max': max, 'tasks.max.enforce': enforce } = parseConfig(CONNECTOR_CONFIG, resolved);
    const configs = await connector.taskConfigs(max, this.#call.signal);
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
    const { host, name } = this.#options;
    let started: HostedConnector | null = null;
    // What it says while it starts counts; what an earlier one says, not any more.
    const isCurrent = () => started === null || this.#connector === started;
    let failure: Error | null = null;
    const listener: ConnectorListener = {
      onReconfigurationRequested: () => {
        void this.exclusive(async () => {
          if (started !== null && isCurrent()) await this.updateTasks();
        });
      },
      onFailure: (error) => {
        if (started === null) failure ??= error;
        else if (isCurrent()) this.#failed(error);
      },
    };
    try {
      started = await host.startConnector({ connector: name, config: resolved }, listener, this.#call.signal);
      this.#connector = started;
      if (failure !== null) this.#failed(failure);
      else this.#state('RUNNING');
      return true;
    } catch (error) {
      this.#failed(asError(error));
      return false;
    }
  }

  async #stopConnector(): Promise<void> {
    const connector = this.#connector;
    this.#connector = null;
    await connector?.stop(this.#options.stopTimeoutMs);
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
