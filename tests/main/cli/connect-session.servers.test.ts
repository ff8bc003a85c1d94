import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConnectStandalone, startConnectStandalone } from '../../../main/connect/connect-standalone.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { createLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { type ApacheConnect, startApacheConnect } from '../../kit/apache-connect.ts';
import { type ApacheKafka, freePort, runJava, startApacheKafka } from '../../kit/apache-kafka.ts';
import { needs } from '../../kit/needs.ts';
import { type ProgramInput, runInProcess } from '../../kit/run-program.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const CONVERTERS = { 'key.converter': STRING, 'value.converter': STRING };

describe.skipIf(needs('kafka'))('runnel connect and its neighbours on the same Kafka', () => {
  let kafka: ApacheKafka;
  let java: ApacheConnect;
  let ours: ConnectStandalone;
  const folder = mkdtempSync(join(tmpdir(), 'runnel-connect-cli-'));

  beforeAll(async () => {
    kafka = await startApacheKafka();
    java = await startApacheConnect(kafka.bootstrapServers, { ...CONVERTERS, 'offset.flush.interval.ms': '200' });
    const logger = createLogger({ time: systemTime, write: () => {}, level: 'ERROR' });
    ours = await startConnectStandalone({
      properties: {
        ...CONVERTERS,
        'bootstrap.servers': kafka.bootstrapServers,
        listeners: `http://127.0.0.1:${await freePort()}`,
        'offset.storage.file.filename': join(folder, 'offsets'),
        'offset.flush.interval.ms': '200',
      },
      clients: kafkaClients({ time: systemTime, logger, random: Math.random }),
      time: systemTime,
      logger,
      random: Math.random,
      taskThread: null,
      onLog: () => {},
    });
  });
  afterAll(async () => {
    await ours?.stop();
    await java?.stop();
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['Apache Kafka Connect', 'our worker'])('runnel connect has the same to say of %s', async (worker) => {
    const url = worker === 'our worker' ? (ours.restUrl as string) : java.url;
    const data = mkdtempSync(join(folder, 'data-'));
    const topic = worker === 'our worker' ? 'lines-b' : 'lines-a';
    const file = (name: string, text: string) => {
      writeFileSync(join(data, name), text);
      return join(data, name);
    };
    /** Both streams and the exit code, without what is each worker's own. */
    const run = async (args: readonly string[], input: ProgramInput = {}) => {
      const { code, stdout, stderr } = await runInProcess(['connect', ...args, '--url', url], input);
      return [...(stdout + stderr).split('\n').map(common), `[${code}]`].filter((line) => line !== '').join('\n');
    };
    const common = (line: string) =>
      line
        .replaceAll(url, 'URL')
        .replaceAll(new URL(url).host, 'WORKER')
        .replaceAll(data, 'DATA')
        .replaceAll(topic, 'TOPIC')
        // Beside the position, ours keeps what the file began with.
        .replace(/"fingerprint":"[^"]*",/, '')
        .replace(/\b(?:4\.3\.1|0\.1\.0)\b/g, 'VERSION')
        .replace(/(\S) {2,}/g, '$1  ')
        .trimEnd();
    const until = async (args: readonly string[], expected: RegExp) => {
      const start = performance.now();
      for (;;) {
        const said = await run(args);
        if (expected.test(said)) return said;
        if (performance.now() - start > 30_000) throw new Error(`never ${expected}: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    file('in.txt', 'one\ntwo\n');
    const source = file(
      'source.properties',
      `name=src\nconnector.class=FileStreamSource\nfile=${join(data, 'in.txt')}\ntopic=${topic}\n`,
    );
    const sink = file(
      'sink.json',
      JSON.stringify({
        name: 'sink',
        config: { 'connector.class': 'FileStreamSink', topics: topic, file: join(data, 'out.txt'), 'tasks.max': 1 },
      }),
    );

    expect(await run(['list'])).toBe('No connectors at URL.\n[0]');
    expect(await run(['health'])).toBe('healthy: Worker has completed startup and is ready to handle requests.\n[0]');
    expect(await run(['version'])).toMatch(
      /^Worker: {2}URL\nVersion: {2}\S+\nCommit:.*\nKafka cluster: {2}\S{22}\n\[0\]$/,
    );

    // Creating, and what goes wrong with it.
    expect(await run(['create', source, '--wait'])).toBe('src created\n[0]');
    expect(await run(['create', source])).toBe('Connector src already exists.\n[1]');
    expect(
      await run(['create', '-f', '-'], {
        stdin: '{"name":"x","config":{"connector.class":"FileStreamSource","tasks.max":"abc"}}',
      }),
    ).toMatch(
      /^x: Connector configuration is invalid and contains the following \d error\(s\):\n.*Missing required configuration "topic" which has no default value\.\n.*\[1\]$/s,
    );
    expect(await run(['create', '-'], { stdin: '{"name":"x","config":{"connector.class":"Nope"}}' })).toMatch(
      /^x: Failed to find any class that implements Connector and which name matches Nope/,
    );
    expect(await run(['apply', sink, '--dry-run'])).toBe('sink would be created\n[0]');
    expect(await run(['apply', source, sink, '--wait'])).toBe('src unchanged\nsink created\n[0]');
    expect(await run(['apply', source, sink])).toBe('src unchanged\nsink unchanged\n[0]');
    expect(await run(['list'])).toBe(
      [
        'NAME  TYPE  CLASS  STATE  TASKS  FAILED',
        'sink  sink  FileStreamSink  RUNNING  1/1  0',
        'src  source  FileStreamSource  RUNNING  1/1  0',
        '[0]',
      ].join('\n'),
    );
    expect(await run(['list', '-o', 'wide', 's?c'])).toBe(
      'NAME  TYPE  CLASS  STATE  TASKS  FAILED  VERSION  WORKER  TASKS.MAX\n' +
        'src  source  FileStreamSource  RUNNING  1/1  0  VERSION  WORKER  1\n[0]',
    );
    expect(await run(['list', '--state', 'FAILED'])).toBe('No connector is in that state.\n[0]');
    expect(await run(['list', '-o', 'name'])).toBe('sink\nsrc\n[0]');

    // Looking.
    await until(['offsets', 'get', 'sink'], /TOPIC {2}0 {2}2\n/);
    await until(['offsets', 'get', 'src'], /"position":8/);
    expect(await run(['describe', 'src'])).toBe(
      [
        'Name:  src',
        'Type:  source',
        'Class:  FileStreamSource',
        'Version:  VERSION',
        'State:  RUNNING on WORKER',
        'Config:',
        '  connector.class  FileStreamSource',
        '  file  DATA/in.txt',
        '  name  src',
        '  topic  TOPIC',
        'Tasks:',
        '  ID  STATE  WORKER  VERSION',
        '  0  RUNNING  WORKER  VERSION',
        'Topics: TOPIC',
        'Offsets:',
        '  PARTITION  OFFSET',
        '  {"filename":"DATA/in.txt"}  {"position":8}',
        '[0]',
      ].join('\n'),
    );
    expect(await run(['topics', 'sink'])).toBe('TOPIC\n[0]');
    expect(await run(['config', 'src'])).toBe(
      'name=src\nconnector.class=FileStreamSource\nfile=DATA/in.txt\ntopic=TOPIC\n[0]',
    );
    expect(await run(['config', 'src', 'topic'])).toBe('TOPIC\n[0]');
    expect(await run(['config', 'src', 'nope'])).toBe(
      'src has no value for nope. runnel connect plugins FileStreamSource shows the keys and their defaults.\n[1]',
    );
    expect(await run(['describe', 'srk'])).toBe('Connector srk not found. Is src meant?\n[1]');
    expect(await run(['plugins', 'FileStreamSource'])).toMatch(
      /^KEY {2}TYPE {2}DEFAULT {2}IMPORTANCE\n.*topic {2}string {2}required {2}high\n.*batch\.size {2}int {2}2000 {2}low\n.*\[0\]$/s,
    );
    expect(await run(['plugins', '--all', '-o', 'name'])).toMatch(
      /org\.apache\.kafka\.connect\.file\.FileStreamSinkConnector\n.*org\.apache\.kafka\.connect\.transforms\.Cast\$Value\n/s,
    );
    const validated = ['validate', 'FileStreamSource', 'name=x', 'topic=t', 'errors.tolerance=some', 'tasks.max=0'];
    expect(await run(validated)).toBe(
      [
        'x has 2 errors',
        '  tasks.max  Invalid value 0 for configuration tasks.max: Value must be at least 1',
        '  errors.tolerance  Invalid value some for configuration errors.tolerance: String must be one of: none, all',
        '[1]',
      ].join('\n'),
    );
    expect(await run(['validate', source])).toBe('src is valid\n[0]');

    // Changing the configuration.
    expect(await run(['set', 'src', 'batch.size=100', 'tasks.max=1', '--wait'])).toBe(
      'src configured\n  + batch.size=100\n  + tasks.max=1\n[0]',
    );
    expect(await run(['set', 'src', 'batch.size=100'])).toBe('src unchanged\n[0]');
    expect(await run(['set', 'src', 'batch.size-', 'topic=other'])).toBe(
      'src configured\n  - batch.size=100\n  - topic=TOPIC\n  + topic=other\n[0]',
    );
    expect(await run(['apply', source, '--dry-run'])).toBe(
      'src would be configured\n  - tasks.max=1\n  - topic=other\n  + topic=TOPIC\n[0]',
    );
    expect(await run(['apply', source, '--wait'])).toBe(
      'src configured\n  - tasks.max=1\n  - topic=other\n  + topic=TOPIC\n[0]',
    );
    expect(await run(['set', 'src', 'tasks.max=x'])).toMatch(
      /^Connector configuration is invalid .*\n.*Invalid value x for configuration tasks\.max/s,
    );

    expect(await run(['offsets', 'set', 'sink', '--stop', `${topic}:0=1`])).toBe(
      'sink: The offsets for this connector have been altered successfully\nsink is RUNNING: stopping it; afterwards it is resumed\n[0]',
    );
    await until(['offsets', 'get', 'sink'], /TOPIC {2}0 {2}2\n/);

    // States.
    expect(await run(['pause', 'src', '--wait'])).toBe('src PAUSED\n[0]');
    expect(await run(['list', 'src'])).toMatch(/src {2}source {2}FileStreamSource {2}PAUSED {2}0\/1 {2}0\n/);
    expect(await run(['resume', 'src', '--wait'])).toBe('src RUNNING\n[0]');
    expect(await run(['restart', 'src', '--include-tasks', '--wait'])).toBe('src RUNNING\n[0]');
    expect(await run(['restart', 'src', '--task', '0', '--wait'])).toBe('src RUNNING\n[0]');
    expect(await run(['restart', 'src', '--task', '3'])).toMatch(/^src has no task 3: 1 are there, from 0/);
    expect(await run(['stop', 'nope'])).toBe(
      'Connector nope not found. runnel connect list shows those that are there.\n[1]',
    );
    expect(await run(['stop', 's*'])).toMatch(/^Stop sink, src\? Say so with --yes/);
    expect(await run(['stop', 's*', '--wait'], { answers: ['y'] })).toBe(
      'src STOPPED\nsink STOPPED\nStop sink, src? [y/N]\n[0]'.replace(
        'src STOPPED\nsink STOPPED',
        'sink STOPPED\nsrc STOPPED',
      ),
    );
    expect(await run(['resume', 's*', '-y', '--wait'])).toBe('sink RUNNING\nsrc RUNNING\n[0]');

    // Offsets.
    const partition = JSON.stringify({ filename: join(data, 'in.txt') });
    expect(await run(['offsets', 'set', 'src', `${partition}={"position":0}`])).toBe(
      'src is RUNNING, and offsets change only while a connector is STOPPED. --stop stops it for that and lets it go on; or runnel connect stop src.\n[1]',
    );
    expect(await run(['stop', 'src', '--wait'])).toBe('src STOPPED\n[0]');
    expect(await run(['offsets', 'set', 'src', `${partition}={"position":4}`])).toBe(
      'src: The offsets for this connector have been altered successfully\n[0]',
    );
    expect(await run(['offsets', 'get', 'src'])).toBe(
      'PARTITION  OFFSET\n{"filename":"DATA/in.txt"}  {"position":4}\n[0]',
    );
    const { stdout: saved } = await runInProcess(['connect', 'offsets', 'get', 'src', '-o', 'json', '--url', url]);
    expect(JSON.parse(saved)).toEqual({
      offsets: [{ partition: { filename: join(data, 'in.txt') }, offset: { position: 4 } }],
    });
    expect(await run(['offsets', 'set', 'src', '-f', '-'], { stdin: saved })).toMatch(/altered successfully/);
    expect(await run(['offsets', 'reset', 'src', '--yes'])).toBe(
      'src: The offsets for this connector have been reset successfully\n[0]',
    );
    expect(await run(['offsets', 'get', 'src'])).toBe('src has no offsets stored.\n[0]');

    // What fails shows, and its task can be restarted.
    const failing = JSON.stringify({
      name: 'failing',
      'connector.class': 'FileStreamSink',
      topics: topic,
      file: join(data, 'out2.txt'),
      transforms: 'c',
      'transforms.c.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.c.spec': 'int32',
    });
    expect(await run(['apply', '-'], { stdin: failing })).toBe('failing created\n[0]');
    await until(['list', '--state', 'FAILED', '-o', 'name'], /^failing\n\[0\]$/);
    expect(await run(['list', 'failing'])).toMatch(/failing {2}sink {2}FileStreamSink {2}RUNNING {2}0\/1 {2}1\n/);
    expect(await run(['describe', 'failing'])).toMatch(
      /\n {2}0 {2}FAILED {2}WORKER {2}VERSION\n {4}org\.apache\.kafka\.connect\.errors\.ConnectException: Tolerance exceeded in error handler\n {4}Caused by: .*\n/,
    );
    expect(await run(['describe', 'failing', '--trace'])).toMatch(/\n {8}at /);
    const unfit = { 'connector.class': 'FileStreamSink', topics: topic, file: join(data, 'out3.txt'), transforms: 'i' };
    const insert = { 'transforms.i.type': 'org.apache.kafka.connect.transforms.InsertField$Value' };
    expect(
      await run(['create', '-', '--wait'], { stdin: JSON.stringify({ name: 'unfit', ...unfit, ...insert }) }),
    ).toMatch(/^unfit does not become RUNNING: task 0 is FAILED: org\.apache\.kafka\..*\n\[1\]$/);
    expect(
      await run(['restart', 'unfit', '--include-tasks', '--only-failed', '--wait', '--wait-timeout', '9']),
    ).toMatch(/^unfit does not become RUNNING: task 0 is FAILED/);

    // Loggers.
    const logger = 'org.apache.kafka.connect.runtime.rest';
    expect(await run(['loggers', logger, 'debug'])).toMatch(new RegExp(`^${logger} DEBUG\\n`));
    expect(await run(['loggers', logger])).toMatch(
      new RegExp(`^LOGGER {2}LEVEL {2}CHANGED\\n${logger} {2}DEBUG {2}20\\d\\d-`),
    );
    expect(await run(['loggers', logger, 'DEBUG'])).toMatch(/was DEBUG already\.\n\[0\]$/);

    // The end.
    expect(await run(['delete', 'src'])).toMatch(/^Delete src\? Say so with --yes/);
    expect(await run(['delete', 'src'], { answers: ['n'] })).toBe('Delete src? [y/N]\nNothing was done.\n[1]');
    expect(await run(['delete', 'src', 'sink', '--yes', '--reset-offsets'])).toBe('src deleted\nsink deleted\n[0]');
    expect(await run(['delete', '*', '--yes'])).toBe('failing deleted\nunfit deleted\n[0]');
    expect(await run(['list'])).toBe('No connectors at URL.\n[0]');
  });

  test.each([
    { args: [] },
    { args: ['--topic', 'lines-.', '--partitions', '0,1', '--time', 'earliest'] },
    { args: ['--topic-partitions', 'lines-a:0-2,__consumer_offsets:1-3', '--time', '1'] },
    { args: ['--topic', 'lines-a', '--time', 'max-timestamp', '--exclude-internal-topics'] },
    { args: ['--topic', 'nope'] },
    { args: ['--topic', 'lines-a', '--time', 'soon'] },
  ])('get-offsets prints what kafka-get-offsets prints: $args', async ({ args }) => {
    const all = ['--bootstrap-server', kafka.bootstrapServers, ...args];
    const theirs = await runJava('org.apache.kafka.tools.GetOffsetShell', all);
    const logger = createLogger({ time: systemTime, write: () => {}, level: 'ERROR' });
    const loadClients = async () => kafkaClients({ time: systemTime, logger, random: Math.random });
    const ours = await runInProcess(['get-offsets', ...all], { surroundings: { loadClients } });
    expect([ours.code, ours.stdout]).toEqual([theirs.code, theirs.stdout.toString()]);
    const sentence = /^Error occurred: (.*)$/m.exec(theirs.stderr)?.[1] ?? '';
    expect(ours.stderr).toContain(sentence);
  });
});
