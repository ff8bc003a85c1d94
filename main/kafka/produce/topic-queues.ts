import type { ProducerRecord } from '../../../common/kafka/records.ts';
import type { ProducerCallback } from '../api.ts';
import type { TopicMetadata } from '../cluster/topic-metadata.ts';
import { PartitionQueue, type QueueLimits } from './partition-queue.ts';
import { partitionForKey, StickyPartition } from './partitioner.ts';

export interface WaitingRecord {
  record: ProducerRecord;
  sizeBound: number;
  callback: ProducerCallback | undefined;
  /** Monotonic ms; `max.block.ms` counts from here. */
  sinceMs: number;
}

export interface TopicQueuesOptions {
  limits: QueueLimits;
  /** `partitioner.ignore.keys` */
  ignoreKeys: boolean;
  /** `partitioner.class` is RoundRobinPartitioner. */
  roundRobin: boolean;
  random: () => number;
  onNewQueue(queue: PartitionQueue): void;
}

/** The queues of a topic's partitions, and which of them a record goes to. */
export class TopicQueues {
  readonly name: string;
  /** Undefined until the cluster has told. */
  metadata: TopicMetadata | undefined;
  /** Records whose partition can't be chosen yet. Once one waits the others of the topic wait behind it. */
  readonly waiting: WaitingRecord[] = [];
  readonly #options: TopicQueuesOptions;
  readonly #queues: (PartitionQueue | undefined)[] = [];
  readonly #sticky: StickyPartition;
  #turn = 0;

  constructor(name: string, metadata: TopicMetadata | undefined, options: TopicQueuesOptions) {
    this.name = name;
    this.metadata = metadata;
    this.#options = options;
    this.#sticky = new StickyPartition(Math.max(1, options.limits.batchSize), options.random);
  }

  *queues(): Generator<PartitionQueue> {
    for (const queue of this.#queues) if (queue) yield queue;
  }

  /** Null when the topic or the partition that the record names is not known (yet). */
  queueFor(record: ProducerRecord, sizeBound: number): PartitionQueue | null {
    const { metadata } = this;
    if (!metadata) return null;
    const count = metadata.partitions.length;
    let partition = record.partition ?? -1;
    if (partition >= 0) {
      if (partition >= count) return null;
    } else if (this.#options.roundRobin) {
      partition = metadata.available[this.#turn++ % metadata.available.length] as number;
    } else if (record.key !== null && !this.#options.ignoreKeys) {
      partition = partitionForKey(record.key, count);
    } else {
      partition = this.#sticky.choose(metadata.available);
      this.#sticky.appended(sizeBound);
    }
    return this.#queues[partition] ?? this.#newQueue(partition);
  }

  #newQueue(partition: number): PartitionQueue {
    const queue = new PartitionQueue(this.name, partition, this.#options.limits);
    this.#queues[partition] = queue;
    this.#options.onNewQueue(queue);
    return queue;
  }
}
