import { ConnectException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { Consumer } from '../../kafka/api.ts';
import type { SinkTaskContext } from '../api/connector.ts';
import type { WorkerErrantRecordReporter } from './errors/errant-record-reporter.ts';
import { PartitionOffsets } from './partition-offsets.ts';

/** What a sink task asks its worker for; the worker takes the wishes at its next turn. Java: `WorkerSinkTaskContext`. */
export class WorkerSinkTaskContext implements SinkTaskContext {
  readonly logger: Logger;
  readonly time: Time;
  readonly errantRecordReporter: SinkTaskContext['errantRecordReporter'];
  /** Where partitions go on at the next poll. */
  readonly offsets = new PartitionOffsets();
  commitRequested = false;
  /** ms; -1: none asked for */
  retryTimeoutMs = -1;
  /** The connector is paused: every partition is, whatever the task says. */
  connectorPaused = false;
  readonly #consumer: Consumer;
  readonly #paused = new Map<string, TopicPartition>();

  constructor(consumer: Consumer, reporter: WorkerErrantRecordReporter | null, time: Time, logger: Logger) {
    this.#consumer = consumer;
    this.errantRecordReporter = reporter;
    this.time = time;
    this.logger = logger;
  }

  assignment(): readonly TopicPartition[] {
    return this.#consumer.assignment();
  }

  pause(...partitions: TopicPartition[]): void {
    this.#checkAssigned(partitions, 'pause');
    for (const each of partitions) this.#paused.set(topicPartitionKey(each.topic, each.partition), each);
    if (!this.connectorPaused) this.#consumer.pause(partitions);
  }

  resume(...partitions: TopicPartition[]): void {
    this.#checkAssigned(partitions, 'resume');
    for (const each of partitions) this.#paused.delete(topicPartitionKey(each.topic, each.partition));
    if (!this.connectorPaused) this.#consumer.resume(partitions);
  }

  offset({ topic, partition }: TopicPartition, offset: bigint): void {
    this.offsets.set(topic, partition, offset);
  }

  timeout(ms: number): void {
    this.retryTimeoutMs = ms;
  }

  requestCommit(): void {
    this.commitRequested = true;
  }

  pausedByTask({ topic, partition }: TopicPartition): boolean {
    return this.#paused.has(topicPartitionKey(topic, partition));
  }

  /** Partitions that are no longer assigned are not paused either. */
  retainAssigned(): TopicPartition[] {
    const assigned = new Set(this.#consumer.assignment().map((it) => topicPartitionKey(it.topic, it.partition)));
    for (const key of this.#paused.keys()) if (!assigned.has(key)) this.#paused.delete(key);
    return [...this.#paused.values()];
  }

  #checkAssigned(partitions: readonly TopicPartition[], what: string): void {
    const assigned = new Set(this.#consumer.assignment().map((it) => topicPartitionKey(it.topic, it.partition)));
    const other = partitions.find((it) => !assigned.has(topicPartitionKey(it.topic, it.partition)));
    if (other !== undefined) {
      throw new ConnectException(
        `SinkTasks may not ${what} partitions that are not currently assigned to them: ${topicPartitionKey(other.topic, other.partition)}`,
      );
    }
  }
}
