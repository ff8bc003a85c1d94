import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../common/logger.ts';
import { configDef } from '../../../main/connect/api/config-def.ts';
import { sinkConnector, sourceConnector } from '../../../main/connect/api/connector.ts';
import { CATALOGUE } from '../../../main/connect/catalogue.ts';
import { type ConnectStandalone, startConnectStandalone } from '../../../main/connect/connect-standalone.ts';
import { HiddenValues } from '../../../main/connect/runtime/hidden-values.ts';
import { createLogger, formatLogLine } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { MemoryKafka } from '../../kit/memory-kafka.ts';

const PROVIDERS = 'org.apache.kafka.common.config.provider';
const STRING = 'org.apache.kafka.connect.storage.StringConverter';

const config = configDef({
  login: { type: 'STRING', importance: 'HIGH', doc: 'Not declared as a secret, but it is one.' },
  number: { type: 'INT', default: 1, importance: 'LOW', doc: 'A number.' },
});
const common = { version: '1', summary: 'Talks too much.', delivery: 'none', config, examples: [] };

/** Says everything it knows wherever it can. */
const talkativeSource = sourceConnector({
  ...common,
  className: 'test.TalkativeSource',
  task: () => ({
    start({ login }, { logger }) {
      logger.warn(`Logging in with ${login}`, new Error(`${login} was tried`));
    },
    poll() {
      throw new Error('Log-in failed', { cause: new Error('the far side said: bad CANARY-FILE-1') });
    },
    stop() {},
  }),
});
const talkativeSink = sinkConnector({
  ...common,
  className: 'test.TalkativeSink',
  task: () => {
    let context: Parameters<NonNullable<ReturnType<typeof talkativeSink.task>['start']>>[1];
    return {
      start(_, given) {
        context = given;
      },
      async put(records) {
        for (const record of records)
          await context.errantRecordReporter?.report(record, new Error('refused for CANARY-DIRECTORY-2'));
      },
      stop() {},
    };
  },
});

let folder: string;
let kafka: MemoryKafka;
let entries: LogEntry[];
let worker: ConnectStandalone;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-hidden-'));
  mkdirSync(join(folder, 'secrets'));
  writeFileSync(join(folder, 'secrets', 'file.properties'), 'login=CANARY-FILE-1\nshort=1\n');
  writeFileSync(join(folder, 'secrets', 'login'), 'CANARY-DIRECTORY-2');
  process.env.RUNNEL_TEST_HIDDEN = 'CANARY-ENV-3';
  kafka = new MemoryKafka();
  kafka.addTopic('t');
  kafka.addTopic('letters');
  entries = [];
  worker = await startConnectStandalone({
    properties: {
      'bootstrap.servers': 'memory:9092',
      'key.converter': STRING,
      'value.converter': STRING,
      'offset.storage.file.filename': join(folder, 'state', 'offsets'),
      listeners: 'http://127.0.0.1:0',
      'config.providers': 'file,directory,env',
      'config.providers.file.class': `${PROVIDERS}.FileConfigProvider`,
      'config.providers.directory.class': `${PROVIDERS}.DirectoryConfigProvider`,
      'config.providers.env.class': `${PROVIDERS}.EnvVarConfigProvider`,
      'producer.client.id': `\${env:RUNNEL_TEST_HIDDEN}`,
    },
    clients: kafka.clients(systemTime),
    time: systemTime,
    logger: createLogger({ time: systemTime, write: (entry) => entries.push(entry), level: 'TRACE' }),
    random: () => 0.5,
    taskThread: null,
    onLog: (entry) => entries.push(entry),
    catalogue: { ...CATALOGUE, connectors: [talkativeSource, talkativeSink] },
  });
});
afterEach(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown) =>
  fetch(`${worker.restUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).then((response) => response.text());
const until = async (condition: () => boolean | Promise<boolean>) => {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > 15_000)
      throw new Error(`Never: ${condition}\n${entries.map(formatLogLine).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const files = () => {
  const state = join(folder, 'state');
  return readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => readFileSync(join(it.parentPath, it.name), 'latin1'));
};

describe('values of config providers', () => {
  const source = {
    'connector.class': 'test.TalkativeSource',
    login: `\${file:{folder}/secrets/file.properties:login}`,
    number: `\${file:{folder}/secrets/file.properties:short}`,
  };
  const sink = {
    'connector.class': 'test.TalkativeSink',
    topics: 't',
    login: `\${directory:{folder}/secrets:login}`,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'letters',
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
    'errors.log.enable': 'true',
  };
  const here = <T>(config: T): T => JSON.parse(JSON.stringify(config).replaceAll('{folder}', folder));

  test('are in no answer, log, file, trace or dead letter, whatever a connector says', async () => {
    const said: string[] = [];
    said.push(await ask('PUT', '/connectors/source/config', here(source)));
    said.push(await ask('PUT', '/connectors/sink/config', here(sink)));
    // Refused for its value, which is a secret here.
    said.push(await ask('PUT', '/connectors/wrong/config', here({ ...source, number: `\${env:RUNNEL_TEST_HIDDEN}` })));
    said.push(
      await ask(
        'PUT',
        '/connector-plugins/TalkativeSource/config/validate',
        here({ ...source, name: 'x', number: `a\${env:RUNNEL_TEST_HIDDEN}` }),
      ),
    );
    await until(async () => (await ask('GET', '/connectors/source/status')).includes('FAILED'));
    kafka.produce('t', 'x');
    await until(() => (kafka.topics.get('letters') ?? []).flat().length > 0);
    for (const path of [
      '?expand=info&expand=status',
      '/source',
      '/source/config',
      '/source/status',
      '/source/tasks',
      '/source/tasks/0/status',
      '/source/offsets',
      '/sink',
      '/sink/status',
    ])
      said.push(await ask('GET', `/connectors${path}`));
    const letters = (kafka.topics.get('letters') ?? [])
      .flat()
      .flatMap(({ headers }) => headers.map(({ value }) => Buffer.from(value ?? []).toString()));
    const lines = entries.map(formatLogLine);
    const during = files();
    await worker.stop();
    for (const text of [...said, ...letters, ...lines, ...during, ...files()]) expect(text).not.toContain('CANARY-');
    // What was said is there, with the variable in its place.
    expect(lines.join('\n')).toContain(`Logging in with \${file:${folder}/secrets/file.properties:login}`);
    expect(said.join('\n')).toContain(`the far side said: bad \${file:`);
    expect(letters.join('\n')).toContain(`refused for \${directory:${folder}/secrets:login}`);
    expect(said.join('\n')).toContain('Not a number of type INT');
  });
});

test('of values that are parts of each other the longest goes first; short ones are no secrets', () => {
  const hidden = new HiddenValues([
    ['pass', '<a>'],
    ['password', '<b>'],
    ['abc', '<c>'],
  ]);
  expect(hidden.hide('password pass abc $& pas')).toBe('<b> <a> abc $& pas');
});
