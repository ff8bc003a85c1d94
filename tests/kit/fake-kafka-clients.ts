import { type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { Admin, KafkaClients } from '../../main/kafka/api.ts';
import { FakePartitionReader, type FakeTopic } from './fake-partition-reader.ts';

/** Clients of a cluster that is nothing but topics in memory; `down` makes every request fail. */
export class FakeKafka {
  readonly topics = new Map<string, FakeTopic>();
  down: Error | undefined;
  requests = 0;
  readonly readers: FakePartitionReader[] = [];

  constructor(...topics: FakeTopic[]) {
    for (const topic of topics) this.topics.set(topic.name, topic);
  }

  #ask<T>(answer: () => T): Promise<T> {
    this.requests++;
    return this.down ? Promise.reject(this.down) : Promise.resolve(answer());
  }

  clients(): KafkaClients {
    const offsets = (partitions: readonly TopicPartition[], of: (topic: FakeTopic, partition: number) => bigint) =>
      this.#ask(
        () =>
          new Map(
            partitions.map(({ topic, partition }) => [
              topicPartitionKey(topic, partition),
              of(this.topics.get(topic) as FakeTopic, partition),
            ]),
          ),
      );
    const admin: Partial<Admin> = {
      listTopics: () => this.#ask(() => [...this.topics.keys()]),
      describeTopics: (names) =>
        this.#ask(() =>
          names.map((name) => ({
            name,
            topicId: `id-of-${name}`,
            internal: name.startsWith('__'),
            partitions: Array.from({ length: (this.topics.get(name) as FakeTopic).partitions }, (_, partition) => ({
              partition,
              leader: 1,
              replicas: [1],
              isr: [1],
            })),
          })),
        ),
      describeTopicConfigs: (names) =>
        this.#ask(
          () =>
            new Map(
              names.map((name) => [
                name,
                [{ name: 'retention.ms', value: '86400000', isDefault: false, readOnly: false, sensitive: false }],
              ]),
            ),
        ),
      close: async () => {},
    };
    return {
      producer: () => {
        throw new Error('no producer here');
      },
      consumer: () => {
        throw new Error('no consumer here');
      },
      admin: () => admin as Admin,
      partitionReader: () => {
        const reader = new FakePartitionReader(this.topics.values().next().value as FakeTopic);
        // Offsets may be asked for any topic; what is read is the first one.
        reader.beginningOffsets = (partitions) => offsets(partitions, (topic, partition) => topic.beginning(partition));
        reader.endOffsets = (partitions) => offsets(partitions, (topic, partition) => topic.end(partition));
        this.readers.push(reader);
        return reader;
      },
    };
  }
}
