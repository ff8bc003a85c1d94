import { ConnectException, RetriableException } from '../../../common/errors.ts';
import type { ProducerRecord, RecordMetadata } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { Producer } from '../../kafka/api.ts';
import type { SourceTask } from '../api/connector.ts';
import type { SourceRecord } from '../api/records.ts';
import { closeAll } from './close-all.ts';
import { asError, type RetryWithToleranceOperator, SKIPPED } from './errors/retry-with-tolerance-operator.ts';
import { TaskStopping } from './errors/task-stopping.ts';
import { SourceOffsetCommitter } from './source-offset-committer.ts';
import type { SourceRecordConverter } from './source-record-converter.ts';
import { kafkaTrouble, STALLED_MS, type TaskMetrics } from './task-metrics.ts';
import type { TopicCreation } from './topic-creation.ts';
import type { TransformationChain } from './transformation-chain.ts';
import type { TaskControl, TaskListener, WorkerTask } from './worker-task.ts';

export interface SourceTaskParts {
  task: SourceTask;
  /** Hands the task its parsed configuration and context. */
  start: (task: SourceTask) => void | Promise<void>;
  producer: Producer;
  topicCreation: TopicCreation;
  transformations: TransformationChain<SourceRecord>;
  converter: SourceRecordConverter;
  operator: RetryWithToleranceOperator<SourceRecord>;
  listener: TaskListener;
  metrics: TaskMetrics;
  time: Time;
  logger: Logger;
  /** `offset.flush.interval.ms` */
  flushIntervalMs: number;
  /** `offset.flush.timeout.ms`: how long a stopping task waits for acknowledgements. */
  flushTimeoutMs: number;
  /** Where its producer writes, for "waiting for". */
  kafka: string;
}

const POLL_RETRY_MS = 100;
/**
 * Records on their way to Kafka. Each holds what its acknowledgement will need: `buffer.memory` bounds the bytes, but
 * a buffer full of short lines would be hundreds of thousands of objects.
 */
export const MAX_IN_FLIGHT = 20_000;

/**
 * poll → transformations → converters → send → acknowledged → offset stored, in this order and at least once. An
 * offset is stored only by the rule of SubmittedRecords; a clean stop waits for the acknowledgements and stores the
 * rest, so that nothing is sent twice. Java: `WorkerSourceTask`.
 */
export class WorkerSourceTask implements WorkerTask {
  readonly #parts: SourceTaskParts;
  readonly #committer: SourceOffsetCommitter;
  readonly #topics = new Set<string>();
  /** Aborts when the task can't go on, so that a waiting poll ends. */
  readonly #ended = new AbortController();
  #failure: Error | null = null;
  #started = false;
  #closed = false;
  #lastAcknowledged = 0;
  #seenTransferred = 0;
  #wake: (() => void) | null = null;
  #onHalfAcknowledged: (() => void) | null = null;

  constructor(parts: SourceTaskParts) {
    this.#parts = parts;
    this.#committer = new SourceOffsetCommitter({
      task: parts.task,
      listener: parts.listener,
      reported: () => parts.operator.reported(),
      time: parts.time,
      logger: parts.logger,
      intervalMs: parts.flushIntervalMs,
      timeoutMs: parts.flushTimeoutMs,
      onTick: () => this.#noteStall(),
      onFailure: (error) => this.#fail(error),
    });
  }

  async initializeAndStart(): Promise<void> {
    this.#started = true;
    await this.#parts.start(this.#parts.task);
  }

  async execute(control: TaskControl): Promise<void> {
    // One of its own: asking AbortSignal.any costs a twentieth of what a record takes.
    const { signal } = this.#ended;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    const stop = () => this.#ended.abort();
    control.signal.addEventListener('abort', stop);
    if (control.signal.aborted) stop();
    this.#committer.start();
    try {
      await this.#loop(control, signal);
    } catch (error) {
      if (!(error instanceof TaskStopping)) throw error;
    } finally {
      control.signal.removeEventListener('abort', stop);
      await this.#committer.finish(this.#parts.producer);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#committer.cancel();
    const { task, producer, transformations, operator, topicCreation, logger } = this.#parts;
    await closeAll(logger, [
      ['the task', () => (this.#started ? task.stop() : undefined)],
      ['the producer', () => producer.close(0)],
      ['the admin client', () => topicCreation.close()],
      ['the transformations', () => transformations.close()],
      ['the error reporters', () => operator.close()],
    ]);
  }

  /** The first reason counts; the loop ends at its next turn. */
  #fail(error: Error): void {
    this.#failure ??= error;
    this.#ended.abort();
  }

  async #loop(control: TaskControl, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (control.paused) {
        await control.awaitUnpause();
        continue;
      }
      await this.#committer.overdueStore();
      const records = await this.#poll(signal);
      if (records !== null) await this.#send(records, signal);
      // Sources that always have something must not keep timers and sockets from their turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async #poll(signal: AbortSignal): Promise<readonly SourceRecord[] | null> {
    let records: readonly SourceRecord[] | null;
    try {
      records = await this.#parts.task.poll(signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof RetriableException)) throw error;
      this.#parts.logger.warn('Polling failed, it is tried again', error);
      await sleep(this.#parts.time, POLL_RETRY_MS, signal);
      return null;
    }
    if (records === null || records === undefined) return null;
    if (!Array.isArray(records))
      throw new ConnectException(`poll() of the task returned ${typeof records}, not an array of records`);
    this.#parts.metrics.records += records.length;
    return records;
  }

  /** Hands every record to the producer; returns early, in order, when the task stops. */
  async #send(records: readonly SourceRecord[], signal: AbortSignal): Promise<void> {
    for (const original of records) {
      if (signal.aborted) return;
      const transformed = this.#transform(original);
      const record = transformed instanceof Promise ? await transformed : transformed;
      const converted = record === null ? null : this.#convert(original, record);
      const outgoing = converted instanceof Promise ? await converted : converted;
      if (outgoing === null) {
        this.#dropped(original);
        continue;
      }
      const ready = this.#parts.topicCreation.ensure(outgoing.topic, signal);
      if (ready !== null) await ready;
      if (signal.aborted) return;
      if (!this.#sendOne(original, outgoing)) await this.#drained(signal);
      if (this.#parts.metrics.inFlight >= MAX_IN_FLIGHT) await this.#halfAcknowledged(signal);
    }
  }

  #transform(original: SourceRecord): SourceRecord | null | Promise<SourceRecord | null> {
    const result = this.#parts.transformations.apply(original, original);
    return result instanceof Promise ? result.then((it) => this.#kept(it)) : this.#kept(result);
  }

  #kept(result: SourceRecord | null | typeof SKIPPED): SourceRecord | null {
    if (result === null) this.#parts.metrics.filtered++;
    return result === SKIPPED ? null : result;
  }

  #convert(original: SourceRecord, record: SourceRecord): ProducerRecord | Promise<ProducerRecord | null> {
    const { converter, operator } = this.#parts;
    try {
      return converter.convert(record);
    } catch (error) {
      return operator
        .recover(original, converter.stage, converter.executingClass, error, () => converter.convert(record))
        .then((result) => (result === SKIPPED ? null : result));
    }
  }

  /** False: the producer's buffer is full. */
  #sendOne(original: SourceRecord, outgoing: ProducerRecord): boolean {
    const { producer, metrics, time } = this.#parts;
    if (this.#committer.submitted.unacknowledged === 0) this.#lastAcknowledged = time.hiResMilliseconds();
    const submitted = this.#committer.submitted.submit(original);
    metrics.inFlight++;
    return producer.send(outgoing, (metadata, error) => {
      if (--metrics.inFlight <= MAX_IN_FLIGHT / 2) this.#onHalfAcknowledged?.();
      if (error !== null) return this.#notSent(original, submitted, error);
      metrics.transferred++;
      this.#commitRecord(original, metadata);
      submitted.ack();
      this.#used(outgoing.topic);
    });
  }

  /** The producer gave up on a record: it has tried for as long as it may. */
  #notSent(original: SourceRecord, submitted: { ack(): void }, error: Error): void {
    if (this.#closed) return;
    const { operator } = this.#parts;
    if (!operator.tolerant) {
      this.#fail(new ConnectException('Unrecoverable exception from producer send callback', { cause: error }));
      return;
    }
    operator
      .executeFailed({ original, stage: 'KAFKA_PRODUCE', executingClass: WORKER_SOURCE_TASK, error })
      .then(() => {
        this.#commitRecord(original, null);
        submitted.ack();
      })
      .catch((failure) => this.#fail(asError(failure)));
  }

  /** Dropped by a transformation or by tolerance: its offset counts as done. */
  #dropped(original: SourceRecord): void {
    this.#commitRecord(original, null);
    this.#committer.submitted.submit(original).ack();
  }

  #commitRecord(original: SourceRecord, metadata: RecordMetadata | null): void {
    const { task, logger } = this.#parts;
    if (task.commitRecord === undefined) return;
    try {
      task.commitRecord(original, metadata);
    } catch (error) {
      logger.error('Exception thrown while calling task.commitRecord()', error);
    }
  }

  #used(topic: string): void {
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    this.#parts.listener.onTopicUsed(topic);
  }

  /** Until half of what is in flight is acknowledged, or the task is to stop. */
  #halfAcknowledged(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#wake = resolve;
      this.#onHalfAcknowledged = resolve;
    });
  }

  /** Until the producer has room again, or the task is to stop. */
  #drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      this.#wake = resolve;
      this.#parts.producer.drained().then(resolve, reject);
    });
  }

  /** Acknowledgements that stay away are waited for, and so is a broker that can't be reached. */
  #noteStall(): void {
    const { metrics, time, kafka, producer } = this.#parts;
    const now = time.hiResMilliseconds();
    const trouble = producer.trouble?.() ?? null;
    if (metrics.inFlight === 0 || metrics.transferred !== this.#seenTransferred) {
      this.#seenTransferred = metrics.transferred;
      this.#lastAcknowledged = now;
    }
    const stalled = now - this.#lastAcknowledged;
    if (trouble !== null) metrics.waitingFor = kafkaTrouble(kafka, trouble);
    else if (stalled < STALLED_MS) metrics.waitingFor = null;
    else {
      metrics.waitingFor ??= {
        what: `Kafka at ${kafka} to acknowledge ${metrics.inFlight} records`,
        since: Math.round(time.milliseconds() - stalled),
      };
    }
  }
}

const WORKER_SOURCE_TASK = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
