import { ConnectException, RemoteException } from '../../../common/errors.ts';
import type { LogEntry, Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { ConnectorListener } from './connector-host.ts';
import type { FromPlugin, PluginCall, PluginCalls, PluginLoad, ToPlugin } from './plugin-messages.ts';
import { RemoteTasks } from './remote-tasks.ts';
import { SilenceWatch } from './silence.ts';
import { OUTSIDE_HEAP_MIB } from './worker-config.ts';

/** A process as its owner sees it; the composition knows how one is made. */
export interface PluginChild {
  postMessage(message: ToPlugin): void;
  onMessage(listener: (message: FromPlugin) => void): void;
  /** What it prints, whole lines. */
  onOutput(listener: (line: string) => void): void;
  /** Called once, after all messages and output. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void;
  kill(): void;
}

export type ForkPlugin = (options: { name: string; heapMiB: number }) => PluginChild;

/** How long is waited for what. */
export interface PluginTimeouts {
  /** An answer of a connector's methods. Default 90 s, what Connect's REST waits. */
  callMs: number;
  /** The import of a package. */
  loadMs: number;
  /** A process that does not turn. */
  silenceMs: number;
}

export const PLUGIN_TIMEOUTS: PluginTimeouts = { callMs: 90_000, loadMs: 30_000, silenceMs: 60_000 };

export interface PluginProcessOptions {
  /** `connector tweets`, `plugin package /plugins/weather`: what errors say. */
  name: string;
  load: PluginLoad;
  heapMiB: number;
  /** The pause before it starts. */
  delayMs: number;
  fork: ForkPlugin;
  timeouts: PluginTimeouts;
  time: Time;
  /** Carries the context of what the process prints. */
  logger: Logger;
  /** Lines that are logged there. */
  onLog: (entry: LogEntry) => void;
  /** Once, when it is gone without having been ended. */
  onDeath: (error: ConnectException) => void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The end of what it printed is kept for the reason why it died. */
const LAST_LINES = 30;
const EXIT_MS = 2_000;

/**
 * One process with the code of plugin packages. Every call to it has a time limit; one that it does not keep ends the
 * process, for nobody knows what it does. Its death fails all that ran in it, with the reason, and nothing else.
 */
export class PluginProcess {
  readonly tasks: RemoteTasks;
  readonly packages: readonly string[];
  readonly #options: PluginProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #runs = new Map<number, ConnectorListener>();
  readonly #loaded: Promise<PluginCalls['load']['result']>;
  readonly #silence: SilenceWatch;
  readonly #exited = Promise.withResolvers<void>();
  readonly #stopDelay = new AbortController();
  readonly #endLevels: () => void;
  readonly #lastLines: string[] = [];
  /** What is sent before the packages are there. */
  #early: ToPlugin[] | null = [];
  #child: PluginChild | null = null;
  #calls = 0;
  #crash: Error | null = null;
  #gone: Error | null = null;

  constructor(options: PluginProcessOptions) {
    const { time, timeouts, load, logger } = options;
    this.#options = options;
    this.packages = load.packages;
    this.tasks = new RemoteTasks(time, (message) => this.#send(message));
    this.#silence = new SilenceWatch({
      time,
      silenceMs: timeouts.silenceMs,
      ask: () => this.#send({ type: 'ping' }),
      onSilence: () =>
        this.kill(
          this.#death(
            `has not turned for ${Math.round(timeouts.silenceMs / 1_000)} s and was ended`,
            'Its plugin computes, or waits without letting anything else run; its author can tell why.',
          ),
        ),
    });
    this.#endLevels = logger.loggers.onChange(() => this.#sendLevels());
    this.#loaded = this.#load();
    // Whoever calls sees the failure.
    this.#loaded.catch(() => {});
  }

  /** It can't be called any more. */
  get gone(): boolean {
    return this.#gone !== null;
  }

  /** What its packages hold. */
  descriptions(): Promise<PluginCalls['load']['result']> {
    return this.#loaded;
  }

  /** Rejects with what the plugin threw, with the process's death, or (and ends it then) at the limit or an abort. */
  async call<Method extends keyof PluginCalls>(
    method: Method,
    args: PluginCalls[Method]['args'],
    { limitMs = this.#options.timeouts.callMs, signal }: { limitMs?: number; signal?: AbortSignal } = {},
  ): Promise<PluginCalls[Method]['result']> {
    await this.#unlessAborted(this.#loaded, signal);
    return this.#unlessAborted(this.#request(method, args, limitMs), signal);
  }

  listen(run: number, listener: ConnectorListener | null): void {
    if (listener === null) this.#runs.delete(run);
    else this.#runs.set(run, listener);
  }

  dropConnections(): void {
    this.#send({ type: 'dropConnections' });
  }

  /** Nothing runs in it any more. Resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#gone === null) {
      this.#gone = this.#death('has been ended', 'Start the connector again.');
      this.#child?.postMessage({ type: 'exit' });
      const patience = this.#options.time.timer(EXIT_MS, () => this.#child?.kill());
      this.#settle(this.#gone);
      this.tasks.takeAll();
      if (this.#child === null) this.#exited.resolve();
      await this.#exited.promise;
      patience.cancel();
    }
    await this.#exited.promise;
  }

  /** Ends it by force; everything in it fails with `error`. */
  kill(error: ConnectException): void {
    if (this.#gone !== null) return;
    this.#die(error);
    if (this.#child === null) this.#exited.resolve();
    else this.#child.kill();
  }

  async #load(): Promise<PluginCalls['load']['result']> {
    const { fork, name, heapMiB, delayMs, load, timeouts } = this.#options;
    // Two turns at least: whoever made it is to have it before it can die.
    await sleep(this.#options.time, delayMs, this.#stopDelay.signal);
    if (this.#gone !== null) throw this.#gone;
    this.#child = fork({ name, heapMiB });
    this.#child.onMessage((message) => this.#handle(message));
    this.#child.onOutput((line) => this.#print(line));
    this.#child.onExit((exit) => this.#exit(exit));
    this.#sendLevels();
    try {
      const descriptions = await this.#request('load', load, timeouts.loadMs);
      const early = this.#early ?? [];
      this.#early = null;
      for (const message of early) this.#send(message);
      this.#silence.answered();
      return descriptions;
    } catch (error) {
      this.kill(error as ConnectException);
      throw this.#gone ?? error;
    }
  }

  #request<Method extends keyof PluginCalls>(
    method: Method,
    args: PluginCalls[Method]['args'],
    limitMs: number,
  ): Promise<PluginCalls[Method]['result']> {
    const call = this.#calls++;
    return new Promise((resolve, reject) => {
      if (this.#gone !== null) return reject(this.#gone);
      const limit = this.#options.time.timer(limitMs, () => {
        this.#waiting.delete(call);
        const error = this.#timedOut(method, limitMs);
        this.kill(error);
        reject(error);
      });
      const settle = (how: (value: unknown) => void) => (value: unknown) => {
        limit.cancel();
        this.#waiting.delete(call);
        how(value);
      };
      this.#waiting.set(call, { resolve: settle(resolve as (value: unknown) => void), reject: settle(reject) });
      this.#child?.postMessage({ type: 'call', call, method, args } as PluginCall);
    });
  }

  /** What is given up may do anything from now on: its process ends. */
  async #unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return work;
    const aborted = Promise.withResolvers<never>();
    const abort = () => {
      aborted.reject(signal.reason);
      this.kill(signal.reason as ConnectException);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    try {
      return await Promise.race([aborted.promise, work]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #handle(message: FromPlugin): void {
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
        this.#crash = new RemoteException(message.error);
        break;
      case 'result':
        this.#waiting.get(message.call)?.resolve(message.value);
        break;
      case 'error':
        this.#waiting.get(message.call)?.reject(new RemoteException(message.error));
        break;
      case 'reconfigure':
        this.#runs.get(message.run)?.onReconfigurationRequested();
        break;
      case 'raised':
        this.#runs.get(message.run)?.onFailure(new RemoteException(message.error));
        break;
      default:
        this.tasks.handle(message);
    }
  }

  #print(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    this.#options.logger.named('plugins.output').info(line);
  }

  #exit({ code, signal }: { code: number | null; signal: string | null }): void {
    if (this.#gone === null) this.#die(this.#exitReason(code, signal));
    this.#exited.resolve();
  }

  #exitReason(code: number | null, signal: string | null): ConnectException {
    const outOfMemory = this.#lastLines.some((line) => /heap out of memory|Allocation failed/.test(line));
    if (outOfMemory)
      return this.#death(
        `has run out of memory (its heap may have ${this.#options.heapMiB} MiB, its buffers some ${OUTSIDE_HEAP_MIB} MiB)`,
        'Raise runnel.plugin.heap.mib in the worker’s settings if the plugin needs more than that.',
      );
    const how = signal === null ? `ended unexpectedly with exit code ${code}` : `was ended by ${signal}`;
    const why = this.#crash === null ? '' : ` (${this.#crash.message})`;
    return this.#death(how + why, 'Restart the connector; the log has what its plugin printed before.', this.#crash);
  }

  #timedOut(method: keyof PluginCalls, limitMs: number): ConnectException {
    const { name, load } = this.#options;
    const packages = load.packages.join(', ');
    return new ConnectException(
      `${method === 'load' ? 'The import' : `The call of ${METHODS[method]}`} did not come back within ` +
        `${limitMs / 1_000} s, and the process of ${name} was ended (plugin package ${packages})`,
      {
        code: 'PLUGIN_TIMEOUT',
        hint: 'The plugin waits for something, or computes without end: its author can tell why. Then try it again.',
      },
    );
  }

  #death(what: string, hint: string, cause: Error | null = null): ConnectException {
    return new ConnectException(`The process of ${this.#options.name} ${what}`, {
      code: 'PLUGIN_PROCESS_ENDED',
      hint,
      ...(cause !== null && { cause }),
    });
  }

  #die(error: ConnectException): void {
    this.#gone = error;
    const runs = [...this.#runs.values()];
    this.#settle(error);
    for (const { listener } of this.tasks.takeAll()) listener.onFailure(error);
    for (const run of runs) run.onFailure(error);
    this.#options.onDeath(error);
  }

  #settle(error: Error): void {
    this.#silence.end();
    this.#endLevels();
    this.#stopDelay.abort();
    this.#early = [];
    this.#runs.clear();
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }

  #sendLevels(): void {
    this.#child?.postMessage({ type: 'logLevels', levels: this.#options.logger.loggers.settings() });
  }

  #send(message: ToPlugin): void {
    if (this.#gone !== null) return;
    if (this.#early === null) this.#child?.postMessage(message);
    else this.#early.push(message);
  }
}

const METHODS: Readonly<Record<Exclude<keyof PluginCalls, 'load'>, string>> = {
  validate: 'validate',
  startConnector: 'start',
  taskConfigs: 'taskConfigs',
  stopConnector: 'stop',
  alterOffsets: 'alterOffsets',
};
