import { Worker } from 'node:worker_threads';
import { ConnectException, RemoteException, toWireError } from '../../../common/errors.ts';
import type { LogEntry, Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { HostedTask, TaskHost, TaskSpec } from './task-host.ts';
import { TaskMetrics, type TaskMetricsSnapshot } from './task-metrics.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import type { TaskListener } from './worker-task.ts';

export interface ThreadTaskHostOptions {
  /** The file that calls `serveTaskThread`: a source under Node, a bundle in the product. */
  entry: URL;
  /** At most so many threads; tasks share them. */
  threads: number;
  /** Handed to the entry as `workerData`. */
  workerData: unknown;
  /** Heap of a thread; absent: what Node gives. */
  maxHeapMiB?: number;
  time: Time;
  logger: Logger;
  /** Lines that tasks log. */
  onLog: (entry: LogEntry) => void;
}

/** What records of a moment take. Node would let it grow to twice as much, which stays in use and saves no time. */
const YOUNG_MIB = 48;
/** Time for the answer to a stop on top of what the task itself may take. */
const ANSWER_MS = 1_000;

/**
 * A pool of worker threads for tasks. A task that never lets its thread turn again is ended with the thread, and the
 * tasks beside it fail; so does whatever brings the thread down.
 */
export class ThreadTaskHost implements TaskHost {
  readonly #options: ThreadTaskHostOptions;
  readonly #threads = new Set<TaskThread>();
  readonly #endLevels: () => void;
  #closed = false;

  constructor(options: ThreadTaskHostOptions) {
    this.#options = options;
    this.#endLevels = options.logger.loggers.onChange(() => {
      for (const thread of this.#threads) thread.sendLogLevels();
    });
    // The first one starts while the worker is still busy with other things.
    this.#newThread();
  }

  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    if (this.#closed) throw new ConnectException('The worker is stopping');
    return this.#leastBusy().start(spec, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endLevels();
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  /** After sleep or a change of network: the tasks' Kafka clients connect anew. */
  dropConnections(): void {
    for (const thread of this.#threads) thread.dropConnections();
  }

  #leastBusy(): TaskThread {
    const usable = [...this.#threads].filter((thread) => !thread.tainted);
    const [best] = usable.sort((a, b) => a.tasks - b.tasks);
    if (best === undefined || (best.tasks > 0 && usable.length < this.#options.threads)) return this.#newThread();
    return best;
  }

  #newThread(): TaskThread {
    const thread: TaskThread = new TaskThread(this.#options, () => this.#threads.delete(thread));
    this.#threads.add(thread);
    return thread;
  }
}

interface ThreadTask {
  spec: TaskSpec;
  listener: TaskListener;
  metrics: TaskMetricsSnapshot;
  onStopped: ((clean: boolean) => void) | null;
}

class TaskThread {
  /** A task in it was given up: it gets no new ones, and ends with its last. */
  tainted = false;
  readonly #options: ThreadTaskHostOptions;
  readonly #worker: Worker;
  readonly #tasks = new Map<number, ThreadTask>();
  #ids = 0;
  #crash: Error | null = null;

  constructor(options: ThreadTaskHostOptions, onExit: () => void) {
    this.#options = options;
    this.#worker = new Worker(options.entry, {
      workerData: options.workerData,
      name: 'runnel-tasks',
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_MIB,
        ...(options.maxHeapMiB !== undefined && { maxOldGenerationSizeMb: options.maxHeapMiB }),
      },
    });
    this.#worker.on('message', (message: FromThread) => this.#handle(message));
    this.#worker.on('error', (error) => {
      this.#crash = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', (code) => {
      onExit();
      this.#failAll(
        new ConnectException(`The thread of the task ended unexpectedly (code ${code})`, {
          code: 'THREAD_ENDED',
          hint: 'Restart the task; a task that shared its thread may have brought it down.',
          cause: this.#crash ?? undefined,
        }),
      );
    });
    this.sendLogLevels();
  }

  get tasks(): number {
    return this.#tasks.size;
  }

  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    const id = this.#ids++;
    const task: ThreadTask = { spec, listener, metrics: new TaskMetrics().snapshot(), onStopped: null };
    this.#tasks.set(id, task);
    this.#send({ type: 'start', id, spec });
    return {
      pause: () => this.#send({ type: 'pause', id }),
      resume: () => this.#send({ type: 'resume', id }),
      stop: (timeoutMs) => this.#stop(id, task, timeoutMs),
      metrics: () => task.metrics,
    };
  }

  dropConnections(): void {
    this.#send({ type: 'dropConnections' });
  }

  /** The worker's levels are those of its threads. */
  sendLogLevels(): void {
    this.#send({ type: 'logLevels', levels: this.#options.logger.loggers.settings() });
  }

  async terminate(): Promise<void> {
    this.#tasks.clear();
    await this.#worker.terminate();
  }

  async #stop(id: number, task: ThreadTask, timeoutMs: number): Promise<boolean> {
    if (!this.#tasks.has(id)) return true;
    const patience = new AbortController();
    const stopped = new Promise<boolean>((resolve) => {
      task.onStopped = resolve;
    });
    this.#send({ type: 'stop', id, timeoutMs });
    const outcome = await Promise.race([
      stopped,
      sleep(this.#options.time, timeoutMs + ANSWER_MS, patience.signal).then(() => 'silent' as const),
    ]);
    patience.abort();
    this.#tasks.delete(id);
    if (outcome === true && !this.tainted) return true;
    this.tainted = true;
    if (outcome === 'silent') {
      this.#failAll(
        new ConnectException(
          `The thread of the task was ended because ${task.spec.connector}-${task.spec.task} in it did not stop`,
          { code: 'THREAD_ENDED', hint: 'Restart the task.' },
        ),
      );
    }
    if (this.#tasks.size === 0) await this.#worker.terminate();
    return outcome === true;
  }

  #handle(message: FromThread): void {
    if (message.type === 'log') {
      this.#options.onLog(message.entry);
      return;
    }
    if (message.type === 'logger') {
      this.#options.logger.loggers.add(message.name);
      return;
    }
    const task = this.#tasks.get(message.id);
    if (task === undefined) return;
    const { listener } = task;
    switch (message.type) {
      case 'running':
        listener.onRunning();
        break;
      case 'paused':
        listener.onPaused();
        break;
      case 'failed':
        listener.onFailure(new RemoteException(message.error));
        break;
      case 'topic':
        listener.onTopicUsed(message.topic);
        break;
      case 'metrics':
        task.metrics = message.metrics;
        break;
      case 'stopped':
        task.onStopped?.(message.clean);
        break;
      case 'readOffsets':
        this.#answer(message.request, () => listener.readOffsets(message.partitions));
        break;
      case 'storeOffsets':
        this.#answer(message.request, async () => {
          await listener.storeOffsets(message.offsets);
          return [];
        });
        break;
    }
  }

  #answer(request: number, work: () => Promise<Extract<ToThread, { type: 'answer' }>['offsets']>): void {
    work().then(
      (offsets) => this.#send({ type: 'answer', request, offsets }),
      (error) => this.#send({ type: 'refusal', request, error: toWireError(error) }),
    );
  }

  #failAll(error: Error): void {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const { listener, onStopped } of tasks) {
      if (onStopped !== null) onStopped(false);
      else listener.onFailure(error);
    }
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}
