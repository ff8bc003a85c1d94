import { ConnectException } from '../../../common/errors.ts';
import { sleep, type Time, type Timer } from '../../../common/time.ts';
import type { PluginProcess } from './plugin-process.ts';

/** Processes that are asked at the same time; and how long one waits for the next question. */
const MAX_PROCESSES = 4;
const IDLE_MS = 30_000;

/**
 * Processes for short questions about packages, one question at a time each: one that never answers holds up nobody
 * else as long as there is another process.
 */
export class PluginProcessPool {
  readonly #time: Time;
  readonly #patienceMs: number;
  readonly #newProcess: (packages: readonly string[]) => PluginProcess;
  readonly #busy = new Set<PluginProcess>();
  readonly #idle = new Map<PluginProcess, Timer>();
  readonly #waiting: (() => void)[] = [];

  /** `patienceMs`: how long one waits until a process is free. */
  constructor(time: Time, patienceMs: number, newProcess: (packages: readonly string[]) => PluginProcess) {
    this.#time = time;
    this.#patienceMs = patienceMs;
    this.#newProcess = newProcess;
  }

  async use<T>(packages: readonly string[], ask: (process: PluginProcess) => Promise<T>): Promise<T> {
    if (this.#busy.size >= MAX_PROCESSES) await this.#wait();
    const process = this.#take(packages);
    try {
      return await ask(process);
    } finally {
      this.#busy.delete(process);
      if (!process.gone)
        this.#idle.set(
          process,
          this.#time.timer(IDLE_MS, () => void this.#end(process)),
        );
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#busy, ...this.#idle.keys()].map((process) => this.#end(process)));
  }

  #take(packages: readonly string[]): PluginProcess {
    const fitting = [...this.#idle.keys()].find((it) => !it.gone && String(it.packages) === String(packages));
    const process = fitting ?? this.#newProcess(packages);
    this.#idle.get(process)?.cancel();
    this.#idle.delete(process);
    this.#busy.add(process);
    // The one that has been idle longest gives way.
    const [oldest] = this.#idle.keys();
    if (oldest !== undefined && this.#busy.size + this.#idle.size > MAX_PROCESSES) void this.#end(oldest);
    return process;
  }

  async #wait(): Promise<void> {
    const patience = new AbortController();
    const turn = new Promise<'turn'>((resolve) => this.#waiting.push(() => resolve('turn')));
    const mine = this.#waiting.at(-1) as () => void;
    const outcome = await Promise.race([turn, sleep(this.#time, this.#patienceMs, patience.signal)]);
    patience.abort();
    if (outcome === 'turn') return;
    this.#waiting.splice(this.#waiting.indexOf(mine), 1);
    throw new ConnectException(`${MAX_PROCESSES} plugins are asked and none of them answers`, {
      code: 'PLUGIN_TIMEOUT',
      hint: 'Each is given up in a while; then try again.',
    });
  }

  async #end(process: PluginProcess): Promise<void> {
    this.#idle.get(process)?.cancel();
    this.#idle.delete(process);
    await process.end();
  }
}
