import type { ProcessStatus } from '../../common/desktop/processes.ts';
import { ConnectException, DisconnectException, toWireError, type WireError } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { sleep, type Time } from '../../common/time.ts';
import type { Child } from './child.ts';

export interface OwnedProcess<Ready> {
  /** `worker`; stands in logs and errors. */
  name: string;
  fork(): Child;
  /** Asks the new process to begin; its answer says that it can be used. */
  begin(child: Child): Promise<Ready>;
  /** Asks it to end cleanly; it exits by itself then. */
  end(child: Child): Promise<void>;
}

export interface ProcessState<Ready> {
  status: ProcessStatus;
  /** Not null exactly while it is running. */
  ready: Ready | null;
  pid: number | undefined;
  /** How often it was started again after it died. */
  restarts: number;
  /** Why it is `failed`, or why it is being restarted. */
  error: WireError | null;
}

/** A process that dies more often than this within the window is not started again by itself. */
const MAX_DEATHS = 5;
const DEATHS_WINDOW_MS = 60_000;
const FIRST_BACK_OFF_MS = 250;
const STOP_GRACE_MS = 15_000;

/** From `start` to `stop` or failure, over all the processes that were needed for it. */
class Run<Ready> {
  readonly #stopping = new AbortController();
  #ready = Promise.withResolvers<Ready>();
  #settled = false;
  ended: Promise<void> = Promise.resolve();

  constructor() {
    // Whoever waits sees the failure; when nobody does, the state tells it.
    this.#ready.promise.catch(() => {});
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Settles with the process that runs now or is being started. */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  stop(): void {
    this.#stopping.abort();
  }

  running(ready: Ready): void {
    this.#settled = true;
    this.#ready.resolve(ready);
  }

  /** The process died: from now on the next one is waited for. */
  died(): void {
    if (!this.#settled) return;
    this.#settled = false;
    this.#ready = Promise.withResolvers<Ready>();
    this.#ready.promise.catch(() => {});
  }

  failed(error: unknown): void {
    this.died();
    this.#ready.reject(error);
  }
}

/**
 * The one owner of one process: starts it, notices when it dies, starts it again with growing pauses, ends it. After
 * `stop` nothing of it is left. A process that refuses to begin is not tried again: the reason stays in the state.
 */
export class ProcessOwner<Ready> {
  readonly #process: OwnedProcess<Ready>;
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #listeners = new Set<(state: ProcessState<Ready>) => void>();
  #state: ProcessState<Ready> = { status: 'stopped', ready: null, pid: undefined, restarts: 0, error: null };
  #run: Run<Ready> | undefined;
  #child: Child | undefined;

  constructor(process: OwnedProcess<Ready>, time: Time, logger: Logger) {
    this.#process = process;
    this.#time = time;
    this.#logger = logger;
  }

  get state(): ProcessState<Ready> {
    return this.#state;
  }

  /** The running process, to be handed a port. */
  get child(): Child | undefined {
    return this.#state.status === 'running' ? this.#child : undefined;
  }

  /** Calls `listener` at each change until the returned function is called. */
  onChange(listener: (state: ProcessState<Ready>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it runs, at once when it does already; after a `stop` when that has ended. Rejects when it refuses to begin or dies too often. */
  async start(): Promise<Ready> {
    while (this.#run?.stopping.aborted) await this.#run.ended;
    if (!this.#run) {
      const run = new Run<Ready>();
      this.#run = run;
      run.ended = this.#keepRunning(run);
    }
    return this.#run.ready;
  }

  /** Ends it cleanly, with force after 15 s. Resolves when the process is gone. */
  async stop(): Promise<void> {
    const run = this.#run;
    run?.stop();
    await run?.ended;
    if (!run && this.#state.status === 'failed') this.#set({ status: 'stopped', error: null });
  }

  async restart(): Promise<Ready> {
    await this.stop();
    return this.start();
  }

  async #keepRunning(run: Run<Ready>): Promise<void> {
    let deaths: number[] = [];
    let failure: unknown;
    this.#set({ status: 'starting', error: null });
    while (!run.stopping.aborted && failure === undefined) {
      const outcome = await this.#runOnce(run);
      if (run.stopping.aborted) break;
      const now = this.#time.hiResMilliseconds();
      deaths = [...deaths.filter((at) => now - at < DEATHS_WINDOW_MS), now];
      this.#logger.error(outcome.error.message);
      if (outcome.refused || deaths.length > MAX_DEATHS) {
        failure = outcome.error;
        break;
      }
      run.died();
      this.#set({
        status: 'restarting',
        ready: null,
        pid: undefined,
        restarts: this.#state.restarts + 1,
        error: toWireError(outcome.error),
      });
      const pause = deaths.length === 1 ? 0 : FIRST_BACK_OFF_MS * 2 ** (deaths.length - 2);
      await sleep(this.#time, pause, run.stopping);
    }
    this.#run = undefined;
    this.#set({
      status: failure === undefined ? 'stopped' : 'failed',
      ready: null,
      pid: undefined,
      error: failure === undefined ? null : toWireError(failure),
    });
    run.failed(failure ?? new ConnectException(`The ${this.#process.name} was stopped`, { code: 'CANCELLED' }));
  }

  /** One process from fork to exit: whether it refused to begin or died, and why. */
  async #runOnce(run: Run<Ready>): Promise<{ refused: boolean; error: Error }> {
    const child = this.#process.fork();
    let exitCode: number | undefined;
    const exited = new Promise<void>((resolve) => {
      child.onExit((code) => {
        exitCode = code;
        resolve();
      });
    });
    const stopped = new Promise<void>((resolve) => {
      if (run.stopping.aborted) resolve();
      run.stopping.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#child = child;
    const begun = this.#process.begin(child).then(
      (ready) => ({ ready, error: undefined }),
      (error: Error) => ({ ready: undefined, error }),
    );
    const first = await Promise.race([begun, stopped, exited]);
    const refused = first?.error !== undefined && !(first.error instanceof DisconnectException);
    if (first?.ready !== undefined && exitCode === undefined) {
      this.#set({ status: 'running', ready: first.ready, pid: child.pid(), error: null });
      run.running(first.ready);
      await Promise.race([stopped, exited]);
      if (exitCode === undefined) await this.#end(child, exited);
    } else if (exitCode === undefined && !(first?.error instanceof DisconnectException)) {
      // One that has not begun has nothing to close.
      child.kill();
    }
    await exited;
    this.#child = undefined;
    const died = new ConnectException(`The ${this.#process.name} process ended unexpectedly (exit code ${exitCode})`, {
      code: 'PROCESS_DIED',
      hint: 'Its log in the data folder says more',
    });
    return { refused, error: refused && first?.error ? first.error : died };
  }

  async #end(child: Child, exited: Promise<void>): Promise<void> {
    this.#set({ status: 'stopping', ready: null });
    const grace = this.#time.timer(STOP_GRACE_MS, () => {
      this.#logger.warn(`The ${this.#process.name} did not end within ${STOP_GRACE_MS / 1000} s and is killed`);
      child.kill();
    });
    try {
      // It may be gone before its answer has arrived: that is an answer too.
      await Promise.race([this.#process.end(child), exited]);
      await exited;
    } catch (error) {
      this.#logger.warn(`The ${this.#process.name} did not end cleanly and is killed`, error);
      child.kill();
    } finally {
      await exited;
      grace.cancel();
    }
  }

  #set(change: Partial<ProcessState<Ready>>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}
