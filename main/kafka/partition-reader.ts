import { type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { Time } from '../../common/time.ts';
import type { FetchedRecords, PartitionReader, StartOffset } from './api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { ClientClosedException, IllegalStateException } from './errors.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import { EARLIEST_TIMESTAMP, type FoundOffset, LATEST_TIMESTAMP, lookUpOffsets } from './fetch/offset-lookup.ts';
import { pollFetcher } from './fetch/poll-loop.ts';

export interface PartitionReaderOptions {
  cluster: Cluster;
  fetcher: Fetcher;
  time: Time;
  isolationLevel: 'read_committed' | 'read_uncommitted';
  apiTimeoutMs: number;
}

/** Reads partitions by assignment over our own protocol room. */
export class KafkaPartitionReader implements PartitionReader {
  readonly #options: PartitionReaderOptions;
  readonly #fetcher: Fetcher;
  #wokenUp = false;
  #polling = false;
  #closed = false;

  constructor(options: PartitionReaderOptions) {
    this.#options = options;
    this.#fetcher = options.fetcher;
  }

  async assign(partitions: readonly (TopicPartition & { start: StartOffset })[]): Promise<void> {
    const starts = await this.#starts(partitions);
    this.#ensureOpen();
    this.#fetcher.assign(partitions);
    for (const each of partitions) {
      const partition = this.#fetcher.partition(each);
      const offset = starts.get(topicPartitionKey(each.topic, each.partition));
      if (partition && offset !== undefined) this.#fetcher.seek(partition, offset);
    }
  }

  async poll(timeoutMs: number): Promise<FetchedRecords> {
    this.#ensureOpen();
    if (this.#polling) throw new IllegalStateException('PartitionReader.poll is not safe for calls at the same time');
    this.#polling = true;
    try {
      return await pollFetcher(this.#fetcher, this.#options.time, timeoutMs, () => {
        const stop = this.#wokenUp || this.#closed;
        this.#wokenUp = false;
        return stop;
      });
    } finally {
      this.#polling = false;
    }
  }

  wakeup(): void {
    this.#wokenUp = true;
    this.#fetcher.wake();
  }

  position(partition: TopicPartition): bigint | null {
    return this.#fetcher.partition(partition)?.position ?? null;
  }

  beginningOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>> {
    return this.#offsets(partitions.map((each) => ({ ...each, timestamp: EARLIEST_TIMESTAMP })));
  }

  endOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>> {
    return this.#offsets(partitions.map((each) => ({ ...each, timestamp: LATEST_TIMESTAMP })));
  }

  async offsetsForTimes(
    partitions: readonly (TopicPartition & { timestamp: bigint })[],
  ): Promise<Map<string, bigint | null>> {
    const found = await this.#lookUp(partitions);
    return new Map([...found].map(([key, { offset }]) => [key, offset < 0n ? null : offset]));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#fetcher.close();
    this.#options.cluster.close();
  }

  async #starts(partitions: readonly (TopicPartition & { start: StartOffset })[]): Promise<Map<string, bigint>> {
    const starts = new Map<string, bigint>();
    const toLookUp: (TopicPartition & { timestamp: bigint })[] = [];
    for (const { topic, partition, start } of partitions) {
      const timestamp = timestampOf(start);
      if (timestamp !== null) toLookUp.push({ topic, partition, timestamp });
      else if (typeof start === 'object' && 'offset' in start) {
        starts.set(topicPartitionKey(topic, partition), start.offset);
        // Nothing to be found, but a partition that does not exist is told now rather than read in vain.
        toLookUp.push({ topic, partition, timestamp: LATEST_TIMESTAMP });
      }
    }
    const found = await this.#lookUp(toLookUp);
    // A time after every record: what comes from now on.
    const beyond = toLookUp.filter(
      (each) => (found.get(topicPartitionKey(each.topic, each.partition))?.offset ?? 0n) < 0n,
    );
    const ends = await this.endOffsets(beyond);
    for (const [key, { offset }] of found) if (!starts.has(key)) starts.set(key, ends.get(key) ?? offset);
    return starts;
  }

  async #offsets(partitions: readonly (TopicPartition & { timestamp: bigint })[]): Promise<Map<string, bigint>> {
    const found = await this.#lookUp(partitions);
    return new Map([...found].map(([key, { offset }]) => [key, offset]));
  }

  async #lookUp(partitions: readonly (TopicPartition & { timestamp: bigint })[]): Promise<Map<string, FoundOffset>> {
    this.#ensureOpen();
    if (partitions.length === 0) return new Map();
    const { cluster, isolationLevel, apiTimeoutMs } = this.#options;
    return lookUpOffsets(cluster, partitions, isolationLevel === 'read_committed' ? 1 : 0, apiTimeoutMs);
  }

  #ensureOpen(): void {
    if (this.#closed) throw new ClientClosedException('This reader has been closed.');
  }
}

function timestampOf(start: StartOffset): bigint | null {
  if (start === 'earliest') return EARLIEST_TIMESTAMP;
  if (start === 'latest') return LATEST_TIMESTAMP;
  return 'timestamp' in start ? start.timestamp : null;
}
