import { ConnectException } from '../../../common/errors.ts';
import { sleep } from '../../../common/time.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import { buildTask, type TaskEnvironment } from './task-builder.ts';
import { type HostedTask, type TaskHost, type TaskSpec, taskName } from './task-host.ts';
import { TaskMetrics, type TaskMetricsSnapshot } from './task-metrics.ts';
import { type TaskListener, TaskRunner, type WorkerTask } from './worker-task.ts';

/** Runs tasks in the thread that it lives in: the worker's own in tests, a thread of the pool in the product. */
export class InProcessTaskHost implements TaskHost {
  readonly #environment: TaskEnvironment;
  readonly #tasks = new Set<InProcessTask>();

  constructor(environment: TaskEnvironment) {
    this.#environment = environment;
  }

  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    const task: InProcessTask = new InProcessTask(spec, this.#environment, listener, () => this.#tasks.delete(task));
    this.#tasks.add(task);
    task.start();
    return task;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#tasks].map((task) => task.stop(CLOSE_TIMEOUT_MS)));
  }
}

const CLOSE_TIMEOUT_MS = 10_000;

class InProcessTask implements HostedTask {
  readonly #stop = new AbortController();
  readonly #runner: TaskRunner;
  readonly #environment: TaskEnvironment;
  readonly #ended: () => void;
  #metrics = new TaskMetrics();
  #cancelled = false;

  constructor(spec: TaskSpec, environment: TaskEnvironment, listener: TaskListener, ended: () => void) {
    this.#environment = environment;
    this.#ended = ended;
    const logger = environment.logger.context(`${spec.connector}|task-${spec.task}`).named('runtime.WorkerTask');
    const own: TaskListener = {
      ...bound(listener),
      storeOffsets: (offsets) =>
        this.#cancelled
          ? Promise.reject(
              new ConnectException(`Task ${taskName(spec)} was given up and may store no offsets any more`),
            )
          : listener.storeOffsets(offsets),
    };
    const build = async (): Promise<WorkerTask> => {
      const built = await buildTask(spec, environment, own, this.#stop.signal);
      this.#metrics = built.metrics;
      return built.task;
    };
    this.#runner = new TaskRunner(lazily(build), own, logger, this.#stop, spec.paused);
  }

  start(): void {
    this.#runner.start();
  }

  pause(): void {
    this.#runner.pause();
  }

  resume(): void {
    this.#runner.resume();
  }

  async stop(timeoutMs: number): Promise<boolean> {
    const patience = new AbortController();
    const stopped = await Promise.race([
      this.#runner.stop().then(() => true),
      sleep(this.#environment.time, timeoutMs, patience.signal).then(() => false),
    ]);
    patience.abort();
    if (!stopped) {
      this.#cancelled = true;
      this.#runner.cancel();
    }
    this.#ended();
    return stopped;
  }

  metrics(): TaskMetricsSnapshot {
    return this.#metrics.snapshot();
  }
}

/** Building a task opens clients, so it is part of the task's life: a paused task has none yet. */
function lazily(build: () => Promise<WorkerTask>): WorkerTask {
  let task: WorkerTask | null = null;
  return {
    async initializeAndStart() {
      task = await build();
      await task.initializeAndStart();
    },
    async execute(control) {
      await task?.execute(control);
    },
    async close() {
      await task?.close();
    },
  };
}

function bound(listener: TaskListener): TaskListener {
  return {
    onRunning: () => listener.onRunning(),
    onPaused: () => listener.onPaused(),
    onFailure: (error) => listener.onFailure(asError(error)),
    onTopicUsed: (topic) => listener.onTopicUsed(topic),
    readOffsets: (partitions) => listener.readOffsets(partitions),
    storeOffsets: (offsets) => listener.storeOffsets(offsets),
  };
}
