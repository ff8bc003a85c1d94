import { dirname, join } from 'node:path';
import { KafkaException } from '../../common/errors.ts';
import type { DamagedRecords, StorageAlarms } from '../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { Turns } from '../../common/turns.ts';
import { FrameBuffers } from '../protocol/frame-buffers.ts';
import { prepareCompression } from '../protocol/records/compression/compression.ts';
import { AwakeTime } from './awake-time.ts';
import { Broker, type BrokerOptions } from './broker.ts';
import { BrokerConfig } from './config/broker-config.ts';
import { connectionOverrides } from './config/connection-overrides.ts';
import { type Endpoint, listenersOf } from './config/listeners.ts';
import { announced } from './handlers/18-api-versions.ts';
import type { FileSystem } from './log/file-system.ts';
import { NodeFileSystem } from './log/node-file-system.ts';
import { removeDirectory } from './log/partition-directory.ts';
import { META_PROPERTIES } from './metadata/meta-properties.ts';
import { Authenticator } from './security/authenticator.ts';
import { Users } from './security/users.ts';
import { type ConnectionLimits, ConnectionQuotas } from './server/connection-quotas.ts';
import type { Handler } from './server/handler.ts';
import { LOOPBACK, SocketServer, type SocketServerOptions } from './server/socket-server.ts';
import { UnsentAnswers } from './server/unsent-answers.ts';
import { StorageWatch } from './storage-watch.ts';

const DEFAULT_PORT = 9092;
const LOCK_FILE = '.lock';
const FRAME_TIMEOUT_MS = 30_000;
/** A slow line takes a piece of an answer (a megabyte) in less: 32 kbit/s. */
const ANSWER_TIMEOUT_MS = 300_000;

/** A second listener, for clients on other machines. */
export interface SharedListener {
  /** `0.0.0.0`: every address of this machine. */
  host: string;
  port: number;
  /** False: the next free port is as good. */
  portIsFixed?: boolean;
  /** The name or address by which its clients find this machine; absent: where they reached it. */
  advertised?: string;
  /** PEM, the certificate with its chain. Absent: plain text. */
  tls?: { key: string; cert: string };
  /** Passwords by name, for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. Absent: anybody. */
  users?: ReadonlyMap<string, string>;
}

export interface SandboxOptions {
  dataDir: string;
  /** A port that a person named: when it is busy that is an error. 0: any free one. */
  port?: number;
  /** Otherwise the search for a free port begins here (9092). */
  defaultPort?: number;
  /** Kafka's broker properties by name. */
  overrides?: Readonly<Record<string, string>>;
  /** Made before clients can connect, where they are missing; with so many partitions, undefined: `num.partitions`. */
  topics?: ReadonlyMap<string, number | undefined>;
  /** Absent: nobody but this machine reaches the broker. */
  shared?: SharedListener;
  time: Time;
  logger: Logger;
  /** So many random bytes. */
  randomBytes: (count: number) => Buffer;
  /**
   * Says that this process owns the folder; null when another has it. A lock of the operating system: one left by a
   * killed process is no obstacle.
   */
  lock: (path: string) => { release(): void } | null;
  fileSystem?: FileSystem;
  /** Bytes of the volume; for DescribeLogDirs. */
  volume?: () => { total: bigint; usable: bigint };
  /** Called at each change of what people should know of the disk. */
  onAlarms?: (alarms: StorageAlarms) => void;
}

/** Where clients reach the broker. */
export interface OpenListener {
  readonly name: string;
  readonly port: number;
  /** What clients are told; absent: where they reached it. */
  readonly advertised?: Endpoint;
}

/** What a broker is opened with, again at a reset, and who looks after it meanwhile. */
type OwnOptions = BrokerOptions & { readonly awake: AwakeTime; readonly watch: StorageWatch };

/** A Kafka broker on this machine: one node, persistent in Kafka's own format. Stopped and started as often as wanted. */
export class Sandbox {
  readonly dataDir: string;
  /** The first is this computer's own, a shared one is the last. */
  readonly listeners: readonly OpenListener[];
  readonly #options: OwnOptions;
  readonly #lock: { release(): void };
  readonly #servers: readonly SocketServer[];
  /** What the servers look in: emptied and filled again at a reset. */
  readonly #handlers: Map<number, Handler>;
  #broker: Broker;
  readonly #turns = new Turns();

  private constructor(
    options: OwnOptions,
    lock: { release(): void },
    opened: { broker: Broker; handlers: Map<number, Handler> },
    open: readonly { server: SocketServer; listener: OpenListener }[],
  ) {
    this.dataDir = options.dataDir;
    this.listeners = open.map(({ listener }) => listener);
    this.#options = options;
    this.#lock = lock;
    this.#servers = open.map(({ server }) => server);
    this.#handlers = opened.handlers;
    this.#broker = opened.broker;
  }

  get port(): number {
    return (this.listeners[0] as OpenListener).port;
  }

  get clusterId(): string {
    return this.#broker.clusterId;
  }

  /**
   * Resolves when clients can connect. Rejects with a KafkaException: UNKNOWN_PROPERTY, REFUSED_PROPERTY or
   * INVALID_CONFIG (an override), DATA_LOCKED (another Runnel has the folder), DATA_UNREADABLE, PORT_IN_USE,
   * INVALID_CERTIFICATE, TOPIC_DIFFERS (a topic is there with other partitions).
   */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { time, logger, dataDir, shared } = options;
    const config = new BrokerConfig(options.overrides);
    const listeners = listenersOf(config, options.port, options.defaultPort ?? DEFAULT_PORT);
    tellIdle(config, logger);
    const fileSystem = options.fileSystem ?? new NodeFileSystem();
    makeDataFolder(fileSystem, dataDir);
    const lock = options.lock(join(dataDir, LOCK_FILE));
    if (!lock) {
      throw new KafkaException(`The sandbox data in ${dataDir} is in use by another Runnel`, {
        code: 'DATA_LOCKED',
        key: dataDir,
        hint: 'Stop the other one, or give this one a folder of its own (--data-dir).',
      });
    }
    const awake = new AwakeTime(time, (ms) =>
      logger.info(
        `This machine slept, or this process was stopped, for ${Math.round(ms / 1000)} s: nobody's session is over for it.`,
      ),
    );
    const watch = new StorageWatch({ time, onAlarms: options.onAlarms ?? (() => {}) });
    const onDamage = (range: DamagedRecords) => watch.damaged(range);
    const open: { server: SocketServer; listener: OpenListener }[] = [];
    const quotas = new ConnectionQuotas(await connectionLimits(config));
    const onConfigChange = () => {
      connectionLimits(config).then(
        (limits) => {
          quotas.limits = limits;
        },
        (error: Error) => logger.warn(`${error.message}: the limits of connections stay as they were.`),
      );
    };
    const brokerOptions = { ...options, config, fileSystem, awake, watch, onDamage, onConfigChange };
    let broker: Broker | undefined;
    try {
      await prepareCompression();
      broker = await Broker.open(brokerOptions);
      await broker.makeTopics(options.topics ?? new Map());
      const handlers = new Map(broker.handlers);
      const common = {
        quotas,
        maxIdleMs: config.number('connections.max.idle.ms'),
        time: awake,
        logger,
        handlers,
        apiVersions: () => announced(handlers.values()),
        unsent: new UnsentAnswers(),
        frameBuffers: new FrameBuffers(),
        maxFrameBytes: config.number('socket.request.max.bytes'),
        frameTimeoutMs: FRAME_TIMEOUT_MS,
        answerTimeoutMs: ANSWER_TIMEOUT_MS,
      };
      for (const { name, port, portIsFixed, advertised } of listeners) {
        const server = await SocketServer.listen({
          ...common,
          hosts: LOOPBACK,
          port,
          portIsFixed,
          ...(advertised && { advertised }),
        });
        open.push({ server, listener: { name, port: server.port, ...(advertised && { advertised }) } });
      }
      if (shared) open.push(await shareWith(shared, common, options.randomBytes));
      watch.watch(broker);
      config.state({
        'process.roles': 'broker,controller',
        'broker.id': config.get('node.id'),
        'log.dirs': dataDir,
        listeners: open.map(({ listener }) => `${listener.name}://localhost:${listener.port}`).join(','),
      });
      return new Sandbox(brokerOptions, lock, { broker, handlers }, open);
    } catch (error) {
      for (const { server } of open) await server.close();
      await broker?.close();
      awake.close();
      lock.release();
      throw error instanceof KafkaException ? error : unusable(dataDir, error as Error);
    }
  }

  /** Makes topics that are missing, as `topics` at the start. */
  makeTopics(topics: ReadonlyMap<string, number | undefined>): Promise<void> {
    return this.#broker.makeTopics(topics);
  }

  /**
   * Everything is gone: topics, groups, transactions; port and cluster id stay. Clients that are connected lose their
   * connection and come back to an empty broker.
   */
  reset(): Promise<void> {
    return this.whileStopped(async () => {
      removeData(this.#options.fileSystem, this.dataDir);
      this.#options.watch.forget();
    });
  }

  /**
   * Everything is on the disk and nothing writes while `work` runs; then the broker is there again, on the same port,
   * whatever came of it. Clients lose their connections and come back by themselves.
   */
  whileStopped<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(() => this.#whileStopped(work));
  }

  /** Ends connections, brings everything to the disk, gives the folder free. */
  close(): Promise<void> {
    return this.#turns.take(async () => {
      await Promise.all(this.#servers.map((each) => each.close()));
      this.#options.watch.watch(undefined);
      await this.#broker.close();
      this.#options.awake.close();
      this.#lock.release();
    });
  }

  async #whileStopped<T>(work: () => Promise<T>): Promise<T> {
    this.#handlers.clear();
    for (const server of this.#servers) server.pause();
    this.#options.watch.watch(undefined);
    await this.#broker.close();
    try {
      return await work();
    } finally {
      this.#broker = await Broker.open(this.#options);
      this.#options.watch.watch(this.#broker);
      for (const [key, handler] of this.#broker.handlers) this.#handlers.set(key, handler);
      for (const server of this.#servers) server.resume();
    }
  }
}

async function connectionLimits(config: BrokerConfig): Promise<ConnectionLimits> {
  return {
    total: config.number('max.connections'),
    perAddress: config.number('max.connections.per.ip'),
    overrides: await connectionOverrides(config.get('max.connections.per.ip.overrides')),
  };
}

function tellIdle({ idle }: BrokerConfig, logger: Logger): void {
  if (idle.size === 0) return;
  const byReason = Map.groupBy(idle, ([, reason]) => reason);
  const told = [...byReason].map(([reason, names]) => `${names.map(([name]) => name).join(', ')} (${reason})`);
  logger.warn(`These broker properties change nothing here: ${told.join('; ')}.`);
}

async function shareWith(
  { host, port, portIsFixed = true, advertised, tls, users }: SharedListener,
  common: Omit<SocketServerOptions, 'hosts' | 'port' | 'portIsFixed'>,
  randomBytes: (count: number) => Buffer,
): Promise<{ server: SocketServer; listener: OpenListener }> {
  const known = users && new Users(users, randomBytes);
  const nonce = () => randomBytes(18).toString('base64');
  const told = advertised === undefined ? undefined : { host: advertised, port: 0 };
  const server = await SocketServer.listen({
    ...common,
    hosts: [host],
    port,
    portIsFixed,
    ...(told && { advertised: told }),
    ...(tls && { tls }),
    ...(known && { authenticator: () => new Authenticator(known, nonce) }),
  });
  return {
    server,
    listener: { name: 'SHARED', port: server.port, ...(told && { advertised: { ...told, port: server.port } }) },
  };
}

/** All but the lock, what is said beside it of who has it, and whose data it is. */
function removeData(fileSystem: FileSystem, dataDir: string): void {
  for (const name of fileSystem.list(dataDir)) {
    if (name.startsWith(LOCK_FILE) || name === META_PROPERTIES) continue;
    const path = join(dataDir, name);
    if (fileSystem.isDirectory(path)) removeDirectory(fileSystem, path);
    else fileSystem.removeFile(path);
  }
}

/** What a person can do about a folder that can't be read or written. */
function unusable(dataDir: string, error: Error): KafkaException {
  const code = (error as NodeJS.ErrnoException).code;
  const [why, hint] =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? ['no space is left on its disk', 'Free some space, or choose a folder on another disk (--data-dir).']
      : code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
        ? ['it may not be written to', 'Give yourself the right to write there, or choose another folder (--data-dir).']
        : [
            error.message,
            'The log of the sandbox says more; a copy of the folder, or another one (--data-dir), helps.',
          ];
  return new KafkaException(`The sandbox data in ${dataDir} can't be used: ${why}`, {
    code: 'DATA_UNREADABLE',
    key: dataDir,
    hint,
    cause: error,
  });
}

function makeDataFolder(fileSystem: FileSystem, dataDir: string): void {
  const missing: string[] = [];
  for (let path = dataDir; !fileSystem.exists(path) && dirname(path) !== path; path = dirname(path)) missing.push(path);
  try {
    fileSystem.makeDirectory(dataDir);
    // Else the folder itself could be gone after a loss of power, with all that was acknowledged.
    for (const path of missing) fileSystem.syncDirectoryNow(dirname(path));
  } catch (error) {
    throw new KafkaException(`The data folder ${dataDir} can't be made: ${(error as Error).message}`, {
      code: 'DATA_UNREADABLE',
      key: dataDir,
      hint: 'Choose a folder that you may write to (--data-dir).',
      cause: error,
    });
  }
}
