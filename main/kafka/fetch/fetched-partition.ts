import type { TopicPartition } from '../../../common/kafka/records.ts';
import type { CompletedFetch } from './completed-fetch.ts';

/** Where reading has got to in one partition. Java: `SubscriptionState.TopicPartitionState`. */
export class FetchedPartition implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to be given out; null until it is known. */
  position: bigint | null = null;
  paused = false;
  /** What the last fetch said; null before it. */
  highWatermark: bigint | null = null;
  lastStableOffset: bigint | null = null;
  /** Answers that were not read to the end: the one being read and at most one behind it. */
  readonly buffered: CompletedFetch[] = [];
  /** Grows with each seek: an answer to an older fetch is thrown away. */
  era = 0;
  isFetching = false;
  /** The offset is to be looked up (again): by `auto.offset.reset`. */
  needsReset = false;
  /** Monotonic ms before which it is not fetched, after an error. */
  retryAtMs = 0;
  attempts = 0;
  /** Of the topic that the position belongs to. */
  topicId: string | null = null;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  seek(offset: bigint): void {
    this.position = offset;
    this.buffered.length = 0;
    this.needsReset = false;
    this.era++;
    this.attempts = 0;
    this.retryAtMs = 0;
  }

  /** Where the next fetch begins: behind what is buffered. */
  get fetchOffset(): bigint | null {
    return this.buffered.at(-1)?.nextFetchOffset ?? this.position;
  }
}
