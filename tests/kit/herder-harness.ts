import type { ConfigProvider } from '../../main/connect/api/config-provider.ts';
import type { ConfigMap } from '../../main/connect/api/connector.ts';
import { InProcessTaskHost } from '../../main/connect/runtime/in-process-task-host.ts';
import { LocalConnectorHost } from '../../main/connect/runtime/local-connector-host.ts';
import { StandaloneHerder } from '../../main/connect/runtime/standalone-herder.ts';
import type { TaskHost } from '../../main/connect/runtime/task-host.ts';
import { workerConfig } from '../../main/connect/runtime/worker-config.ts';
import { type ConnectStores, memoryStores } from '../../main/connect/storage/index.ts';
import { MemoryKafka } from './memory-kafka.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';
import { testPlugins, WORKER } from './task-harness.ts';
import { LIST_SINK, NUMBER_SOURCE, Script } from './test-connectors.ts';

export interface HerderHarnessOptions {
  stores?: ConnectStores;
  providers?: ReadonlyMap<string, ConfigProvider>;
  worker?: ConfigMap;
  /** Between the herder and its tasks. */
  wrapHost?: (host: TaskHost) => TaskHost;
}

/** A herder with its tasks on a Kafka in memory under a clock that stands still. */
export class HerderHarness {
  readonly time = new MockTime();
  readonly kafka = new MemoryKafka();
  readonly script = new Script();
  readonly stores: ConnectStores;
  readonly herder: StandaloneHerder;
  readonly logLines: string[];

  constructor(options: HerderHarnessOptions = {}) {
    this.stores = options.stores ?? memoryStores(this.time);
    const { logger, lines } = recordingLogger();
    this.logLines = lines;
    const clients = this.kafka.clients(this.time);
    const plugins = testPlugins(this.script);
    const tasks = new InProcessTaskHost({ clients, plugins, time: this.time, logger, random: () => 0.5 });
    const worker = workerConfig({ ...WORKER, ...options.worker });
    this.herder = new StandaloneHerder({
      workerId: '127.0.0.1:8083',
      plugins,
      stores: this.stores,
      host: new LocalConnectorHost({
        plugins,
        worker,
        clientDefinitions: { check: () => {}, define: () => null },
        tasks: options.wrapHost?.(tasks) ?? tasks,
        time: this.time,
        logger,
      }),
      worker,
      providers: options.providers ?? new Map(),
      clients,
      time: this.time,
      logger,
    });
  }

  /** Waits for the promise while everything but the clock goes on; then, if need be, the clock too. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    for (let turn = 0; !done && turn < 2_000; turn++) await this.time.advance(turn < 200 ? 0 : 100);
    if (!done) throw new Error('It never ends');
    return promise;
  }

  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 2_000; turn++) {
      if (condition()) return;
      await this.time.advance(0);
    }
    throw new Error(`Never true: ${condition}`);
  }

  source(name: string, config: Record<string, string> = {}) {
    return this.put(name, { 'connector.class': NUMBER_SOURCE, topic: 't', ...config });
  }

  sink(name: string, config: Record<string, string> = {}) {
    return this.put(name, { 'connector.class': LIST_SINK, topics: 't', ...config });
  }

  put(name: string, config: Record<string, string>, targetState?: 'STARTED' | 'PAUSED' | 'STOPPED') {
    return this.run(
      this.herder.putConnectorConfig(
        name,
        { ...config, name },
        { allowReplace: true, author: 'test', ...(targetState === undefined ? {} : { targetState }) },
      ),
    );
  }

  /** `RUNNING RUNNING`: the connector's state, then its tasks'. */
  states(name: string): string {
    const { connector, tasks } = this.herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)].join(' ');
  }
}
