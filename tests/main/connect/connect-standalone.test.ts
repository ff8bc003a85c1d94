import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../common/logger.ts';
import {
  type ConnectStandalone,
  type ConnectStandaloneOptions,
  startConnectStandalone,
} from '../../../main/connect/connect-standalone.ts';
import type { ConnectorFile } from '../../../main/connect/connector-files.ts';
import { restoreWorkerBackup } from '../../../main/connect/restore-worker-backup.ts';
import { createLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { freePort } from '../../kit/apache-kafka.ts';
import { MemoryKafka } from '../../kit/memory-kafka.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';

let folder: string;
let kafka: MemoryKafka;
let entries: LogEntry[];
const running: ConnectStandalone[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-standalone-'));
  kafka = new MemoryKafka();
  entries = [];
});
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  properties: Record<string, string | undefined> = {},
  options: Partial<ConnectStandaloneOptions> = {},
): Promise<ConnectStandalone> {
  const all = {
    'bootstrap.servers': 'memory:9092',
    'key.converter': STRING,
    'value.converter': STRING,
    'offset.storage.file.filename': join(folder, 'offsets'),
    listeners: 'http://127.0.0.1:0',
    ...properties,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const worker = await startConnectStandalone({
    properties: Object.fromEntries(given),
    clients: kafka.clients(systemTime),
    time: systemTime,
    logger: createLogger({ time: systemTime, write: (entry) => entries.push(entry) }),
    random: () => 0.5,
    taskThread: null,
    onLog: (entry) => entries.push(entry),
    ...options,
  });
  running.push(worker);
  return worker;
}

const lines = () => entries.map((entry) => `${entry.level} ${entry.text}`);
async function until(condition: () => boolean): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > 15_000) throw new Error(`Never true: ${condition}\n${lines().join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const states = (worker: ConnectStandalone, name: string) => {
  const { connector, tasks } = worker.herder.connectorStatus(name);
  return [connector.state, ...tasks.map((task) => task.state)].join(' ');
};

test('lines of a file go to a topic and on into another file, and the worker goes on where it stopped', async () => {
  const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')];
  writeFileSync(input, 'one\ntwo\n');
  const connectors: ConnectorFile[] = [
    { name: 'source', config: { name: 'source', 'connector.class': 'FileStreamSource', file: input, topic: 't' } },
    { name: 'sink', config: { name: 'sink', 'connector.class': 'FileStreamSink', file: output, topics: 't' } },
  ];
  kafka.addTopic('t');
  const first = await start({}, { connectors });
  await until(() => existsSync(output) && readFileSync(output, 'utf8') === 'one\ntwo\n');
  await first.stop();
  writeFileSync(input, 'one\ntwo\nthree\n');
  const second = await start({}, { connectors });
  await until(() => readFileSync(output, 'utf8') === 'one\ntwo\nthree\n');
  expect(kafka.values('t')).toEqual(['one', 'two', 'three']);
  expect(second.databasePath).toBe(join(folder, 'offsets.sqlite'));
  // What has not changed is no new version of a configuration.
  expect(await fetch(`${second.restUrl}/connectors`).then((it) => it.json())).toEqual(['source', 'sink']);
});

test('with a damaged state store no connector starts; the backup that is named brings all back by one command', async () => {
  const [input, key] = [join(folder, 'in.txt'), { 'offset.flush.interval.ms': '20' }];
  writeFileSync(input, 'one\ntwo\n');
  const config = { name: 'source', 'connector.class': 'FileStreamSource', file: input, topic: 't' };
  kafka.addTopic('t');
  const first = await start(key, { connectors: [{ name: 'source', config }] });
  await until(() => kafka.values('t').length === 2);
  const { databasePath } = first;
  await first.stop();
  await (await start(key)).stop();
  const [backup = ''] = readdirSync(folder).filter((name) => name.includes('.backup-v'));
  expect(backup).not.toBe('');
  writeFileSync(databasePath, readFileSync(databasePath).fill(0, 0, 100));
  appendFileSync(input, 'three\n');
  await expect(start(key)).rejects.toMatchObject({
    code: 'DATA_UNREADABLE',
    hint: `The newest good backup is ${join(folder, backup)}: \`runnel restore-backup ${databasePath}\` puts it in its place.`,
  });
  const { offsets } = restoreWorkerBackup(databasePath, systemTime);
  expect(offsets).toEqual([
    { connector: 'source', partition: `{"filename":"${input}"}`, offset: expect.stringContaining('"position":8') },
  ]);
  await start(key);
  await until(() => kafka.values('t').length === 3);
  expect(kafka.values('t')).toEqual(['one', 'two', 'three']);
});

test('the same in threads of their own', async () => {
  // A thread has its own Kafka clients: here one that is not there. The task waits and stops cleanly.
  const input = join(folder, 'in.txt');
  writeFileSync(input, 'one\n');
  const worker = await start(
    { 'bootstrap.servers': '127.0.0.1:1' },
    {
      taskThread: new URL('../../../main/connect/task-thread.ts', import.meta.url),
      connectors: [
        {
          name: 'a',
          config: { name: 'a', 'connector.class': 'FileStreamSource', file: input, topic: 't', 'tasks.max': '1' },
        },
      ],
    },
  );
  await until(() => states(worker, 'a') === 'RUNNING RUNNING');
  await until(() => worker.herder.taskReports('a')[0]?.metrics.records === 1);
  expect(worker.herder.taskReports('a')[0]?.metrics).toMatchObject({ inFlight: 1, transferred: 0 });
  await until(
    () => worker.herder.taskReports('a')[0]?.metrics.waitingFor?.what.startsWith('Kafka at 127.0.0.1:1 (') === true,
  );
  await worker.herder.deleteConnector('a');
  expect(worker.herder.connectors()).toEqual([]);
});

describe('a worker that can’t start says why and leaves nothing open', () => {
  const refusal = async (
    properties: Record<string, string | undefined>,
    options: Partial<ConnectStandaloneOptions> = {},
  ) => {
    const error = await start(properties, options).then(
      () => new Error('It started'),
      (it) => it,
    );
    // Nothing holds the store: another worker can have it.
    const next = await start();
    await next.stop();
    return error;
  };

  test.each([
    ['bootstrap.servers', 'Missing required configuration "bootstrap.servers" which has no default value.'],
    ['key.converter', 'Missing required configuration "key.converter" which has no default value.'],
    ['offset.storage.file.filename', 'Missing required configuration "offset.storage.file.filename"'],
  ])('%s is missing', async (key, message) => {
    const error = await refusal({ [key]: undefined });
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ code: 'INVALID_CONFIG', key });
  });

  test.each([
    [
      { 'value.converter': 'Nope' },
      'Invalid value Nope for configuration value.converter: Class Nope could not be found.',
    ],
    [
      { 'offset.flush.interval.ms': 'soon' },
      'Invalid value soon for configuration offset.flush.interval.ms: Not a number of type LONG',
    ],
    [{ listeners: 'https://localhost:8083' }, 'An https listener needs a key'],
    [
      { 'config.providers': 'x', 'config.providers.x.class': 'Nope' },
      'Invalid value Nope for configuration config.providers.x.class',
    ],
  ])('%o', async (properties, message) => {
    expect((await refusal(properties)).message).toContain(message);
  });

  test('the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const error = await refusal({ listeners: `http://localhost:${port}` });
    expect(error).toMatchObject({ code: 'PORT_IN_USE', message: `Port ${port} for REST is in use by other programs` });
    other.close();
  });

  test('another worker has the store', async () => {
    const first = await start();
    const began = performance.now();
    const error = await start().catch((it) => it);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(error).toMatchObject({ code: 'DATA_LOCKED' });
    expect(error.message).toContain(`offsets.sqlite is in use by another process (process ${process.pid}`);
    expect(states.length).toBe(2);
    await first.stop();
  });

  test('the store is damaged: no connector starts, nothing is taken for empty', async () => {
    writeFileSync(join(folder, 'offsets.sqlite'), 'not a database');
    const error = await start().catch((it) => it);
    expect(error).toMatchObject({ code: 'DATA_UNREADABLE' });
    expect(readFileSync(join(folder, 'offsets.sqlite'), 'utf8')).toBe('not a database');
  });

  test('no Kafka answers and one is required', async () => {
    const port = await freePort();
    const clients = kafka.clients(systemTime);
    const error = await refusal(
      { listeners: `http://127.0.0.1:${port}` },
      {
        requireKafka: true,
        clients: {
          ...clients,
          admin: (config) => ({
            ...clients.admin(config),
            clusterId: () => Promise.reject(new Error('Connection refused')),
          }),
        },
      },
    );
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE', key: 'bootstrap.servers' });
    expect(error.message).toBe('Failed to connect to and describe Kafka cluster at memory:9092: Connection refused');
    expect(error.hint).toContain('runnel sandbox');
    // REST's port is not left open: it would keep the process alive.
    const again = createServer();
    await new Promise<void>((resolve, reject) => again.on('error', reject).listen(port, '127.0.0.1', resolve));
    again.close();
  });

  test('a connector of the command line is wrong', async () => {
    const error = await refusal({}, { connectors: [{ name: 'a', config: { name: 'a', 'connector.class': 'Nope' } }] });
    expect(error).toMatchObject({ code: 'CONNECTOR_NOT_CREATED', key: 'a' });
    expect(error.message).toContain('Failed to create connector a: Failed to find any class');
  });
});

test('two connectors of the command line that have one name are refused, before either runs', async () => {
  const config = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't', file: join(folder, 'x') };
  const twice = [
    { name: 'a', config },
    { name: 'a', config: { ...config, topic: 'u' } },
  ];
  await expect(start({}, { connectors: twice })).rejects.toMatchObject({
    code: 'CONNECTOR_NOT_CREATED',
    message: 'Connector a already exists: two files of the command line have this name',
  });
  expect((await start()).herder.connectors()).toEqual([]);
});

test('a stored connector whose class is gone is FAILED and can be looked at, changed and deleted', async () => {
  const config = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't', file: join(folder, 'x') };
  const first = await start({}, { connectors: [{ name: 'a', config }] });
  await first.stop();
  const second = await start(
    {},
    { catalogue: { connectors: [], plugins: (await import('../../../main/connect/catalogue.ts')).CATALOGUE.plugins } },
  );
  expect(states(second, 'a')).toBe('FAILED');
  expect(second.herder.connectorInfo('a')).toEqual({ name: 'a', config, tasks: [], type: 'unknown' });
  expect(second.herder.connectorStatus('a').connector.trace).toContain(
    'Failed to find any class that implements Connector',
  );
  await second.herder.deleteConnector('a');
});

test('the worker’s own settings may hold variables of config providers', async () => {
  process.env.RUNNEL_TEST_OFFSETS = join(folder, 'from-env');
  const worker = await start({
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'offset.storage.file.filename': `\${env:RUNNEL_TEST_OFFSETS}`,
  });
  expect(worker.databasePath).toBe(join(folder, 'from-env.sqlite'));
});

test('settings that do nothing are told, once each', async () => {
  await start({
    'plugin.path': '/x',
    'plugin.discovery': 'hybrid_warn',
    'my.setting': '1',
    other: '2',
    'producer.linger.ms': '1',
    listeners: 'http://:0',
  });
  expect(lines()).toContain('WARN plugin.path names /x, which is no folder (Correct plugin.path.)');
  expect(lines()).toContain('WARN plugin.discovery has no effect: plugin packages say themselves what they hold');
  expect(lines()).toContain("WARN These configurations '[my.setting, other]' were supplied but are not used yet.");
  expect(lines().some((line) => line.includes('is served on this machine only'))).toBe(true);
});

test('without listeners REST takes the default port or the next free one; it can be off', async () => {
  const first = await start({ listeners: undefined }, { defaultRestPort: 18_083 });
  expect(Number(new URL(first.restUrl as string).port)).toBeGreaterThanOrEqual(18_083);
  expect(first.herder.workerId).toBe(`127.0.0.1:${new URL(first.restUrl as string).port}`);
  await first.stop();
  const second = await start({ listeners: undefined }, { defaultRestPort: null });
  expect(second.restUrl).toBeNull();
});

test('int64 offsets go through REST with every digit', async () => {
  const config = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't', file: join(folder, 'x') };
  const worker = await start({}, { connectors: [{ name: 'a', config }] });
  await worker.herder.stopConnector('a');
  const url = `${worker.restUrl}/connectors/a/offsets`;
  for (const digits of ['968476484095610880', '968476484095610881', '9007199254740993', '9223372036854775807']) {
    const body = `{"offsets":[{"partition":{"filename":"${join(folder, 'x')}"},"offset":{"position":${digits}}}]}`;
    const patched = await fetch(url, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body });
    expect(patched.status).toBe(200);
    expect(await fetch(url).then((it) => it.text())).toContain(`"position":${digits}}`);
  }
  for (const digits of ['9223372036854775808', '1e400']) {
    const body = `{"offsets":[{"partition":{"filename":"${join(folder, 'x')}"},"offset":{"position":${digits}}}]}`;
    const refused = await fetch(url, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body });
    expect(refused.status).toBeGreaterThanOrEqual(400);
  }
});

test('secrets are in no file of the worker’s folder', async () => {
  const twitter = {
    name: 'twitter',
    'connector.class': 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
    'tasks.max': '1',
    'track.terms': 'frankfurt',
    topic: 'twitter',
    'twitter.consumerkey': 'CANARY-1',
    'twitter.consumersecret': 'CANARY-2',
    'twitter.token': 'CANARY-3',
    'twitter.secret': 'CANARY-4',
    'producer.override.sasl.jaas.config': 'CANARY-5',
  };
  const worker = await start({}, { connectors: [{ name: 'twitter', config: twitter }] });
  await until(() => kafka.values('twitter').length > 0);
  const shown = await Promise.all(
    [
      '?expand=info&expand=status',
      '/twitter',
      '/twitter/config',
      '/twitter/status',
      '/twitter/tasks',
      '/twitter/offsets',
    ].map((path) => fetch(`${worker.restUrl}/connectors${path}`).then((it) => it.text())),
  );
  const during = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  await worker.stop();
  const after = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const secret = /CANARY-[245]/;
  expect([...shown, ...during, ...after, ...lines()].filter((text) => secret.test(text))).toEqual([]);
  expect(statSync(join(folder, 'offsets.sqlite.key')).mode & 0o777).toBe(0o600);
});
