import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ConfigDef } from '../../../main/connect/api/config-def.ts';
import type { SourceRecord } from '../../../main/connect/api/records.ts';
import { CATALOGUE } from '../../../main/connect/catalogue.ts';
import { type ConnectStandalone, startConnectStandalone } from '../../../main/connect/connect-standalone.ts';
import { CONNECTOR_KEYS } from '../../../main/connect/runtime/connector-config.ts';
import { SINK_KEYS } from '../../../main/connect/runtime/sink-connector-config.ts';
import { SOURCE_KEYS } from '../../../main/connect/runtime/source-connector-config.ts';
import { WORKER_KEYS } from '../../../main/connect/runtime/worker-config.ts';
import { silentLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { ALL_CASES } from '../../kit/connect-oracle/all-cases.ts';
import { answer } from '../../kit/connect-oracle/answer.ts';
import type { KeysRead } from '../../kit/keys-read.ts';
import { MemoryKafka } from '../../kit/memory-kafka.ts';

/** A key that a definition has and nobody looks at would be accepted and do nothing: Connect's users would not notice. */
const keys: { read: KeysRead } = vi.hoisted(() => ({ read: null as unknown as KeysRead }));

vi.mock('../../../main/connect/api/config-validation.ts', async (importOriginal) => {
  const actual = await importOriginal<typeof import('../../../main/connect/api/config-validation.ts')>();
  const { KeysRead } = await import('../../kit/keys-read.ts');
  keys.read = new KeysRead();
  return {
    ...actual,
    parseConfig: (def: ConfigDef, config: Record<string, string>) =>
      keys.read.parsed(def, def.keys, () => actual.parseConfig(def, config)),
    validateConfig: (def: ConfigDef, config: Record<string, string>) =>
      keys.read.parsed(def, {}, () => actual.validateConfig(def, config)),
  };
});
vi.mock('../../../main/connect/runtime/config-resolver.ts', async (importOriginal) => {
  const actual = await importOriginal<typeof import('../../../main/connect/runtime/config-resolver.ts')>();
  class Watched extends actual.ConfigResolver {
    override resolve(name: string, config: Record<string, string>) {
      return keys.read.given(super.resolve(name, config));
    }
  }
  return { ...actual, ConfigResolver: Watched };
});

const folder = mkdtempSync(join(tmpdir(), 'runnel-keys-'));
const kafka = new MemoryKafka();
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
let worker: ConnectStandalone;

beforeAll(async () => {
  for (const { ask } of Object.values(ALL_CASES).flat()) answer(ask);
  for (const side of ['Key', 'Value']) {
    const filter = CATALOGUE.plugins.find((it) => it.className === `io.confluent.connect.transforms.Filter$${side}`);
    if (filter?.kind !== 'transformation') throw new Error('no Filter');
    const lost = { topic: 't', key: new Map(), value: new Map(), keySchema: null, valueSchema: null, headers: [] };
    filter
      .create({ 'filter.condition': '$.a', 'filter.type': 'include', 'missing.or.null.behavior': 'include' })
      .apply({ ...lost, kafkaPartition: null, timestamp: null, sourcePartition: {}, sourceOffset: {} } as SourceRecord);
  }
  const properties = {
    'bootstrap.servers': 'memory:9092',
    'key.converter': STRING,
    'value.converter': STRING,
    'offset.storage.file.filename': join(folder, 'offsets'),
    listeners: 'http://127.0.0.1:0',
  };
  kafka.addTopic('lines');
  kafka.addTopic('tweets');
  kafka.addTopic('letters');
  writeFileSync(join(folder, 'in.txt'), `a\n${'long'.repeat(10)}\nb\n`);
  const connectors: (Record<string, string> & { name: string })[] = [
    {
      name: 'source',
      'connector.class': 'FileStreamSource',
      topic: 'lines',
      file: join(folder, 'in.txt'),
      'runnel.max.line.bytes': '20',
      'errors.tolerance': 'all',
      'topic.creation.groups': 'g',
      'topic.creation.default.partitions': '1',
      'topic.creation.default.replication.factor': '1',
      'topic.creation.g.include': 'x',
    },
    {
      name: 'sink',
      'connector.class': 'FileStreamSink',
      topics: 'lines',
      file: join(folder, 'out.txt'),
      'errors.tolerance': 'all',
      'errors.log.enable': 'true',
      'errors.deadletterqueue.topic.name': 'letters',
    },
    { name: 'tweets', 'connector.class': 'TwitterSource', topic: 'tweets', 'track.terms': 'frankfurt' },
  ];
  worker = await startConnectStandalone({
    properties: keys.read.given(properties),
    clients: kafka.clients(systemTime),
    time: systemTime,
    logger: silentLogger,
    random: () => 0.5,
    taskThread: null,
    onLog: () => {},
    connectors: connectors.map((config) => ({ name: config.name, config })),
  });
  const began = performance.now();
  const out = join(folder, 'out.txt');
  while (!(existsSync(out) && readFileSync(out, 'utf8') === 'a\nb\n' && kafka.values('tweets').length > 0)) {
    if (performance.now() - began > 30_000)
      throw new Error(
        JSON.stringify([
          kafka.values('lines'),
          kafka.values('tweets').length,
          connectors.map(({ name }) => worker.herder.connectorStatus(name)),
        ]),
      );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  worker.herder.activeTopics('source');
  worker.herder.resetActiveTopics('source');
}, 60_000);
afterAll(async () => {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const unread = (names: Iterable<string>, ...read: ReadonlySet<string>[]) =>
  [...names].filter((name) => !read.some((it) => it.has(name)));

describe('every key that is declared is looked at', () => {
  test.each(CATALOGUE.plugins.map((plugin) => [plugin.kind, plugin.className, plugin] as const))(
    'by the %s %s',
    (_, __, plugin) => {
      // Which side a converter is for is told to it by itself.
      const names = Object.keys(plugin.config.keys).filter((name) => name !== 'converter.type');
      expect(unread(names, keys.read.of(plugin.config), keys.read.of(plugin.config.keys))).toEqual([]);
    },
  );

  test.each(CATALOGUE.connectors.map((connector) => [connector.className, connector] as const))(
    'by %s',
    (_, connector) => {
      // What is kept for a log-in says so itself.
      const names = Object.entries(connector.config.keys)
        .filter(([, { doc }]) => !doc.includes('but not used: this version does not connect to X'))
        .map(([name]) => name);
      expect(unread(names, keys.read.of(connector.config), keys.read.raw)).toEqual([]);
    },
  );

  test('by the worker', () => {
    // Read when plugin.path names packages, which then have a process each.
    const names = Object.keys(WORKER_KEYS).filter((name) => name !== 'runnel.plugin.heap.mib');
    expect(unread(names, keys.read.of(WORKER_KEYS), keys.read.raw)).toEqual([]);
  });

  test('by what runs every connector, but for those that mean nothing to a standalone worker of Kafka either', () => {
    const names = Object.keys({ ...CONNECTOR_KEYS, ...SOURCE_KEYS, ...SINK_KEYS });
    const read = [CONNECTOR_KEYS, SOURCE_KEYS, SINK_KEYS].map((it) => keys.read.of(it));
    expect(unread(names, ...read, keys.read.raw).sort()).toEqual([
      'config.action.reload',
      'exactly.once.support',
      'offsets.storage.topic',
      'transaction.boundary',
      'transaction.boundary.interval.ms',
    ]);
  });
});
