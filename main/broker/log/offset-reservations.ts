import type { TopicPartition } from '../../../common/kafka/records.ts';
import { topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Checkpoint, CheckpointFile } from './checkpoint-file.ts';

/** So many offsets are set aside at once; each time costs a sync. */
const BLOCK = 10_000_000n;

/**
 * Partitions that don't wait for the disk (`flush.messages` above 1) show offsets that a crash may lose. So that none
 * is ever given to other bytes, blocks of offsets are reserved durably before they are used, and after an
 * unclean stop the partition goes on behind its block.
 */
export class OffsetReservations {
  readonly #file: CheckpointFile;
  #ends = new Map<string, Checkpoint>();

  constructor(file: CheckpointFile) {
    this.#file = file;
  }

  /** What an unclean stop left. Undefined when the file can't be read. */
  load(): boolean {
    const known = this.#file.read();
    for (const entry of known ?? []) this.#ends.set(topicPartitionKey(entry.topic, entry.partition), entry);
    return known !== undefined;
  }

  /** First offset that was not reserved; undefined for a partition that needs none. */
  endOf(partition: TopicPartition): bigint | undefined {
    return this.#ends.get(topicPartitionKey(partition.topic, partition.partition))?.offset;
  }

  /** Makes sure that offsets below `offset` are reserved; waits for the disk when a new block is needed. */
  ensure(partition: TopicPartition, offset: bigint): void {
    const end = this.endOf(partition);
    if (end !== undefined && offset <= end) return;
    const { topic, partition: number } = partition;
    const ends = new Map(this.#ends);
    ends.set(topicPartitionKey(topic, number), { topic, partition: number, offset: offset + BLOCK });
    this.#file.writeNow([...ends.values()]);
    // Only now: a block that could not be written was not reserved.
    this.#ends = ends;
  }

  /** After a topic is gone. */
  forget(partition: TopicPartition): void {
    this.#ends.delete(topicPartitionKey(partition.topic, partition.partition));
  }

  /** After a clean stop, when everything is synced. */
  clear(): void {
    this.#ends.clear();
    this.#file.remove();
  }
}
