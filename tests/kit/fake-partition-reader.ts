import { type ConsumerRecord, type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { FetchedRecords, PartitionReader, StartOffset } from '../../main/kafka/api.ts';

/** A topic in memory that a reader of our own reads; offsets that were deleted become gaps. */
export class FakeTopic {
  readonly name: string;
  readonly partitions: number;
  readonly #logs: ConsumerRecord[][];
  readonly #ends: bigint[];
  readonly #waiting = new Set<() => void>();

  constructor(name: string, partitions = 1) {
    this.name = name;
    this.partitions = partitions;
    this.#logs = Array.from({ length: partitions }, () => []);
    this.#ends = Array.from({ length: partitions }, () => 0n);
  }

  append(partition: number, value: string | null, more: Partial<ConsumerRecord> = {}): bigint {
    const offset = this.#ends[partition] as bigint;
    this.#logs[partition]?.push({
      topic: this.name,
      partition,
      offset,
      timestamp: 1_000n + offset,
      timestampType: 'CreateTime',
      leaderEpoch: 0,
      key: null,
      value: value === null ? null : new TextEncoder().encode(value),
      headers: [],
      ...more,
    });
    this.#ends[partition] = offset + 1n;
    for (const wake of this.#waiting) wake();
    return offset;
  }

  /** Compaction: these offsets have no record any more. */
  remove(partition: number, ...offsets: bigint[]): void {
    this.#logs[partition] = (this.#logs[partition] ?? []).filter(({ offset }) => !offsets.includes(offset));
  }

  beginning(partition: number): bigint {
    return this.#logs[partition]?.[0]?.offset ?? this.end(partition);
  }

  end(partition: number): bigint {
    return this.#ends[partition] as bigint;
  }

  forTime(partition: number, timestamp: bigint): bigint | null {
    return this.#logs[partition]?.find((record) => record.timestamp >= timestamp)?.offset ?? null;
  }

  from(partition: number, position: bigint, max: number): ConsumerRecord[] {
    return (this.#logs[partition] ?? []).filter(({ offset }) => offset >= position).slice(0, max);
  }

  /** Resolves at the next append or when the returned function is called. */
  changed(): { promise: Promise<void>; cancel(): void } {
    let cancel = () => {};
    const promise = new Promise<void>((resolve) => {
      cancel = () => {
        this.#waiting.delete(cancel);
        resolve();
      };
      this.#waiting.add(cancel);
    });
    return { promise, cancel };
  }
}

/** Hands out at most `maxPoll` records a poll, as a fetch does. Waits for records without a clock. */
export class FakePartitionReader implements PartitionReader {
  readonly #topic: FakeTopic;
  readonly #maxPoll: number;
  readonly #positions = new Map<number, bigint>();
  #wake = () => {};
  #woken = false;
  polls = 0;
  closed = false;

  constructor(topic: FakeTopic, maxPoll = 500) {
    this.#topic = topic;
    this.#maxPoll = maxPoll;
  }

  async assign(partitions: readonly (TopicPartition & { start: StartOffset })[]): Promise<void> {
    for (const { partition, start } of partitions) {
      if (typeof start === 'string')
        this.#positions.set(
          partition,
          start === 'earliest' ? this.#topic.beginning(partition) : this.#topic.end(partition),
        );
      else if ('offset' in start) this.#positions.set(partition, start.offset);
      else
        this.#positions.set(partition, this.#topic.forTime(partition, start.timestamp) ?? this.#topic.end(partition));
    }
  }

  async poll(): Promise<FetchedRecords> {
    this.polls++;
    for (;;) {
      const fetched = this.#fetch();
      if (fetched.records.length > 0 || fetched.gaps.length > 0 || this.#woken || this.closed) {
        this.#woken = false;
        return fetched;
      }
      const { promise, cancel } = this.#topic.changed();
      this.#wake = cancel;
      await promise;
    }
  }

  #fetch(): FetchedRecords {
    const result: FetchedRecords = { records: [], gaps: [] };
    for (const [partition, position] of this.#positions) {
      const records = this.#topic.from(partition, position, this.#maxPoll - result.records.length);
      let expected = position;
      for (const record of records) {
        if (record.offset > expected)
          result.gaps.push({ topic: this.#topic.name, partition, from: expected, to: record.offset });
        expected = record.offset + 1n;
        result.records.push(record);
      }
      this.#positions.set(partition, expected);
    }
    return result;
  }

  wakeup(): void {
    this.#woken = true;
    this.#wake();
  }

  position({ partition }: TopicPartition): bigint | null {
    return this.#positions.get(partition) ?? null;
  }

  async beginningOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>> {
    return this.#offsets(partitions, (partition) => this.#topic.beginning(partition));
  }

  async endOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>> {
    return this.#offsets(partitions, (partition) => this.#topic.end(partition));
  }

  async offsetsForTimes(
    partitions: readonly (TopicPartition & { timestamp: bigint })[],
  ): Promise<Map<string, bigint | null>> {
    return new Map(
      partitions.map(({ topic, partition, timestamp }) => [
        topicPartitionKey(topic, partition),
        this.#topic.forTime(partition, timestamp),
      ]),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeup();
  }

  #offsets(partitions: readonly TopicPartition[], offset: (partition: number) => bigint): Map<string, bigint> {
    return new Map(partitions.map(({ topic, partition }) => [topicPartitionKey(topic, partition), offset(partition)]));
  }
}
