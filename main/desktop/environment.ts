import { join } from 'node:path';
import type { SandboxState, WorkerState } from '../../common/desktop/processes.ts';
import type { RestoredSandbox, SavedSandbox } from '../../common/desktop/sandbox-archive.ts';
import { NO_ALARMS, type StorageAlarms } from '../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../common/logger.ts';
import { type BrokerReady, brokerControl, type WorkerReady, workerControl } from '../../common/process-control.ts';
import { type Client, type Contract, client } from '../../common/rpc.ts';
import type { Time } from '../../common/time.ts';
import { Turns } from '../../common/turns.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Child } from './child.ts';
import { freePortFrom } from './free-port.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { ProcessOwner } from './process-owner.ts';
import type { SettingsFile } from './settings-file.ts';

const DEFAULT_SANDBOX_PORT = 9092;

export interface EnvironmentOptions {
  folder: DataFolder;
  /** What relative paths in configurations mean. */
  workingFolder: string;
  settings: SettingsFile;
  forkWorker(): Child;
  forkBroker(): Child;
  /** From now on this worker may ask for plugin processes. */
  makePluginProcesses(worker: Child, control: Client<typeof workerControl>): void;
  secretKey: Uint8Array | null;
  time: Time;
  logger: Logger;
}

/**
 * The worker, the sandbox, and that they find each other. While the sandbox is off the worker is given a port at
 * which nobody listens, and the sandbox starts on just that one: a stranger's Kafka is never met by accident.
 */
export class Environment {
  readonly sandbox: ProcessOwner<BrokerReady>;
  readonly worker: ProcessOwner<WorkerReady>;
  readonly #options: EnvironmentOptions;
  readonly #lastPort: string;
  /** Where the sandbox is or will be. */
  #port = DEFAULT_SANDBOX_PORT;
  /** What the present worker was started with. */
  #workersBootstrap = '';
  #following: Promise<void> = Promise.resolve();
  /** One save or restore at a time. */
  readonly #archiving = new Turns();
  #alarms = NO_ALARMS;
  #leaveAlarms = () => {};
  readonly #sandboxListeners = new Set<() => void>();
  readonly #broker = controlOf(brokerControl);
  readonly #worker = controlOf(workerControl);

  constructor(options: EnvironmentOptions) {
    const { folder, workingFolder, secretKey, settings, time, logger } = options;
    this.#options = options;
    this.#lastPort = join(folder.app, 'sandbox-port.json');
    this.sandbox = new ProcessOwner<BrokerReady>(
      {
        name: 'sandbox',
        fork: options.forkBroker,
        begin: (child) =>
          this.#broker(child).start({
            dataFolder: folder.sandbox,
            logFolder: folder.logs,
            port: settings.current.sandboxPort,
            defaultPort: this.#port,
            shareWithContainers: settings.current.shareWithContainers,
          }),
        end: (child) => this.#broker(child).stop(),
      },
      time,
      logger,
    );
    this.worker = new ProcessOwner<WorkerReady>(
      {
        name: 'worker',
        fork: options.forkWorker,
        begin: (child) => {
          this.#workersBootstrap = this.bootstrapServers;
          options.makePluginProcesses(child, this.#worker(child));
          return this.#worker(child).start({
            dataFolder: folder.worker,
            workingFolder,
            logFolder: folder.logs,
            pluginFolder: folder.plugins,
            bootstrapServers: this.#workersBootstrap,
            restPort: settings.current.restPort,
            secretKey,
          });
        },
        end: (child) => this.#worker(child).stop(),
      },
      time,
      logger,
    );
    this.sandbox.onChange(({ ready }) => {
      if (ready && ready.port !== this.#port) this.#sandboxMoved(ready.port);
      this.#writePorts();
      this.#listenToAlarms();
    });
    this.worker.onChange(() => this.#writePorts());
  }

  get bootstrapServers(): string {
    return this.#options.settings.current.bootstrapServers ?? `localhost:${this.#port}`;
  }

  /** Starts what the settings say. Failures are in the states: each part goes on without the other. */
  async start(): Promise<void> {
    const { settings } = this.#options;
    const last = readJsonFile(this.#lastPort);
    const preferred =
      settings.current.sandboxPort ?? (Number.isInteger(last) ? (last as number) : DEFAULT_SANDBOX_PORT);
    this.#port = settings.current.sandboxPort ?? (await freePortFrom(preferred));
    if (settings.current.startSandbox) await this.sandbox.start().catch(() => {});
    await this.worker.start().catch(() => {});
  }

  /** Resolves when the sandbox accepts connections and the worker uses it. */
  async startSandbox(): Promise<SandboxState> {
    const { settings } = this.#options;
    const { port } = await this.sandbox.start();
    if (!settings.current.startSandbox) settings.change({ startSandbox: true });
    if (readJsonFile(this.#lastPort) !== port) writeJsonFile(this.#lastPort, port);
    await this.#following;
    await this.worker.start();
    return this.sandboxState();
  }

  async stopSandbox(): Promise<SandboxState> {
    await this.sandbox.stop();
    this.#options.settings.change({ startSandbox: false });
    return this.sandboxState();
  }

  /** The sandbox in one file; it is stopped for the moment of it. */
  saveSandbox(file: string): Promise<SavedSandbox> {
    const dataFolder = this.#options.folder.sandbox;
    return this.#whileStopped((broker) => broker.save({ dataFolder, file }));
  }

  /** What a file has takes the sandbox's place; what was there is set aside. */
  restoreSandbox(file: string): Promise<RestoredSandbox> {
    const dataFolder = this.#options.folder.sandbox;
    return this.#whileStopped((broker) => broker.restore({ dataFolder, file }));
  }

  /** In a process of its own, while no sandbox runs; one that ran before runs again afterwards, whatever came of it. */
  async #whileStopped<T>(work: (broker: Client<typeof brokerControl>) => Promise<T>): Promise<T> {
    return this.#archiving.take(async () => {
      const { status } = this.sandbox.state;
      const isOn = status !== 'stopped' && status !== 'failed';
      await this.sandbox.stop();
      const child = this.#options.forkBroker();
      try {
        return await work(this.#broker(child));
      } finally {
        const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
        child.kill();
        await exited;
        // Its failure is in its state.
        if (isOn) await this.sandbox.start().catch(() => {});
      }
    });
  }

  async restartWorker(): Promise<WorkerState> {
    await this.worker.restart();
    return this.workerState();
  }

  /** The machine slept, or is on another network: connections are opened anew. */
  dropConnections(): void {
    const { child } = this.worker;
    if (!child) return;
    // One that dies just now opens its connections anew anyway.
    this.#worker(child)
      .dropConnections()
      .catch(() => {});
  }

  /** The worker first: what it still sends must find its Kafka. */
  async stop(): Promise<void> {
    await this.worker.stop();
    await this.sandbox.stop();
  }

  /** Calls `listener` at each change of `sandboxState` until the returned function is called. */
  onSandboxChange(listener: () => void): () => void {
    this.#sandboxListeners.add(listener);
    return () => this.#sandboxListeners.delete(listener);
  }

  sandboxState(): SandboxState {
    const { status, ready, restarts, error } = this.sandbox.state;
    return {
      status,
      bootstrapServers: `localhost:${ready?.port ?? this.#port}`,
      portMoved: (ready?.port ?? this.#port) !== (this.#options.settings.current.sandboxPort ?? DEFAULT_SANDBOX_PORT),
      containersAddress: ready?.containersAddress ?? null,
      dataFolder: this.#options.folder.sandbox,
      restarts,
      error,
      alarms: this.#alarms,
    };
  }

  workerState(): WorkerState {
    const { status, ready, restarts, error } = this.worker.state;
    return {
      status,
      restUrl: ready?.restUrl ?? null,
      portMoved: ready?.portMoved ?? false,
      bootstrapServers: this.bootstrapServers,
      restarts,
      error,
    };
  }

  /** To those of the process that runs now. */
  #listenToAlarms(): void {
    this.#leaveAlarms();
    this.#leaveAlarms = () => {};
    const { child } = this.sandbox;
    const set = (alarms: StorageAlarms) => {
      this.#alarms = alarms;
      for (const listener of this.#sandboxListeners) listener();
    };
    set(NO_ALARMS);
    // One that dies just now has no more to tell: the next one is asked.
    if (child) this.#leaveAlarms = this.#broker(child).alarms(set, () => {});
  }

  /** A worker that was started with another address is of no use: it is started again with this one. */
  #sandboxMoved(port: number): void {
    this.#port = port;
    const { status } = this.worker.state;
    if (status === 'stopped' || status === 'failed' || this.#workersBootstrap === this.bootstrapServers) return;
    this.#following = this.worker.restart().then(
      () => {},
      () => {},
    );
  }

  #writePorts(): void {
    const sandbox = this.sandbox.state;
    const worker = this.worker.state;
    writeJsonFile(this.#options.folder.ports, {
      sandbox: sandbox.ready && { port: sandbox.ready.port, pid: sandbox.pid },
      rest: worker.ready && { port: worker.ready.restPort, pid: worker.pid },
    });
  }
}

/** One client for each child's control. */
function controlOf<C extends Contract>(contract: C): (child: Child) => Client<C> {
  const clients = new WeakMap<Child, Client<C>>();
  return (child) => {
    const known = clients.get(child) ?? client(contract, child.control);
    clients.set(child, known);
    return known;
  };
}
