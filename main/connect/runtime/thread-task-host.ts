import { ConnectException } from '../../../common/errors.ts';
import { RemoteTask } from './remote-tasks.ts';
import { type HostedTask, type TaskHost, type TaskSpec, taskName } from './task-host.ts';
import { TaskThread, type TaskThreadOptions, type ThreadEnd } from './task-thread.ts';
import type { TaskListener } from './worker-task.ts';

export interface ThreadTaskHostOptions extends TaskThreadOptions {
  /** At most so many threads, as long as none of them is ended by a task; tasks share them. */
  threads: number;
}

/** A task that lost its thread more often than this within the window fails. */
const MAX_MOVES = 6;
const MOVES_WINDOW_MS = 30 * 60_000;

/**
 * A pool of worker threads for tasks. Whatever brings a thread down fails the task that did it; the tasks beside it go
 * on in another thread from their stored offsets. When it can't be told which one it was, they go on in two new
 * threads, half of them in each: one that does it again is alone in the end.
 */
export class ThreadTaskHost implements TaskHost {
  readonly #options: ThreadTaskHostOptions;
  readonly #threads = new Set<TaskThread>();
  readonly #places = new WeakMap<RemoteTask, TaskThread>();
  /** When each has lost its thread. */
  readonly #moves = new WeakMap<RemoteTask, number[]>();
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
    const task = new RemoteTask(spec, listener);
    this.#place(task, this.#leastBusy());
    const tasks = () => this.#places.get(task)?.tasks;
    return {
      pause: () => tasks()?.pause(task),
      resume: () => tasks()?.resume(task),
      stop: (timeoutMs) => this.#stop(task, timeoutMs),
      metrics: () => task.metrics,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endLevels();
    await Promise.all([...this.#threads].map((thread) => thread.end('is not needed any more')));
  }

  /** After sleep or a change of network: the tasks' Kafka clients connect anew. */
  dropConnections(): void {
    for (const thread of this.#threads) thread.dropConnections();
  }

  async #stop(task: RemoteTask, timeoutMs: number): Promise<boolean> {
    const thread = this.#places.get(task);
    if (thread === undefined) return true;
    const outcome = await thread.stop(task, timeoutMs);
    if (thread.tasks.size === 0 && this.#usable().length > this.#options.threads)
      await thread.end('is not needed any more');
    return outcome === 'clean';
  }

  #ended(thread: TaskThread, { error, culprit, tasks }: ThreadEnd): void {
    this.#threads.delete(thread);
    if (this.#closed) return;
    const guilty = culprit ?? (tasks.length === 1 ? (tasks[0] as RemoteTask) : null);
    if (guilty !== null && tasks.includes(guilty)) this.#fail(guilty, error);
    const others = tasks.filter((task) => task !== guilty);
    if (others.length === 0) return;
    const { logger } = this.#options;
    const names = others.map(({ spec }) => taskName(spec)).join(', ');
    logger.named('runtime.TaskThread').warn(`${error.message}: ${names} go on in another one`, error.cause);
    const groups = culprit === null ? [others.slice(others.length / 2), others.slice(0, others.length / 2)] : [others];
    for (const group of groups) this.#move(group, error);
  }

  #move(tasks: readonly RemoteTask[], error: ConnectException): void {
    const now = this.#options.time.hiResMilliseconds();
    const movable = tasks.filter((task) => {
      const moves = [...(this.#moves.get(task) ?? []).filter((at) => now - at < MOVES_WINDOW_MS), now];
      this.#moves.set(task, moves);
      if (moves.length > MAX_MOVES) this.#fail(task, error);
      return moves.length <= MAX_MOVES;
    });
    if (movable.length === 0) return;
    const thread = this.#newThread();
    for (const task of movable) this.#place(task, thread);
  }

  #fail(task: RemoteTask, error: ConnectException): void {
    this.#places.delete(task);
    task.listener.onFailure(error);
  }

  #place(task: RemoteTask, thread: TaskThread): void {
    this.#places.set(task, thread);
    thread.tasks.run(task);
  }

  #usable(): TaskThread[] {
    return [...this.#threads].filter((thread) => !thread.tainted);
  }

  #leastBusy(): TaskThread {
    const usable = this.#usable();
    const [best] = usable.sort((a, b) => a.tasks.size - b.tasks.size);
    if (best === undefined || (best.tasks.size > 0 && usable.length < this.#options.threads)) return this.#newThread();
    return best;
  }

  #newThread(): TaskThread {
    const thread: TaskThread = new TaskThread(this.#options, (end) => this.#ended(thread, end));
    this.#threads.add(thread);
    return thread;
  }
}
