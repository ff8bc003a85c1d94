import { KafkaException } from '../../../common/errors.ts';
import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { Turns } from '../../../common/turns.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { type BrokerConfig, checkTopicConfigs } from '../config/broker-config.ts';
import { INTERNAL_TOPICS } from '../coordinator/internal-topics.ts';
import type { LogConfig } from '../log/log-config.ts';
import type { LogManager } from '../log/log-manager.ts';
import type { PartitionDirectory } from '../log/partition-directory.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { storageError } from '../log/storage-errors.ts';
import { tryAgain } from '../log/try-again.ts';
import type { MetaProperties } from './meta-properties.ts';
import {
  changedConfigs,
  type MetadataImage,
  newPartitions,
  newTopic,
  producerIds,
  TOPIC_RESOURCE,
} from './metadata-image.ts';
import { METADATA_TOPIC, type MetadataLog } from './metadata-log.ts';
import { checkTopicName, collides } from './topic-names.ts';
import type { ChangeConfigs, Topic, Topics } from './topics.ts';

const MAX_PARTITIONS = 10_000;
/** So many producer ids are set aside at once (Java: `ProducerIdsBlock`). */
const PRODUCER_ID_BLOCK = 1000n;

export interface BrokerTopicsOptions {
  readonly logs: LogManager;
  readonly metadata: MetadataLog;
  readonly config: BrokerConfig;
  readonly identity: MetaProperties;
  readonly time: Time;
  readonly logger: Logger;
  /** A new id in Kafka's base64url form. */
  readonly newId: () => string;
}

interface OwnedTopic extends Topic {
  configs: ReadonlyMap<string, string>;
  logs: PartitionLog[];
}

/**
 * The topics as the metadata log has them, with the logs of their partitions. A change is durable in the metadata log
 * before anything of it is seen; changes happen one after another.
 */
export class BrokerTopics implements Topics {
  readonly #options: BrokerTopicsOptions;
  readonly #topics = new Map<string, OwnedTopic>();
  #revision = 0;
  readonly #byId = new Map<string, OwnedTopic>();
  /** The metadata log has them, but the disk failed while their logs were made. */
  readonly #halfMade = new Map<string, OwnedTopic>();
  readonly #turns = new Turns();
  #closed = false;
  #nextProducerId: bigint;
  #producerIdsEnd: bigint;

  private constructor(options: BrokerTopicsOptions, image: MetadataImage) {
    this.#options = options;
    // What was left of the last block is lost: a gap costs nothing. 0 looks like "none" to some clients.
    this.#nextProducerId = image.nextProducerId === 0n ? 1n : image.nextProducerId;
    this.#producerIdsEnd = image.nextProducerId;
  }

  /** Opens every log of the image's topics. What lies there without being a topic's is set aside. */
  static async open(options: BrokerTopicsOptions, image: MetadataImage): Promise<BrokerTopics> {
    const { logs } = options;
    const topics = new BrokerTopics(options, image);
    for (const directory of partitionDirectories(logs)) {
      const { topic, partition, topicId } = directory;
      const owner = image.topics.get(topic);
      if (owner && partition < owner.partitions && (topicId === undefined || topicId === owner.id)) continue;
      if (topicId !== undefined && image.removed.has(topicId)) logs.discard(directory);
      else logs.setAside(directory, topicId ?? options.newId());
    }
    for (const { name, id, partitions, configs } of image.topics.values()) {
      const topic: OwnedTopic = { name, id, isInternal: INTERNAL_TOPICS.has(name), configs, logs: [] };
      const config = topics.#logConfig(topic);
      for (let partition = 0; partition < partitions; partition++) {
        topic.logs.push(await logs.openAtStart({ topic: name, partition }, id, config));
      }
      topics.#add(topic);
    }
    return topics;
  }

  *logs(): Generator<PartitionLog> {
    for (const { logs } of this.#topics.values()) yield* logs;
  }

  get revision(): number {
    return this.#revision;
  }

  all(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  byId(topicId: string): Topic | undefined {
    return this.#byId.get(topicId);
  }

  checkNew(name: string, numPartitions: number, configs: ReadonlyMap<string, string>): void {
    checkTopicName(name);
    const refuse = (errorCode: number, message: string): never => {
      throw new ApiException(errorCode, message);
    };
    if (this.#topics.has(name)) refuse(Errors.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
    if (name === METADATA_TOPIC) refuse(Errors.INVALID_TOPIC_EXCEPTION, `${name} is the broker's own.`);
    for (const other of this.#topics.keys()) {
      if (collides(other, name)) {
        refuse(Errors.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${other}`);
      }
    }
    if (numPartitions < 1) {
      refuse(Errors.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
    }
    if (numPartitions > MAX_PARTITIONS) {
      refuse(
        Errors.INVALID_PARTITIONS,
        `${numPartitions} partitions are more than the ${MAX_PARTITIONS} of a topic here.`,
      );
    }
    checkTopicConfigs(configs);
    if (!this.#halfMade.has(name) && this.#options.logs.hasDirectory({ topic: name, partition: 0 })) {
      refuse(
        Errors.INVALID_TOPIC_EXCEPTION,
        `Topic '${name}' differs from an existing one in upper and lower case alone, which this disk can't tell apart.`,
      );
    }
  }

  create(name: string, numPartitions: number, given: ReadonlyMap<string, string>): Promise<Topic> {
    return this.#exclusively(async () => {
      this.checkNew(name, numPartitions, given);
      await this.#unmake(name);
      const isInternal = INTERNAL_TOPICS.has(name);
      const configs = new Map([...(INTERNAL_TOPICS.get(name) ?? []), ...given]);
      const topic: OwnedTopic = { name, id: this.#options.newId(), isInternal, configs, logs: [] };
      await this.#options.metadata.append([
        ...newTopic(name, topic.id, configs),
        ...this.#newPartitions(topic, numPartitions),
      ]);
      this.#halfMade.set(name, topic);
      this.#openPartitions(topic, numPartitions);
      this.#halfMade.delete(name);
      this.#add(topic);
      return topic;
    });
  }

  /** What a creation that failed has left behind goes, before the name is used again. */
  async #unmake(name: string): Promise<void> {
    const topic = this.#halfMade.get(name);
    if (!topic) return;
    const { logs, metadata } = this.#options;
    await metadata.append([{ kind: 'removeTopic', value: { topicId: topic.id } }]);
    await logs.remove(topic.logs, topic.id);
    topic.logs = [];
    for (const directory of logs.directories()) if (directory.topic === name) logs.discard(directory);
    this.#halfMade.delete(name);
  }

  delete(name: string): Promise<void> {
    return this.#exclusively(async () => {
      const topic = this.#owned(name);
      await this.#options.metadata.append([{ kind: 'removeTopic', value: { topicId: topic.id } }]);
      this.#topics.delete(name);
      this.#revision++;
      this.#byId.delete(topic.id);
      await this.#options.logs.remove(topic.logs, topic.id);
    });
  }

  checkAddition(name: string, totalCount: number): void {
    const now = this.#owned(name).logs.length;
    const refuse = (message: string) => new ApiException(Errors.INVALID_PARTITIONS, message);
    if (totalCount === now) throw refuse(`Topic already has ${now} partition(s).`);
    if (totalCount < now) {
      throw refuse(`The topic ${name} currently has ${now} partition(s); ${totalCount} would not be an increase.`);
    }
    if (totalCount > MAX_PARTITIONS) {
      throw refuse(`${totalCount} partitions are more than the ${MAX_PARTITIONS} of a topic here.`);
    }
  }

  addPartitions(name: string, totalCount: number): Promise<void> {
    return this.#exclusively(async () => {
      this.checkAddition(name, totalCount);
      const topic = this.#owned(name);
      const before = topic.logs.length;
      await this.#options.metadata.append(this.#newPartitions(topic, totalCount));
      try {
        this.#openPartitions(topic, totalCount);
      } catch (error) {
        // All or none: whoever asked can ask again.
        await this.#options.logs.remove(topic.logs.splice(before), topic.id);
        throw error;
      }
    });
  }

  changeConfigs(name: string, change: ChangeConfigs): Promise<void> {
    return this.#exclusively(async () => {
      const topic = this.#owned(name);
      const configs = change(topic.configs);
      await this.#options.metadata.append(changedConfigs(TOPIC_RESOURCE, name, topic.configs, configs));
      topic.configs = new Map(configs);
      this.#configure(topic);
    });
  }

  /** The broker's defaults have changed. */
  reconfigure(): void {
    for (const topic of this.#topics.values()) this.#configure(topic);
  }

  #configure(topic: OwnedTopic): void {
    const logConfig = this.#logConfig(topic);
    for (const log of topic.logs) log.config = logConfig;
  }

  /** A producer id that was never given before and never will be again: its block is durable before it is returned. */
  next(): Promise<bigint> {
    return this.#exclusively(async () => {
      if (this.#nextProducerId >= this.#producerIdsEnd) {
        const end = this.#nextProducerId + PRODUCER_ID_BLOCK;
        await this.#options.metadata.append([producerIds(this.#options.identity.nodeId, end)]);
        this.#producerIdsEnd = end;
      }
      return this.#nextProducerId++;
    });
  }

  /** Waits for the change that is under way; there are no more after it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turns.ended();
  }

  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      if (this.#closed) throw storageError('The broker is stopping');
      try {
        return await change();
      } catch (error) {
        if (error instanceof KafkaException) throw error;
        throw storageError(`The disk failed: ${(error as Error).message}`, error);
      }
    });
  }

  #owned(name: string): OwnedTopic {
    const topic = this.#topics.get(name);
    if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${name}' does not exist.`);
    return topic;
  }

  #newPartitions(topic: OwnedTopic, count: number) {
    const { nodeId, directoryId } = this.#options.identity;
    return newPartitions(topic.id, topic.logs.length, count, nodeId, directoryId);
  }

  #openPartitions(topic: OwnedTopic, count: number): void {
    const config = this.#logConfig(topic);
    for (let partition = topic.logs.length; partition < count; partition++) {
      topic.logs.push(this.#options.logs.open({ topic: topic.name, partition }, topic.id, config));
    }
  }

  #logConfig(topic: OwnedTopic): LogConfig {
    return this.#options.config.logConfig(topic.configs);
  }

  #add(topic: OwnedTopic): void {
    this.#topics.set(topic.name, topic);
    this.#revision++;
    this.#byId.set(topic.id, topic);
  }
}

/** What the metadata log says; a log that is missing is made anew from the partitions that lie there. */
export async function loadImage(options: BrokerTopicsOptions): Promise<MetadataImage> {
  const { logs, metadata, identity, time, logger } = options;
  const directories = partitionDirectories(logs);
  if (metadata.isEmpty && directories.length > 0) await adopt(directories, options);
  const image = await tryAgain(time, logger, METADATA_TOPIC, () => metadata.load());
  await metadata.compact(image, identity.nodeId, identity.directoryId);
  return image;
}

function partitionDirectories(logs: LogManager): PartitionDirectory[] {
  return logs.directories().filter(({ topic }) => topic !== METADATA_TOPIC);
}

/** A folder with partitions and without a metadata log: it was lost, or somebody brought the partitions. */
async function adopt(directories: readonly PartitionDirectory[], options: BrokerTopicsOptions): Promise<void> {
  const { metadata, identity, newId, logger } = options;
  const byName = new Map<string, PartitionDirectory[]>();
  for (const directory of directories) {
    byName.set(directory.topic, [...(byName.get(directory.topic) ?? []), directory]);
  }
  for (const [name, found] of byName) {
    const id = found.find(({ topicId }) => topicId !== undefined)?.topicId ?? newId();
    const count = Math.max(...found.map(({ partition }) => partition)) + 1;
    const configs = INTERNAL_TOPICS.get(name) ?? new Map<string, string>();
    await metadata.append([
      ...newTopic(name, id, configs),
      ...newPartitions(id, 0, count, identity.nodeId, identity.directoryId),
    ]);
    logger.warn(
      `The topic ${name} was found by its directories (${found.map((each) => topicPartitionKey(each.topic, each.partition)).join(', ')}), not in the metadata log: it goes on with default settings.`,
    );
  }
}
