import type { EnvironmentState } from '../../common/connect/worker-info.ts';
import { NotFoundException, RetriableException } from '../../common/errors.ts';
import type { ConsumeBatch, ConsumeRequest } from '../../common/kafka/consume.ts';
import { type ConsumerRecord, type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { TopicDetail, TopicSummary } from '../../common/kafka/topics.ts';
import type { Time } from '../../common/time.ts';
import type { Admin, ClientConfig, KafkaClients, PartitionReader, TopicDescription } from '../kafka/api.ts';
import { EnvironmentWatch } from './environment-watch.ts';
import { liveConsumer } from './live-consumer.ts';

/** A window asks often and wants to hear soon that nobody answers. */
const API_TIMEOUT_MS = '10000';
const RECORD_TIMEOUT_MS = 10_000;

export interface TopicServiceOptions {
  clients: KafkaClients;
  /** Connection settings under Kafka's names; `bootstrap.servers` at least. */
  config: ClientConfig;
  time: Time;
}

/** Topics and their records, as windows see them. */
export class TopicService {
  readonly #clients: KafkaClients;
  readonly #config: ClientConfig;
  readonly #time: Time;
  readonly #admin: Admin;
  readonly #reader: PartitionReader;
  readonly #watch: EnvironmentWatch;

  constructor({ clients, config, time }: TopicServiceOptions) {
    this.#clients = clients;
    this.#config = { 'default.api.timeout.ms': API_TIMEOUT_MS, 'request.timeout.ms': API_TIMEOUT_MS, ...config };
    this.#time = time;
    this.#admin = clients.admin(this.#config);
    this.#reader = clients.partitionReader(this.#config);
    this.#watch = new EnvironmentWatch({
      admin: this.#admin,
      reader: this.#reader,
      bootstrapServers: config['bootstrap.servers'] ?? '',
      time,
    });
  }

  onTopics(listener: (topics: TopicSummary[]) => void): () => void {
    return this.#watch.onTopics(listener);
  }

  onEnvironment(listener: (state: EnvironmentState) => void): () => void {
    return this.#watch.onState(listener);
  }

  async describe(topic: string): Promise<TopicDetail> {
    const description = await this.#description(topic);
    const partitions = partitionsOf(description);
    const [configs, beginnings, ends] = await Promise.all([
      this.#admin.describeTopicConfigs([topic]),
      this.#reader.beginningOffsets(partitions),
      this.#reader.endOffsets(partitions),
    ]);
    return {
      name: description.name,
      topicId: description.topicId,
      internal: description.internal,
      partitions: description.partitions
        .map((partition) => {
          const key = topicPartitionKey(topic, partition.partition);
          return { ...partition, beginningOffset: beginnings.get(key) ?? 0n, endOffset: ends.get(key) ?? 0n };
        })
        .sort((a, b) => a.partition - b.partition),
      configs: (configs.get(topic) ?? []).map(({ name, value, isDefault, readOnly, sensitive }) => ({
        name,
        value: sensitive ? null : value,
        isDefault,
        readOnly,
      })),
    };
  }

  /** NotFoundException for a topic or partition that is not there. */
  async *consume(request: ConsumeRequest, signal: AbortSignal): AsyncGenerator<ConsumeBatch> {
    const { topic, isolationLevel = 'read_uncommitted' } = request;
    const there = partitionsOf(await this.#description(topic)).map(({ partition }) => partition);
    const partitions = request.partitions ?? there;
    for (const partition of partitions)
      if (!there.includes(partition)) throw noPartition(topic, partition, there.length);
    const reader = this.#clients.partitionReader({ ...this.#config, 'isolation.level': isolationLevel });
    yield* liveConsumer({ reader, request, partitions, time: this.#time }, signal);
  }

  /** One record whole. NotFoundException when the topic has none at that offset (any more). */
  async record({ topic, partition, offset }: TopicPartition & { offset: bigint }): Promise<ConsumerRecord> {
    const there = partitionsOf(await this.#description(topic));
    if (!there.some((tp) => tp.partition === partition)) throw noPartition(topic, partition, there.length);
    const tp = { topic, partition };
    const reader = this.#clients.partitionReader(this.#config);
    try {
      const key = topicPartitionKey(topic, partition);
      const beginning = (await reader.beginningOffsets([tp])).get(key) ?? 0n;
      const end = (await reader.endOffsets([tp])).get(key) ?? 0n;
      if (offset < beginning || offset >= end) throw noRecord(tp, offset, beginning, end);
      await reader.assign([{ ...tp, start: { offset } }]);
      const { records } = await reader.poll(RECORD_TIMEOUT_MS);
      const record = records.find((found) => found.offset >= offset);
      if (record?.offset === offset) return wholeCopy(record);
      if (record || (reader.position(tp) ?? 0n) > offset) throw noRecord(tp, offset, beginning, end);
      throw new RetriableException(`${key} offset ${offset} could not be read within ${RECORD_TIMEOUT_MS / 1_000} s`, {
        code: 'TIMEOUT',
        key,
      });
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    this.#watch.close();
    await Promise.all([this.#admin.close(), this.#reader.close()]);
  }

  async #description(topic: string): Promise<TopicDescription> {
    // Not asked of describeTopics alone: a broker may create a topic that is asked for by name.
    if (!(await this.#admin.listTopics()).includes(topic))
      throw new NotFoundException(`Topic ${topic} does not exist`, { code: 'UNKNOWN_TOPIC', key: topic });
    const [description] = await this.#admin.describeTopics([topic]);
    return description as TopicDescription;
  }
}

function partitionsOf({ name, partitions }: TopicDescription): TopicPartition[] {
  return partitions.map(({ partition }) => ({ topic: name, partition })).sort((a, b) => a.partition - b.partition);
}

function noPartition(topic: string, partition: number, count: number): NotFoundException {
  return new NotFoundException(`Topic ${topic} has no partition ${partition}: its partitions are 0 to ${count - 1}`, {
    code: 'UNKNOWN_PARTITION',
    key: topicPartitionKey(topic, partition),
  });
}

function noRecord({ topic, partition }: TopicPartition, offset: bigint, from: bigint, to: bigint): NotFoundException {
  return new NotFoundException(
    `${topicPartitionKey(topic, partition)} has no record at offset ${offset} (any more): it now holds ${from} to ${to}, the latter excluded`,
    { code: 'NO_RECORD', key: topicPartitionKey(topic, partition) },
  );
}

/** Without the fetched buffer behind it, which would be copied along to the window. */
function wholeCopy(record: ConsumerRecord): ConsumerRecord {
  const copy = (bytes: Uint8Array | null) => bytes && new Uint8Array(bytes);
  return {
    ...record,
    key: copy(record.key),
    value: copy(record.value),
    headers: record.headers.map(({ key, value }) => ({ key: new Uint8Array(key), value: copy(value) })),
  };
}
