import type { Logger } from '../../../common/logger.ts';
import type { SourceMap } from '../api/records.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import { TaskStopping } from './errors/task-stopping.ts';

/** What a running task may ask of whoever runs it. */
export interface TaskControl {
  /** Aborted: end soon and cleanly. */
  readonly signal: AbortSignal;
  readonly paused: boolean;
  /** Reports PAUSED, waits until the task is resumed or to stop, and reports RUNNING in the first case. */
  awaitUnpause(): Promise<void>;
  /** For tasks that go on turning while they are paused. */
  report(state: 'RUNNING' | 'PAUSED'): void;
  /** Called whenever the target changes, to wake what waits. */
  onTransition: (() => void) | null;
}

/** A source or sink task, from its first start to its last commit. Java: `WorkerTask`. */
export interface WorkerTask {
  initializeAndStart(): Promise<void>;
  /** Works until the control's signal aborts; what is done by then is committed before it returns. */
  execute(control: TaskControl): Promise<void>;
  /** Always called, also after a failure. */
  close(): Promise<void>;
}

/** What a task tells its worker. Java: `TaskStatus.Listener` with the stores that it may touch. */
export interface TaskListener {
  onRunning(): void;
  onPaused(): void;
  /** It ended by itself; nothing more comes. */
  onFailure(error: Error): void;
  onTopicUsed(topic: string): void;
  /** The stored source offsets, null where there is none. */
  readOffsets(partitions: readonly SourceMap[]): Promise<(SourceMap | null)[]>;
  /** Resolves when they are on the disk; rejects when they are not (then none is). */
  storeOffsets(offsets: readonly { partition: SourceMap; offset: SourceMap }[]): Promise<void>;
}

/** Runs one task through its life: start, pause and resume, stop, failure. */
export class TaskRunner {
  readonly #task: WorkerTask;
  readonly #listener: TaskListener;
  readonly #logger: Logger;
  readonly #stop: AbortController;
  readonly #control: TaskControl;
  #paused: boolean;
  #unpause: (() => void) | null = null;
  #ended: Promise<void> = Promise.resolve();
  #cancelled = false;

  /** `stop` is shared with the parts of the task that wait for something by themselves. */
  constructor(task: WorkerTask, listener: TaskListener, logger: Logger, stop: AbortController, paused: boolean) {
    this.#task = task;
    this.#listener = listener;
    this.#logger = logger;
    this.#stop = stop;
    this.#paused = paused;
    const isPaused = () => this.#paused;
    this.#control = {
      signal: this.#stop.signal,
      get paused() {
        return isPaused();
      },
      awaitUnpause: () => this.#awaitUnpause(),
      report: (state) => this.#report(state),
      onTransition: null,
    };
  }

  /** Begins; does not wait. */
  start(): void {
    this.#ended = this.#run();
  }

  pause(): void {
    this.#paused = true;
    this.#control.onTransition?.();
  }

  resume(): void {
    this.#paused = false;
    this.#unpause?.();
    this.#control.onTransition?.();
  }

  /** Resolves when the task has committed and closed; what it reports from now on is told to nobody if it `cancel`s. */
  stop(): Promise<void> {
    this.#stop.abort();
    this.#unpause?.();
    this.#control.onTransition?.();
    return this.#ended;
  }

  /** It did not stop in time: whatever it still says is ignored. */
  cancel(): void {
    this.#cancelled = true;
  }

  async #run(): Promise<void> {
    const failure = await this.#work();
    await this.#close(failure);
    if (failure !== null && !this.#cancelled) this.#listener.onFailure(failure);
  }

  async #work(): Promise<Error | null> {
    try {
      if (this.#paused) await this.#awaitUnpause();
      if (this.#stop.signal.aborted) return null;
      await this.#task.initializeAndStart();
      this.#report('RUNNING');
      await this.#task.execute(this.#control);
      return null;
    } catch (error) {
      return error instanceof TaskStopping ? null : asError(error);
    }
  }

  async #close(failure: Error | null): Promise<void> {
    try {
      await this.#task.close();
    } catch (error) {
      // The first failure is the one that people need; this one would hide it.
      this.#logger.warn(failure === null ? 'The task did not close cleanly' : 'The failed task did not close', error);
    }
  }

  async #awaitUnpause(): Promise<void> {
    this.#report('PAUSED');
    await new Promise<void>((resolve) => {
      if (!this.#paused || this.#stop.signal.aborted) return resolve();
      this.#unpause = resolve;
    });
    this.#unpause = null;
    if (!this.#stop.signal.aborted) this.#report('RUNNING');
  }

  #report(state: 'RUNNING' | 'PAUSED'): void {
    if (this.#cancelled) return;
    if (state === 'RUNNING') this.#listener.onRunning();
    else this.#listener.onPaused();
  }
}
