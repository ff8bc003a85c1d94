import { RetriableException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, SinkConnector, SinkOffset, SinkTask, SinkTaskContext } from '../api/connector.ts';
import type { SinkRecord } from '../api/records.ts';
import { ContractViolation } from './contract-violation.ts';
import { MockTime } from './mock-time.ts';
import { within } from './patience.ts';
import { testLogger } from './test-logger.ts';

const LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
/** What a worker waits before it tries again when the task named no time. */
const RETRY_MS = 1_000;

/**
 * Runs a sink's task as the worker does, without a broker: partitions are assigned, records put, and put again after a
 * RetriableException; offsets are asked for as at a commit. Throws ContractViolation when the task commits what it
 * never got, or does not end.
 */
export class SinkTaskDriver {
  readonly time = new MockTime();
  /** Lines of the task's log: `WARN text`. */
  readonly log: string[];
  readonly task: SinkTask;
  /** What the task asked its context for. */
  readonly paused = new Set<string>();
  readonly rewound: SinkOffset[] = [];
  readonly reported: { record: SinkRecord; error: Error }[] = [];
  /** How often put threw a RetriableException. */
  retries = 0;
  commitRequested = false;
  readonly #connector: SinkConnector;
  readonly #logger;
  readonly #positions = new Map<string, SinkOffset>();
  #assignment: readonly TopicPartition[] = [];
  #retryMs = RETRY_MS;

  constructor(connector: SinkConnector, task = connector.task()) {
    this.#connector = connector;
    this.task = task;
    const { logger, lines } = testLogger(this.time);
    this.#logger = logger;
    this.log = lines;
  }

  /** Starts the first task of this configuration and assigns these partitions to it. */
  async start(
    config: ConfigMap,
    partitions: readonly TopicPartition[] = [{ topic: 't', partition: 0 }],
  ): Promise<this> {
    const parsed = parseConfig(this.#connector.config, config);
    const [taskConfig] = this.#connector.taskConfigs?.(parsed, config, 1) ?? [config];
    const start = this.task.start(parseConfig(this.#connector.config, taskConfig ?? config), this.#context());
    await within(this.time, LIMIT_MS, 'start() does not end', Promise.resolve(start));
    await this.assign(partitions);
    return this;
  }

  /** A rebalance: what the task had is committed and closed, then these are opened. */
  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#assignment.length > 0) {
      await this.commit();
      await this.#close();
    }
    this.#assignment = partitions;
    await within(this.time, LIMIT_MS, 'open() does not end', Promise.resolve(this.task.open?.(partitions)));
  }

  /** Puts records, again and again while the task asks for it by RetriableException, at most `tries` times. */
  async put(records: readonly SinkRecord[], tries = 10): Promise<void> {
    for (let left = tries; ; left--) {
      try {
        await within(this.time, LIMIT_MS, 'put() does not end', Promise.resolve(this.task.put(records)));
        break;
      } catch (error) {
        if (!(error instanceof RetriableException) || left <= 1) throw error;
        this.retries++;
        await this.time.advance(this.#retryMs);
      }
    }
    for (const { originalTopic: topic, originalKafkaPartition: partition, originalKafkaOffset } of records)
      this.#positions.set(topicPartitionKey(topic, partition), { topic, partition, offset: originalKafkaOffset + 1n });
  }

  /** The offsets that the worker would commit now: what preCommit returns. */
  async commit(): Promise<readonly SinkOffset[]> {
    this.commitRequested = false;
    const current = [...this.#positions.values()];
    const ask = async () => {
      if (this.task.preCommit !== undefined) return this.task.preCommit(current);
      await this.task.flush?.(current);
      return current;
    };
    const offsets = await within(this.time, LIMIT_MS, 'preCommit() or flush() does not end', ask());
    for (const { topic, partition, offset } of offsets) {
      const name = topicPartitionKey(topic, partition);
      const position = this.#positions.get(name);
      if (typeof offset !== 'bigint' || position === undefined || offset > position.offset)
        throw new ContractViolation(
          `preCommit() returns offset ${offset} of ${name}, where ${position === undefined ? 'no record was put' : `records were put up to ${position.offset}`}`,
        );
    }
    return offsets;
  }

  /** Commits, closes the partitions and ends the task; nothing of it may be waiting afterwards. */
  async stop(): Promise<void> {
    await this.commit();
    await this.#close();
    await within(this.time, STOP_LIMIT_MS, 'stop() does not end in time', Promise.resolve(this.task.stop()));
    if (this.time.pending > 0) throw new ContractViolation('A timer is left after stop(): cancel it');
  }

  async #close(): Promise<void> {
    const close = Promise.resolve(this.task.close?.(this.#assignment));
    await within(this.time, LIMIT_MS, 'close() does not end', close);
    this.#positions.clear();
    this.#assignment = [];
  }

  #context(): SinkTaskContext {
    const names = (partitions: readonly TopicPartition[]) =>
      partitions.map(({ topic, partition }) => topicPartitionKey(topic, partition));
    return {
      logger: this.#logger,
      time: this.time,
      assignment: () => this.#assignment,
      pause: (...partitions) => {
        for (const name of names(partitions)) this.paused.add(name);
      },
      resume: (...partitions) => {
        for (const name of names(partitions)) this.paused.delete(name);
      },
      offset: ({ topic, partition }, offset) => void this.rewound.push({ topic, partition, offset }),
      timeout: (ms) => {
        this.#retryMs = ms;
      },
      requestCommit: () => {
        this.commitRequested = true;
      },
      errantRecordReporter: { report: async (record, error) => void this.reported.push({ record, error }) },
    };
  }
}
