import type { ConfigMap } from '../../main/connect/api/connector.ts';
import type { Plugin } from '../../main/connect/api/plugins.ts';
import type { SourceMap } from '../../main/connect/api/records.ts';
import { converters, headerConverters } from '../../main/connect/converters/index.ts';
import { Plugins } from '../../main/connect/plugins/plugins.ts';
import { predicates } from '../../main/connect/predicates/index.ts';
import { InProcessTaskHost } from '../../main/connect/runtime/in-process-task-host.ts';
import type { HostedTask } from '../../main/connect/runtime/task-host.ts';
import type { TaskListener } from '../../main/connect/runtime/worker-task.ts';
import { MemoryOffsetBackingStore } from '../../main/connect/storage/memory-stores.ts';
import { transformations } from '../../main/connect/transforms/index.ts';
import { MemoryKafka } from './memory-kafka.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';
import { LIST_SINK, listSink, NUMBER_SOURCE, numberSource, Script } from './test-connectors.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';

export const WORKER: ConfigMap = {
  'bootstrap.servers': 'memory:9092',
  'key.converter': STRING,
  'value.converter': STRING,
};

export function testPlugins(script: Script, more: readonly Plugin[] = []): Plugins {
  return new Plugins({
    connectors: [numberSource(script), listSink(script)],
    plugins: [...converters, ...headerConverters, ...transformations, ...predicates, ...more],
  });
}

/** One task on a Kafka in memory under a clock that stands still. */
export class TaskHarness {
  readonly time = new MockTime();
  readonly kafka = new MemoryKafka();
  readonly script = new Script();
  readonly offsets = new MemoryOffsetBackingStore(this.time);
  readonly states: string[] = [];
  readonly topics: string[] = [];
  readonly logLines: string[];
  failure: Error | null = null;
  onStore: (offsets: readonly { offset: SourceMap }[]) => Promise<void> = async () => {};
  task!: HostedTask;
  readonly #plugins: Plugins;
  readonly #logger;

  constructor(more: readonly Plugin[] = []) {
    const { logger, lines } = recordingLogger();
    this.#logger = logger;
    this.logLines = lines;
    this.#plugins = testPlugins(this.script, more);
  }

  source(config: Record<string, string> = {}, paused = false): Promise<void> {
    return this.#start(NUMBER_SOURCE, { topic: 't', ...config }, paused);
  }

  sink(config: Record<string, string> = {}, paused = false): Promise<void> {
    return this.#start(LIST_SINK, { topics: 't', ...config }, paused);
  }

  /** Lets promises settle until it is true; the clock stands still. */
  async until(condition: () => boolean, what = String(condition)): Promise<void> {
    for (let turn = 0; turn < 2_000; turn++) {
      if (condition()) return;
      await this.time.advance(0);
    }
    throw new Error(`Never true: ${what}\n${[...this.script.log, ...this.kafka.log, ...this.logLines].join('\n')}`);
  }

  /** Everything that can happen without the clock has happened. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await this.time.advance(0);
  }

  /** Runs until the stop has ended; the clock goes on as long as it takes. */
  async stop(timeoutMs = 10_000): Promise<boolean> {
    let result: boolean | null = null;
    void this.task.stop(timeoutMs).then((clean) => {
      result = clean;
    });
    for (let turn = 0; result === null && turn < 500; turn++) await this.time.advance(turn < 100 ? 0 : 100);
    if (result === null) throw new Error('The stop never ended');
    return result;
  }

  storedNumber(): bigint | null {
    return (this.offsets.get('c', [{ source: 'p' }])[0]?.number as bigint | undefined) ?? null;
  }

  async #start(className: string, config: Record<string, string>, paused: boolean): Promise<void> {
    const { time, kafka } = this;
    const host = new InProcessTaskHost({
      clients: kafka.clients(time),
      plugins: this.#plugins,
      time,
      logger: this.#logger,
      random: () => 0.5,
    });
    const whole = { name: 'c', 'connector.class': className, ...config };
    this.task = host.start(
      {
        connector: 'c',
        task: 0,
        connectorClass: className,
        connectorConfig: whole,
        taskConfig: whole,
        worker: WORKER,
        paused,
      },
      this.#listener(),
    );
    if (!paused) await this.until(() => this.states.length > 0, 'the task starts');
  }

  #listener(): TaskListener {
    return {
      onRunning: () => void this.states.push('RUNNING'),
      onPaused: () => void this.states.push('PAUSED'),
      onFailure: (error) => {
        this.failure = error;
        this.states.push('FAILED');
      },
      onTopicUsed: (topic) => void this.topics.push(topic),
      readOffsets: async (partitions) => this.offsets.get('c', partitions),
      storeOffsets: async (offsets) => {
        await this.onStore(offsets);
        this.offsets.set('c', offsets);
        this.kafka.log.push(`store ${offsets.map(({ offset }) => offset.number).join(' ')}`);
      },
    };
  }
}
