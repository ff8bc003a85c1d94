import { ConnectException, RetriableException } from '../../../common/errors.ts';
import { type ConsumerRecord, type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { Consumer, RebalanceListener, TopicPattern } from '../../kafka/api.ts';
import type { SinkTask } from '../api/connector.ts';
import type { SinkRecord } from '../api/records.ts';
import { closeAll } from './close-all.ts';
import type { WorkerErrantRecordReporter } from './errors/errant-record-reporter.ts';
import { asError, type RetryWithToleranceOperator, SKIPPED } from './errors/retry-with-tolerance-operator.ts';
import { TaskStopping } from './errors/task-stopping.ts';
import { PartitionOffsets } from './partition-offsets.ts';
import { SinkOffsetCommitter } from './sink-offset-committer.ts';
import type { SinkRecordConverter } from './sink-record-converter.ts';
import type { WorkerSinkTaskContext } from './sink-task-context.ts';
import { kafkaTrouble, STALLED_MS, type TaskMetrics } from './task-metrics.ts';
import type { TransformationChain } from './transformation-chain.ts';
import type { TaskControl, TaskListener, WorkerTask } from './worker-task.ts';

export interface SinkTaskParts {
  task: SinkTask;
  /** Hands the task its parsed configuration and context. */
  start: (task: SinkTask, context: WorkerSinkTaskContext) => void | Promise<void>;
  consumer: Consumer;
  topics: readonly string[] | TopicPattern;
  context: WorkerSinkTaskContext;
  transformations: TransformationChain<ConsumerRecord>;
  converter: SinkRecordConverter;
  operator: RetryWithToleranceOperator<ConsumerRecord>;
  errantRecords: WorkerErrantRecordReporter | null;
  listener: TaskListener;
  metrics: TaskMetrics;
  time: Time;
  logger: Logger;
  /** `offset.flush.interval.ms` */
  commitIntervalMs: number;
  /** `offset.flush.timeout.ms`: how long a stopping task waits for its last commit. */
  commitTimeoutMs: number;
  /** Where its consumer reads, for "waiting for". */
  kafka: string;
}

/**
 * fetch → converters → transformations → put → preCommit → commit, at least once: the committed offset is never past
 * what put returned for, what preCommit gave, or a record whose report is not written. Java: `WorkerSinkTask`; unlike
 * there the good records before a bad one reach the sink before the bad one ends the task.
 */
export class WorkerSinkTask implements WorkerTask {
  readonly #parts: SinkTaskParts;
  /** Records that put has not returned for. */
  #batch: SinkRecord[] = [];
  /** Where the partitions of the batch will stand once it is put. */
  readonly #batchOffsets = new PartitionOffsets();
  readonly #committer: SinkOffsetCommitter;
  readonly #topics = new Set<string>();
  #pausedForRedelivery = false;
  #nextCommitMs = 0;
  #rebalanceFailure: Error | null = null;
  #started = false;
  #stopped = false;

  constructor(parts: SinkTaskParts) {
    this.#parts = parts;
    this.#committer = new SinkOffsetCommitter({
      task: parts.task,
      consumer: parts.consumer,
      reported: () => parts.operator.reported(),
      time: parts.time,
      logger: parts.logger,
      timeoutMs: parts.commitTimeoutMs,
    });
  }

  async initializeAndStart(): Promise<void> {
    const { consumer, task, start, context, topics, time, commitIntervalMs } = this.#parts;
    consumer.subscribe(topics, this.#rebalanceListener());
    this.#nextCommitMs = time.hiResMilliseconds() + commitIntervalMs;
    this.#started = true;
    await start(task, context);
  }

  async execute(control: TaskControl): Promise<void> {
    const { consumer } = this.#parts;
    control.onTransition = () => consumer.wakeup();
    let failure: unknown = null;
    try {
      while (!control.signal.aborted) await this.#iteration(control);
    } catch (error) {
      failure = error;
    }
    control.onTransition = null;
    try {
      await this.#closePartitions(this.#parts.consumer.assignment(), false);
    } catch (error) {
      if (failure !== null) this.#parts.logger.warn('The partitions of the failed task did not close', error);
      else failure = error;
    }
    if (failure !== null && !(failure instanceof TaskStopping)) throw failure;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    const { task, consumer, transformations, operator, logger } = this.#parts;
    await closeAll(logger, [
      ['the task', () => (this.#started ? task.stop() : undefined)],
      ['the consumer', () => consumer.close()],
      ['the transformations', () => transformations.close()],
      ['the error reporters', () => operator.close()],
    ]);
  }

  async #iteration(control: TaskControl): Promise<void> {
    const { time, context, commitIntervalMs } = this.#parts;
    this.#followPause(control);
    const now = time.hiResMilliseconds();
    if (!this.#committer.busy && (context.commitRequested || now >= this.#nextCommitMs)) {
      context.commitRequested = false;
      this.#nextCommitMs = now + commitIntervalMs;
      this.#measure();
      await this.#committer.commit(this.#parts.consumer.assignment());
    }
    // A commit that takes long must not make polls spin.
    await this.#poll(this.#committer.busy ? commitIntervalMs : Math.max(this.#nextCommitMs - now, 0));
    // Timers and sockets get their turn, however full the fetch buffers are.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #followPause(control: TaskControl): void {
    const { context } = this.#parts;
    if (control.paused === context.connectorPaused) return;
    context.connectorPaused = control.paused;
    if (control.paused) {
      this.#pauseAll();
      context.requestCommit();
    } else if (!this.#pausedForRedelivery) this.#resumeAll();
    control.report(control.paused ? 'PAUSED' : 'RUNNING');
  }

  async #poll(untilCommitMs: number): Promise<void> {
    const { consumer, context, metrics } = this.#parts;
    this.#rewind();
    const retry = context.retryTimeoutMs;
    context.retryTimeoutMs = -1;
    const records = await consumer.poll(retry >= 0 ? Math.min(retry, untilCommitMs) : untilCommitMs);
    if (this.#rebalanceFailure !== null) throw this.#rebalanceFailure;
    metrics.transferred += records.length;
    const failure = await this.#convert(records);
    await this.#deliver();
    if (failure !== null) throw failure;
  }

  /** Fills the batch; the failure that ends the task comes back so that what was before it is put first. */
  async #convert(records: readonly ConsumerRecord[]): Promise<Error | null> {
    const { errantRecords } = this.#parts;
    let last: ConsumerRecord | null = null;
    try {
      for (const original of records) {
        const converted = this.#convertOne(original);
        const record = converted instanceof Promise ? await converted : converted;
        if (last !== null && (last.partition !== original.partition || last.topic !== original.topic))
          this.#batchReaches(last);
        last = original;
        if (record === null) continue;
        errantRecords?.remember(record, original);
        this.#batch.push(record);
      }
      return null;
    } catch (error) {
      if (error instanceof TaskStopping) throw error;
      return asError(error);
    } finally {
      if (last !== null) this.#batchReaches(last);
    }
  }

  /** A partition's records come in one run: only the last of a run is noted. */
  #batchReaches({ topic, partition, offset }: ConsumerRecord): void {
    this.#batchOffsets.set(topic, partition, offset + 1n);
  }

  #convertOne(original: ConsumerRecord): SinkRecord | null | Promise<SinkRecord | null> {
    const { converter, operator } = this.#parts;
    try {
      return this.#transform(original, converter.convert(original));
    } catch (error) {
      return operator
        .recover(original, converter.stage, converter.executingClass, error, () => converter.convert(original))
        .then((record) => (record === SKIPPED ? null : this.#transform(original, record)));
    }
  }

  #transform(original: ConsumerRecord, record: SinkRecord): SinkRecord | null | Promise<SinkRecord | null> {
    this.#used(record.topic);
    const result = this.#parts.transformations.apply(original, record);
    return result instanceof Promise ? result.then((it) => this.#kept(it)) : this.#kept(result);
  }

  #kept(result: SinkRecord | null | typeof SKIPPED): SinkRecord | null {
    if (result === null) this.#parts.metrics.filtered++;
    return result === SKIPPED ? null : result;
  }

  #used(topic: string): void {
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    this.#parts.listener.onTopicUsed(topic);
  }

  async #deliver(): Promise<void> {
    const { task, errantRecords, metrics, context, logger, time } = this.#parts;
    const records = this.#batch.length;
    const began = time.milliseconds();
    const late = time.timer(STALLED_MS, () => {
      metrics.waitingForStep ??= { what: `the sink to write ${records} records`, since: began };
    });
    try {
      await task.put([...this.#batch]);
      errantRecords?.throwFailure();
    } catch (error) {
      if (!(error instanceof RetriableException))
        throw new ConnectException('Exiting WorkerSinkTask due to unrecoverable exception.', { cause: error });
      logger.warn('The sink asks for the same records again', error);
      metrics.failures++;
      metrics.retries++;
      const since = this.#pausedForRedelivery ? (metrics.waitingForStep?.since ?? began) : began;
      metrics.waitingForStep = { what: `the sink to take ${records} records (${error.message})`, since };
      if (!this.#pausedForRedelivery) {
        // Polls go on for the sake of group and time-outs, but bring nothing new.
        this.#pausedForRedelivery = true;
        this.#pauseAll();
      }
      return;
    } finally {
      late.cancel();
    }
    metrics.waitingForStep = null;
    metrics.records += records;
    this.#committer.putUpTo(this.#batchOffsets.all());
    this.#batchOffsets.clear();
    this.#batch = [];
    if (!this.#pausedForRedelivery) return;
    this.#pausedForRedelivery = false;
    if (!context.connectorPaused) this.#resumeAll();
  }

  /** What the task asked for by `context.offset`. */
  #rewind(): void {
    const { context, consumer } = this.#parts;
    const wanted = context.offsets.all();
    context.offsets.clear();
    for (const at of wanted) consumer.seek(at, at.offset);
    this.#committer.standAt(wanted);
  }

  async #closePartitions(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    if (partitions.length === 0) return;
    try {
      if (lost) await this.#parts.task.close?.(partitions);
      else await this.#committer.commitAndClose(partitions);
    } finally {
      this.#committer.forget(partitions);
      for (const partition of partitions) this.#batchOffsets.delete(partition);
      const gone = new Set(partitions.map((it) => topicPartitionKey(it.topic, it.partition)));
      this.#batch = this.#batch.filter(
        (record) => !gone.has(topicPartitionKey(record.originalTopic, record.originalKafkaPartition)),
      );
    }
  }

  #rebalanceListener(): RebalanceListener {
    const guarded = async (work: () => Promise<void>) => {
      if (this.#stopped) return;
      try {
        await work();
      } catch (error) {
        // The consumer must not stumble over it in the midst of a rebalance: thrown when poll returns.
        this.#rebalanceFailure ??= asError(error);
      }
    };
    return {
      onPartitionsAssigned: (partitions) => guarded(() => this.#assigned(partitions)),
      onPartitionsRevoked: (partitions) => guarded(() => this.#closePartitions(partitions, false)),
      onPartitionsLost: (partitions) => guarded(() => this.#closePartitions(partitions, true)),
    };
  }

  async #assigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { consumer, context, task } = this.#parts;
    for (const { topic, partition } of partitions) {
      const position = consumer.position({ topic, partition });
      if (position !== null) this.#committer.standAt([{ topic, partition, offset: position }]);
    }
    const wasPaused = this.#pausedForRedelivery;
    this.#pausedForRedelivery = wasPaused && this.#batch.length > 0;
    const pausedByTask = context.retainAssigned();
    if (this.#pausedForRedelivery || context.connectorPaused) this.#pauseAll();
    else {
      if (wasPaused) this.#resumeAll();
      if (pausedByTask.length > 0) consumer.pause(pausedByTask);
    }
    if (partitions.length === 0) return;
    await task.open?.(partitions);
    this.#rewind();
  }

  #pauseAll(): void {
    this.#parts.consumer.pause(this.#parts.consumer.assignment());
  }

  #resumeAll(): void {
    const { consumer, context } = this.#parts;
    consumer.resume(consumer.assignment().filter((partition) => !context.pausedByTask(partition)));
  }

  #measure(): void {
    const { consumer, metrics, kafka } = this.#parts;
    const partitions = consumer.assignment();
    let sum: bigint | null = partitions.length === 0 ? null : 0n;
    for (const partition of partitions) {
      const lag = consumer.lag(partition);
      sum = lag === null || sum === null ? null : sum + lag;
    }
    metrics.lag = sum;
    const trouble = consumer.trouble?.() ?? null;
    metrics.waitingFor = trouble === null ? null : kafkaTrouble(kafka, trouble);
  }
}
