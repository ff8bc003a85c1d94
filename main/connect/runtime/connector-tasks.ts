import type { State } from '../../../common/connect/connector-state-info.ts';
import { KafkaException, traceOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { ConfigMap } from '../api/connector.ts';
import type { OffsetBackingStore } from '../storage/offset-backing-store.ts';
import type { StatusBackingStore } from '../storage/status-backing-store.ts';
import type { ConnectorHost } from './connector-host.ts';
import type { TaskReport } from './herder.ts';
import type { HiddenValues } from './hidden-values.ts';
import { type HostedTask, taskName } from './task-host.ts';
import type { TaskListener } from './worker-task.ts';

export interface ConnectorTasksOptions {
  /** The connector's. */
  name: string;
  workerId: string;
  offsets: OffsetBackingStore;
  statuses: StatusBackingStore;
  host: ConnectorHost;
  /** The worker's settings. */
  worker: ConfigMap;
  hidden: HiddenValues;
  logger: Logger;
  /** What a task may take to stop. */
  stopTimeoutMs: number;
  trackTopics: boolean;
  changed: () => void;
}

/** What all tasks of a connector are started with. */
export interface TaskSettings {
  connectorClass: string;
  /** With the values of providers and secrets put in. */
  connectorConfig: ConfigMap;
  paused: boolean;
}

interface RunningTask {
  hosted: HostedTask;
  failureCode: string | null;
}

/** The tasks of one connector with their states: started, stopped, paused; what they say is kept while they are current. */
export class ConnectorTasks {
  readonly #options: ConnectorTasksOptions;
  readonly #running = new Map<number, RunningTask>();

  constructor(options: ConnectorTasksOptions) {
    this.#options = options;
  }

  reports(): TaskReport[] {
    return [...this.#running].map(([task, { hosted, failureCode }]) => ({
      task,
      metrics: hosted.metrics(),
      failureCode,
    }));
  }

  start(task: number, taskConfig: ConfigMap, settings: TaskSettings): void {
    const { name, host, worker } = this.#options;
    this.#state(task, 'UNASSIGNED');
    let hosted: HostedTask | null = null;
    // Before `start` has returned, nothing else can have taken the task's place.
    const isCurrent = () => hosted === null || this.#running.get(task)?.hosted === hosted;
    const spec = { connector: name, task, taskConfig, worker, hidden: this.#options.hidden.entries(), ...settings };
    hosted = host.start(spec, this.#listener(task, isCurrent));
    this.#running.set(task, { hosted, failureCode: null });
  }

  /** All at once; a task that does not end in time is given up and frees its number all the same. */
  async stop(tasks: readonly number[]): Promise<void> {
    const { name, stopTimeoutMs, logger } = this.#options;
    await Promise.all(
      tasks.map(async (task) => {
        const running = this.#running.get(task);
        if (running === undefined) return;
        const stopped = await running.hosted.stop(stopTimeoutMs);
        this.#running.delete(task);
        if (!stopped)
          logger.error(`Graceful stop of task ${taskName({ connector: name, task })} failed: it is given up`);
      }),
    );
  }

  pause(): void {
    for (const { hosted } of this.#running.values()) hosted.pause();
  }

  resume(): void {
    for (const { hosted } of this.#running.values()) hosted.resume();
  }

  mark(tasks: readonly number[], state: 'RESTARTING' | 'UNASSIGNED'): void {
    for (const task of tasks) this.#state(task, state);
  }

  /** Their states are no more. */
  forget(tasks: Iterable<number>): void {
    for (const task of tasks) this.#options.statuses.removeTask(this.#options.name, task);
    this.#options.changed();
  }

  #listener(task: number, isCurrent: () => boolean): TaskListener {
    const { name, offsets, statuses, trackTopics } = this.#options;
    return {
      onRunning: () => {
        if (isCurrent()) this.#state(task, 'RUNNING');
      },
      onPaused: () => {
        if (isCurrent()) this.#state(task, 'PAUSED');
      },
      onFailure: (error) => {
        if (isCurrent()) this.#failed(task, error);
      },
      onTopicUsed: (topic) => {
        if (trackTopics) statuses.addTopic(name, topic);
      },
      readOffsets: async (partitions) => offsets.get(name, partitions),
      storeOffsets: async (changes) => offsets.set(name, changes),
    };
  }

  #failed(task: number, error: Error): void {
    const running = this.#running.get(task);
    if (running !== undefined) running.failureCode = error instanceof KafkaException ? error.code : 'UNKNOWN';
    this.#options.logger
      .context(`${this.#options.name}|task-${task}`)
      .named('runtime.WorkerTask')
      .error(
        'Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted',
        error,
      );
    this.#state(task, 'FAILED', traceOf(error));
  }

  #state(task: number, state: State, trace?: string): void {
    const { name, workerId, statuses, changed } = this.#options;
    statuses.putTask(name, task, trace === undefined ? { state, workerId } : { state, workerId, trace });
    changed();
  }
}
