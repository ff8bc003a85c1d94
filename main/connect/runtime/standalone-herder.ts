import type { Catalog } from '../../../common/connect/catalog.ts';
import type { ConfigInfos, ConfigKeyInfo, PluginInfo } from '../../../common/connect/config-infos.ts';
import type {
  ConnectorInfo,
  ConnectorOffsets,
  ConnectorStateInfo,
  TargetState,
  TaskState,
} from '../../../common/connect/connector-state-info.ts';
import {
  AlreadyExistsException,
  BadRequestException,
  ConnectException,
  NotFoundException,
} from '../../../common/errors.ts';
import type { Logger, LoggerLevel, LogThreshold } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { KafkaClients } from '../../kafka/api.ts';
import { configDef } from '../api/config-def.ts';
import { toConfigKeyInfos } from '../api/config-infos.ts';
import type { ConfigProvider } from '../api/config-provider.ts';
import type { ConfigMap } from '../api/connector.ts';
import { describePlugin } from '../plugins/plugin-description.ts';
import type { Plugins } from '../plugins/plugins.ts';
import type { ConnectStores } from '../storage/index.ts';
import { workerAdminConfig } from './client-configs.ts';
import { ClusterId } from './cluster-id.ts';
import { ConfigResolver } from './config-resolver.ts';
import type { ConnectorHost, ConnectorSpec } from './connector-host.ts';
import { ConnectorOffsetsEditor } from './connector-offsets.ts';
import { type ReceivedConfig, type Resolve, throwIfInvalid } from './connector-validation.ts';
import { ConnectorViews } from './connector-views.ts';
import type { Herder, OffsetChange, PutConnectorOptions, RestartRequest, TaskInfo, TaskReport } from './herder.ts';
import { HiddenValues, hidingStatuses } from './hidden-values.ts';
import { ManagedConnector } from './managed-connector.ts';
import { frameworkConfig } from './plugin-config.ts';
import type { PluginRegistry } from './plugin-registry.ts';
import { taskName } from './task-host.ts';
import { warnOfUnusedConnectorKeys } from './unused-keys.ts';
import type { WorkerConfig } from './worker-config.ts';

export interface StandaloneHerderOptions {
  /** `127.0.0.1:8083` */
  workerId: string;
  plugins: Plugins;
  /** What is known of plugin packages; absent: there are none. */
  packages?: Pick<PluginRegistry, 'folderOf' | 'refused'>;
  stores: ConnectStores;
  host: ConnectorHost;
  worker: WorkerConfig;
  /** By the name under which configurations call them. */
  providers: ReadonlyMap<string, ConfigProvider>;
  /** What must not be shown; the values of providers and secrets are added to it. */
  hidden?: HiddenValues;
  clients: KafkaClients;
  time: Time;
  logger: Logger;
}

/**
 * The herder of a worker that is alone: validates, stores, starts and stops. Requests to one connector run one after
 * another, those to different connectors side by side; reads never wait. Java: `StandaloneHerder`; unlike there
 * connectors outlive the worker.
 */
export class StandaloneHerder implements Herder {
  readonly workerId: string;
  readonly #options: StandaloneHerderOptions;
  readonly #resolver: ConfigResolver;
  readonly #hidden: HiddenValues;
  readonly #connectors = new Map<string, ManagedConnector>();
  readonly #views: ConnectorViews;
  readonly #listeners = new Set<(connector: string) => void>();
  readonly #offsets: ConnectorOffsetsEditor;
  readonly #clusterId: ClusterId;
  readonly #resolve: Resolve = (config) => this.#resolver.resolve(config.name ?? '', config);
  #ready = false;

  constructor(options: StandaloneHerderOptions) {
    const { stores, plugins, clients, worker, time, logger } = options;
    this.#options = options;
    this.workerId = options.workerId;
    this.#hidden = options.hidden ?? new HiddenValues();
    this.#resolver = new ConfigResolver(options.providers, stores.configs, this.#hidden);
    this.#views = new ConnectorViews(stores, plugins, this.#connectors);
    this.#offsets = new ConnectorOffsetsEditor(stores.offsets, options.host, clients, worker.properties);
    const admin = () => clients.admin(workerAdminConfig(worker.properties, 'connect-cluster-id'));
    this.#clusterId = new ClusterId(admin, time, logger);
  }

  get ready(): boolean {
    return this.#ready;
  }

  /**
   * Starts every stored connector but those that are about to be replaced; resolves when each has started or failed.
   * Requests may come meanwhile.
   */
  async start(except: ReadonlySet<string> = new Set()): Promise<void> {
    const { configs, statuses } = this.#options.stores;
    const names = configs.connectors().filter((name) => !except.has(name));
    const starts = names.map((name) => {
      statuses.remove(name);
      return this.#exclusive(name, (managed) => this.#startStored(managed, name));
    });
    await Promise.all(starts);
    this.#ready = true;
  }

  /** Ends every connector cleanly; they start again with the next worker. */
  async stop(): Promise<void> {
    await Promise.all([...this.#connectors.values()].map((it) => it.exclusive(() => it.shutDown(), ENDS)));
    await this.#clusterId.close();
  }

  kafkaClusterId(): Promise<string | null> {
    return this.#clusterId.get();
  }

  connectors(): string[] {
    return this.#options.stores.configs.connectors();
  }

  connectorInfo(name: string): ConnectorInfo {
    return this.#views.info(name);
  }

  connectorConfig(name: string): ConfigMap {
    return this.#views.stored(name).config;
  }

  connectorStatus(name: string): ConnectorStateInfo {
    return this.#views.status(name);
  }

  taskStatus(name: string, task: number): TaskState {
    return this.#views.taskStatus(name, task);
  }

  taskConfigs(name: string): TaskInfo[] {
    return this.#views.taskConfigs(name);
  }

  async putConnectorConfig(
    name: string,
    received: ReceivedConfig,
    options: PutConnectorOptions,
  ): Promise<{ created: boolean; info: ConnectorInfo }> {
    const { infos, secretKeys } = await this.#options.host.validate(received, this.#resolve);
    throwIfInvalid(infos);
    const config = received as ConfigMap;
    const replace = async (managed: ManagedConnector) => {
      const { configs } = this.#options.stores;
      const before = configs.get(name);
      if (before !== null && !options.allowReplace)
        throw new AlreadyExistsException(`Connector ${name} already exists`);
      if (before !== null) await managed.stop();
      configs.put(name, config, {
        author: options.author,
        secretKeys: this.#resolver.inlineSecrets(config, secretKeys),
        ...(options.targetState === undefined ? {} : { targetState: options.targetState }),
      });
      await this.#startStored(managed, name);
      return { created: before === null, info: this.connectorInfo(name) };
    };
    return this.#exclusive(name, replace, { ends: options.allowReplace });
  }

  async patchConnectorConfig(name: string, patch: ReceivedConfig, author: string): Promise<ConnectorInfo> {
    const entries = new Map<string, string>(Object.entries(this.#views.stored(name).config));
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    }
    const { info } = await this.putConnectorConfig(name, Object.fromEntries(entries), { allowReplace: true, author });
    return info;
  }

  deleteConnector(name: string): Promise<void> {
    const remove = async (managed: ManagedConnector) => {
      // First of all it is gone from the disk: a crash must not bring it back.
      this.#options.stores.configs.remove(name);
      await managed.stop();
      this.#options.stores.statuses.remove(name);
      this.#changed(name);
    };
    return this.#change(name, `Connector ${name} not found`, remove, ENDS);
  }

  pauseConnector(name: string): Promise<void> {
    return this.#transition(name, 'PAUSED', (managed) => managed.pause());
  }

  resumeConnector(name: string): Promise<void> {
    return this.#transition(name, 'STARTED', (managed) => managed.resume());
  }

  stopConnector(name: string): Promise<void> {
    return this.#transition(name, 'STOPPED', (managed) => managed.stopForGood());
  }

  restartConnector(name: string): Promise<void> {
    return this.#change(name, `Connector ${name} not found`, (managed) => this.#restart(managed, name), ENDS);
  }

  restartConnectorAndTasks({ connector: name, includeTasks, onlyFailed }: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#change(name, `Unknown connector: ${name}`, async (managed) => {
      const before = this.connectorStatus(name);
      const wanted = ({ state }: { state: string }) => !onlyFailed || state === 'FAILED';
      const connector = wanted(before.connector);
      const tasks = includeTasks ? before.tasks.filter(wanted).map((task) => task.id) : [];
      managed.markRestarting(connector, tasks);
      const plan = this.connectorStatus(name);
      const there = managed.taskIds;
      if (connector) await this.#restart(managed, name);
      // Tasks that the connector has just made are new: only those that were there are restarted.
      await managed.restartTasks(tasks.filter((task) => there.includes(task)));
      return plan;
    });
  }

  restartTask(name: string, task: number): Promise<void> {
    return this.#change(name, `Connector ${name} not found`, async (managed) => {
      if (!managed.taskIds.includes(task))
        throw new NotFoundException(`Task ${taskName({ connector: name, task })} not found`);
      await managed.restartTasks([task]);
    });
  }

  activeTopics(name: string): string[] {
    if (!this.#options.worker.parsed['topic.tracking.enable']) throw forbidden('Topic tracking is disabled.');
    return this.#options.stores.statuses.topics(name);
  }

  resetActiveTopics(name: string): void {
    const { 'topic.tracking.enable': enabled, 'topic.tracking.allow.reset': allowed } = this.#options.worker.parsed;
    if (!enabled) throw forbidden('Topic tracking is disabled.');
    if (!allowed) throw forbidden('Topic tracking reset is disabled.');
    this.#options.stores.statuses.resetTopics(name);
  }

  async connectorOffsets(name: string): Promise<ConnectorOffsets> {
    const { config } = this.#views.stored(name);
    return this.#offsets.read(this.#spec(name, config), this.#kindOf(config));
  }

  alterConnectorOffsets(name: string, changes: readonly OffsetChange[]): Promise<string> {
    if (changes.length === 0)
      throw new BadRequestException('Partitions / offsets need to be provided for an alter offsets request');
    return this.#whileStopped(name, (config) =>
      this.#offsets.alter(this.#spec(name, config), this.#kindOf(config), changes),
    );
  }

  resetConnectorOffsets(name: string): Promise<string> {
    return this.#whileStopped(name, (config) => this.#offsets.reset(this.#spec(name, config), this.#kindOf(config)));
  }

  async plugins(connectorsOnly: boolean): Promise<PluginInfo[]> {
    await this.#options.host.settled();
    return this.#options.plugins.list(connectorsOnly);
  }

  async pluginConfig(classOrAlias: string, version?: string | null): Promise<ConfigKeyInfo[]> {
    await this.#options.host.settled();
    const plugin = this.#options.plugins.config(classOrAlias, version);
    if (plugin === undefined) throw new NotFoundException(`Unknown plugin ${classOrAlias}.`);
    if (plugin.connector === null) return toConfigKeyInfos(plugin.def);
    const framework = frameworkConfig(this.#options.plugins, plugin.connector, {}, null);
    return toConfigKeyInfos(configDef({ ...plugin.def.keys, ...framework.keys }));
  }

  async catalog(): Promise<Catalog> {
    const { host, plugins, packages } = this.#options;
    await host.settled();
    return {
      plugins: plugins.definitions().map((definition) => ({
        ...describePlugin(definition),
        folder: packages?.folderOf(definition) ?? null,
      })),
      refused: packages?.refused() ?? [],
    };
  }

  async validateConnectorConfig(config: ReceivedConfig): Promise<ConfigInfos> {
    return (await this.#options.host.validate(config, this.#resolve)).infos;
  }

  loggerLevel(name: string): LoggerLevel | null {
    return this.#options.logger.loggers.level(name);
  }

  allLoggerLevels(): ReadonlyMap<string, LoggerLevel> {
    return this.#options.logger.loggers.allLevels();
  }

  setLoggerLevel(namespace: string, level: LogThreshold): string[] {
    return this.#options.logger.loggers.setLevel(namespace, level);
  }

  taskReports(name: string): TaskReport[] {
    return this.#connectors.get(name)?.reports() ?? [];
  }

  onChange(listener: (connector: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #restart(managed: ManagedConnector, name: string): Promise<void> {
    const stored = this.#views.stored(name);
    try {
      const resolved = this.#resolver.resolve(name, stored.config);
      return managed.restartConnector({ raw: stored.config, resolved, targetState: stored.targetState });
    } catch (error) {
      managed.fail(error);
      return Promise.resolve();
    }
  }

  /** Values of providers are looked up at each start; when that fails, the connector has FAILED. */
  async #startStored(managed: ManagedConnector, name: string): Promise<void> {
    const stored = this.#options.stores.configs.get(name);
    if (stored === null) return;
    let resolved: ConfigMap;
    try {
      resolved = this.#resolver.resolve(name, stored.config);
    } catch (error) {
      managed.fail(error);
      return;
    }
    const { plugins, worker, logger } = this.#options;
    const log = logger.context(`${name}|worker`).named('runtime.ConnectorConfig');
    warnOfUnusedConnectorKeys(plugins, resolved, worker.properties, log);
    await managed.start({ raw: stored.config, resolved, targetState: stored.targetState });
  }

  #transition(name: string, state: TargetState, apply: (managed: ManagedConnector) => Promise<void>): Promise<void> {
    const change = async (managed: ManagedConnector) => {
      this.#options.stores.configs.putTargetState(name, state);
      await apply(managed);
    };
    return this.#change(name, `Unknown connector ${name}`, change, { ends: state !== 'STARTED' });
  }

  /** Runs when its turn comes; the connector may be gone by then. */
  #change<T>(
    name: string,
    absent: string,
    work: (managed: ManagedConnector) => Promise<T>,
    how: { ends?: boolean } = {},
  ): Promise<T> {
    const ifThere = async (managed: ManagedConnector) => {
      if (this.#options.stores.configs.get(name) === null) throw new NotFoundException(absent);
      return work(managed);
    };
    return this.#exclusive(name, ifThere, how);
  }

  /** One request to a connector at a time; what is kept of it goes when it is gone and nobody waits. */
  async #exclusive<T>(
    name: string,
    work: (managed: ManagedConnector) => Promise<T>,
    how: { ends?: boolean } = {},
  ): Promise<T> {
    const managed = this.#managed(name);
    try {
      return await managed.exclusive(() => work(managed), how);
    } finally {
      if (managed.idle && this.#options.stores.configs.get(name) === null) this.#connectors.delete(name);
    }
  }

  #whileStopped(name: string, work: (config: ConfigMap) => Promise<string>): Promise<string> {
    return this.#change(name, `Connector ${name} not found`, (managed) => {
      const { config, targetState } = this.#views.stored(name);
      if (targetState !== 'STOPPED' || managed.taskIds.length > 0) {
        throw new BadRequestException(
          'Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the ' +
            `specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
        );
      }
      return work(config);
    });
  }

  #managed(name: string): ManagedConnector {
    const known = this.#connectors.get(name);
    if (known !== undefined) return known;
    const { stores, host, worker, time, logger } = this.#options;
    const managed = new ManagedConnector({
      name,
      workerId: this.workerId,
      offsets: stores.offsets,
      statuses: hidingStatuses(stores.statuses, this.#hidden),
      hidden: this.#hidden,
      host,
      worker: worker.properties,
      time,
      logger,
      stopTimeoutMs: Number(
        worker.parsed['task.shutdown.graceful.timeout.ms'] + worker.parsed['offset.flush.timeout.ms'],
      ),
      trackTopics: worker.parsed['topic.tracking.enable'],
      changed: () => this.#changed(name),
    });
    this.#connectors.set(name, managed);
    return managed;
  }

  #kindOf(config: ConfigMap): 'source' | 'sink' {
    return this.#options.plugins.connector(config['connector.class'] ?? '', config['connector.plugin.version']).kind;
  }

  #spec(connector: string, config: ConfigMap): ConnectorSpec {
    return { connector, config: this.#resolver.resolve(connector, config) };
  }

  #changed(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }
}

/** What a request is that leaves nothing of the connector's present run. */
const ENDS = { ends: true };

function forbidden(message: string): ConnectException {
  return new ConnectException(message, { code: 'FORBIDDEN' });
}
