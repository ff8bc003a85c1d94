import { ConnectException, KafkaException, RetriableException } from '../../../common/errors.ts';
import type { ProducerRecord, RecordMetadata } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time, type Timer } from '../../../common/time.ts';
import type { Producer } from '../../kafka/api.ts';
import type { SourceTask } from '../api/connector.ts';
import type { SourceMap, SourceRecord } from '../api/records.ts';
import { canonicalSourceMap } from '../api/source-map.ts';
import { asError, type RetryWithToleranceOperator, SKIPPED } from './errors/retry-with-tolerance-operator.ts';
import { TaskStopping } from './errors/task-stopping.ts';
import type { SourceRecordConverter } from './source-record-converter.ts';
import { SubmittedRecords } from './submitted-records.ts';
import { kafkaTrouble, type TaskMetrics } from './task-metrics.ts';
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

/** Kafka is waited for when nothing was acknowledged for so long. */
const STALLED_MS = 3_000;
const POLL_RETRY_MS = 100;

/**
 * poll → transformations → converters → send → acknowledged → offset stored, in this order and at least once. An
 * offset is stored only by the rule of SubmittedRecords; a clean stop waits for the acknowledgements and stores the
 * rest, so that nothing is sent twice. Java: `WorkerSourceTask`.
 */
export class WorkerSourceTask implements WorkerTask {
  readonly #parts: SourceTaskParts;
  readonly #submitted = new SubmittedRecords();
  readonly #topics = new Set<string>();
  /** Aborts when a record could not be sent, so that a waiting poll ends. */
  readonly #sendFailed = new AbortController();
  #sendFailure: Error | null = null;
  #started = false;
  #closed = false;
  #commitTimer: Timer | null = null;
  #committing: Promise<void> = Promise.resolve();
  #commitRuns = false;
  #commitFailure: Error | null = null;
  /** Taken from `#submitted`, not stored yet: kept when storing them failed. */
  #uncommitted = new Map<string, { partition: SourceMap; offset: SourceMap }>();
  #storeFails = false;
  #lastAcknowledged = 0;
  #seenTransferred = 0;
  #wake: (() => void) | null = null;

  constructor(parts: SourceTaskParts) {
    this.#parts = parts;
  }

  async initializeAndStart(): Promise<void> {
    this.#started = true;
    await this.#parts.start(this.#parts.task);
  }

  async execute(control: TaskControl): Promise<void> {
    const signal = AbortSignal.any([control.signal, this.#sendFailed.signal]);
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    this.#scheduleCommit();
    try {
      await this.#loop(control, signal);
    } catch (error) {
      if (!(error instanceof TaskStopping)) throw error;
    } finally {
      this.#commitTimer?.cancel();
      this.#commitTimer = null;
      await this.#finalCommit();
    }
    this.#throwFailure();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#commitTimer?.cancel();
    const { task, producer, transformations, operator, topicCreation, logger } = this.#parts;
    const steps: [string, () => void | Promise<void>][] = [
      ['the task', () => (this.#started ? task.stop() : undefined)],
      ['the producer', () => producer.close(0)],
      ['the admin client', () => topicCreation.close()],
      ['the transformations', () => transformations.close()],
      ['the error reporters', () => operator.close()],
    ];
    for (const [what, step] of steps) {
      try {
        await step();
      } catch (error) {
        logger.warn(`Closing ${what} failed`, error);
      }
    }
  }

  async #loop(control: TaskControl, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (control.paused) {
        await control.awaitUnpause();
        continue;
      }
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
    if (this.#submitted.unacknowledged === 0) this.#lastAcknowledged = time.hiResMilliseconds();
    const submitted = this.#submitted.submit(original);
    metrics.inFlight++;
    return producer.send(outgoing, (metadata, error) => {
      metrics.inFlight--;
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
      this.#sendFailure ??= new ConnectException('Unrecoverable exception from producer send callback', {
        cause: error,
      });
      this.#sendFailed.abort();
      return;
    }
    operator
      .executeFailed({ original, stage: 'KAFKA_PRODUCE', executingClass: WORKER_SOURCE_TASK, error })
      .then(() => {
        this.#commitRecord(original, null);
        submitted.ack();
      })
      .catch((failure) => {
        this.#sendFailure ??= asError(failure);
        this.#sendFailed.abort();
      });
  }

  /** Dropped by a transformation or by tolerance: its offset counts as done. */
  #dropped(original: SourceRecord): void {
    this.#commitRecord(original, null);
    this.#submitted.submit(original).ack();
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

  /** Until the producer has room again, or the task is to stop. */
  #drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      this.#wake = resolve;
      this.#parts.producer.drained().then(resolve, reject);
    });
  }

  #throwFailure(): void {
    const failure = this.#sendFailure ?? this.#commitFailure;
    if (failure !== null) throw failure;
  }

  #scheduleCommit(): void {
    const { time, flushIntervalMs } = this.#parts;
    this.#commitTimer = time.timer(flushIntervalMs, () => {
      this.#scheduleCommit();
      this.#noteStall();
      if (!this.#commitRuns) this.#committing = this.#commit();
    });
  }

  /** Stores what has become committable. Failing to is no reason to stop: the offsets are kept for the next time. */
  async #commit(): Promise<void> {
    this.#commitRuns = true;
    try {
      await this.#storeOffsets();
    } catch (error) {
      // Offsets that no store takes: the source would go on for ever without progress.
      this.#commitFailure ??= asError(error);
      this.#sendFailed.abort();
    } finally {
      this.#commitRuns = false;
    }
  }

  async #storeOffsets(): Promise<void> {
    const { task, listener, operator, logger } = this.#parts;
    for (const taken of this.#submitted.takeCommittable()) {
      this.#uncommitted.set(canonicalSourceMap(taken.partition), taken);
    }
    await operator.reported();
    if (this.#uncommitted.size > 0) {
      const batch = this.#uncommitted;
      this.#uncommitted = new Map();
      try {
        await listener.storeOffsets([...batch.values()]);
      } catch (error) {
        if (error instanceof KafkaException && error.code === 'INVALID_DATA') throw error;
        this.#uncommitted = new Map([...batch, ...this.#uncommitted]);
        if (!this.#storeFails) logger.warn('Source offsets could not be stored; it is tried again', error);
        this.#storeFails = true;
        return;
      }
      if (this.#storeFails) logger.info('Source offsets are stored again');
      this.#storeFails = false;
    }
    try {
      await task.commit?.();
    } catch (error) {
      logger.error('Exception thrown while calling task.commit()', error);
    }
  }

  /** Also after a failure: what is acknowledged need not be sent again. */
  async #finalCommit(): Promise<void> {
    const { producer, time, flushTimeoutMs, logger } = this.#parts;
    if (this.#submitted.unacknowledged > 0) {
      const timeout = new AbortController();
      await Promise.race([producer.flush(), sleep(time, flushTimeoutMs, timeout.signal)]);
      timeout.abort();
    }
    await this.#committing;
    await this.#commit();
    const open = this.#submitted.unacknowledged;
    if (open > 0) {
      logger.warn(
        `${open} records were not acknowledged within offset.flush.timeout.ms (${flushTimeoutMs} ms): ` +
          'they will be sent again after the next start',
      );
    }
    if (this.#uncommitted.size > 0)
      logger.error('The last source offsets could not be stored: records since then will be sent again');
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
