import { dirname, join } from 'node:path';
import { KafkaException } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { prepareCompression } from '../protocol/records/compression/compression.ts';
import { BrokerConfig } from './config/broker-config.ts';
import { Coordinators } from './coordinator/coordinators.ts';
import { announced } from './handlers/18-api-versions.ts';
import { brokerIdentity } from './handlers/broker-identity.ts';
import { brokerHandlers } from './handlers/index.ts';
import type { FileSystem } from './log/file-system.ts';
import type { LogDamage } from './log/log-environment.ts';
import { NodeFileSystem } from './log/node-file-system.ts';
import { BrokerStorage } from './metadata/broker-storage.ts';
import { Authenticator } from './security/authenticator.ts';
import { Users } from './security/users.ts';
import { LOOPBACK, SocketServer, type SocketServerOptions } from './server/socket-server.ts';

const DEFAULT_PORT = 9092;
const FRAME_TIMEOUT_MS = 30_000;
/** A slow line takes a piece of an answer (a megabyte) in less: 32 kbit/s. */
const ANSWER_TIMEOUT_MS = 300_000;

/** A second listener, for clients on other machines. */
export interface SharedListener {
  /** `0.0.0.0`: every address of this machine. */
  host: string;
  port: number;
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
  onDamage?: (damage: LogDamage) => void;
}

/** A Kafka broker on this machine: one node, persistent in Kafka's own format. Stopped and started as often as wanted. */
export class Sandbox {
  readonly port: number;
  readonly clusterId: string;
  readonly dataDir: string;
  readonly #close: () => Promise<void>;

  private constructor(port: number, clusterId: string, dataDir: string, close: () => Promise<void>) {
    this.port = port;
    this.clusterId = clusterId;
    this.dataDir = dataDir;
    this.#close = close;
  }

  /**
   * Resolves when clients can connect. Rejects with a KafkaException: UNKNOWN_PROPERTY or INVALID_CONFIG (an override),
   * DATA_LOCKED (another Runnel has the folder), DATA_UNREADABLE, PORT_IN_USE, INVALID_CERTIFICATE.
   */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { time, logger, dataDir } = options;
    const config = new BrokerConfig(options.overrides);
    const fileSystem = options.fileSystem ?? new NodeFileSystem();
    makeDataFolder(fileSystem, dataDir);
    const lock = options.lock(join(dataDir, '.lock'));
    if (!lock) {
      throw new KafkaException(`The sandbox data in ${dataDir} is in use by another Runnel`, {
        code: 'DATA_LOCKED',
        key: dataDir,
        hint: 'Stop the other one, or give this one a folder of its own (--data-dir).',
      });
    }
    let storage: BrokerStorage | undefined;
    let coordinators: Coordinators | undefined;
    const servers: SocketServer[] = [];
    try {
      await prepareCompression();
      const randomId = () => options.randomBytes(16);
      storage = await BrokerStorage.open({
        directory: dataDir,
        fileSystem,
        config,
        time,
        logger,
        randomBytes: randomId,
        onDamage: options.onDamage,
      });
      const opened = storage;
      const started = new Coordinators({
        topics: storage.topics,
        config,
        time,
        logger,
        randomId: () => uuid(options.randomBytes(16)),
        nextProducerId: () => opened.topics.next(),
      });
      coordinators = started;
      const handlers = brokerHandlers({
        topics: storage.topics,
        groups: started.groups,
        transactions: started.transactions,
        offsets: started.offsets,
        config,
        identity: brokerIdentity(config.number('node.id'), storage.clusterId, config.get('advertised.listeners')),
        producerIds: storage.topics,
        time,
        logDir: dataDir,
        volume: options.volume ?? (() => ({ total: -1n, usable: -1n })),
      });
      const common = {
        maxConnections: config.number('max.connections'),
        time,
        logger,
        handlers,
        apiVersions: () => announced(handlers.values()),
        maxFrameBytes: config.number('socket.request.max.bytes'),
        frameTimeoutMs: FRAME_TIMEOUT_MS,
        answerTimeoutMs: ANSWER_TIMEOUT_MS,
      };
      const server = await SocketServer.listen({
        ...common,
        hosts: LOOPBACK,
        port: options.port ?? options.defaultPort ?? DEFAULT_PORT,
        portIsFixed: options.port !== undefined,
      });
      servers.push(server);
      if (options.shared) servers.push(await shareWith(options.shared, common, options.randomBytes));
      return new Sandbox(server.port, storage.clusterId, dataDir, async () => {
        await Promise.all(servers.map((each) => each.close()));
        started.close();
        await opened.close();
        lock.release();
      });
    } catch (error) {
      for (const server of servers) await server.close();
      coordinators?.close();
      await storage?.close();
      lock.release();
      throw error instanceof KafkaException ? error : unusable(dataDir, error as Error);
    }
  }

  /** Ends connections, brings everything to the disk, gives the folder free. */
  close(): Promise<void> {
    return this.#close();
  }
}

function shareWith(
  { host, port, tls, users }: SharedListener,
  common: Omit<SocketServerOptions, 'hosts' | 'port' | 'portIsFixed'>,
  randomBytes: (count: number) => Buffer,
): Promise<SocketServer> {
  const known = users && new Users(users, randomBytes);
  const nonce = () => randomBytes(18).toString('base64');
  return SocketServer.listen({
    ...common,
    hosts: [host],
    port,
    portIsFixed: true,
    ...(tls && { tls }),
    ...(known && { authenticator: () => new Authenticator(known, nonce) }),
  });
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

function uuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
