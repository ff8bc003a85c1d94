import type { TargetState } from '../../../common/connect/connector-state-info.ts';
import { ConnectException, KafkaException, traceOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, Connector } from '../api/connector.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { OffsetBackingStore } from '../storage/offset-backing-store.ts';
import type { StatusBackingStore } from '../storage/status-backing-store.ts';
import { CONNECTOR_CONFIG } from './connector-config.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import type { TaskReport } from './herder.ts';
import { type HostedTask, type TaskHost, taskName } from './task-host.ts';
import type { TaskListener } from './worker-task.ts';

export interface ManagedConnectorOptions {
  name: string;
  workerId: string;
  plugins: Plugins;
  offsets: OffsetBackingStore;
  statuses: StatusBackingStore;
  taskHost: TaskHost;
  worker: ConfigMap;
  time: Time;
  logger: Logger;
  /** What a task may take to stop. */
  stopTimeoutMs: number;
  trackTopics: boolean;
  changed: () => void;
}

interface RunningTask {
  hosted: HostedTask;
  failureCode: string | null;
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
  readonly #tasks = new Map<number, RunningTask>();
  #queue: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #request: StartRequest | null = null;
  /** Its own state, when its class keeps one; null while it doesn't run. */
  #connector: Connector | null = null;
  #taskConfigs: readonly ConfigMap[] = [];

  constructor(options: ManagedConnectorOptions) {
    this.#options = options;
    this.#logger = options.logger.context(`${options.name}|worker`).named('runtime.WorkerConnector');
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
    return [...this.#tasks].map(([task, { hosted, failureCode }]) => ({
      task,
      metrics: hosted.metrics(),
      failureCode,
    }));
  }

  /** Brings connector and tasks into the target state. Never rejects: what fails becomes the state FAILED. */
  async start(request: StartRequest): Promise<void> {
    this.#request = request;
    if (request.targetState !== 'STARTED') {
      this.#connectorState(request.targetState === 'PAUSED' ? 'PAUSED' : 'STOPPED');
      return;
    }
    if (await this.#startConnector()) await this.updateTasks();
  }

  /** A state in which it can't be started at all: an unreadable secret, a class that is gone. */
  fail(error: unknown): void {
    this.#connectorFailed(asError(error));
  }

  /** Connector and tasks end cleanly; their configurations are forgotten. */
  async stop(): Promise<void> {
    await this.#stopTasks(this.taskIds);
    for (const task of this.#options.statuses.tasks(this.#options.name).keys()) this.#removeTaskState(task);
    this.#taskConfigs = [];
    await this.#stopConnector();
  }

  async pause(): Promise<void> {
    await this.#stopConnector();
    this.#target('PAUSED');
    this.#connectorState('PAUSED');
    for (const { hosted } of this.#tasks.values()) hosted.pause();
  }

  async resume(): Promise<void> {
    this.#target('STARTED');
    if (this.#connector === null && !(await this.#startConnector())) return;
    for (const { hosted } of this.#tasks.values()) hosted.resume();
    await this.updateTasks();
  }

  async stopForGood(): Promise<void> {
    await this.stop();
    this.#target('STOPPED');
    this.#connectorState('STOPPED');
  }

  /** The connector alone; its tasks go on, unless it divides its work anew. */
  async restartConnector(request: StartRequest): Promise<void> {
    await this.#stopConnector();
    await this.start(request);
  }

  async restartTasks(tasks: readonly number[]): Promise<void> {
    await this.#stopTasks(tasks);
    for (const task of tasks) this.#startTask(task);
  }

  /** The end of the worker: everything stops, the states say that nobody runs it. */
  async shutDown(): Promise<void> {
    const tasks = this.taskIds;
    await this.#stopTasks(tasks);
    for (const task of tasks) this.#taskState(task, 'UNASSIGNED');
    const ran = this.#connector !== null;
    await this.#stopConnector();
    if (ran) this.#connectorState('UNASSIGNED');
  }

  markRestarting(connector: boolean, tasks: readonly number[]): void {
    if (connector) this.#connectorState('RESTARTING');
    for (const task of tasks) this.#taskState(task, 'RESTARTING');
  }

  /** Asks the connector for its tasks' configurations; when they have changed, the tasks are started anew. */
  async updateTasks(): Promise<void> {
    if (this.#connector === null || this.#request?.targetState !== 'STARTED') return;
    let configs: readonly ConfigMap[];
    try {
      configs = this.#computeTaskConfigs(this.#connector, this.#request.resolved);
    } catch (error) {
      this.#connectorFailed(asError(error));
      return;
    }
    if (JSON.stringify(configs) === JSON.stringify(this.#taskConfigs)) return;
    await this.#stopTasks(this.taskIds);
    for (const task of this.taskIds.slice(configs.length)) this.#removeTaskState(task);
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
    const { plugins } = this.#options;
    const request = this.#request as StartRequest;
    try {
      const definition = plugins.connector(request.resolved['connector.class'] ?? '');
      // Definitions are shared by all connectors of a class: what one of them keeps on `this` is its own.
      const connector = Object.create(definition) as Connector;
      await connector.start?.(parseConfig(connector.config, request.resolved), {
        logger: this.#logger.named(connector.className),
        time: this.#options.time,
        requestTaskReconfiguration: () => this.#requestTaskReconfiguration(connector),
        raiseError: (error) => this.#raised(connector, error),
      });
      this.#connector = connector;
      this.#connectorState('RUNNING');
      return true;
    } catch (error) {
      this.#connectorFailed(asError(error));
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

  #requestTaskReconfiguration(connector: Connector): void {
    void this.exclusive(async () => {
      if (this.#connector === connector) await this.updateTasks();
    });
  }

  #raised(connector: Connector, error: Error): void {
    if (this.#connector === connector) this.#connectorFailed(error);
  }

  #startTask(task: number): void {
    const { name, taskHost, worker } = this.#options;
    const request = this.#request as StartRequest;
    this.#taskState(task, 'UNASSIGNED');
    let hosted: HostedTask | null = null;
    const isCurrent = () => hosted === null || this.#tasks.get(task)?.hosted === hosted;
    hosted = taskHost.start(
      {
        connector: name,
        task,
        connectorClass: request.resolved['connector.class'] ?? '',
        connectorConfig: request.resolved,
        taskConfig: this.#taskConfigs[task] as ConfigMap,
        worker,
        paused: request.targetState === 'PAUSED',
      },
      this.#listener(task, isCurrent),
    );
    this.#tasks.set(task, { hosted, failureCode: null });
  }

  /** All at once; a task that is given up frees its number all the same. */
  async #stopTasks(tasks: readonly number[]): Promise<void> {
    const { name, stopTimeoutMs } = this.#options;
    await Promise.all(
      tasks.map(async (task) => {
        const running = this.#tasks.get(task);
        if (running === undefined) return;
        const stopped = await running.hosted.stop(stopTimeoutMs);
        this.#tasks.delete(task);
        if (!stopped)
          this.#logger.error(`Graceful stop of task ${taskName({ connector: name, task })} failed: it is given up`);
      }),
    );
  }

  #listener(task: number, isCurrent: () => boolean): TaskListener {
    const { name, offsets, statuses, trackTopics } = this.#options;
    return {
      onRunning: () => {
        if (isCurrent()) this.#taskState(task, 'RUNNING');
      },
      onPaused: () => {
        if (isCurrent()) this.#taskState(task, 'PAUSED');
      },
      onFailure: (error) => {
        if (!isCurrent()) return;
        const running = this.#tasks.get(task);
        if (running !== undefined) running.failureCode = error instanceof KafkaException ? error.code : 'UNKNOWN';
        this.#logger
          .context(`${name}|task-${task}`)
          .named('runtime.WorkerTask')
          .error(
            'Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted',
            error,
          );
        this.#taskState(task, 'FAILED', traceOf(error));
      },
      onTopicUsed: (topic) => {
        if (trackTopics) statuses.addTopic(name, topic);
      },
      readOffsets: async (partitions) => offsets.get(name, partitions),
      storeOffsets: async (changes) => offsets.set(name, changes),
    };
  }

  #target(targetState: TargetState): void {
    if (this.#request !== null) this.#request = { ...this.#request, targetState };
  }

  #connectorFailed(error: Error): void {
    this.#logger.error('Connector failed', error);
    this.#connectorState('FAILED', traceOf(error));
  }

  #connectorState(state: 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING' | 'UNASSIGNED', trace?: string) {
    const { name, workerId, statuses, changed } = this.#options;
    statuses.putConnector(name, trace === undefined ? { state, workerId } : { state, workerId, trace });
    changed();
  }

  #taskState(task: number, state: 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'UNASSIGNED', trace?: string) {
    const { name, workerId, statuses, changed } = this.#options;
    statuses.putTask(name, task, trace === undefined ? { state, workerId } : { state, workerId, trace });
    changed();
  }

  #removeTaskState(task: number): void {
    this.#options.statuses.removeTask(this.#options.name, task);
    this.#options.changed();
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
