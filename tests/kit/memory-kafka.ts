import {
  type ConsumerRecord,
  type ProducerRecord,
  type TopicPartition,
  topicPartitionKey,
} from '../../common/kafka/records.ts';
import type { Time } from '../../common/time.ts';
import type {
  Admin,
  ClientConfig,
  Consumer,
  KafkaClients,
  OffsetAndMetadata,
  OffsetMap,
  Producer,
  ProducerCallback,
  RebalanceListener,
  TopicPattern,
} from '../../main/kafka/api.ts';

/** A record that a producer has sent and nobody has answered yet. */
export interface Sent {
  record: ProducerRecord;
  ack(): void;
  fail(error: Error): void;
}

/**
 * A Kafka for unit tests, in memory and without time of its own: topics with one or more partitions, groups with
 * committed offsets. Acknowledgements come by themselves, or by hand when `holdAcks` is set.
 */
export class MemoryKafka {
  readonly topics = new Map<string, ConsumerRecord[][]>();
  readonly committed = new Map<string, Map<string, bigint>>();
  /** What happened, in order: `ack t-0@3`, `commit g t-0@4`. */
  readonly log: string[] = [];
  readonly producers: { config: ClientConfig; producer: MemoryProducer }[] = [];
  readonly consumers: MemoryConsumer[] = [];
  readonly created: { name: string; numPartitions: number; replicationFactor: number }[] = [];
  readonly held: Sent[] = [];
  holdAcks = false;
  /** Every commit waits or fails as this says. */
  onCommit: () => Promise<void> = async () => {};
  /** The number of records that a producer takes before it asks to wait. */
  bufferRecords = Number.POSITIVE_INFINITY;

  addTopic(name: string, partitions = 1): void {
    this.topics.set(
      name,
      Array.from({ length: partitions }, () => []),
    );
  }

  append(record: ProducerRecord): { partition: number; offset: bigint } {
    if (!this.topics.has(record.topic)) this.addTopic(record.topic);
    const partition = record.partition ?? 0;
    const log = this.topics.get(record.topic)?.[partition];
    if (log === undefined) throw new Error(`No partition ${partition} of ${record.topic}`);
    const offset = BigInt(log.length);
    log.push({
      topic: record.topic,
      partition,
      offset,
      timestamp: record.timestamp ?? 0n,
      timestampType: 'CreateTime',
      leaderEpoch: null,
      key: record.key,
      value: record.value,
      headers: record.headers ?? [],
    });
    this.log.push(`ack ${record.topic}-${partition}@${offset}`);
    for (const consumer of this.consumers) consumer.arrived();
    return { partition, offset };
  }

  /** Text values of a topic, partition after partition. */
  values(topic: string): (string | null)[] {
    return (this.topics.get(topic) ?? [])
      .flat()
      .map(({ value }) => (value === null ? null : Buffer.from(value).toString('utf8')));
  }

  produce(topic: string, ...values: string[]): void {
    for (const value of values) this.append({ topic, key: null, value: Buffer.from(value) });
  }

  ackAll(): void {
    for (const sent of this.held.splice(0)) sent.ack();
  }

  clients(time: Time): KafkaClients {
    return {
      producer: (config) => {
        const producer = new MemoryProducer(this);
        this.producers.push({ config, producer });
        return producer;
      },
      consumer: (config) => {
        const consumer = new MemoryConsumer(this, config['group.id'] ?? '', time);
        this.consumers.push(consumer);
        return consumer;
      },
      admin: () => memoryAdmin(this),
      partitionReader: () => {
        throw new Error('MemoryKafka has no partition reader');
      },
    };
  }
}

export class MemoryProducer implements Producer {
  closed = false;
  readonly #kafka: MemoryKafka;
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(kafka: MemoryKafka) {
    this.#kafka = kafka;
  }

  send(record: ProducerRecord, callback?: ProducerCallback): boolean {
    if (this.closed) throw new Error('The producer is closed');
    this.#open++;
    const done = (work: () => void) => {
      this.#open--;
      work();
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    const sent: Sent = {
      record,
      ack: () =>
        done(() => {
          const { partition, offset } = this.#kafka.append(record);
          callback?.({ topic: record.topic, partition, offset, timestamp: record.timestamp ?? 0n }, null);
        }),
      fail: (error) => done(() => callback?.(null, error)),
    };
    if (this.#kafka.holdAcks) this.#kafka.held.push(sent);
    else queueMicrotask(sent.ack);
    return this.#open < this.#kafka.bufferRecords;
  }

  async drained(): Promise<void> {
    while (this.#open >= this.#kafka.bufferRecords) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async flush(): Promise<void> {
    while (this.#open > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async partitionsFor(topic: string): Promise<number> {
    return this.#kafka.topics.get(topic)?.length ?? 1;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const sent of this.#kafka.held.splice(0)) sent.fail(new Error('The producer was closed'));
  }
}

/** A member of a group that is alone unless `assign` says otherwise. */
export class MemoryConsumer implements Consumer {
  closed = false;
  maxPollRecords = 500;
  readonly #kafka: MemoryKafka;
  readonly #group: string;
  readonly #time: Time;
  #topics: readonly string[] | RegExp | TopicPattern = [];
  #listener: RebalanceListener | undefined;
  #next: TopicPartition[] | null = null;
  readonly #assigned = new Map<string, TopicPartition & { position: bigint; paused: boolean }>();
  #wake: (() => void) | null = null;
  #woken = false;
  #joined = false;

  constructor(kafka: MemoryKafka, group: string, time: Time) {
    this.#kafka = kafka;
    this.#group = group;
    this.#time = time;
  }

  subscribe(topics: readonly string[] | RegExp | TopicPattern, listener?: RebalanceListener): void {
    this.#topics = topics;
    this.#listener = listener;
  }

  /** A rebalance: at its next poll the consumer gives up what it has and gets these. */
  assign(partitions: TopicPartition[]): void {
    this.#next = partitions;
    this.wakeup();
  }

  async poll(timeoutMs: number): Promise<ConsumerRecord[]> {
    await this.#rebalance();
    const ready = this.#take();
    if (ready.length > 0) return ready;
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = this.#time.timer(timeoutMs, resolve);
        this.#wake = () => {
          timer.cancel();
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#woken = false;
    await this.#rebalance();
    return this.#take();
  }

  arrived(): void {
    this.#wake?.();
  }

  wakeup(): void {
    this.#woken = true;
    this.#wake?.();
  }

  assignment(): TopicPartition[] {
    return [...this.#assigned.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#at(each).paused = true;
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#at(each).paused = false;
    this.#wake?.();
  }

  paused(): TopicPartition[] {
    return [...this.#assigned.values()].filter((it) => it.paused).map(({ topic, partition }) => ({ topic, partition }));
  }

  seek(partition: TopicPartition, offset: bigint): void {
    this.#at(partition).position = offset;
  }

  position(partition: TopicPartition): bigint | null {
    return this.#assigned.get(topicPartitionKey(partition.topic, partition.partition))?.position ?? null;
  }

  async commit(offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void> {
    await this.#kafka.onCommit();
    const group = this.#kafka.committed.get(this.#group) ?? new Map<string, bigint>();
    this.#kafka.committed.set(this.#group, group);
    for (const { topic, partition, offset } of offsets) {
      group.set(topicPartitionKey(topic, partition), offset);
      this.#kafka.log.push(`commit ${topic}-${partition}@${offset}`);
    }
  }

  async committed(partitions: readonly TopicPartition[]): Promise<OffsetMap> {
    const group = this.#kafka.committed.get(this.#group);
    return new Map(
      partitions.flatMap(({ topic, partition }) => {
        const key = topicPartitionKey(topic, partition);
        const offset = group?.get(key);
        return offset === undefined ? [] : [[key, { topic, partition, offset }]];
      }),
    );
  }

  lag({ topic, partition }: TopicPartition): bigint | null {
    const position = this.position({ topic, partition });
    return position === null ? null : BigInt(this.#kafka.topics.get(topic)?.[partition]?.length ?? 0) - position;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.#listener?.onPartitionsRevoked(this.assignment());
  }

  async #rebalance(): Promise<void> {
    if (!this.#joined) this.#next ??= this.#subscribed();
    if (this.#next === null) return;
    const next = this.#next;
    this.#next = null;
    this.#joined = true;
    if (this.#assigned.size > 0) await this.#listener?.onPartitionsRevoked(this.assignment());
    this.#assigned.clear();
    for (const { topic, partition } of next) {
      const key = topicPartitionKey(topic, partition);
      const position = this.#kafka.committed.get(this.#group)?.get(key) ?? 0n;
      this.#assigned.set(key, { topic, partition, position, paused: false });
    }
    await this.#listener?.onPartitionsAssigned(next);
  }

  #subscribed(): TopicPartition[] {
    const topics = this.#topics;
    const all = [...this.#kafka.topics.keys()];
    const names =
      topics instanceof RegExp
        ? all.filter((name) => topics.test(name))
        : 'matches' in topics
          ? all.filter((name) => topics.matches(name))
          : topics.filter((name) => this.#kafka.topics.has(name));
    return names.flatMap((topic) =>
      (this.#kafka.topics.get(topic) ?? []).map((_, partition) => ({ topic, partition })),
    );
  }

  #take(): ConsumerRecord[] {
    const records: ConsumerRecord[] = [];
    for (const at of this.#assigned.values()) {
      if (at.paused) continue;
      const log = this.#kafka.topics.get(at.topic)?.[at.partition] ?? [];
      const taken = log.slice(Number(at.position), Number(at.position) + this.maxPollRecords - records.length);
      at.position += BigInt(taken.length);
      records.push(...taken);
    }
    return records;
  }

  #at({ topic, partition }: TopicPartition) {
    const at = this.#assigned.get(topicPartitionKey(topic, partition));
    if (at === undefined) throw new Error(`No current assignment for partition ${topic}-${partition}`);
    return at;
  }
}

function memoryAdmin(kafka: MemoryKafka): Admin {
  const absent = () => Promise.reject(new Error('MemoryKafka does not do that'));
  return {
    clusterId: async () => 'memory',
    listTopics: async () => [...kafka.topics.keys()],
    describeTopics: absent,
    async createTopics(topics) {
      for (const { name, numPartitions, replicationFactor } of topics) {
        kafka.created.push({ name, numPartitions, replicationFactor });
        kafka.addTopic(name, Math.max(numPartitions, 1));
      }
    },
    deleteTopics: absent,
    createPartitions: absent,
    describeTopicConfigs: absent,
    alterTopicConfigs: absent,
    describeConfigs: absent,
    alterConfigs: absent,
    brokers: absent,
    deleteRecords: absent,
    eligibleLeaders: absent,
    reassignments: absent,
    deleteGroupOffsetsEach: absent,
    listGroups: async () =>
      [...kafka.committed.keys()].map((groupId) => ({
        groupId,
        state: 'Empty',
        protocolType: 'consumer',
        type: 'classic',
      })),
    describeGroups: absent,
    async groupOffsets(group) {
      const offsets = [...(kafka.committed.get(group) ?? [])];
      return new Map(
        offsets.map(([key, offset]) => {
          const at = key.lastIndexOf('-');
          return [key, { topic: key.slice(0, at), partition: Number(key.slice(at + 1)), offset }];
        }),
      );
    },
    async alterGroupOffsets(group, offsets) {
      const own = kafka.committed.get(group) ?? new Map<string, bigint>();
      kafka.committed.set(group, own);
      for (const { topic, partition, offset } of offsets) own.set(topicPartitionKey(topic, partition), offset);
    },
    async deleteGroupOffsets(group, partitions) {
      for (const { topic, partition } of partitions)
        kafka.committed.get(group)?.delete(topicPartitionKey(topic, partition));
    },
    async deleteGroups(groups) {
      for (const group of groups) kafka.committed.delete(group);
    },
    close: async () => {},
  };
}
