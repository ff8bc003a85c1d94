import type { PluginDescription } from '../../../common/connect/catalog.ts';
import { ConnectException } from '../../../common/errors.ts';
import type { LogEntry, Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { ConfigMap } from '../api/connector.ts';
import type {
  ConnectorHost,
  ConnectorListener,
  ConnectorSpec,
  ConnectorValidation,
  HostedConnector,
} from './connector-host.ts';
import { type ReceivedConfig, type Resolve, withoutNulls } from './connector-validation.ts';
import type { OffsetChange } from './herder.ts';
import { type ForkPlugin, PluginProcess, type PluginTimeouts } from './plugin-process.ts';
import { PluginProcessPool } from './plugin-process-pool.ts';
import type { PluginRegistry } from './plugin-registry.ts';
import { RemoteTask } from './remote-tasks.ts';
import { type HostedTask, type TaskSpec, taskName } from './task-host.ts';
import type { TaskListener } from './worker-task.ts';

export interface PluginProcessHostOptions {
  /** Which packages a configuration needs, and what the others are. */
  registry: Pick<PluginRegistry, 'packagesOf' | 'others' | 'settled'>;
  /** The worker's settings. */
  worker: ConfigMap;
  fork: ForkPlugin;
  /** The heap of each process. */
  heapMiB: number;
  timeouts: PluginTimeouts;
  time: Time;
  logger: Logger;
  onLog: (entry: LogEntry) => void;
}

/** Time for an answer on top of what the work itself may take. */
const ANSWER_MS = 1_000;
const DEATHS_WINDOW_MS = 60_000;
const FIRST_BACK_OFF_MS = 250;
const MAX_BACK_OFF_MS = 30_000;

/**
 * Runs each connector that has code of plugin packages in a process of its own, tasks and all, from its start until
 * nothing of it runs any more. What is asked of a connector that may not run (its checks, its offsets) is asked in
 * processes of a pool.
 */
export class PluginProcessHost implements ConnectorHost {
  readonly #options: PluginProcessHostOptions;
  readonly #processes = new Map<string, PluginProcess>();
  readonly #pool: PluginProcessPool;
  /** When the process of a connector died, of late. */
  readonly #deaths = new Map<string, number[]>();
  #runs = 0;

  constructor(options: PluginProcessHostOptions) {
    this.#options = options;
    this.#pool = new PluginProcessPool(options.time, options.timeouts.callMs, (packages) =>
      this.#newProcess(`plugin package ${packages.join(', ')}`, packages, 'plugins', 0, () => {}),
    );
  }

  async validate(received: ReceivedConfig, resolve: Resolve): Promise<ConnectorValidation> {
    const packages = this.#options.registry.packagesOf(received);
    const resolved = resolve(withoutNulls(received));
    const { infos, secretKeys } = await this.#pool.use(packages, (process) =>
      process.call('validate', { received, resolved }),
    );
    return { infos, secretKeys: new Set(secretKeys) };
  }

  async startConnector(
    spec: ConnectorSpec,
    listener: ConnectorListener,
    signal: AbortSignal,
  ): Promise<HostedConnector> {
    const process = this.#processOf(spec.connector, spec.config);
    const run = this.#runs++;
    process.listen(run, listener);
    try {
      await process.call('startConnector', { run, spec }, { signal });
    } catch (error) {
      process.listen(run, null);
      throw error;
    }
    return {
      taskConfigs: (maxTasks, aborted) => process.call('taskConfigs', { run, maxTasks }, { signal: aborted }),
      stop: async (timeoutMs) => {
        process.listen(run, null);
        if (process.gone) return true;
        // What goes wrong is the process's death, and told as that.
        return process.call('stopConnector', { run, timeoutMs }, { limitMs: timeoutMs + ANSWER_MS }).catch(() => false);
      },
    };
  }

  alterOffsets(spec: ConnectorSpec, offsets: readonly OffsetChange[]): Promise<boolean> {
    return this.#pool.use(this.#options.registry.packagesOf(spec.config), (process) =>
      process.call('alterOffsets', { spec, offsets }),
    );
  }

  settled(): Promise<void> {
    return this.#options.registry.settled();
  }

  start(spec: TaskSpec, listener: TaskListener): HostedTask {
    const task = new RemoteTask(spec, listener);
    const process = this.#processOf(spec.connector, spec.connectorConfig);
    process.tasks.run(task);
    return {
      pause: () => process.tasks.pause(task),
      resume: () => process.tasks.resume(task),
      metrics: () => task.metrics,
      stop: async (timeoutMs) => {
        const outcome = await process.tasks.stop(task, timeoutMs);
        if (outcome === 'silent')
          process.kill(
            new ConnectException(
              `The process of connector ${spec.connector} was ended because ${taskName(spec)} in it did not stop`,
              { code: 'PLUGIN_PROCESS_ENDED', hint: 'Restart the connector with its tasks.' },
            ),
          );
        return outcome === 'clean';
      },
    };
  }

  async release(connector: string): Promise<void> {
    const process = this.#processes.get(connector);
    this.#processes.delete(connector);
    await process?.end();
  }

  async close(): Promise<void> {
    await Promise.all([...[...this.#processes.keys()].map((name) => this.release(name)), this.#pool.close()]);
  }

  dropConnections(): void {
    for (const process of this.#processes.values()) process.dropConnections();
  }

  #processOf(connector: string, config: ConfigMap): PluginProcess {
    const packages = this.#options.registry.packagesOf(config);
    const known = this.#processes.get(connector);
    if (known !== undefined && !known.gone && same(known.packages, packages)) return known;
    void known?.end();
    const delayMs = this.#backOff(connector);
    const died = () => {
      this.#deaths.set(connector, [...this.#recentDeaths(connector), this.#options.time.hiResMilliseconds()]);
    };
    const process = this.#newProcess(`connector ${connector}`, packages, `${connector}|worker`, delayMs, died);
    this.#processes.set(connector, process);
    return process;
  }

  #recentDeaths(connector: string): number[] {
    const now = this.#options.time.hiResMilliseconds();
    return (this.#deaths.get(connector) ?? []).filter((at) => now - at < DEATHS_WINDOW_MS);
  }

  /** One that dies again and again is not started again at once, whoever asks. */
  #backOff(connector: string): number {
    const deaths = this.#recentDeaths(connector).length;
    if (deaths === 0) this.#deaths.delete(connector);
    return deaths < 2 ? 0 : Math.min(FIRST_BACK_OFF_MS * 2 ** (deaths - 2), MAX_BACK_OFF_MS);
  }

  #newProcess(
    name: string,
    packages: readonly string[],
    context: string,
    delayMs: number,
    onDeath: () => void,
  ): PluginProcess {
    const { registry, worker, fork, heapMiB, timeouts, time, logger, onLog } = this.#options;
    return new PluginProcess({
      name,
      load: { packages, others: registry.others(packages), worker },
      heapMiB,
      delayMs,
      fork,
      timeouts,
      time,
      logger: logger.context(context),
      onLog,
      onDeath,
    });
  }
}

/** Looks at one package in a process that ends again, at the latest when `signal` aborts. */
export async function describePackage(
  folder: string,
  signal: AbortSignal,
  options: Omit<PluginProcessHostOptions, 'registry'>,
): Promise<readonly PluginDescription[]> {
  const { worker, fork, heapMiB, timeouts, time, logger, onLog } = options;
  const process = new PluginProcess({
    name: `plugin package ${folder}`,
    load: { packages: [folder], others: [], worker },
    heapMiB,
    delayMs: 0,
    fork,
    timeouts,
    time,
    logger: logger.context('plugins'),
    onLog,
    onDeath: () => {},
  });
  const end = () => void process.end();
  signal.addEventListener('abort', end);
  try {
    return await process.descriptions();
  } finally {
    signal.removeEventListener('abort', end);
    await process.end();
  }
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, i) => name === others[i]);
}
