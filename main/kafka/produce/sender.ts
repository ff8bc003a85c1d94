import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { type ProduceResponse, produce as produceApi } from '../../protocol/messages/00-produce.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import { recordSizeUpperBound } from '../../protocol/records/encode-records.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { AuthenticationException, isRetriable, NetworkException, TimeoutException } from '../errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { ProducerBatch } from './producer-batch.ts';
import { ProducerIdentity } from './producer-identity.ts';

export interface SenderOptions {
  cluster: Cluster;
  time: Time;
  logger: Logger;
  acks: -1 | 0 | 1;
  compression: CompressionType;
  /** The codec's own scale; undefined: its default. */
  compressionLevel: number | undefined;
  idempotence: boolean;
  lingerMs: number;
  maxRequestSize: number;
  maxInFlightRequests: number;
  requestTimeoutMs: number;
  deliveryTimeoutMs: number;
  retries: number;
  /** The batch has its final answer: its bytes are free again. */
  onDone(batch: ProducerBatch): void;
}

interface Sent {
  queue: PartitionQueue;
  batch: ProducerBatch;
}

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number];

/** Errors of a sequence that the broker no longer knows: begin anew under the next epoch (KIP-360). */
const SEQUENCE_LOST: ReadonlySet<number> = new Set([
  Errors.UNKNOWN_PRODUCER_ID,
  Errors.INVALID_PRODUCER_EPOCH,
  Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
]);

/**
 * Takes batches that are due out of their queues, sends them to the leaders and deals with what comes back. Java:
 * `Sender`. Retries are endless within `delivery.timeout.ms`; the order of a partition is never broken.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #cluster: Cluster;
  readonly #time: Time;
  readonly #identity: ProducerIdentity;
  readonly #queues = new Set<PartitionQueue>();
  /** Produce requests on their way, by node. */
  readonly #inFlight = new Map<number, number>();
  #lingerMs: number;
  #scheduled = false;
  #closed = false;
  #timer: Timer | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #identityAtMs = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#cluster = options.cluster;
    this.#time = options.time;
    this.#lingerMs = options.lingerMs;
    this.#identity = new ProducerIdentity(options.cluster, options.logger, options.idempotence);
    options.cluster.onRefresh(() => this.wake());
  }

  add(queue: PartitionQueue): void {
    this.#queues.add(queue);
  }

  /** Looks for what is due, after the present turn of the event loop: what is sent in one turn travels together. */
  wake(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  /** Makes sure of a look at the time when a new batch has waited long enough. */
  wakeAt(monotonicMs: number): void {
    if (this.#closed || !(monotonicMs < this.#timerAtMs)) return;
    this.#timer?.cancel();
    this.#timerAtMs = monotonicMs;
    const delay = Math.max(0, monotonicMs - this.#time.hiResMilliseconds());
    this.#timer = this.#time.timer(Math.min(Math.ceil(delay), 0x7fff_ffff), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.wake();
    });
  }

  /** While it is on, nothing lingers. */
  hurry(on: boolean): void {
    this.#lingerMs = on ? 0 : this.#options.lingerMs;
    if (on) this.wake();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #send(): void {
    if (this.#closed) return;
    const now = this.#time.hiResMilliseconds();
    this.#expire(now);
    let wakeAt = Number.POSITIVE_INFINITY;
    const byLeader = new Map<number, PartitionQueue[]>();
    for (const queue of this.#queues) {
      if (!queue.isReady(now, this.#lingerMs)) {
        // What waits for an answer is looked at when that comes.
        const at = queue.readyAtMs(this.#lingerMs);
        if (at > now) wakeAt = Math.min(wakeAt, at);
        continue;
      }
      const leader = this.#cluster.leader(queue.topic, queue.partition);
      if (leader === undefined) {
        this.#cluster.requestRefresh();
        continue;
      }
      const list = byLeader.get(leader);
      if (list) list.push(queue);
      else byLeader.set(leader, [queue]);
    }
    if (byLeader.size > 0 && !this.#identity.isSettled) {
      this.#askIdentity(now);
    } else {
      for (const [node, queues] of byLeader) this.#sendTo(node, queues, now);
    }
    for (const queue of this.#queues) {
      wakeAt = Math.min(wakeAt, queue.oldestWaitingMs() + this.#options.deliveryTimeoutMs);
    }
    this.wakeAt(wakeAt);
  }

  #askIdentity(now: number): void {
    if (now < this.#identityAtMs) {
      this.wakeAt(this.#identityAtMs);
      return;
    }
    void this.#identity.ask().then(() => {
      this.#identityAtMs = this.#time.hiResMilliseconds() + this.#identity.backoffMs;
      this.wake();
    });
  }

  #sendTo(node: number, queues: readonly PartitionQueue[], now: number): void {
    const { maxInFlightRequests, maxRequestSize } = this.#options;
    // Who gets a turn now stands behind the others the next time.
    for (const queue of queues) {
      this.#queues.delete(queue);
      this.#queues.add(queue);
    }
    let rest = queues;
    while (rest.length > 0 && (this.#inFlight.get(node) ?? 0) < maxInFlightRequests) {
      const sent: Sent[] = [];
      let size = 0;
      for (const queue of rest) {
        if (queue.needsNewEpoch) {
          this.#identity.bump();
          queue.epochRenewed();
          if (!this.#identity.isSettled) {
            this.wake();
            return;
          }
        }
        const batch = queue.take(
          this.#identity.current,
          sent.length === 0 ? Number.POSITIVE_INFINITY : maxRequestSize - size,
        );
        if (!batch) continue;
        sent.push({ queue, batch });
        size += batch.sizeInBytes;
      }
      this.#transmit(node, sent);
      rest = rest.filter((queue) => queue.isReady(now, this.#lingerMs));
    }
  }

  #transmit(node: number, sent: readonly Sent[]): void {
    const { compression, compressionLevel } = this.#options;
    const topics = new Map<
      string,
      { name: string; topicId: string | undefined; partitionData: { index: number; records: Buffer }[] }
    >();
    for (const { queue, batch } of sent) {
      let topic = topics.get(queue.topic);
      if (!topic) {
        topic = {
          name: queue.topic,
          topicId: this.#cluster.topic(queue.topic)?.topicId ?? undefined,
          partitionData: [],
        };
        topics.set(queue.topic, topic);
      }
      topic.partitionData.push({ index: queue.partition, records: batch.encode(compression, compressionLevel) });
    }
    const { acks, requestTimeoutMs: timeoutMs } = this.#options;
    const topicData = [...topics.values()];
    // Topic ids (13) only when the cluster has told them all.
    const ceiling = topicData.every((topic) => topic.topicId !== undefined) ? undefined : 12;
    const body = { transactionalId: null, acks, timeoutMs, topicData };
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 0) + 1);
    this.#cluster
      .connection(node)
      .then(async (connection) => {
        if (acks !== 0) return connection.request(produceApi, body, undefined, ceiling);
        await connection.send(produceApi, body, ceiling);
        return null;
      })
      .then(
        (response) => {
          this.#landed(node);
          this.#answered(sent, response, (id) => topicData.find((topic) => topic.topicId === id)?.name);
        },
        (error: Error) => {
          this.#landed(node);
          for (const { queue, batch } of sent) this.#troubled(queue, batch, error);
        },
      );
  }

  #landed(node: number): void {
    this.#inFlight.set(node, (this.#inFlight.get(node) ?? 1) - 1);
    this.wake();
  }

  #answered(
    sent: readonly Sent[],
    response: ProduceResponse | null,
    nameOf: (topicId: string) => string | undefined,
  ): void {
    const results = new Map<string, PartitionResponse>();
    for (const topic of response?.responses ?? []) {
      const name = topic.name || nameOf(topic.topicId);
      for (const result of topic.partitionResponses) results.set(`${result.index} ${name}`, result);
    }
    for (const { queue, batch } of sent) {
      if (!response) {
        this.#acknowledged(queue, batch, -1n, -1n);
        continue;
      }
      const result = results.get(`${queue.partition} ${queue.topic}`);
      if (!result) {
        this.#troubled(
          queue,
          batch,
          new NetworkException(`The broker's answer leaves out ${queue.topic}-${queue.partition}`),
        );
      } else if (result.errorCode === 0 || result.errorCode === Errors.DUPLICATE_SEQUENCE_NUMBER) {
        this.#acknowledged(queue, batch, result.errorCode === 0 ? result.baseOffset : -1n, result.logAppendTimeMs);
      } else {
        const message = result.recordErrors[0]?.batchIndexErrorMessage ?? result.errorMessage;
        const at = `${queue.topic}-${queue.partition}`;
        this.#troubled(queue, batch, new ApiException(result.errorCode, message, { key: at }));
      }
    }
  }

  #acknowledged(queue: PartitionQueue, batch: ProducerBatch, baseOffset: bigint, logAppendTime: bigint): void {
    queue.acknowledged(batch);
    batch.complete(baseOffset, logAppendTime);
    this.#options.onDone(batch);
  }

  #troubled(queue: PartitionQueue, batch: ProducerBatch, error: Error): void {
    const code = error instanceof ApiException ? error.errorCode : undefined;
    if (code === Errors.MESSAGE_TOO_LARGE && batch.recordCount > 1) {
      queue.split(batch, recordSizeUpperBound);
      this.wake();
      return;
    }
    const sequenceLost = batch.identity !== null && code !== undefined && SEQUENCE_LOST.has(code);
    // Java tries again as well until the time is up: the credential may be right again after a restart.
    const retriable = isRetriable(error) || sequenceLost || error instanceof AuthenticationException;
    const late = this.#time.hiResMilliseconds() - batch.createdMs >= this.#options.deliveryTimeoutMs;
    if (!retriable || late || batch.attempts >= this.#options.retries) {
      queue.failed(batch);
      batch.fail(late && retriable ? this.#expired(batch, error) : error);
      this.#options.onDone(batch);
      this.wake();
      return;
    }
    // A later batch refused because an earlier one is missing comes again in its turn, with its number.
    if (sequenceLost && queue.isFirstUnanswered(batch)) queue.breakSequence();
    // The topic or its leader may have moved; of a broken connection nothing is known.
    this.#cluster.requestRefresh();
    queue.retry(batch, this.#time.hiResMilliseconds() + this.#cluster.backoffMs(batch.attempts));
    this.wake();
  }

  #expire(now: number): void {
    for (const queue of this.#queues) {
      if (queue.oldestWaitingMs() + this.#options.deliveryTimeoutMs > now) continue;
      for (const batch of queue.expire(now - this.#options.deliveryTimeoutMs)) {
        batch.fail(this.#expired(batch));
        this.#options.onDone(batch);
      }
    }
  }

  /** Java's sentence, with what the last attempt said. */
  #expired(batch: ProducerBatch, cause?: Error): TimeoutException {
    const trouble = cause ?? this.#cluster.trouble?.error;
    const age = Math.round(this.#time.hiResMilliseconds() - batch.createdMs);
    return new TimeoutException(
      `Expiring ${batch.recordCount} record(s) for ${batch.topic}-${batch.partition}: ${age} ms has passed since batch creation${trouble ? ` (${trouble.message})` : ''}`,
      { key: 'delivery.timeout.ms', cause: trouble },
    );
  }
}
