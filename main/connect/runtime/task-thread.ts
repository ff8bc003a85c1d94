import { Worker } from 'node:worker_threads';
import { ConnectException, RemoteException } from '../../../common/errors.ts';
import type { LogEntry, Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { type RemoteTask, RemoteTasks, type StopOutcome } from './remote-tasks.ts';
import { SilenceWatch } from './silence.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

export interface TaskThreadOptions {
  /** The file that calls `serveTaskThread`: a source under Node, a bundle in the product. */
  entry: URL;
  /** Handed to the entry as `workerData`. */
  workerData: unknown;
  /** Heap of a thread; absent: what Node gives. */
  maxHeapMiB?: number;
  /** A thread that does not turn for so long is ended. Default 30 s. */
  silenceMs?: number;
  time: Time;
  logger: Logger;
  /** Lines that tasks log. */
  onLog: (entry: LogEntry) => void;
}

/** What records of a moment take. Node would let it grow to twice as much, which stays in use and saves no time. */
const YOUNG_MIB = 48;
const SILENCE_MS = 30_000;

/** Why a thread ended that was not to end, and which of its tasks has brought that about, if it can be told. */
export interface ThreadEnd {
  error: ConnectException;
  culprit: RemoteTask | null;
  /** All that ran in it and were not to stop. */
  tasks: readonly RemoteTask[];
}

/** One worker thread and the tasks in it. */
export class TaskThread {
  readonly tasks: RemoteTasks;
  /** A task in it was given up: it gets no new ones, and ends with its last. */
  tainted = false;
  readonly #options: TaskThreadOptions;
  readonly #worker: Worker;
  readonly #silence: SilenceWatch;
  #culprit: RemoteTask | null = null;
  #cause: Error | null = null;
  #reason: string | null = null;

  constructor(options: TaskThreadOptions, onEnd: (end: ThreadEnd) => void) {
    const { time, silenceMs = SILENCE_MS } = options;
    this.#options = options;
    this.#worker = new Worker(options.entry, {
      workerData: options.workerData,
      name: 'runnel-tasks',
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_MIB,
        ...(options.maxHeapMiB !== undefined && { maxOldGenerationSizeMb: options.maxHeapMiB }),
      },
    });
    this.tasks = new RemoteTasks(time, (message) => this.#send(message));
    this.#silence = new SilenceWatch({
      time,
      silenceMs,
      ask: () => this.#send({ type: 'ping' }),
      onSilence: () => void this.end(`did not turn for ${Math.round(silenceMs / 1_000)} s`),
    });
    this.#worker.on('message', (message: FromThread) => this.#handle(message));
    this.#worker.on('error', (error) => {
      this.#cause ??= error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', (code) => {
      this.#silence.end();
      onEnd({ error: this.#ended(code), culprit: this.#culprit, tasks: this.tasks.takeAll() });
    });
    this.sendLogLevels();
    this.#send({ type: 'ping' });
  }

  dropConnections(): void {
    this.#send({ type: 'dropConnections' });
  }

  /** The worker's levels are those of its threads. */
  sendLogLevels(): void {
    this.#send({ type: 'logLevels', levels: this.#options.logger.loggers.settings() });
  }

  async stop(task: RemoteTask, timeoutMs: number): Promise<StopOutcome> {
    const outcome = await this.tasks.stop(task, timeoutMs);
    if (outcome !== 'clean') this.tainted = true;
    if (outcome === 'silent') await this.end(`did not let ${task.spec.connector}-${task.spec.task} stop`);
    else if (this.tainted && this.tasks.size === 0) await this.end('is not needed any more');
    return outcome;
  }

  /** With all that is in it. */
  async end(reason: string): Promise<void> {
    this.tainted = true;
    this.#reason = reason;
    await this.#worker.terminate();
  }

  #ended(code: number): ConnectException {
    const what = this.#reason === null ? `ended unexpectedly (code ${code})` : `${this.#reason} and was ended`;
    return new ConnectException(`The thread of the task ${what}`, {
      code: 'THREAD_ENDED',
      hint: 'Restart the task; a task that shared its thread may have brought it down.',
      cause: this.#cause ?? undefined,
    });
  }

  #handle(message: FromThread): void {
    switch (message.type) {
      case 'log':
        this.#options.onLog(message.entry);
        break;
      case 'logger':
        this.#options.logger.loggers.add(message.name);
        break;
      case 'pong':
        this.#silence.answered();
        break;
      case 'crashed':
        this.#cause = new RemoteException(message.error);
        this.#culprit = message.id === null ? null : (this.tasks.taskOf(message.id) ?? null);
        break;
      default:
        this.tasks.handle(message);
    }
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}
