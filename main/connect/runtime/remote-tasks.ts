import { RemoteException, toWireError } from '../../../common/errors.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { TaskSpec } from './task-host.ts';
import { TaskMetrics, type TaskMetricsSnapshot } from './task-metrics.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import type { TaskListener } from './worker-task.ts';

/** Time for the answer to a stop on top of what the task itself may take. */
const ANSWER_MS = 1_000;

/** A task that runs in another thread or process, as it is known here. */
export class RemoteTask {
  readonly spec: TaskSpec;
  readonly listener: TaskListener;
  metrics: TaskMetricsSnapshot = new TaskMetrics().snapshot();
  paused: boolean;
  /** Set while it is to stop. */
  onStopped: ((clean: boolean) => void) | null = null;

  constructor(spec: TaskSpec, listener: TaskListener) {
    this.spec = spec;
    this.listener = listener;
    this.paused = spec.paused;
  }
}

/** `clean`: it has committed and closed; `unclean`: it was given up there; `silent`: the other end does not answer. */
export type StopOutcome = 'clean' | 'unclean' | 'silent';

/** The tasks at the other end of one line, which is a thread or a process: their messages both ways. */
export class RemoteTasks {
  readonly #time: Time;
  readonly #send: (message: ToThread) => void;
  readonly #tasks = new Map<number, RemoteTask>();
  readonly #ids = new Map<RemoteTask, number>();
  #nextId = 0;

  constructor(time: Time, send: (message: ToThread) => void) {
    this.#time = time;
    this.#send = send;
  }

  get size(): number {
    return this.#tasks.size;
  }

  run(task: RemoteTask): void {
    const id = this.#nextId++;
    this.#tasks.set(id, task);
    this.#ids.set(task, id);
    this.#send({ type: 'start', id, spec: { ...task.spec, paused: task.paused } });
  }

  pause(task: RemoteTask): void {
    task.paused = true;
    this.#tell(task, 'pause');
  }

  resume(task: RemoteTask): void {
    task.paused = false;
    this.#tell(task, 'resume');
  }

  /** Whatever the outcome, the task is not among these any more. */
  async stop(task: RemoteTask, timeoutMs: number): Promise<StopOutcome> {
    const id = this.#ids.get(task);
    if (id === undefined) return 'clean';
    const patience = new AbortController();
    const stopped = new Promise<StopOutcome>((resolve) => {
      task.onStopped = (clean) => resolve(clean ? 'clean' : 'unclean');
    });
    this.#send({ type: 'stop', id, timeoutMs });
    const outcome = await Promise.race([
      stopped,
      sleep(this.#time, timeoutMs + ANSWER_MS, patience.signal).then(() => 'silent' as const),
    ]);
    patience.abort();
    this.#remove(task);
    return outcome;
  }

  /** The other end is gone: those that were to stop have, the others are the caller's now. */
  takeAll(): RemoteTask[] {
    const tasks = [...this.#tasks.values()];
    for (const task of tasks) this.#remove(task);
    for (const task of tasks) task.onStopped?.(false);
    return tasks.filter((task) => task.onStopped === null);
  }

  taskOf(id: number): RemoteTask | undefined {
    return this.#tasks.get(id);
  }

  handle(message: FromThread): void {
    if (!('id' in message) || message.type === 'crashed') return;
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

  #tell(task: RemoteTask, type: 'pause' | 'resume'): void {
    const id = this.#ids.get(task);
    if (id !== undefined) this.#send({ type, id });
  }

  #remove(task: RemoteTask): void {
    const id = this.#ids.get(task);
    if (id !== undefined) this.#tasks.delete(id);
    this.#ids.delete(task);
  }

  #answer(request: number, work: () => Promise<Extract<ToThread, { type: 'answer' }>['offsets']>): void {
    work().then(
      (offsets) => this.#send({ type: 'answer', request, offsets }),
      (error) => this.#send({ type: 'refusal', request, error: toWireError(error) }),
    );
  }
}
