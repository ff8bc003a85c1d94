import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import type { Consumer } from '../../kafka/api.ts';
import type { SinkOffset, SinkTask } from '../api/connector.ts';
import { PartitionOffsets } from './partition-offsets.ts';

export interface SinkOffsetCommitterOptions {
  task: SinkTask;
  consumer: Consumer;
  /** Every failed record so far is reported; rejects when one could not be. */
  reported: () => Promise<void>;
  time: Time;
  logger: Logger;
  /** `offset.flush.timeout.ms`: how long the last commit is waited for. */
  timeoutMs: number;
}

/**
 * Commits a sink's offsets: never past what put returned for, never past what preCommit gives, never before the failed
 * records are reported. A commit that fails is no failure of the task: its records are delivered again at worst.
 */
export class SinkOffsetCommitter {
  readonly #options: SinkOffsetCommitterOptions;
  readonly #put = new PartitionOffsets();
  readonly #committed = new PartitionOffsets();
  #sending: Promise<void> | null = null;

  constructor(options: SinkOffsetCommitterOptions) {
    this.#options = options;
  }

  /** A commit is under way. */
  get busy(): boolean {
    return this.#sending !== null;
  }

  /** Put has returned for everything before these. */
  putUpTo(offsets: readonly SinkOffset[]): void {
    this.#put.setAll(offsets);
  }

  /** Partitions go on at these offsets: newly assigned, or rewound by their task. */
  standAt(offsets: readonly SinkOffset[]): void {
    this.#put.setAll(offsets);
    this.#committed.setAll(offsets);
  }

  forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      this.#put.delete(partition);
      this.#committed.delete(partition);
    }
  }

  /** Asks the task what may be committed and sends it off, without waiting for the answer. */
  async commit(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#options.reported();
    const put = this.#put.of(partitions);
    if (put.length === 0) return;
    let offered: readonly SinkOffset[];
    try {
      offered = await this.#preCommit(put);
    } catch (error) {
      this.#options.logger.error('Offset commit failed, rewinding to last committed offsets', error);
      for (const at of this.#committed.of(put)) this.#options.consumer.seek(at, at.offset);
      this.#put.setAll(this.#committed.of(put));
      return;
    }
    const offsets = this.#committable(offered);
    if (offsets.length === 0) return;
    this.#sending = this.#send(offsets).finally(() => {
      this.#sending = null;
    });
  }

  /** The last commit for partitions that go away, in between of which the task closes them; waits for the answer. */
  async commitAndClose(partitions: readonly TopicPartition[]): Promise<void> {
    const { task, reported, logger } = this.#options;
    if (this.#sending !== null) await this.#atMost(this.#sending);
    let offered: readonly SinkOffset[] = [];
    try {
      await reported();
      const put = this.#put.of(partitions);
      if (put.length > 0) offered = await this.#preCommit(put).catch((error) => this.#notOffered(error));
    } finally {
      await task.close?.(partitions);
    }
    const offsets = this.#committable(offered);
    if (offsets.length > 0 && !(await this.#atMost(this.#send(offsets)))) {
      logger.warn(
        `The last offsets were not committed within offset.flush.timeout.ms (${this.#options.timeoutMs} ms): ` +
          'records since the commit before will be delivered again',
      );
    }
  }

  #notOffered(error: unknown): readonly SinkOffset[] {
    this.#options.logger.warn('Offset commit failed during close', error);
    return [];
  }

  async #preCommit(put: readonly SinkOffset[]): Promise<readonly SinkOffset[]> {
    const { task } = this.#options;
    if (task.preCommit !== undefined) return task.preCommit(put);
    await task.flush?.(put);
    return put;
  }

  /** What is new and not past what was put, whatever the task says. */
  #committable(offered: readonly SinkOffset[]): SinkOffset[] {
    const { logger } = this.#options;
    return offered.filter((it) => {
      const put = this.#put.get(it);
      const name = topicPartitionKey(it.topic, it.partition);
      if (put === undefined) logger.warn(`Ignoring the task's offset ${it.offset} of ${name}: partition not assigned`);
      else if (it.offset > put.offset)
        logger.warn(`Ignoring the task's offset ${it.offset} of ${name}: not yet consumed, it stands at ${put.offset}`);
      else return this.#committed.get(it)?.offset !== it.offset;
      return false;
    });
  }

  /** Never rejects. */
  async #send(offsets: readonly SinkOffset[]): Promise<void> {
    const { consumer, logger } = this.#options;
    const list = offsets.map((it) => `${topicPartitionKey(it.topic, it.partition)}@${it.offset}`).join(', ');
    try {
      await consumer.commit(offsets);
      logger.debug(`Committed offsets ${list}`);
      // Partitions that went away meanwhile are somebody else's now.
      this.#committed.setAll(offsets.filter((offset) => this.#put.get(offset) !== undefined));
    } catch (error) {
      logger.warn(`Commit of offsets failed (${list}); it is tried again`, error);
    }
  }

  /** False when it takes longer than the last commit may. */
  async #atMost(sent: Promise<void>): Promise<boolean> {
    const { time, timeoutMs } = this.#options;
    const end = new AbortController();
    const done = await Promise.race([sent.then(() => true), sleep(time, timeoutMs, end.signal).then(() => false)]);
    end.abort();
    return done;
  }
}
