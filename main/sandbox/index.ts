/** `@runnel-app/runnel/sandbox`: a Kafka broker in the process of a test. */
import type { Sandbox as Broker } from '../broker/sandbox.ts';
import { createLogger, formatLogLine } from '../logging.ts';
import { systemTime } from '../time.ts';
import { startSandbox } from './start-sandbox.ts';

/** Topics with their number of partitions, or names alone: `num.partitions` (1) of each. */
export type SandboxTopics = Readonly<Record<string, number>> | readonly string[];

export interface SandboxOptions {
  /** Any free one unless it is named; one that is named and taken is an error. */
  port?: number;
  /** A folder that is kept and gone on with; without it everything is in memory. */
  dataDir?: string;
  /** Made before clients can connect, where they are missing. */
  topics?: SandboxTopics;
  /** Kafka's broker properties: `{ 'auto.create.topics.enable': 'false' }`. */
  properties?: Readonly<Record<string, string>>;
  /** Gets each line of the broker's log, warnings and errors only; without it they go to standard error. */
  onLog?: (line: string) => void;
}

/**
 * A Kafka broker in this process, on this computer alone. In memory it is there in a few milliseconds and leaves nothing
 * behind.
 *
 * ```ts
 * await using sandbox = await Sandbox.start({ topics: { orders: 3 } });
 * const kafka = new Kafka({ brokers: [sandbox.bootstrapServers] });
 * ```
 */
export class Sandbox {
  readonly #broker: Broker;
  #stopped: Promise<void> | undefined;

  private constructor(broker: Broker) {
    this.#broker = broker;
  }

  /**
   * Resolves when clients can connect. Rejects with an error that has a `code` and a `hint`: PORT_IN_USE, DATA_LOCKED,
   * DATA_UNREADABLE, UNKNOWN_PROPERTY, REFUSED_PROPERTY, INVALID_CONFIG, TOPIC_DIFFERS.
   */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const { port = 0, dataDir, topics, properties, onLog = (line) => void process.stderr.write(`${line}\n`) } = options;
    const logger = createLogger(
      { time: systemTime, write: (entry) => onLog(formatLogLine(entry)), level: 'WARN' },
      'server.Sandbox',
    );
    const broker = await startSandbox(
      { dataDir: dataDir ?? null, port, overrides: properties ?? {}, topics: countsOf(topics ?? []), logger },
      { time: systemTime },
    );
    return new Sandbox(broker);
  }

  get port(): number {
    return this.#broker.port;
  }

  /** What clients take as `bootstrap.servers` or in a list of brokers: `localhost:49152`. */
  get bootstrapServers(): string {
    return `localhost:${this.port}`;
  }

  get clusterId(): string {
    return this.#broker.clusterId;
  }

  /** Makes topics that are missing. Rejects with TOPIC_DIFFERS when one is there with another number of partitions. */
  createTopics(topics: SandboxTopics): Promise<void> {
    return this.#broker.makeTopics(countsOf(topics));
  }

  /**
   * All topics, groups and transactions are gone; the port stays. Clients that are connected lose their connection and
   * come back by themselves.
   */
  reset(): Promise<void> {
    return this.#broker.reset();
  }

  /** Ends all connections. Of a sandbox in memory nothing is left, one in a folder can be started again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#broker.close();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function countsOf(topics: SandboxTopics): ReadonlyMap<string, number | undefined> {
  return Array.isArray(topics) ? new Map(topics.map((name) => [name, undefined])) : new Map(Object.entries(topics));
}
