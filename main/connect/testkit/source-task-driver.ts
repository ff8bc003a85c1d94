import type { RecordMetadata } from '../../../common/kafka/records.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, SourceConnector, SourceTask } from '../api/connector.ts';
import type { SourceMap, SourceRecord } from '../api/records.ts';
import { ContractViolation } from './contract-violation.ts';
import { MockTime } from './mock-time.ts';
import { OffsetLedger } from './offset-ledger.ts';
import { within } from './patience.ts';
import { checkSourceRecord } from './records.ts';
import { testLogger } from './test-logger.ts';

/** A poll may wait for about a second; the worker pauses and stops between polls. */
const POLL_LIMIT_MS = 10_000;
/** `task.shutdown.graceful.timeout.ms` of a worker. */
const STOP_LIMIT_MS = 5_000;
const START_LIMIT_MS = 60_000;

/**
 * Runs a source's task as the worker does, without a broker: its clock runs as fast as the machine allows, its offsets
 * are kept in memory. Throws ContractViolation when the task hands out a record that can't be sent, lets offsets go
 * back, waits too long in poll, or does not end when it is told to.
 */
export class SourceTaskDriver {
  readonly time = new MockTime();
  /** Lines of the task's log: `WARN text`. */
  readonly log: string[];
  task: SourceTask;
  readonly #connector: SourceConnector;
  readonly #logger;
  readonly #offsets = new OffsetLedger();
  #config: ConfigMap = {};
  #abort = new AbortController();
  /** Handed out and not committed. */
  #pending: SourceRecord[] = [];

  constructor(connector: SourceConnector, task = connector.task()) {
    this.#connector = connector;
    this.task = task;
    const { logger, lines } = testLogger(this.time);
    this.#logger = logger;
    this.log = lines;
  }

  /** Starts the first task of this configuration; `stored` is the offset of whatever partition it asks for. */
  async start(config: ConfigMap, stored: SourceMap | null = null): Promise<this> {
    const parsed = parseConfig(this.#connector.config, config);
    const [taskConfig] = this.#connector.taskConfigs?.(parsed, config, 1) ?? [config];
    this.#config = taskConfig ?? config;
    await this.#startTask(stored);
    return this;
  }

  /** One poll; the clock is moved while it waits. No records: an empty list. */
  async poll(): Promise<readonly SourceRecord[]> {
    const poll = this.task.poll(this.#abort.signal);
    if (typeof poll?.then !== 'function') throw new ContractViolation('poll() returned no promise');
    const records = await within(
      this.time,
      POLL_LIMIT_MS,
      'poll() is still waiting: let it resolve to null after about a second',
      poll,
    );
    if (records === null) return [];
    if (!Array.isArray(records)) throw new ContractViolation('poll() resolved to neither null nor an array of records');
    for (const record of records) {
      checkSourceRecord(record);
      this.#offsets.handedOut(record);
      this.#pending.push(record);
    }
    return records;
  }

  /** Polls until nothing came for `idlePolls` polls. */
  async drain(idlePolls = 1): Promise<SourceRecord[]> {
    const all: SourceRecord[] = [];
    for (let idle = 0; idle < idlePolls; ) {
      const records = await this.poll();
      all.push(...records);
      idle = records.length === 0 ? idle + 1 : 0;
    }
    return all;
  }

  /** The broker has taken every record so far, and their offsets are stored. */
  async commit(): Promise<void> {
    for (const [i, record] of this.#pending.splice(0).entries()) {
      const { topic, kafkaPartition, timestamp } = record;
      const partition = kafkaPartition ?? 0;
      const metadata: RecordMetadata = { topic, partition, offset: BigInt(i), timestamp: timestamp ?? 0n };
      this.task.commitRecord?.(record, metadata);
      this.#offsets.store(record.sourcePartition, record.sourceOffset);
    }
    await within(this.time, START_LIMIT_MS, 'commit() does not end', Promise.resolve(this.task.commit?.()));
  }

  /** What is stored of a partition; null where nothing is. */
  stored(partition: SourceMap): SourceMap | null {
    return this.#offsets.stored(partition);
  }

  /** Ends the task, and starts a new one that goes on at the stored offsets, as after a crash or a restart. */
  async restart(): Promise<void> {
    await this.stop();
    this.#pending = [];
    this.#abort = new AbortController();
    this.task = this.#connector.task();
    await this.#startTask(null);
  }

  /** Ends a poll that waits by its signal, then the task; what that poll returned is forgotten. Nothing of it may be waiting afterwards. */
  async stop(): Promise<void> {
    const poll = Promise.resolve(this.task.poll(this.#abort.signal)).catch(() => null);
    await new Promise((resolve) => setImmediate(resolve));
    this.#abort.abort();
    await within(this.time, POLL_LIMIT_MS, 'poll() goes on although its signal has aborted', poll);
    await within(this.time, STOP_LIMIT_MS, 'stop() does not end in time', Promise.resolve(this.task.stop()));
    if (this.time.pending > 0) throw new ContractViolation('A timer is left after stop(): cancel it');
  }

  async #startTask(stored: SourceMap | null): Promise<void> {
    this.#offsets.restarted();
    const start = this.task.start(parseConfig(this.#connector.config, this.#config), {
      logger: this.#logger,
      time: this.time,
      offsets: async (partitions) => partitions.map((partition) => this.#offsets.stored(partition) ?? stored),
    });
    await within(this.time, START_LIMIT_MS, 'start() does not end', Promise.resolve(start));
  }
}
