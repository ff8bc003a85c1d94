import type { Catalog } from '../../../common/connect/catalog.ts';
import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import type { ConnectorSummary, TaskSummary } from '../../../common/connect/connector-summary.ts';
import type { DesktopServices, WorkerServices } from '../../../common/contract.ts';
import type { SandboxState, WorkerState } from '../../../common/desktop/processes.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../common/desktop/settings.ts';
import {
  ConfigException,
  ConnectException,
  KafkaException,
  NotFoundException,
  RemoteException,
  toWireError,
  type WireError,
} from '../../../common/errors.ts';
import { type ConsumeBatch, type ConsumeRequest, PREVIEW_BYTES } from '../../../common/kafka/consume.ts';
import { packRecords } from '../../../common/kafka/packed-records.ts';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { NO_ALARMS, type StorageAlarms } from '../../../common/kafka/storage-alarms.ts';
import type { TopicSummary } from '../../../common/kafka/topics.ts';
import { matcher } from '../../../renderer/features/consumer/filter.ts';
import { partitionsOf, recordAt } from './tweets.ts';

const TRACE = `org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
	at RetryWithToleranceOperator.execAndHandleError (main/connect/runtime/retry-with-tolerance-operator.ts:118:13)
	at TransformationChain.apply (main/connect/runtime/transformation-chain.ts:44:27)
	at WorkerSourceTask.convertTransformedRecord (main/connect/runtime/worker-source-task.ts:301:31)
	at WorkerSourceTask.execute (main/connect/runtime/worker-source-task.ts:177:20)
Caused by: org.apache.kafka.connect.errors.DataException: The table public.customers has no column updated_at
	at TimestampIncrementingTableQuerier.extractRecord (main/connectors/jdbc/timestamp-incrementing.ts:88:11)`;

const LOG_FILE = '/home/mia/.local/share/Runnel/sandbox/tweets-1/00000000000000000000.log';

/** All that can be wrong at once, with more gaps than are shown. */
const DISK_ALARMS: StorageAlarms = {
  isDiskFull: true,
  offline: [{ topic: 'orders', partition: 2, reason: 'Can’t sync orders-2: EIO: i/o error, fdatasync' }],
  damaged: [
    [120_481n, 120_488n, 4_211, 'the checksum is another'],
    [130_002n, 130_003n, 187, 'the checksum is another'],
    [140_000n, 140_100n, 0, 'offsets are missing'],
    [150_000n, 150_001n, 92, 'the checksum is another'],
  ].map(([firstOffset, nextOffset, bytes, reason]) => ({
    topic: 'tweets',
    partition: 1,
    file: LOG_FILE,
    firstOffset: firstOffset as bigint,
    nextOffset: nextOffset as bigint,
    bytes: bytes as number,
    reason: reason as string,
  })),
  damagedCount: 4,
};

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

type Emit<T> = (value: T) => void;

/** A value that several listen to. */
class Source<T> {
  value: T;
  readonly #listeners = new Set<Emit<T>>();
  constructor(value: T) {
    this.value = value;
  }
  readonly listen = (emit: Emit<T>): (() => void) => {
    this.#listeners.add(emit);
    emit(this.value);
    return () => this.#listeners.delete(emit);
  };
  set(value: T): void {
    this.value = value;
    for (const emit of this.#listeners) emit(value);
  }
}

/** Pretends the main process and the worker, with posts that come at a rate. */
export class World {
  readonly scenario: string;
  readonly #rate: number;
  readonly #began = Date.now() - 60_000;
  readonly #sandbox: Source<SandboxState>;
  readonly #workerState: Source<WorkerState>;
  readonly #settings: Source<Settings>;
  readonly #connectors: Source<ConnectorSummary[]>;
  readonly #topics: Source<TopicSummary[]>;
  readonly #quit = new Source(false);
  #demo = false;

  constructor(parameters: URLSearchParams) {
    this.scenario = parameters.get('scenario') ?? 'first-run';
    this.#rate = Number(parameters.get('rate') ?? 20);
    const fresh = ['first-run', 'demo-fails'].includes(this.scenario);
    const theme = parameters.get('theme');
    this.#settings = new Source<Settings>({ ...DEFAULT_SETTINGS, theme: theme === 'dark' ? 'dark' : 'light' });
    this.#sandbox = new Source<SandboxState>({
      status: fresh || this.scenario === 'broker-off' ? 'stopped' : 'running',
      bootstrapServers: 'localhost:9092',
      portMoved: false,
      containersAddress: null,
      dataFolder: '/home/mia/.local/share/Runnel/sandbox',
      restarts: 0,
      error: null,
      alarms: this.scenario === 'disk-alarms' ? DISK_ALARMS : NO_ALARMS,
    });
    this.#workerState = new Source<WorkerState>({
      status: this.scenario === 'worker-failed' ? 'failed' : this.scenario === 'loading' ? 'starting' : 'running',
      restUrl: this.scenario === 'loading' ? null : 'http://127.0.0.1:8083',
      portMoved: false,
      bootstrapServers: 'localhost:9092',
      restarts: 0,
      error:
        this.scenario === 'worker-failed'
          ? toWireError(
              new ConnectException(
                'Its database /home/mia/.local/share/Runnel/worker/connect.sqlite is held by another Runnel',
                {
                  code: 'LOCKED',
                  hint: 'Quit the other Runnel, or start this one with --data-dir and a folder of its own.',
                },
              ),
            )
          : null,
    });
    this.#connectors = new Source(fresh ? [] : many(this.scenario));
    this.#topics = new Source<TopicSummary[]>([]);
    this.#demo = !fresh;
    const tick = () => {
      const jitter = () => 0.9 + Math.random() * 0.2;
      this.#connectors.set(
        this.#connectors.value.map((connector) => ({
          ...connector,
          recordsPerSecond: connector.recordsPerSecond * jitter(),
          records: connector.records + Math.round(connector.recordsPerSecond),
        })),
      );
      this.#topics.set(this.#demo ? topicList(this.#rate, this.#end()) : []);
    };
    tick();
    setInterval(tick, 1_000);
  }

  desktop(): DesktopServices {
    const settings = this.#settings;
    return {
      appInfo: () => ({
        name: 'Runnel',
        version: '0.1.0',
        electron: '45.4.1',
        chrome: '150.0.0',
        node: '24.21.0',
        platform: 'linux',
        arch: 'x64',
        dataFolder: '/home/mia/.local/share/Runnel',
        logsFolder: '/home/mia/.local/share/Runnel/logs',
        uncleanExit: false,
        secretStore: 'keychain',
      }),
      memory: (_, emit) => {
        const MB = 1024 * 1024;
        const send = () =>
          emit({
            total: 612 * MB,
            measure: 'pss',
            processes: [
              { kind: 'worker', pid: 2, bytes: 171 * MB },
              { kind: 'sandbox', pid: 3, bytes: 98 * MB },
              { kind: 'window', pid: 4, bytes: 220 * MB },
            ],
          });
        send();
        const timer = setInterval(send, 2_000);
        return () => clearInterval(timer);
      },
      sandbox: (_, emit) => this.#sandbox.listen(emit),
      startSandbox: async () => {
        this.#sandbox.set({ ...this.#sandbox.value, status: 'starting' });
        await sleep(this.scenario === 'demo-fails' ? 200 : 900);
        if (this.scenario === 'demo-fails') {
          const error = new KafkaException('Port 9092 on 127.0.0.1 is in use by another program', {
            code: 'PORT_IN_USE',
            hint: 'Quit the other Kafka, or choose another port in Settings.',
            key: 'sandboxPort',
          });
          this.#sandbox.set({ ...this.#sandbox.value, status: 'failed', error: toWireError(error) });
          throw error;
        }
        this.#sandbox.set({ ...this.#sandbox.value, status: 'running' });
        return this.#sandbox.value;
      },
      stopSandbox: () => {
        this.#sandbox.set({ ...this.#sandbox.value, status: 'stopped' });
        return this.#sandbox.value;
      },
      saveSandbox: () => ({ file: '/home/ada/sandbox.tar.gz', files: 42, bytes: 12_345_678 }),
      restoreSandbox: () => ({
        file: '/home/ada/sandbox.tar.gz',
        files: 42,
        bytes: 12_345_678,
        clusterId: 'r5RxRq1R_FVwOrz6Mf-Glg',
        setAside: '/home/ada/.local/share/runnel/sandbox.before-2026-11-24T14-45-41-584Z',
      }),
      worker: (_, emit) => this.#workerState.listen(emit),
      restartWorker: () => this.#workerState.value,
      settings: (_, emit) => settings.listen(emit),
      changeSettings: (change) => {
        settings.set({ ...settings.value, ...change });
        return settings.value;
      },
      pageState: () => sessionStorage.getItem('page'),
      savePageState: ({ json }) => sessionStorage.setItem('page', json),
      choosePath: () => null,
      chooseConnectorFiles: () => [
        {
          path: '/home/mia/shop.properties',
          name: 'shop.properties',
          text: 'name=shop-jdbc\nconnector.class=JdbcSourceConector\ntasks.max=two\nconnection.url=jdbc:postgresql://localhost/shop\n',
        },
      ],
      openExternal: () => false,
      showFolder: () => {},
      writeClipboard: ({ text }) => void Object.assign(window, { copied: text }),
      async *menuCommands(_, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield* [];
      },
      quitRequested: (_, emit) => this.#quit.listen(emit),
      quit: () => this.#quit.set(false),
      cancelQuit: () => this.#quit.set(false),
    };
  }

  /** As if someone had closed the window. */
  wantQuit(): void {
    this.#quit.set(true);
  }

  worker(): WorkerServices {
    const change = (name: string, state: ConnectorSummary['connector']['state']) =>
      this.#connectors.set(
        this.#connectors.value.map((connector) =>
          connector.name === name ? { ...connector, connector: { ...connector.connector, state } } : connector,
        ),
      );
    const of = (name: string) => {
      const found = this.#connectors.value.find((connector) => connector.name === name);
      if (!found) throw new NotFoundException(`Connector ${name} not found`);
      return found;
    };
    return {
      info: () => ({
        version: '4.3.1',
        commit: 'x',
        kafka_cluster_id: 'runnel',
        restUrl: 'http://127.0.0.1:8083',
        bootstrapServers: 'localhost:9092',
        keyConverter: 'StringConverter',
        valueConverter: 'JsonConverter',
      }),
      environment: (_, emit) => {
        emit({ bootstrapServers: 'localhost:9092', status: 'connected', since: Date.now(), error: null });
        return () => {};
      },
      connectors: (_, emit) => this.#connectors.listen(emit),
      connectorInfo: ({ name }) => ({
        name,
        config: { name, 'connector.class': of(name).connectorClass, 'tasks.max': '1', topic: 'tweets' },
        tasks: [],
        type: of(name).type,
      }),
      connectorStatus: ({ name }) => ({
        name,
        connector: of(name).connector,
        tasks: of(name).tasks,
        type: of(name).type,
      }),
      connectorOffsets: () => ({
        offsets: [
          { partition: { table: 'orders' }, offset: { id: 48_213 } },
          { partition: { table: 'customers' }, offset: { id: 9_120n } },
          { partition: { table: 'items' }, offset: { id: 1 } },
        ],
      }),
      validateConnectorConfig: ({ config }) => ask<ConfigInfos>('validate', config),
      createConnector: ({ name, config }) => {
        const made = summary(name, 'source', config['connector.class'] ?? '', 'RUNNING', 1, ['lines'], 0);
        this.#connectors.set([...this.#connectors.value, made]);
        return { name, config, tasks: [], type: 'source' };
      },
      putConnectorConfig: ({ name, config }) => ({ name, config, tasks: [], type: 'source' }),
      pauseConnector: async ({ name }) => {
        await sleep(120);
        change(name, 'PAUSED');
      },
      resumeConnector: async ({ name }) => {
        await sleep(120);
        change(name, 'RUNNING');
      },
      stopConnector: async ({ name }) => {
        await sleep(120);
        if (name === 'meetups-http')
          throw new ConnectException('The connector did not stop within 5 s', {
            code: 'TIMEOUT',
            hint: 'Try again, or restart the worker.',
          });
        change(name, 'STOPPED');
      },
      restartConnector: async ({ name }) => {
        change(name, 'RESTARTING');
        await sleep(400);
        change(name, 'RUNNING');
        return { name, connector: of(name).connector, tasks: of(name).tasks, type: of(name).type };
      },
      restartTask: async ({ name, task }) => {
        await sleep(300);
        this.#connectors.set(
          this.#connectors.value.map((connector) =>
            connector.name === name
              ? {
                  ...connector,
                  tasks: connector.tasks.map((t) => (t.id === task ? { ...t, state: 'RUNNING' as const } : t)),
                }
              : connector,
          ),
        );
      },
      deleteConnector: async ({ name }) => {
        await sleep(200);
        this.#connectors.set(this.#connectors.value.filter((connector) => connector.name !== name));
      },
      catalog: () => ask<Catalog>('catalog', {}),
      pluginConfig: async ({ className }) => {
        const { configs } = await ask<ConfigInfos>('validate', { 'connector.class': className });
        return configs.flatMap(({ definition }) => definition ?? []);
      },
      parseConnectorFile: ({ fileName, text }) => parseDraft(fileName, text),
      topics: (_, emit) => this.#topics.listen(emit),
      describeTopic: ({ topic }) => ({
        name: topic,
        topicId: 'x',
        internal: false,
        partitions: Array.from({ length: partitionsOf }, (_, partition) => ({
          partition,
          leader: 1,
          replicas: [1],
          isr: [1],
          beginningOffset: 0n,
          endOffset: topic === 'shop.customers' ? 0n : BigInt(Math.ceil((this.#end() - partition) / partitionsOf)),
        })),
        configs: [{ name: 'retention.ms', value: '86400000', isDefault: false, readOnly: false }],
      }),
      consume: (request, signal) => this.#consume(request, signal),
      record: async ({ topic, partition, offset }) => {
        await sleep(80);
        return recordAt(topic, Number(offset) * partitionsOf + partition, this.#began);
      },
      startDemo: async () => {
        await sleep(700);
        this.#demo = true;
        const topic = 'tweets';
        this.#connectors.set([
          { ...summary('tweets-demo', 'source', TWITTER, 'RUNNING', 1, [topic], this.#rate), demo: true },
        ]);
        return { connector: 'tweets-demo', topic, recordsPerSecond: this.#rate };
      },
      removeDemo: async () => {
        await sleep(300);
        this.#demo = false;
        this.#connectors.set(this.#connectors.value.filter((connector) => !connector.demo));
        this.#topics.set([]);
      },
    };
  }

  /** How many records there are by now. */
  #end(): number {
    return Math.floor(((Date.now() - this.#began) / 1000) * this.#rate);
  }

  async *#consume(request: ConsumeRequest, signal: AbortSignal): AsyncGenerator<ConsumeBatch> {
    const { topic, start, filter = { type: 'none' as const } } = request;
    await sleep(30);
    if (topic === 'orders.import') {
      throw new KafkaException('Partition 2 of orders.import no longer has offset 12,000: it now starts at 48,213', {
        code: 'OFFSET_OUT_OF_RANGE',
        hint: 'Retention deleted 36,213 records before they were read. Try again to go on at 48,213.',
      });
    }
    const empty = topic === 'shop.customers';
    if (this.#rate >= 5_000 && filter.type === 'none' && start.type === 'now') {
      yield* this.#flood(topic, signal);
      return;
    }
    const began = this.#end();
    let next = start.type === 'beginning' ? 0 : began;
    if (start.type === 'offset') next = Math.min(began, Number(start.offset) * partitionsOf);
    if (start.type === 'positions')
      next = Math.max(
        0,
        ...start.positions.map(({ partition, position }) => (Number(position) - 1) * partitionsOf + partition + 1),
      );
    const find = matcher(filter);
    const chosen = request.partitions && new Set(request.partitions);
    const totals = { read: 0, matched: 0, dropped: 0, bytes: 0 };
    const from = { time: performance.now(), read: 0, matched: 0, perSecond: [0, 0] as [number, number] };
    while (!signal.aborted) {
      const end = empty ? 0 : this.#end();
      const records: ConsumerRecord[] = [];
      const most = 5_000;
      const gaps: ConsumeBatch['gaps'] = [];
      for (let taken = 0; next < end && taken < most * 4 && records.length < most; taken++, next++) {
        const record = recordAt(topic, next, Math.round(this.#began + (next / this.#rate) * 1000));
        if (chosen && !chosen.has(record.partition)) continue;
        totals.read++;
        if (next % 400 === 399)
          gaps.push({
            reason: 'absent',
            partition: record.partition,
            from: record.offset + 1n,
            to: record.offset + 5n,
            records: 0,
            before: records.length,
          });
        if (filter.type !== 'none' && !matches(record, find)) continue;
        totals.matched++;
        records.push(record);
      }
      const seconds = (performance.now() - from.time) / 1000;
      if (seconds > 1) {
        from.perSecond = [(totals.read - from.read) / seconds, (totals.matched - from.matched) / seconds];
        Object.assign(from, { time: performance.now(), read: totals.read, matched: totals.matched });
      }
      yield {
        records: packRecords(topic, records, PREVIEW_BYTES),
        gaps,
        totals: {
          ...totals,
          readPerSecond: from.perSecond[0],
          matchedPerSecond: from.perSecond[1],
          lag: BigInt(Math.max(0, end - next)),
          caughtUp: next >= began,
          partitions: Array.from({ length: partitionsOf }, (_, partition) => ({
            partition,
            position: BigInt(Math.ceil((next - partition) / partitionsOf)),
            endOffset: BigInt(Math.ceil((end - partition) / partitionsOf)),
          })),
        },
      };
      await sleep(records.length > 0 ? 8 : 50);
    }
  }

  /** Very many records, made beforehand so that the page's own work is what is measured. */
  async *#flood(topic: string, signal: AbortSignal): AsyncGenerator<ConsumeBatch> {
    const canned = Array.from({ length: 12 }, (_, n) =>
      packRecords(
        topic,
        Array.from({ length: Math.ceil(this.#rate / 60) }, (_, m) =>
          recordAt(topic, n * 1_000 + m, this.#began),
        ).filter(({ value }) => (value?.length ?? 0) < 10_000),
        PREVIEW_BYTES,
      ),
    );
    const began = performance.now();
    let read = 0;
    for (let n = 0; !signal.aborted; n++) {
      const due = ((performance.now() - began) / 1000) * this.#rate;
      if (read > due) {
        await sleep(2);
        continue;
      }
      const pack = canned[n % canned.length]!;
      const base = BigInt(read);
      const records = {
        ...pack,
        offset: pack.offset.map((_, i) => base + BigInt(i)),
        timestamp: pack.timestamp.map(() => BigInt(Date.now())),
      };
      read += pack.count;
      yield {
        records,
        gaps: [],
        totals: {
          read,
          matched: read,
          dropped: 0,
          bytes: read * 400,
          readPerSecond: this.#rate,
          matchedPerSecond: this.#rate,
          lag: 0n,
          caughtUp: true,
          partitions: [0, 1, 2].map((partition) => ({ partition, position: base, endOffset: base })),
        },
      };
    }
  }
}

function matches(record: ConsumerRecord, find: ReturnType<typeof matcher>): boolean {
  const decoder = new TextDecoder();
  return [record.key, record.value].some((bytes) => bytes && find(decoder.decode(bytes), 1).length > 0);
}

const TWITTER = 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector';

function summary(
  name: string,
  type: ConnectorSummary['type'],
  connectorClass: string,
  state: ConnectorSummary['connector']['state'],
  tasks: number,
  topics: string[],
  recordsPerSecond: number,
): ConnectorSummary {
  const taskState = state === 'PAUSED' ? 'PAUSED' : 'RUNNING';
  return {
    name,
    type,
    connectorClass,
    tasksMax: Math.max(1, tasks),
    connector: { state, worker_id: '127.0.0.1:8083' },
    tasks: Array.from(
      { length: tasks },
      (_, id): TaskSummary => ({
        id,
        state: taskState,
        worker_id: '127.0.0.1:8083',
        recordsPerSecond: recordsPerSecond / tasks,
      }),
    ),
    topics,
    finished: false,
    recordsPerSecond,
    records: 14_802_113,
    errors: 0,
    lag: type === 'sink' ? 38n : null,
    offset: type === 'source' ? 'posts: 14802113' : null,
    waitingFor: null,
    demo: false,
  };
}

function many(scenario: string): ConnectorSummary[] {
  const list = [
    { ...summary('tweets-demo', 'source', TWITTER, 'RUNNING', 1, ['tweets'], 48_213), demo: true },
    {
      ...summary(
        'shop-jdbc-source',
        'source',
        'io.confluent.connect.jdbc.JdbcSourceConnector',
        'RUNNING',
        2,
        ['shop.orders', 'shop.customers'],
        86,
      ),
      errors: 3,
      offset: 'orders: 48213',
    },
    {
      ...summary(
        'orders-lines',
        'source',
        'org.apache.kafka.connect.file.FileStreamSourceConnector',
        'PAUSED',
        1,
        ['orders.import'],
        0,
      ),
      offset: 'orders-11.csv: 4120',
    },
    {
      ...summary('meetups-http', 'source', 'HttpSourceConnector', 'RUNNING', 1, ['meetups'], 2.1),
      offset: null,
      waitingFor: { what: 'https://api.meetups.example', since: Date.now() - 42_000 },
    },
    { ...summary('tweets-to-file', 'sink', 'FileStreamSink', 'RUNNING', 1, ['tweets'], 47_902) },
    {
      ...summary('tweets-es-sink', 'sink', 'ElasticsearchSinkConnector', 'PAUSED', 2, ['tweets'], 0),
      lag: 5_118_440n,
      errors: 12,
    },
    { ...summary('shop-orders-s3', 'sink', 'S3SinkConnector', 'STOPPED', 0, ['shop.orders'], 0), lag: 96_031n },
    { ...summary('customers-mongo', 'sink', 'MongoSinkConnector', 'UNASSIGNED', 0, ['shop.customers'], 0), lag: null },
  ];
  const failing = list[1]!;
  if (scenario !== 'healthy') failing.tasks[1] = { ...failing.tasks[1]!, state: 'FAILED', trace: TRACE };
  return list;
}

function topicList(rate: number, end: number): TopicSummary[] {
  const topic = (name: string, recordsPerSecond: number, records: number, internal = false): TopicSummary => ({
    name,
    internal,
    partitions: 3,
    records: BigInt(records),
    recordsPerSecond,
  });
  return [
    topic('__consumer_offsets', 0.2, 900, true),
    topic('meetups', 2.1, 18_402),
    topic('orders.import', 0, 41_208),
    topic('shop.customers', 0, 0),
    topic('shop.orders', 86, 1_204_880),
    topic('tweets', rate, end),
    topic('tweets.frankfurt', rate / 3, Math.round(end / 3)),
  ];
}

/** What needs the worker's code is answered by the program that serves the page. */
async function ask<T>(question: string, config: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`/connect/${question}`, { method: 'POST', body: JSON.stringify(config) });
  const { result, error } = (await response.json()) as { result: T; error?: WireError };
  if (error) throw new RemoteException(error);
  return result;
}

function parseDraft(fileName: string, text: string): { name: string; config: Record<string, string> }[] {
  if (fileName.endsWith('.json')) {
    const json = JSON.parse(text) as { name: string; config: Record<string, string> };
    return [{ name: json.name, config: json.config }];
  }
  const config = Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
  if (!config.name)
    throw new ConfigException('The configuration has no name', { key: 'name', hint: 'Add a line name=…' });
  return [{ name: config.name, config }];
}
