import { parseConfig } from '../../main/connect/api/config-validation.ts';
import type { ConfigMap, SourceConnector, SourceTask } from '../../main/connect/api/connector.ts';
import type { SourceMap, SourceRecord } from '../../main/connect/api/records.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';

/** Starts a source's task as the worker does, and polls it while its clock runs as fast as the machine allows. */
export class SourceTaskDriver {
  readonly time = new MockTime();
  readonly log: string[];
  readonly task: SourceTask;
  readonly #connector: SourceConnector;
  readonly #logger;
  readonly #abort = new AbortController();

  constructor(connector: SourceConnector, task = connector.task()) {
    this.#connector = connector;
    this.task = task;
    const { logger, lines } = recordingLogger();
    this.#logger = logger;
    this.log = lines;
  }

  async start(config: ConfigMap, stored: SourceMap | null = null): Promise<this> {
    const parsed = parseConfig(this.#connector.config, config);
    const [taskConfig] = this.#connector.taskConfigs?.(parsed, config, 1) ?? [config];
    await this.task.start(parseConfig(this.#connector.config, taskConfig ?? config), {
      logger: this.#logger,
      time: this.time,
      offsets: async (partitions) => partitions.map(() => stored),
    });
    return this;
  }

  /** One poll; the clock is moved while it waits. */
  async poll(): Promise<readonly SourceRecord[]> {
    let done = false;
    const poll = this.task.poll(this.#abort.signal).finally(() => {
      done = true;
    });
    poll.catch(() => done);
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      // The clock moves only when the task sleeps: real reads take no mock time.
      if (!done && this.time.pending > 0) await this.time.advance(5);
    }
    return (await poll) ?? [];
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

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.task.stop();
  }
}
