import { join } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';
import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { type BrokerConfig, checkTopicConfig } from '../config/broker-config.ts';
import { OFFSETS_TOPIC } from '../coordinator/offsets-topic.ts';
import { CheckpointFile } from '../log/checkpoint-file.ts';
import { DiskSpace } from '../log/disk-space.ts';
import { type FileSystem, readWholeFile, replaceFile } from '../log/file-system.ts';
import { FlushQueue } from '../log/flush-queue.ts';
import { openLog } from '../log/log-loader.ts';
import { OffsetReservations } from '../log/offset-reservations.ts';
import { OpenFiles } from '../log/open-files.ts';
import type { LogDamage, LogEnvironment, PartitionLog } from '../log/partition-log.ts';
import { storageError } from '../log/storage-errors.ts';
import { readKeyValueFile, writeKeyValueFile } from './properties-file.ts';
import { Retention } from './retention.ts';
import { TopicFile } from './topic-file.ts';
import { checkTopicName, collides } from './topic-names.ts';
import type { Topic, Topics } from './topics.ts';

const CLEAN_SHUTDOWN = '.kafka_cleanshutdown';
const PRODUCER_IDS = 'producer-ids';
const DELETE_SUFFIX = '-delete';
const PARTITION_DIRECTORY = /^(.+)-(\d+)$/;
const MAX_PARTITIONS = 10_000;
/** So many producer ids are set aside at once. */
const PRODUCER_ID_BLOCK = 1000n;
/** As Kafka: `log.flush.offset.checkpoint.interval.ms`. */
const CHECKPOINT_INTERVAL_MS = 60_000;

export interface LogDirectoryOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly config: BrokerConfig;
  readonly time: Time;
  readonly logger: Logger;
  /** 16 random bytes: for cluster, directory and topic ids */
  readonly randomBytes: () => Buffer;
  readonly onDamage?: (damage: LogDamage) => void;
}

interface OwnedTopic extends Topic {
  configs: ReadonlyMap<string, string>;
  logs: PartitionLog[];
}

/**
 * Everything that the broker keeps: the topics and their logs, in one folder, as Kafka lays it out. Whoever opens it is
 * its only owner (the composition holds a lock). Changes of topics happen one after another. Java: `LogManager`.
 */
export class LogDirectory implements Topics {
  readonly clusterId: string;
  readonly #options: LogDirectoryOptions;
  readonly #environment: LogEnvironment;
  readonly #topics = new Map<string, OwnedTopic>();
  readonly #byId = new Map<string, OwnedTopic>();
  readonly #topicFile: TopicFile;
  readonly #recoveryPoints: CheckpointFile;
  readonly #logStarts: CheckpointFile;
  readonly #retention: Retention;
  readonly #timers = new Set<Timer>();
  #change: Promise<unknown> = Promise.resolve();
  #nextProducerId = 0n;
  #producerIdBlockEnd = 0n;
  #closed = false;

  /** Opens what is there, or begins an empty folder. Throws KafkaException DATA_UNREADABLE naming the file. */
  static open(options: LogDirectoryOptions): LogDirectory {
    const { fileSystem, directory } = options;
    fileSystem.makeDirectory(directory);
    return new LogDirectory(options);
  }

  private constructor(options: LogDirectoryOptions) {
    this.#options = options;
    const { fileSystem, directory, time, logger, config } = options;
    this.clusterId = this.#readMetaProperties();
    this.#topicFile = new TopicFile(fileSystem, directory);
    this.#recoveryPoints = new CheckpointFile(fileSystem, directory, 'recovery-point-offset-checkpoint');
    this.#logStarts = new CheckpointFile(fileSystem, directory, 'log-start-offset-checkpoint');
    this.#retention = new Retention(time, logger);
    const reservations = new OffsetReservations(
      new CheckpointFile(fileSystem, directory, 'offset-reservation-checkpoint'),
    );
    if (!reservations.load()) throw unreadable(join(directory, 'offset-reservation-checkpoint'));
    this.#environment = {
      files: new OpenFiles(fileSystem),
      time,
      logger,
      flushQueue: new FlushQueue(),
      disk: new DiskSpace(fileSystem, directory, time, logger),
      reservations,
      onDamage: options.onDamage ?? (() => {}),
    };
    this.#environment.disk.open();
    this.#readProducerIds();
    this.#openTopics();
    this.#every(CHECKPOINT_INTERVAL_MS, () => this.#checkpoint());
    this.#every(config.number('log.retention.check.interval.ms'), async () => {
      this.#retention.check(this.#logs());
      for (const log of this.#logs()) log.expireProducers(config.number('producer.id.expiration.ms'));
    });
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
    if (this.#topics.has(name)) throw new ApiException(Errors.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
    const other = [...this.#topics.keys()].find((existing) => collides(existing, name));
    if (other)
      throw new ApiException(Errors.INVALID_TOPIC_EXCEPTION, `Topic '${name}' collides with existing topic: ${other}`);
    if (numPartitions < 1)
      throw new ApiException(
        Errors.INVALID_PARTITIONS,
        'Number of partitions was set to an invalid non-positive value.',
      );
    if (numPartitions > MAX_PARTITIONS) {
      throw new ApiException(
        Errors.INVALID_PARTITIONS,
        `${numPartitions} partitions are more than the ${MAX_PARTITIONS} of a topic of this broker.`,
      );
    }
    for (const [key, value] of configs) checkTopicConfig(key, value);
    // On a file system that does not tell A from a, the folder of the other one is there.
    const { fileSystem } = this.#options;
    if (fileSystem.exists(this.#path(name, 0))) {
      throw new ApiException(
        Errors.INVALID_TOPIC_EXCEPTION,
        `Topic '${name}' differs from an existing one in upper and lower case alone, which this disk can't tell apart.`,
      );
    }
  }

  create(name: string, numPartitions: number, configs: ReadonlyMap<string, string>): Promise<Topic> {
    return this.#exclusively(async () => {
      this.checkNew(name, numPartitions, configs);
      const topic: OwnedTopic = {
        name,
        id: this.#newId(),
        isInternal: name === OFFSETS_TOPIC,
        configs: new Map(configs),
        logs: [],
      };
      await this.#save([...this.#topics.values(), topic], new Map([[name, numPartitions]]));
      this.#openPartitions(topic, numPartitions);
      this.#add(topic);
      return topic;
    });
  }

  delete(name: string): Promise<void> {
    return this.#exclusively(async () => {
      const topic = this.#topics.get(name);
      if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION);
      const { fileSystem, directory } = this.#options;
      await this.#save([...this.#topics.values()].filter((other) => other !== topic));
      this.#topics.delete(name);
      this.#byId.delete(topic.id);
      for (const log of topic.logs) await log.abandon();
      const doomed = topic.logs.map((log, index) => {
        const path = join(
          directory,
          `${topicPartitionKey(name, index).slice(0, 150)}.${topic.id}-${index}${DELETE_SUFFIX}`,
        );
        fileSystem.rename(log.directory, path);
        this.#environment.reservations.forget(log.topicPartition);
        return path;
      });
      await fileSystem.syncDirectory(directory);
      for (const path of doomed) this.#removeDirectory(path);
    });
  }

  addPartitions(name: string, totalCount: number): Promise<void> {
    return this.#exclusively(async () => {
      const topic = this.#topics.get(name);
      if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION);
      if (totalCount > MAX_PARTITIONS)
        throw new ApiException(Errors.INVALID_PARTITIONS, `${totalCount} partitions are more than ${MAX_PARTITIONS}.`);
      await this.#save([...this.#topics.values()], new Map([[name, totalCount]]));
      this.#openPartitions(topic, totalCount);
    });
  }

  setConfigs(name: string, configs: ReadonlyMap<string, string>): Promise<void> {
    return this.#exclusively(async () => {
      const topic = this.#topics.get(name);
      if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION);
      await this.#save([...this.#topics.values()].map((other) => (other === topic ? { ...topic, configs } : other)));
      topic.configs = new Map(configs);
      for (const log of topic.logs) log.config = this.#options.config.logConfig(topic.configs);
    });
  }

  /** A producer id that was never given before and never will be again. Durable before it is returned. */
  next(): Promise<bigint> {
    return this.#exclusively(async () => {
      if (this.#nextProducerId >= this.#producerIdBlockEnd) {
        const end = this.#nextProducerId + PRODUCER_ID_BLOCK;
        await replaceFile(this.#options.fileSystem, this.#options.directory, PRODUCER_IDS, Buffer.from(`${end}\n`));
        this.#producerIdBlockEnd = end;
      }
      this.#nextProducerId += 1n;
      return this.#nextProducerId;
    });
  }

  /** Brings everything to the disk and says that the stop was a clean one. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#change;
    const { logger } = this.#options;
    let clean = true;
    for (const log of this.#logs()) {
      try {
        await log.close();
      } catch (error) {
        clean = false;
        logger.error(
          `${topicPartitionKey(log.topicPartition.topic, log.topicPartition.partition)} could not be closed cleanly`,
          error,
        );
      }
    }
    await this.#checkpoint();
    this.#environment.disk.close();
    if (clean) {
      this.#environment.reservations.clear();
      await replaceFile(
        this.#options.fileSystem,
        this.#options.directory,
        CLEAN_SHUTDOWN,
        Buffer.from('{"version":0,"brokerEpoch":0}'),
      );
    }
  }

  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#change.then(() => {
      if (this.#closed) throw storageError('The broker is stopping');
      return change().catch((error: unknown) => {
        throw error instanceof KafkaException
          ? error
          : storageError(`${this.#options.directory}: ${(error as Error).message}`, error);
      });
    });
    this.#change = result.catch(() => undefined);
    return result;
  }

  #readMetaProperties(): string {
    const { fileSystem, directory, config, logger } = this.#options;
    const name = 'meta.properties';
    const known = readKeyValueFile(fileSystem, directory, name, '=');
    const nodeId = config.get('node.id');
    if (!known) {
      const clusterId = this.#newId();
      writeKeyValueFile(fileSystem, directory, name, '=', {
        version: '1',
        'cluster.id': clusterId,
        'directory.id': this.#newId(),
        'node.id': nodeId,
      });
      return clusterId;
    }
    const clusterId = known.get('cluster.id');
    if (known.get('version') !== '1' || !clusterId) throw unreadable(join(directory, name));
    if (known.get('node.id') !== nodeId) {
      logger.warn(
        `The data in ${directory} was written by broker ${known.get('node.id')}; it goes on as broker ${nodeId}.`,
      );
    }
    return clusterId;
  }

  #readProducerIds(): void {
    const { fileSystem, directory } = this.#options;
    const path = join(directory, PRODUCER_IDS);
    if (!fileSystem.exists(path)) return;
    const text = readWholeFile(fileSystem, path).toString('utf8').trim();
    if (!/^\d+$/.test(text)) throw unreadable(path);
    // What of the last block was not given out is left: a gap costs nothing.
    this.#nextProducerId = BigInt(text);
    this.#producerIdBlockEnd = this.#nextProducerId;
  }

  #openTopics(): void {
    const { fileSystem, directory, logger } = this.#options;
    const cleanMarker = join(directory, CLEAN_SHUTDOWN);
    const isClean = fileSystem.exists(cleanMarker);
    if (isClean) {
      fileSystem.removeFile(cleanMarker);
      fileSystem.syncDirectoryNow(directory);
    }
    const found = new Map<string, number>();
    for (const name of fileSystem.list(directory)) {
      const path = join(directory, name);
      if (!fileSystem.isDirectory(path)) continue;
      const match = PARTITION_DIRECTORY.exec(name);
      if (name.endsWith(DELETE_SUFFIX)) this.#removeDirectory(path);
      else if (match) found.set(match[1] as string, Math.max(found.get(match[1] as string) ?? 0, Number(match[2]) + 1));
    }
    const stored = this.#topicFile.read();
    const checkpoints = this.#readCheckpoints();
    for (const { name, id, partitions, configs } of stored) {
      const topic = { name, id, isInternal: name === OFFSETS_TOPIC, configs: new Map(configs), logs: [] };
      this.#openPartitions(topic, Math.max(partitions, found.get(name) ?? 0), { isClean, ...checkpoints });
      this.#add(topic);
      found.delete(name);
    }
    for (const [name, partitions] of found) {
      const id =
        readKeyValueFile(fileSystem, this.#path(name, 0), 'partition.metadata', ':')?.get('topic_id') ?? this.#newId();
      logger.warn(
        `The topic ${name} is in ${directory} but not in its list of topics: it is taken over with default settings.`,
      );
      const topic = { name, id, isInternal: name === OFFSETS_TOPIC, configs: new Map(), logs: [] };
      this.#openPartitions(topic, partitions, { isClean, ...checkpoints });
      this.#add(topic);
    }
  }

  #readCheckpoints() {
    const read = (file: CheckpointFile, what: string) => {
      const known = file.read();
      // Without it more is read and checked at the start; nothing is lost.
      if (!known)
        this.#options.logger.warn(`The checkpoint of ${what} can't be read: every log is checked from its beginning.`);
      return new Map((known ?? []).map((entry) => [topicPartitionKey(entry.topic, entry.partition), entry.offset]));
    };
    return {
      recoveryPoints: read(this.#recoveryPoints, 'recovery points'),
      logStarts: read(this.#logStarts, 'log starts'),
    };
  }

  #openPartitions(
    topic: OwnedTopic,
    count: number,
    known: {
      isClean: boolean;
      recoveryPoints: ReadonlyMap<string, bigint>;
      logStarts: ReadonlyMap<string, bigint>;
    } = NOTHING_KNOWN,
  ): void {
    const { fileSystem, config } = this.#options;
    for (let partition = topic.logs.length; partition < count; partition++) {
      const directory = this.#path(topic.name, partition);
      const key = topicPartitionKey(topic.name, partition);
      const isNew = !fileSystem.exists(directory);
      if (isNew) {
        fileSystem.makeDirectory(directory);
        writeKeyValueFile(fileSystem, directory, 'partition.metadata', ': ', { version: '0', topic_id: topic.id });
      }
      topic.logs.push(
        openLog(this.#environment, {
          topicPartition: { topic: topic.name, partition },
          directory,
          config: config.logConfig(topic.configs),
          recoveryPoint: known.recoveryPoints.get(key) ?? 0n,
          isClean: known.isClean,
          logStartOffset: known.logStarts.get(key) ?? 0n,
          isNew,
        }),
      );
    }
  }

  #save(topics: readonly Topic[], partitions: ReadonlyMap<string, number> = new Map()): Promise<void> {
    return this.#topicFile.write(
      topics.map(({ name, id, logs, configs }) => ({
        name,
        id,
        partitions: partitions.get(name) ?? logs.length,
        configs: [...configs],
      })),
    );
  }

  async #checkpoint(): Promise<void> {
    const entries = this.#logs().map((log) => ({ ...log.topicPartition, log }));
    await this.#recoveryPoints.write(
      entries.map(({ topic, partition, log }) => ({ topic, partition, offset: log.syncedOffset })),
    );
    await this.#logStarts.write(
      entries.map(({ topic, partition, log }) => ({ topic, partition, offset: log.logStartOffset })),
    );
  }

  #logs(): PartitionLog[] {
    return [...this.#topics.values()].flatMap(({ logs }) => logs);
  }

  #add(topic: OwnedTopic): void {
    this.#topics.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }

  #path(topic: string, partition: number): string {
    return join(this.#options.directory, topicPartitionKey(topic, partition));
  }

  #removeDirectory(path: string): void {
    const { fileSystem } = this.#options;
    for (const name of fileSystem.list(path)) fileSystem.removeFile(join(path, name));
    fileSystem.removeDirectory(path);
  }

  #newId(): string {
    return this.#options.randomBytes().toString('base64url');
  }

  /** Runs `work` again and again; one that fails is logged and tried at the next time. */
  #every(intervalMs: number, work: () => Promise<void>): void {
    const timer = this.#options.time.timer(intervalMs, () => {
      this.#timers.delete(timer);
      if (this.#closed) return;
      work()
        .catch((error: unknown) => this.#options.logger.error(`Upkeep of ${this.#options.directory} failed`, error))
        .finally(() => {
          if (!this.#closed) this.#every(intervalMs, work);
        });
    });
    this.#timers.add(timer);
  }
}

const NOTHING_KNOWN = {
  isClean: false,
  recoveryPoints: new Map<string, bigint>(),
  logStarts: new Map<string, bigint>(),
};

function unreadable(path: string): KafkaException {
  return new KafkaException(`${path} can't be read`, {
    code: 'DATA_UNREADABLE',
    key: path,
    hint: 'Bring it back from a copy, or begin with another data folder (--data-dir).',
  });
}
