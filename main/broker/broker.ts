import { KafkaException } from '../../common/errors.ts';
import type { DamagedRecords, OfflinePartition } from '../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { BrokerConfig } from './config/broker-config.ts';
import { Coordinators } from './coordinator/coordinators.ts';
import { brokerHandlers } from './handlers/index.ts';
import type { FileSystem } from './log/file-system.ts';
import { BrokerStorage } from './metadata/broker-storage.ts';
import type { Handler } from './server/handler.ts';

export interface BrokerOptions {
  dataDir: string;
  config: BrokerConfig;
  fileSystem: FileSystem;
  time: Time;
  /** For time-outs: it stands still while this process sleeps. */
  awake: Time;
  logger: Logger;
  /** So many random bytes. */
  randomBytes: (count: number) => Buffer;
  /** Bytes of the volume; for DescribeLogDirs. */
  volume?: () => { total: bigint; usable: bigint };
  onDamage?: (damage: DamagedRecords) => void;
  /** Settings of the broker were changed, which hold from now on. */
  onConfigChange?: () => void;
}

/** What answers requests: the topics of a folder, the coordinators, a handler for each API. No sockets. */
export class Broker {
  readonly handlers: ReadonlyMap<number, Handler>;
  readonly clusterId: string;
  readonly #storage: BrokerStorage;
  readonly #coordinators: Coordinators;
  readonly #config: BrokerConfig;

  private constructor(
    config: BrokerConfig,
    storage: BrokerStorage,
    coordinators: Coordinators,
    handlers: ReadonlyMap<number, Handler>,
  ) {
    this.#config = config;
    this.#storage = storage;
    this.#coordinators = coordinators;
    this.handlers = handlers;
    this.clusterId = storage.clusterId;
  }

  /** Opens what lies in the folder, or begins an empty one. Rejects as `BrokerStorage.open` does. */
  static async open(options: BrokerOptions): Promise<Broker> {
    const { dataDir, config, fileSystem, time, awake, logger, randomBytes } = options;
    const storage = await BrokerStorage.open({
      directory: dataDir,
      fileSystem,
      config,
      time,
      logger,
      randomBytes: () => randomBytes(16),
      onDamage: options.onDamage,
      onConfigChange: options.onConfigChange,
    });
    try {
      const coordinators = new Coordinators({
        topics: storage.topics,
        config,
        time: awake,
        logger,
        randomId: () => uuid(randomBytes(16)),
        nextProducerId: () => storage.topics.next(),
      });
      const handlers = brokerHandlers({
        topics: storage.topics,
        groups: coordinators.groups,
        transactions: coordinators.transactions,
        offsets: coordinators.offsets,
        config,
        configs: storage.configs,
        identity: { nodeId: config.number('node.id'), clusterId: storage.clusterId },
        producerIds: storage.topics,
        time: awake,
        logDir: dataDir,
        volume: options.volume ?? (() => ({ total: -1n, usable: -1n })),
      });
      return new Broker(config, storage, coordinators, handlers);
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /**
   * Makes the topics that are missing, with so many partitions (undefined: `num.partitions`). Rejects with
   * TOPIC_DIFFERS when one is there with another number, before any is made.
   */
  async makeTopics(wanted: ReadonlyMap<string, number | undefined>): Promise<void> {
    const { topics } = this.#storage;
    const missing: [string, number][] = [];
    for (const [name, partitions] of wanted) {
      const there = topics.get(name)?.logs.length;
      const count = partitions ?? there ?? this.#config.number('num.partitions');
      if (there === undefined) {
        topics.checkNew(name, count, new Map());
        missing.push([name, count]);
      } else if (there !== count) {
        throw new KafkaException(`The topic ${name} is there with ${counted(there)}, not with ${count}`, {
          code: 'TOPIC_DIFFERS',
          key: name,
          hint: 'Ask for as many as it has, add partitions to it, or delete it.',
        });
      }
    }
    for (const [name, count] of missing) await topics.create(name, count, new Map());
  }

  /** No space is left: producers are refused. */
  get isDiskFull(): boolean {
    return this.#storage.isDiskFull;
  }

  /** Partitions that take no records for now. */
  *offline(): Generator<OfflinePartition> {
    for (const { topicPartition, failure } of this.#storage.topics.logs()) {
      if (failure) yield { ...topicPartition, reason: failure.message };
    }
  }

  /** Brings everything to the disk. */
  async close(): Promise<void> {
    this.#coordinators.close();
    await this.#storage.close();
  }
}

const counted = (partitions: number) => (partitions === 1 ? '1 partition' : `${partitions} partitions`);

function uuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
