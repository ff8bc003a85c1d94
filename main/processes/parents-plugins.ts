import type { Port } from '../../common/port.ts';
import type { PluginFork, workerControl } from '../../common/process-control.ts';
import type { Services } from '../../common/rpc.ts';
import type { ForkPlugin, PluginChild } from '../connect/fork-plugin.ts';
import type { Parent } from './parent.ts';

type Message = Parameters<PluginChild['postMessage']>[0];
type FromPlugin = Parameters<Parameters<PluginChild['onMessage']>[0]>[0];
type Exit = Parameters<Parameters<PluginChild['onExit']>[0]>[0];

/**
 * Plugin processes that Electron's main process makes for the worker: it is told what to make and says how they fare,
 * and the worker talks to each over a port of their own.
 */
export class ParentsPlugins {
  readonly #children = new Map<number, ParentsPlugin>();
  readonly #wanted: PluginFork[] = [];
  #wake: () => void = () => {};
  #ids = 0;

  constructor(onPluginPort: NonNullable<Parent['onPluginPort']>) {
    onPluginPort((id, port) => {
      const child = this.#children.get(id);
      if (child === undefined) port.close();
      else child.connected(port);
    });
  }

  readonly fork: ForkPlugin = ({ name, heapMiB }) => {
    const id = this.#ids++;
    const child = new ParentsPlugin(() => this.#want({ type: 'kill', id }));
    this.#children.set(id, child);
    this.#want({ type: 'fork', id, name, heapMiB });
    return child;
  };

  /** What the main process asks of this one for it. */
  readonly services: Pick<Services<typeof workerControl>, 'pluginForks' | 'pluginPrinted' | 'pluginExited'> = {
    pluginForks: (_, signal) => this.#forks(signal),
    pluginPrinted: ({ id, line }) => this.#children.get(id)?.printed(line),
    pluginExited: ({ id, code }) => {
      this.#children.get(id)?.exited({ code, signal: null });
      this.#children.delete(id);
    },
  };

  #want(fork: PluginFork): void {
    this.#wanted.push(fork);
    this.#wake();
  }

  async *#forks(signal: AbortSignal): AsyncGenerator<PluginFork> {
    signal.addEventListener('abort', () => this.#wake());
    while (!signal.aborted) {
      const fork = this.#wanted.shift();
      if (fork !== undefined) yield fork;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

class ParentsPlugin implements PluginChild {
  readonly #kill: () => void;
  readonly #early: Message[] = [];
  #port: Port | null = null;
  #gone = false;
  #onMessage: Parameters<PluginChild['onMessage']>[0] = () => {};
  #onOutput: (line: string) => void = () => {};
  readonly #onExit: ((exit: Exit) => void)[] = [];

  constructor(kill: () => void) {
    this.#kill = kill;
  }

  connected(port: Port): void {
    this.#port = port;
    port.onMessage((message) => this.#onMessage(message as FromPlugin));
    for (const message of this.#early.splice(0)) port.postMessage(message);
  }

  printed(line: string): void {
    this.#onOutput(line);
  }

  exited(exit: Exit): void {
    this.#gone = true;
    this.#port?.close();
    for (const listener of this.#onExit) listener(exit);
  }

  postMessage(message: Message): void {
    if (this.#gone) return;
    if (this.#port === null) this.#early.push(message);
    else this.#port.postMessage(message);
  }

  onMessage(listener: Parameters<PluginChild['onMessage']>[0]): void {
    this.#onMessage = listener;
  }

  onOutput(listener: (line: string) => void): void {
    this.#onOutput = listener;
  }

  onExit(listener: (exit: Exit) => void): void {
    this.#onExit.push(listener);
  }

  kill(): void {
    this.#kill();
  }
}
