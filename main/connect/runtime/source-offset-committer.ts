import { KafkaException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time, type Timer } from '../../../common/time.ts';
import type { Producer } from '../../kafka/api.ts';
import type { SourceTask } from '../api/connector.ts';
import type { SourceMap } from '../api/records.ts';
import { canonicalSourceMap } from '../api/source-map.ts';
import { asError } from './errors/retry-with-tolerance-operator.ts';
import { SubmittedRecords } from './submitted-records.ts';
import type { TaskListener } from './worker-task.ts';

export interface SourceOffsetCommitterOptions {
  task: SourceTask;
  listener: TaskListener;
  /** Every failed record so far is reported; rejects when one could not be. */
  reported: () => Promise<void>;
  time: Time;
  logger: Logger;
  /** `offset.flush.interval.ms` */
  intervalMs: number;
  /** `offset.flush.timeout.ms`: how long the last commit waits for acknowledgements. */
  timeoutMs: number;
  /** Called each interval, before the commit. */
  onTick: () => void;
  /** Offsets that no store will ever take: the task can't go on. */
  onFailure: (error: Error) => void;
}

/**
 * Stores a source's offsets at intervals by the rule of SubmittedRecords. That the store fails for now (a full disk) is
 * no reason to stop: the offsets are kept for the next time. That it takes long is: whoever sends on would have more
 * and more to send again after a crash. Java: `SourceTaskOffsetCommitter`, `OffsetStorageWriter`.
 */
export class SourceOffsetCommitter {
  readonly submitted = new SubmittedRecords();
  readonly #options: SourceOffsetCommitterOptions;
  #timer: Timer | null = null;
  #running: Promise<void> | null = null;
  #storing: Promise<void> | null = null;
  /** What was being stored when the next interval ended. */
  #overdue: Promise<void> | null = null;
  /** Taken from `submitted`, not stored yet. */
  #uncommitted = new Map<string, { partition: SourceMap; offset: SourceMap }>();
  #storeFails = false;

  constructor(options: SourceOffsetCommitterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.time.timer(this.#options.intervalMs, () => {
      this.start();
      this.#options.onTick();
      this.#overdue = this.#storing;
      this.#running ??= this.#commit().finally(() => {
        this.#running = null;
      });
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /**
   * Resolves at once, or when the store has answered that was asked an interval ago: so what a crash makes a source
   * send again is what flows in two intervals and what is in flight, however slow the store is.
   */
  async overdueStore(): Promise<void> {
    await this.#overdue;
  }

  /** The end, also after a failure: waits for acknowledgements, so that what is in Kafka is not sent again. */
  async finish(producer: Producer): Promise<void> {
    this.cancel();
    const { time, timeoutMs, logger } = this.#options;
    if (this.submitted.unacknowledged > 0) {
      const patience = new AbortController();
      await Promise.race([producer.flush(), sleep(time, timeoutMs, patience.signal)]);
      patience.abort();
    }
    await this.#running;
    await this.#commit();
    const open = this.submitted.unacknowledged;
    if (open > 0) {
      logger.warn(
        `${open} records were not acknowledged within offset.flush.timeout.ms (${timeoutMs} ms): ` +
          'they will be sent again after the next start',
      );
    }
    if (this.#uncommitted.size > 0)
      logger.error('The last source offsets could not be stored: records since then will be sent again');
  }

  async #commit(): Promise<void> {
    const { task, logger, reported, onFailure } = this.#options;
    for (const taken of this.submitted.takeCommittable())
      this.#uncommitted.set(canonicalSourceMap(taken.partition), taken);
    try {
      await reported();
      if (this.#uncommitted.size > 0 && !(await this.#store())) return;
    } catch (error) {
      onFailure(asError(error));
      return;
    }
    try {
      await task.commit?.();
    } catch (error) {
      logger.error('Exception thrown while calling task.commit()', error);
    }
  }

  /** False when the store failed and may work later. */
  async #store(): Promise<boolean> {
    const { listener, logger } = this.#options;
    const batch = this.#uncommitted;
    this.#uncommitted = new Map();
    const answered = Promise.withResolvers<void>();
    this.#storing = answered.promise;
    try {
      await listener.storeOffsets([...batch.values()]);
    } catch (error) {
      if (error instanceof KafkaException && error.code === 'INVALID_DATA') throw error;
      this.#uncommitted = new Map([...batch, ...this.#uncommitted]);
      if (!this.#storeFails) logger.warn('Source offsets could not be stored; it is tried again', error);
      this.#storeFails = true;
      return false;
    } finally {
      this.#storing = null;
      this.#overdue = null;
      answered.resolve();
    }
    if (this.#storeFails) logger.info('Source offsets are stored again');
    this.#storeFails = false;
    logger.debug(`Stored the offsets of ${batch.size} source partitions`);
    return true;
  }
}
