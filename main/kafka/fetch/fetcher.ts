import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { type FetchResponse, fetch as fetchApi } from '../../protocol/messages/01-fetch.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { FetchedRecords } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { isRetriable, RecordTooLargeException } from '../errors.ts';
import type { AutoOffsetReset } from '../settings/auto-offset-reset.ts';
import { CompletedFetch } from './completed-fetch.ts';
import { FetchedPartition } from './fetched-partition.ts';
import { PositionReset } from './position-reset.ts';

export interface FetcherOptions {
  cluster: Cluster;
  time: Time;
  logger: Logger;
  minBytes: number;
  maxWaitMs: number;
  maxBytes: number;
  maxPartitionBytes: number;
  maxPollRecords: number;
  isolationLevel: 'read_committed' | 'read_uncommitted';
  checkCrcs: boolean;
  autoOffsetReset: AutoOffsetReset;
  requestTimeoutMs: number;
}

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number];

/** Fetched answers of a partition that wait to be read: the present one and one behind it. */
const BUFFERED_FETCHES = 2;

/**
 * Fetches assigned partitions and gives their records out in order: what reader and group consumer have in common.
 * Requests go out while someone polls and only then; per leader one is on its way, per partition at most two answers
 * are kept, in all about `fetch.max.bytes`. So whoever stops polling stops the flow. Java: `Fetcher`,
 * `FetchCollector`. Fetch sessions (KIP-227) are not used: with the partitions of a laptop a full request is short.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #cluster: Cluster;
  readonly #time: Time;
  readonly #unsubscribe: () => void;
  readonly #reset: PositionReset;
  /** In the order in which they get their turn. */
  #partitions = new Map<string, FetchedPartition>();
  readonly #leadersAsked = new Set<number>();
  /** Waits to be thrown by the next poll. */
  #error: Error | null = null;
  #waiter: (() => void) | null = null;
  /** A poll that waits looks again when a back-off is over. */
  #retryTimer: Timer | null = null;
  #closed = false;
  /** Gaps that come from a reset rather than from what was read. */
  readonly #gaps: FetchedRecords['gaps'] = [];

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#time = options.time;
    this.#unsubscribe = options.cluster.onRefresh(() => this.#refreshed());
    this.#reset = new PositionReset({
      cluster: options.cluster,
      time: options.time,
      logger: options.logger,
      policy: options.autoOffsetReset,
      isolationLevel: options.isolationLevel,
      timeoutMs: options.requestTimeoutMs,
      seek: (partition, offset) => this.seek(partition, offset),
      backOff: (partition) => this.#backOff(partition),
    });
  }

  partitions(): FetchedPartition[] {
    return [...this.#partitions.values()].sort(
      (a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition,
    );
  }

  partition({ topic, partition }: TopicPartition): FetchedPartition | undefined {
    return this.#partitions.get(topicPartitionKey(topic, partition));
  }

  /** Exactly these from now on. Those that stay keep their position and what is buffered. */
  assign(partitions: readonly TopicPartition[]): void {
    const kept = new Map<string, FetchedPartition>();
    for (const { topic, partition } of partitions) {
      const key = topicPartitionKey(topic, partition);
      kept.set(key, this.#partitions.get(key) ?? new FetchedPartition(topic, partition));
    }
    for (const [key, partition] of this.#partitions) if (!kept.has(key)) partition.era++;
    this.#partitions = kept;
    this.#cluster.want(new Set(partitions.map(({ topic }) => topic)));
    this.wake();
  }

  seek(partition: FetchedPartition, offset: bigint): void {
    partition.seek(offset);
    partition.topicId = this.#cluster.topic(partition.topic)?.topicId ?? null;
    this.wake();
  }

  /** Ends a wait: something may have changed. */
  wake(): void {
    this.#waiter?.();
  }

  /** Resolves when an answer has come, on `wake`, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: Timer | null = null;
      this.#waiter = () => {
        this.#waiter = null;
        timer?.cancel();
        resolve();
      };
      if (timeoutMs < 0x7fff_ffff) timer = this.#time.timer(timeoutMs, () => this.wake());
    });
  }

  /** Up to `max.poll.records` records of what is there, and keeps the fetches going. */
  poll(): FetchedRecords {
    if (this.#error) {
      const error = this.#error;
      this.#error = null;
      throw error;
    }
    const into: FetchedRecords = { records: [], gaps: this.#gaps.splice(0) };
    let left = this.#options.maxPollRecords;
    for (const [key, partition] of this.#partitions) {
      if (left <= 0) break;
      if (partition.paused || partition.buffered.length === 0) continue;
      left -= this.#read(partition, left, into);
      // The next poll begins with the others.
      if (partition.buffered.length === 0) {
        this.#partitions.delete(key);
        this.#partitions.set(key, partition);
      }
    }
    this.#fetch();
    return into;
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#partitions.clear();
    this.#retryTimer?.cancel();
    this.wake();
  }

  #read(partition: FetchedPartition, max: number, into: FetchedRecords): number {
    let count = 0;
    while (count < max) {
      const completed = partition.buffered[0];
      if (!completed) break;
      try {
        count += completed.read(max - count, into);
      } catch (error) {
        // What was read before the bad batch is given out first.
        if (into.records.length === 0) throw error;
        this.#error ??= error as Error;
        break;
      } finally {
        partition.position = completed.position;
      }
      if (completed.isExhausted) partition.buffered.shift();
    }
    return count;
  }

  #refreshed(): void {
    for (const partition of this.#partitions.values()) this.#noticeRecreation(partition);
    this.wake();
  }

  /** A topic that was deleted and made again has other records behind the same offsets. */
  #noticeRecreation(partition: FetchedPartition): void {
    const topicId = this.#cluster.topic(partition.topic)?.topicId ?? null;
    if (topicId === null || partition.position === null) return;
    if (partition.topicId === null) partition.topicId = topicId;
    if (partition.topicId === topicId) return;
    partition.topicId = topicId;
    const at = topicPartitionKey(partition.topic, partition.partition);
    this.#options.logger.warn(
      `Topic ${partition.topic} was deleted and created again: ${at} is read from its beginning`,
    );
    this.seek(partition, 0n);
  }

  #fetch(): void {
    if (this.#closed) return;
    const now = this.#time.hiResMilliseconds();
    this.#resetDue(now);
    let buffered = 0;
    for (const partition of this.#partitions.values())
      for (const each of partition.buffered) buffered += each.sizeInBytes;
    if (buffered >= this.#options.maxBytes) return;
    const byLeader = new Map<number, FetchedPartition[]>();
    // Were a leader asked for its idle partitions alone, it would wait for those while the busy ones run dry.
    const fullLeaders = new Set<number>();
    let retryAtMs = Number.POSITIVE_INFINITY;
    for (const partition of this.#partitions.values()) {
      if (partition.paused || partition.isFetching) continue;
      if (partition.retryAtMs > now) {
        retryAtMs = Math.min(retryAtMs, partition.retryAtMs);
        continue;
      }
      if (partition.needsReset || partition.position === null) continue;
      const leader = this.#cluster.leader(partition.topic, partition.partition);
      if (leader === undefined) this.#cluster.requestRefresh();
      else if (partition.buffered.length >= BUFFERED_FETCHES) fullLeaders.add(leader);
      else if (!this.#leadersAsked.has(leader)) {
        const list = byLeader.get(leader);
        if (list) list.push(partition);
        else byLeader.set(leader, [partition]);
      }
    }
    for (const [leader, partitions] of byLeader) if (!fullLeaders.has(leader)) this.#ask(leader, partitions);
    this.#retryTimer?.cancel();
    this.#retryTimer =
      retryAtMs === Number.POSITIVE_INFINITY ? null : this.#time.timer(Math.ceil(retryAtMs - now), () => this.wake());
  }

  #ask(leader: number, partitions: readonly FetchedPartition[]): void {
    const { minBytes, maxWaitMs, maxBytes, maxPartitionBytes, isolationLevel, requestTimeoutMs } = this.#options;
    const asked = partitions.map((partition) => ({
      partition,
      era: partition.era,
      offset: partition.fetchOffset as bigint,
      topicId: this.#cluster.topic(partition.topic)?.topicId ?? undefined,
    }));
    const topics = new Map<
      string,
      {
        topic: string;
        topicId: string | undefined;
        partitions: { partition: number; fetchOffset: bigint; partitionMaxBytes: number }[];
      }
    >();
    for (const { partition, offset, topicId } of asked) {
      partition.isFetching = true;
      let topic = topics.get(partition.topic);
      if (!topic) {
        topic = { topic: partition.topic, topicId, partitions: [] };
        topics.set(partition.topic, topic);
      }
      topic.partitions.push({
        partition: partition.partition,
        fetchOffset: offset,
        partitionMaxBytes: maxPartitionBytes,
      });
    }
    this.#leadersAsked.add(leader);
    const ceiling = asked.every(({ topicId }) => topicId !== undefined) ? undefined : 12;
    const body = {
      maxWaitMs,
      minBytes,
      maxBytes,
      isolationLevel: isolationLevel === 'read_committed' ? 1 : 0,
      topics: [...topics.values()],
    };
    this.#cluster
      .request(leader, fetchApi, body, { channel: 'fetch', timeoutMs: maxWaitMs + requestTimeoutMs, ceiling })
      .then(
        (response) => this.#answered(response, asked),
        (error: Error) => this.#failed(error, asked),
      )
      .finally(() => {
        this.#leadersAsked.delete(leader);
        for (const { partition } of asked) partition.isFetching = false;
        this.wake();
      });
  }

  #answered(
    response: FetchResponse,
    asked: readonly { partition: FetchedPartition; era: number; offset: bigint; topicId: string | undefined }[],
  ): void {
    if (response.errorCode !== 0) {
      this.#failed(new ApiException(response.errorCode), asked);
      return;
    }
    const answers = new Map<string, PartitionAnswer>();
    for (const topic of response.responses) {
      const name = topic.topic || asked.find(({ topicId }) => topicId === topic.topicId)?.partition.topic;
      for (const answer of topic.partitions) answers.set(topicPartitionKey(name ?? '', answer.partitionIndex), answer);
    }
    for (const { partition, era, offset } of asked) {
      const answer = answers.get(topicPartitionKey(partition.topic, partition.partition));
      // Sought elsewhere or taken away meanwhile.
      if (!answer || partition.era !== era) continue;
      try {
        this.#take(partition, offset, answer);
      } catch (error) {
        this.#error ??= error as Error;
      }
    }
  }

  #take(partition: FetchedPartition, offset: bigint, answer: PartitionAnswer): void {
    if (answer.errorCode !== 0) {
      this.#refused(partition, offset, answer.errorCode);
      return;
    }
    partition.attempts = 0;
    partition.highWatermark = answer.highWatermark;
    partition.lastStableOffset = answer.lastStableOffset;
    const records = answer.records;
    if (!records || records.length === 0) return;
    const completed = new CompletedFetch({
      topic: partition.topic,
      partition: partition.partition,
      fetchOffset: offset,
      records,
      abortedTransactions:
        this.#options.isolationLevel === 'read_committed' ? (answer.abortedTransactions ?? []) : null,
      checkCrcs: this.#options.checkCrcs,
    });
    if (completed.isExhausted) {
      const at = topicPartitionKey(partition.topic, partition.partition);
      throw new RecordTooLargeException(
        `The broker sent ${records.length} bytes of ${at} from offset ${offset} on, but not one whole record batch that reaches it`,
        { key: at, hint: 'Raise max.partition.fetch.bytes, or seek over the record.' },
      );
    }
    partition.buffered.push(completed);
  }

  #refused(partition: FetchedPartition, offset: bigint, errorCode: number): void {
    const at = topicPartitionKey(partition.topic, partition.partition);
    if (errorCode === Errors.OFFSET_OUT_OF_RANGE) {
      // An answer to a fetch behind what is buffered; the buffered records are good, the next fetch asks again.
      if (offset !== partition.position) return;
      if (this.#options.autoOffsetReset === 'none') {
        throw new ApiException(
          errorCode,
          `Offset ${offset} is out of range for partition ${at}, and auto.offset.reset is none`,
          { key: at, hint: 'Seek to an offset that exists, or set auto.offset.reset to earliest or latest.' },
        );
      }
      partition.needsReset = true;
      return;
    }
    const error = new ApiException(errorCode, undefined, { key: at });
    if (!error.retriable && errorCode !== Errors.UNKNOWN_SERVER_ERROR) throw error;
    if (errorCode === Errors.UNKNOWN_SERVER_ERROR) this.#options.logger.warn(`Fetching ${at} failed: ${error.message}`);
    this.#backOff(partition);
  }

  #failed(error: Error, asked: readonly { partition: FetchedPartition }[]): void {
    if (this.#closed) return;
    if (!isRetriable(error)) this.#error ??= error;
    for (const { partition } of asked) this.#backOff(partition);
  }

  #backOff(partition: FetchedPartition): void {
    partition.retryAtMs = this.#time.hiResMilliseconds() + this.#cluster.backoffMs(partition.attempts++);
    this.#cluster.requestRefresh();
  }

  #resetDue(now: number): void {
    if (this.#reset.isRunning) return;
    const due = [...this.#partitions.values()].filter((each) => each.needsReset && each.retryAtMs <= now);
    if (due.length === 0) return;
    this.#reset
      .run(due)
      .then(
        (gaps) => this.#gaps.push(...gaps),
        (error: Error) => {
          if (!this.#closed) this.#error ??= error;
        },
      )
      .finally(() => this.wake());
  }
}
