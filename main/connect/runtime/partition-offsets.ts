import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { SinkOffset } from '../api/connector.ts';

/** An offset per topic partition: the next one to be read, put or committed. */
export class PartitionOffsets {
  readonly #offsets = new Map<string, SinkOffset>();

  get size(): number {
    return this.#offsets.size;
  }

  get({ topic, partition }: TopicPartition): SinkOffset | undefined {
    return this.#offsets.get(topicPartitionKey(topic, partition));
  }

  set(topic: string, partition: number, offset: bigint): void {
    this.#offsets.set(topicPartitionKey(topic, partition), { topic, partition, offset });
  }

  setAll(offsets: Iterable<SinkOffset>): void {
    for (const { topic, partition, offset } of offsets) this.set(topic, partition, offset);
  }

  delete({ topic, partition }: TopicPartition): void {
    this.#offsets.delete(topicPartitionKey(topic, partition));
  }

  clear(): void {
    this.#offsets.clear();
  }

  all(): SinkOffset[] {
    return [...this.#offsets.values()];
  }

  /** Those of these partitions that there are. */
  of(partitions: readonly TopicPartition[]): SinkOffset[] {
    return partitions.map((partition) => this.get(partition)).filter((offset) => offset !== undefined);
  }
}
