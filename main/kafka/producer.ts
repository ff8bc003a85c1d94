import { KafkaException } from '../../common/errors.ts';
import type { ProducerRecord } from '../../common/kafka/records.ts';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import { recordSizeUpperBound } from '../protocol/records/encode-records.ts';
import { RECORD_BATCH_OVERHEAD } from '../protocol/records/record-batch.ts';
import type { ClientConfig, Producer, ProducerCallback, Trouble } from './api.ts';
import type { Cluster } from './cluster/cluster.ts';
import {
  AuthenticationException,
  BufferExhaustedException,
  ClientClosedException,
  isRetriable,
  RecordTooLargeException,
  TimeoutException,
} from './errors.ts';
import { callBack } from './produce/producer-batch.ts';
import { compressionLevelOf, deliveryTimeoutOf, idempotenceOf, isRoundRobin } from './produce/producer-rules.ts';
import { Sender } from './produce/sender.ts';
import { TopicQueues, type TopicQueuesOptions } from './produce/topic-queues.ts';
import type { ClientOptions } from './settings/client-settings.ts';

/** A batch that waits for its turn grows up to here (or `batch.size`): the topic's default `max.message.bytes` is 1 MiB. */
const GROWN_BATCH_BYTES = 512 * 1024;
/** What may lie in the buffer when the caller does not wait for `drained()`, as a multiple of `buffer.memory`. */
const HARD_LIMIT = 2;

/**
 * Kafka's producer over our own protocol room. Java: `KafkaProducer`, `RecordAccumulator`. Keys, values and headers are
 * kept by reference until they are sent: they may not be changed before the callback. Built for many small records:
 * no promise and no copy per record.
 */
export class KafkaProducer implements Producer {
  readonly #cluster: Cluster;
  readonly #time: Time;
  readonly #options: ClientOptions<'producer'>;
  readonly #sender: Sender;
  readonly #queueOptions: TopicQueuesOptions;
  readonly #topics = new Map<string, TopicQueues>();
  readonly #drainWaiters: (() => void)[] = [];
  #bufferedBytes = 0;
  #flushes = 0;
  #closed = false;
  #waitTimer: { cancel(): void } | null = null;

  constructor(
    cluster: Cluster,
    options: ClientOptions<'producer'>,
    config: ClientConfig,
    environment: { time: Time; logger: Logger; random: () => number },
  ) {
    const idempotence = idempotenceOf(options, config);
    const acks = options.acks === 'all' ? -1 : (Number(options.acks) as -1 | 0 | 1);
    this.#cluster = cluster;
    this.#time = environment.time;
    this.#options = options;
    this.#queueOptions = {
      limits: {
        batchSize: Math.min(options['batch.size'], options['max.request.size']),
        maxBatchSize: Math.min(Math.max(options['batch.size'], GROWN_BATCH_BYTES), options['max.request.size']),
        maxInFlight: idempotence ? options['max.in.flight.requests.per.connection'] : 1,
      },
      ignoreKeys: options['partitioner.ignore.keys'],
      roundRobin: isRoundRobin(options),
      random: environment.random,
      onNewQueue: (queue) => this.#sender.add(queue),
    };
    this.#sender = new Sender({
      cluster,
      time: environment.time,
      logger: environment.logger,
      acks,
      compression: options['compression.type'],
      compressionLevel: compressionLevelOf(options),
      idempotence,
      lingerMs: options['linger.ms'],
      maxRequestSize: options['max.request.size'],
      maxInFlightRequests: options['max.in.flight.requests.per.connection'],
      requestTimeoutMs: options['request.timeout.ms'],
      deliveryTimeoutMs: deliveryTimeoutOf(options, config),
      retries: options.retries,
      onDone: (batch) => this.#release(batch.sizeInBytes - RECORD_BATCH_OVERHEAD),
    });
    cluster.onRefresh(() => this.#metadataRefreshed());
  }

  send(record: ProducerRecord, callback?: ProducerCallback): boolean {
    if (this.#closed) throw new ClientClosedException('Cannot perform operation after producer has been closed');
    const sizeBound = recordSizeUpperBound(record);
    const refusal = this.#refusal(sizeBound);
    if (refusal) {
      queueMicrotask(() => callBack(callback, null, refusal));
      return this.#hasRoom();
    }
    const topic = this.#topics.get(record.topic) ?? this.#addTopic(record.topic);
    this.#bufferedBytes += sizeBound;
    if (topic.waiting.length > 0 || !this.#place(topic, record, sizeBound, callback)) {
      topic.waiting.push({ record, sizeBound, callback, sinceMs: this.#time.hiResMilliseconds() });
      if (topic.waiting.length === 1) this.#watchWaiting();
    }
    return this.#hasRoom();
  }

  drained(): Promise<void> {
    if (this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => this.#drainWaiters.push(resolve));
  }

  async flush(): Promise<void> {
    let left = 1;
    await new Promise<void>((resolve) => {
      const done = () => {
        left--;
        if (left === 0) resolve();
      };
      for (const topic of this.#topics.values()) {
        for (const queue of topic.queues()) {
          for (const batch of queue.incomplete()) {
            left++;
            batch.whenDone(done);
          }
        }
        for (const waiting of topic.waiting) {
          const { callback } = waiting;
          left++;
          waiting.callback = (metadata, error) => {
            done();
            callback?.(metadata, error);
          };
        }
      }
      this.#flushes++;
      this.#sender.hurry(true);
      done();
    });
    this.#flushes--;
    if (this.#flushes === 0) this.#sender.hurry(false);
  }

  async partitionsFor(topic: string): Promise<number> {
    const state = this.#topics.get(topic) ?? this.#addTopic(topic);
    if (state.metadata) return state.metadata.partitions.length;
    const found = await this.#cluster.retrying(this.#options['max.block.ms'], `Looking up topic ${topic}`, async () => {
      await this.#cluster.refreshed();
      const metadata = this.#cluster.topic(topic);
      if (!metadata) throw this.#cluster.topicError(topic) ?? notPresent(topic, this.#options['max.block.ms']);
      return metadata;
    });
    return found.partitions.length;
  }

  trouble(): Trouble | null {
    return this.#cluster.trouble;
  }

  async close(timeoutMs = 30_000): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    let timer: { cancel(): void } | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = this.#time.timer(Math.min(timeoutMs, 0x7fff_ffff), resolve);
    });
    await Promise.race([this.flush(), timeUp]);
    timer?.cancel();
    this.#sender.close();
    this.#waitTimer?.cancel();
    this.#failEverything(new KafkaException('Producer is closed forcefully.', { code: 'CLOSED' }));
    this.#cluster.close();
  }

  #hasRoom(): boolean {
    return this.#bufferedBytes < this.#options['buffer.memory'];
  }

  #refusal(sizeBound: number): KafkaException | undefined {
    const limit = this.#options['max.request.size'];
    const size = sizeBound + RECORD_BATCH_OVERHEAD;
    if (size > limit) {
      return new RecordTooLargeException(
        `The message is ${size} bytes when serialized which is larger than ${limit}, which is the value of the max.request.size configuration.`,
        { key: 'max.request.size' },
      );
    }
    const memory = this.#options['buffer.memory'];
    if (this.#bufferedBytes + sizeBound > memory * HARD_LIMIT + limit) {
      return new BufferExhaustedException(
        `Failed to allocate ${sizeBound} bytes: ${this.#bufferedBytes} are buffered already, buffer.memory is ${memory}`,
        { key: 'buffer.memory', hint: 'Wait for drained() after send() has returned false.' },
      );
    }
    return undefined;
  }

  #addTopic(name: string): TopicQueues {
    const topic = new TopicQueues(name, this.#cluster.topic(name), this.#queueOptions);
    this.#topics.set(name, topic);
    this.#cluster.want([name]);
    return topic;
  }

  /** False when the partition can't be chosen yet. */
  #place(
    topic: TopicQueues,
    record: ProducerRecord,
    sizeBound: number,
    callback: ProducerCallback | undefined,
  ): boolean {
    const queue = topic.queueFor(record, sizeBound);
    if (!queue) return false;
    const { key, value, headers } = record;
    const timestamp = record.timestamp ?? BigInt(this.#time.milliseconds());
    const now = this.#time.hiResMilliseconds();
    const started = queue.append({ timestamp, key, value, headers }, sizeBound, callback, now);
    const linger = this.#flushes > 0 ? 0 : this.#options['linger.ms'];
    if (queue.openBytes >= this.#queueOptions.limits.batchSize || (started && linger === 0)) this.#sender.wake();
    else if (started) this.#sender.wakeAt(now + linger);
    return true;
  }

  #metadataRefreshed(): void {
    for (const topic of this.#topics.values()) {
      topic.metadata = this.#cluster.topic(topic.name) ?? topic.metadata;
      if (topic.waiting.length === 0) continue;
      const trouble = this.#cluster.trouble?.error;
      const error = trouble instanceof AuthenticationException ? trouble : this.#cluster.topicError(topic.name);
      if (error && !isRetriable(error)) {
        for (const { callback, sizeBound } of topic.waiting.splice(0)) this.#fail(callback, sizeBound, error);
        continue;
      }
      let placed = 0;
      for (const { record, sizeBound, callback } of topic.waiting) {
        if (!this.#place(topic, record, sizeBound, callback)) break;
        placed++;
      }
      topic.waiting.splice(0, placed);
    }
  }

  /** `max.block.ms` over, records that still have no partition fail, one timer for the oldest. */
  #watchWaiting(): void {
    this.#waitTimer?.cancel();
    const oldest = Math.min(...[...this.#topics.values()].flatMap((topic) => topic.waiting[0]?.sinceMs ?? []));
    if (!Number.isFinite(oldest)) return;
    const maxBlock = this.#options['max.block.ms'];
    const delay = Math.max(0, oldest + maxBlock - this.#time.hiResMilliseconds());
    this.#waitTimer = this.#time.timer(Math.min(delay, 0x7fff_ffff), () => {
      const now = this.#time.hiResMilliseconds();
      for (const topic of this.#topics.values()) {
        const late = topic.waiting.filter(({ sinceMs }) => sinceMs + maxBlock <= now).length;
        for (const { record, callback, sizeBound } of topic.waiting.splice(0, late)) {
          this.#fail(callback, sizeBound, this.#whyNotPlaced(topic, record));
        }
      }
      this.#watchWaiting();
    });
  }

  #whyNotPlaced(topic: TopicQueues, record: ProducerRecord): Error {
    const maxBlock = this.#options['max.block.ms'];
    const cause = this.#cluster.trouble?.error ?? this.#cluster.topicError(topic.name);
    if (!topic.metadata) return notPresent(topic.name, maxBlock, cause);
    return new TimeoutException(
      `Partition ${record.partition} of topic ${topic.name} with partition count ${topic.metadata.partitions.length} is not present in metadata after ${maxBlock} ms.`,
      { code: 'UNKNOWN_TOPIC_OR_PARTITION', key: topic.name, cause },
    );
  }

  #fail(callback: ProducerCallback | undefined, sizeBound: number, error: Error): void {
    this.#release(sizeBound);
    callBack(callback, null, error);
  }

  #failEverything(error: Error): void {
    for (const topic of this.#topics.values()) {
      for (const { callback, sizeBound } of topic.waiting.splice(0)) this.#fail(callback, sizeBound, error);
      for (const queue of topic.queues()) {
        for (const batch of queue.incomplete()) {
          batch.fail(error);
          this.#release(batch.sizeInBytes - RECORD_BATCH_OVERHEAD);
        }
      }
    }
  }

  #release(bytes: number): void {
    this.#bufferedBytes -= bytes;
    if (this.#drainWaiters.length > 0 && this.#hasRoom()) for (const resume of this.#drainWaiters.splice(0)) resume();
  }
}

function notPresent(topic: string, timeoutMs: number, cause?: Error): TimeoutException {
  return new TimeoutException(`Topic ${topic} not present in metadata after ${timeoutMs} ms.`, {
    key: topic,
    cause,
  });
}
