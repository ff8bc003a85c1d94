import { KafkaException } from '../../../common/errors.ts';
import type { DamagedRecords } from '../../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { CalmClock } from '../clock-leaps.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { FileSystem } from '../log/file-system.ts';
import { LogManager } from '../log/log-manager.ts';
import { BrokerTopics, loadImage } from './broker-topics.ts';
import { DynamicConfigs } from './dynamic-configs.ts';
import { type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.ts';
import { METADATA_LOG_CONFIG, METADATA_TOPIC, MetadataLog } from './metadata-log.ts';
import { Retention } from './retention.ts';

export interface BrokerStorageOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly config: BrokerConfig;
  readonly time: Time;
  readonly logger: Logger;
  /** 16 random bytes: for cluster, directory and topic ids */
  readonly randomBytes: () => Buffer;
  readonly onDamage?: ((damage: DamagedRecords) => void) | undefined;
  /** Settings of the broker were changed, which hold from now on. */
  readonly onConfigChange?: (() => void) | undefined;
}

/** Everything that the broker keeps, in one folder, as Kafka lays it out. */
export class BrokerStorage {
  readonly clusterId: string;
  readonly topics: BrokerTopics;
  /** The broker's own settings. */
  readonly configs: DynamicConfigs;
  readonly #logs: LogManager;
  readonly #timer: { cancel(): void };

  private constructor(
    clusterId: string,
    topics: BrokerTopics,
    configs: DynamicConfigs,
    logs: LogManager,
    timer: { cancel(): void },
  ) {
    this.clusterId = clusterId;
    this.topics = topics;
    this.configs = configs;
    this.#logs = logs;
    this.#timer = timer;
  }

  /** Opens what is there, or begins an empty folder. Rejects with KafkaException DATA_UNREADABLE naming the file. */
  static async open(options: BrokerStorageOptions): Promise<BrokerStorage> {
    const { directory, fileSystem, config, time, logger, randomBytes } = options;
    const newId = () => randomBytes().toString('base64url');
    const identity = identityOf(options, newId);
    const logs = new LogManager({
      directory,
      fileSystem,
      time,
      logger,
      onDamage: options.onDamage ?? (() => {}),
      compacts: config.boolean('log.cleaner.enable'),
    });
    try {
      const metadata = new MetadataLog(
        await logs.openAtStart({ topic: METADATA_TOPIC, partition: 0 }, null, METADATA_LOG_CONFIG),
        time,
      );
      const topicsOptions = { logs, metadata, config, identity, newId, time, logger };
      const image = await loadImage(topicsOptions);
      const configs = new DynamicConfigs({ metadata, config, nodeId: identity.nodeId, image });
      const topics = await BrokerTopics.open(topicsOptions, image);
      configs.onChange = () => {
        topics.reconfigure();
        options.onConfigChange?.();
      };
      logs.startUpkeep();
      const totalBytes = config.number('runnel.log.retention.total.bytes');
      const clock = new CalmClock(time);
      const retention = new Retention(time, logger, totalBytes < 0 ? null : totalBytes);
      const timer = repeat(time, config.number('log.retention.check.interval.ms'), () => {
        try {
          retention.check([...topics.logs()]);
          if (!clock.isCalm()) return;
          for (const log of topics.logs()) log.expireProducers(config.number('producer.id.expiration.ms'));
        } catch (error) {
          logger.error(`Old records in ${directory} could not be removed`, error);
        }
      });
      return new BrokerStorage(identity.clusterId, topics, configs, logs, timer);
    } catch (error) {
      await logs.close();
      throw error;
    }
  }

  /** No space is left: producers are refused. */
  get isDiskFull(): boolean {
    return this.#logs.isDiskFull;
  }

  /** Brings everything to the disk and says that the stop was a clean one. */
  async close(): Promise<void> {
    this.#timer.cancel();
    await this.topics.close();
    await this.configs.close();
    await this.#logs.close();
  }
}

function identityOf(options: BrokerStorageOptions, newId: () => string): MetaProperties {
  const { directory, fileSystem, config } = options;
  const nodeId = config.number('node.id');
  const known = readMetaProperties(fileSystem, directory);
  if (!known) {
    const identity = { clusterId: newId(), nodeId, directoryId: newId() };
    writeMetaProperties(fileSystem, directory, identity);
    return identity;
  }
  if (known.nodeId !== nodeId) {
    throw new KafkaException(`The data in ${directory} belongs to broker ${known.nodeId}, not to broker ${nodeId}`, {
      code: 'INVALID_CONFIG',
      key: 'node.id',
      hint: `Set node.id to ${known.nodeId}, or give broker ${nodeId} a folder of its own (--data-dir).`,
    });
  }
  return known;
}

function repeat(time: Time, intervalMs: number, work: () => void): { cancel(): void } {
  let timer: Timer;
  const again = () => {
    timer = time.timer(intervalMs, () => {
      work();
      again();
    });
  };
  again();
  return { cancel: () => timer.cancel() };
}
