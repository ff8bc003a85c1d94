import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ConfigException, ConnectException, KafkaException } from '../../common/errors.ts';
import type { LogEntry, Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { KafkaClients } from '../kafka/api.ts';
import type { ConfigMap } from './api/connector.ts';
import { CATALOGUE } from './catalogue.ts';
import { clientDefinitions } from './client-definitions.ts';
import { ConnectRest } from './connect-rest.ts';
import type { ConnectorFile } from './connector-files.ts';
import { importJavaOffsets } from './java-offsets.ts';
import { scanPluginPath } from './plugins/plugin-path.ts';
import { type PluginCatalogue, Plugins } from './plugins/plugins.ts';
import { configProviders } from './providers/index.ts';
import { workerAdminConfig } from './runtime/client-configs.ts';
import { ConfigTransformer } from './runtime/config-transformer.ts';
import type { ConnectorHost } from './runtime/connector-host.ts';
import { HiddenValues, hidingEntry, hidingLogger } from './runtime/hidden-values.ts';
import { InProcessTaskHost } from './runtime/in-process-task-host.ts';
import { IsolatingConnectorHost } from './runtime/isolating-connector-host.ts';
import { LocalConnectorHost } from './runtime/local-connector-host.ts';
import { type ForkPlugin, PLUGIN_TIMEOUTS, type PluginTimeouts } from './runtime/plugin-process.ts';
import { describePackage, PluginProcessHost } from './runtime/plugin-process-host.ts';
import { PluginRegistry, refusedPackage } from './runtime/plugin-registry.ts';
import { StandaloneHerder } from './runtime/standalone-herder.ts';
import type { TaskHost } from './runtime/task-host.ts';
import { ThreadTaskHost } from './runtime/thread-task-host.ts';
import { warnOfUnusedWorkerKeys } from './runtime/unused-keys.ts';
import { type WorkerConfig, workerConfig } from './runtime/worker-config.ts';
import { standardStreamsApart } from './standard-streams.ts';
import { type SqliteStores, sqliteStores } from './storage/index.ts';
import { fileSecretKey } from './storage/secret-key.ts';

export interface ConnectStandaloneOptions {
  /** The worker's settings, as in `worker.properties`. */
  properties: ConfigMap;
  clients: KafkaClients;
  time: Time;
  logger: Logger;
  /** In [0, 1). */
  random: () => number;
  /** The worker's SQLite file; absent: `<offset.storage.file.filename>.sqlite`. */
  databasePath?: string;
  /** 32 bytes of the system's keychain; absent or null: a key file beside the database. */
  secretKey?: Uint8Array | null;
  /** `task-thread.ts`, or what it was bundled into; null: tasks run in this thread. */
  taskThread: URL | null;
  /** Makes the processes of plugin packages; absent: `plugin.path` has no effect. */
  forkPlugin?: ForkPlugin;
  pluginTimeouts?: PluginTimeouts;
  /** Lines that tasks in threads and plugins in processes log; their levels are those of `logger`. */
  onLog: (entry: LogEntry) => void;
  catalogue?: PluginCatalogue;
  /** Where REST is served when `listeners` doesn't say; busy ports are passed over. Default 8083; null: nowhere. */
  defaultRestPort?: number | null;
  /** The environment's `KAFKA_OPTS`: users of Connect name their JAAS file there. */
  kafkaOpts?: string | undefined;
  /** Of `GET /`. */
  commit?: string;
  /** Refuse to start (BROKER_UNREACHABLE) when no broker answers; else tasks wait for one. */
  requireKafka?: boolean;
  /** Created or updated before the stored ones of the same name would start. */
  connectors?: readonly ConnectorFile[];
}

export interface ConnectStandalone {
  herder: StandaloneHerder;
  /** `http://127.0.0.1:8083`; null when REST is off. */
  restUrl: string | null;
  /** Of every listener. */
  restUrls: { rest: readonly string[]; admin: readonly string[] };
  databasePath: string;
  /** After sleep or a change of network. */
  dropConnections(): void;
  /** Ends connectors cleanly, then everything else. */
  stop(): Promise<void>;
}

/** Kafka is given so long to answer at the start. */
const KAFKA_TIMEOUT_MS = 5_000;
const DEFAULT_REST_PORT = 8083;

/**
 * Wires a whole worker: stores, plugins, tasks, herder, REST. Rejects with a KafkaException whose code says what is in
 * the way: INVALID_CONFIG, DATA_LOCKED, DATA_UNREADABLE, PORT_IN_USE, BROKER_UNREACHABLE, CONNECTOR_NOT_CREATED; then
 * nothing is left open. Java: `ConnectStandalone`.
 */
export async function startConnectStandalone(given: ConnectStandaloneOptions): Promise<ConnectStandalone> {
  const hidden = new HiddenValues();
  const options: ConnectStandaloneOptions = {
    ...given,
    logger: hidingLogger(given.logger, hidden),
    onLog: (entry) => given.onLog(hidingEntry(entry, hidden)),
  };
  const { logger, time, clients } = options;
  const opened: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const providers = configProviders(options.properties);
    // The worker's own settings may hold variables too; what they stand for is never shown.
    const properties = new ConfigTransformer(providers, hidden).transform(options.properties);
    const worker = workerConfig(properties);
    const plugins = new Plugins(options.catalogue ?? CATALOGUE);
    warnOfUnusedWorkerKeys(plugins, properties, logger.named('runtime.WorkerConfig'));
    // One that comes from a plugin package can be looked for only when the packages have been looked at.
    const fromPackages = worker.parsed['plugin.path'] !== null && converterIsUnknown(plugins, properties);
    if (!fromPackages) checkConverters(plugins, properties);
    const databasePath = databaseOf(options, properties);
    const stores = openStores(options, databasePath);
    opened.push(() => stores.close());
    const offsetsFile = properties['offset.storage.file.filename']?.trim();
    if (offsetsFile) {
      const connectors = (options.catalogue ?? CATALOGUE).connectors;
      const java = { file: resolve(offsetsFile), databasePath, store: stores.javaOffsets, connectors, time };
      await importJavaOffsets({ ...java, logger: logger.named('storage.FileOffsetBackingStore') });
    }
    // Both at once; whichever fails, a port that is open by then has to be closed again.
    const listening = ConnectRest.listen({
      worker,
      defaultPort: options.defaultRestPort === undefined ? DEFAULT_REST_PORT : options.defaultRestPort,
      kafkaOpts: options.kafkaOpts,
      time,
      logger: logger.named('rest.RestServer'),
      hide: (text) => hidden.hide(text),
    });
    const [, checked] = await Promise.allSettled([listening, checkKafka(options, properties)]);
    const rest = await listening;
    opened.push(() => rest.close());
    if (checked.status === 'rejected') throw checked.reason;
    const { host, registry } = hostOf(options, plugins, worker);
    opened.push(() => host.close());
    if (fromPackages) {
      await host.settled();
      checkConverters(plugins, properties);
    }
    const herder = new StandaloneHerder({
      workerId: rest.workerId,
      plugins,
      ...(registry === null ? {} : { packages: registry }),
      stores,
      host,
      worker,
      providers,
      hidden,
      clients,
      time,
      logger,
    });
    opened.push(() => herder.stop());
    rest.serve(herder, options.commit ?? '');
    await startConnectors(herder, options.connectors ?? []);
    return {
      herder,
      restUrl: rest.url,
      restUrls: rest.urls,
      databasePath,
      dropConnections: () => {
        (clients as { dropConnections?: () => void }).dropConnections?.();
        host.dropConnections?.();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error instanceof Error ? hidden.hideIn(error) : error;
  }
}

const WORKER_CONVERTERS = [
  ['key.converter', 'converter'],
  ['value.converter', 'converter'],
  ['header.converter', 'header_converter'],
] as const;

function converterIsUnknown(plugins: Plugins, properties: ConfigMap): boolean {
  return WORKER_CONVERTERS.some(([key, kind]) => {
    const name = properties[key];
    return name !== undefined && plugins.versions(kind, name).length === 0;
  });
}

/** The worker's own converters are there, in the versions that it wants. Throws ConfigException. */
function checkConverters(plugins: Plugins, properties: ConfigMap): void {
  for (const [key, kind] of WORKER_CONVERTERS) {
    const name = properties[key];
    if (name === undefined) continue;
    if (plugins.versions(kind, name).length === 0)
      throw ConfigException.invalidValue(key, name, `Class ${name} could not be found.`);
    const mismatch = plugins.versionMismatch(kind, name, properties[`${key}.plugin.version`]);
    if (mismatch !== null) throw new ConfigException(mismatch, { key: `${key}.plugin.version` });
  }
}

function databaseOf({ databasePath }: ConnectStandaloneOptions, properties: ConfigMap): string {
  if (databasePath !== undefined) return resolve(databasePath);
  const offsets = properties['offset.storage.file.filename'];
  if (offsets === undefined || offsets.trim() === '') {
    throw new ConfigException(
      'Missing required configuration "offset.storage.file.filename" which has no default value.',
      {
        key: 'offset.storage.file.filename',
        hint: 'Name a file: connectors and source offsets are kept beside it, with .sqlite at its end.',
      },
    );
  }
  return resolve(`${offsets.trim()}.sqlite`);
}

function openStores({ time, logger, secretKey }: ConnectStandaloneOptions, file: string): SqliteStores {
  logger.info(`Connectors and source offsets are kept in ${file}`);
  const key = secretKey == null ? fileSecretKey(`${file}.key`, logger) : { bytes: () => secretKey };
  return sqliteStores({ file, secretKey: key, time });
}

async function checkKafka({ clients, requireKafka }: ConnectStandaloneOptions, properties: ConfigMap): Promise<void> {
  if (!requireKafka) return;
  const admin = clients.admin({
    ...workerAdminConfig(properties, 'connect-start'),
    'default.api.timeout.ms': String(KAFKA_TIMEOUT_MS),
  });
  try {
    await admin.clusterId();
  } catch (error) {
    throw new ConnectException(
      `Failed to connect to and describe Kafka cluster at ${properties['bootstrap.servers']}: ${(error as Error).message}`,
      {
        code: 'BROKER_UNREACHABLE',
        key: 'bootstrap.servers',
        hint:
          (error instanceof KafkaException ? error.hint : undefined) ??
          'Check bootstrap.servers, or start a broker of your own with `runnel sandbox`.',
        cause: error,
      },
    );
  } finally {
    await admin.close();
  }
}

function hostOf(
  options: ConnectStandaloneOptions,
  plugins: Plugins,
  worker: WorkerConfig,
): { host: ConnectorHost; registry: PluginRegistry | null } {
  const { time, logger, forkPlugin, onLog } = options;
  const tasks = tasksOf(options, plugins);
  const own = new LocalConnectorHost({ plugins, worker, clientDefinitions, tasks, time, logger });
  const { folders, refused } = pluginPackages(options, worker);
  if (folders.length + refused.length === 0 || forkPlugin === undefined) return { host: own, registry: null };
  const processes = {
    worker: worker.properties,
    fork: forkPlugin,
    heapMiB: worker.parsed['runnel.plugin.heap.mib'],
    timeouts: options.pluginTimeouts ?? PLUGIN_TIMEOUTS,
    time,
    logger,
    onLog,
  };
  const registry = new PluginRegistry({
    plugins,
    folders,
    refused,
    worker: worker.properties,
    describe: (folder, signal) => describePackage(folder, signal, processes),
    logger: logger.named('runtime.isolation.PluginRegistry'),
  });
  const host = new IsolatingConnectorHost(own, new PluginProcessHost({ ...processes, registry }), registry);
  return { host, registry };
}

function pluginPackages({ logger }: ConnectStandaloneOptions, worker: WorkerConfig) {
  const { packages, refused } = scanPluginPath((worker.parsed['plugin.path'] ?? []).join(','));
  const log = logger.named('runtime.isolation.PluginRegistry');
  for (const { error } of refused) log.warn(`${error.message} (${error.hint})`);
  return {
    folders: packages.map(({ folder }) => folder),
    refused: refused.map(({ folder, error }) => refusedPackage(folder, error)),
  };
}

function tasksOf(options: ConnectStandaloneOptions, plugins: Plugins): TaskHost {
  const { clients, time, logger, random, taskThread, onLog } = options;
  const here = new InProcessTaskHost({ clients, plugins, time, logger, random });
  if (taskThread === null) return here;
  const threads = Math.max(2, Math.min(4, availableParallelism()));
  return standardStreamsApart(
    new ThreadTaskHost({ entry: taskThread, threads, workerData: null, time, logger, onLog }),
    here,
  );
}

/** Stored ones, and those of the command line in the place of stored ones of their name. */
async function startConnectors(herder: StandaloneHerder, connectors: readonly ConnectorFile[]): Promise<void> {
  const names = connectors.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConnectException(`Connector ${twice} already exists: two files of the command line have this name`, {
      code: 'CONNECTOR_NOT_CREATED',
      key: twice,
      hint: 'Give one of them another name.',
    });
  const started = herder.start(new Set(names));
  for (const { name, config, targetState } of connectors) {
    const isNew = !herder.connectors().includes(name);
    try {
      await herder.putConnectorConfig(name, config, {
        allowReplace: true,
        author: 'connect-standalone',
        ...(isNew && targetState !== undefined ? { targetState } : {}),
      });
    } catch (error) {
      throw new ConnectException(`Failed to create connector ${name}: ${(error as Error).message}`, {
        code: 'CONNECTOR_NOT_CREATED',
        key: name,
        hint: error instanceof KafkaException ? error.hint : undefined,
        cause: error,
      });
    }
  }
  await started;
}
