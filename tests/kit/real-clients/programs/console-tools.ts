import { deepStrictEqual as equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadEvent } from '../client-process.ts';
import { KafkaTools, type RunningTool } from '../kafka-tools.ts';
import { eventually, lines, pause, prefix, servers, tryAll, until } from '../program.ts';

type Protocol = 'classic' | 'consumer';

const TOOLS = 'org.apache.kafka.tools.';
const tools = new KafkaTools();

const start = (tool: string, ...args: string[]) =>
  tools.start(tool.startsWith('kafka.') ? tool : TOOLS + tool, ['--bootstrap-server', servers, ...args]);

async function done(running: RunningTool, input = ''): Promise<string> {
  if (input !== '') running.write(input);
  running.end();
  equal(await running.ended, 0, `${running.stderr}${running.stdout}`);
  return running.stdout;
}

const run = (tool: string, ...args: string[]) => done(start(tool, ...args));
const refused = async (why: RegExp, tool: string, ...args: string[]) => {
  const running = start(tool, ...args);
  ok((await running.ended) !== 0);
  match(running.stderr + running.stdout, why);
};
const rows = (text: string) => text.split('\n').slice(0, -1);

async function newTopic(name: string, partitions = 1): Promise<string> {
  await run('TopicCommand', '--create', '--topic', prefix + name, '--partitions', `${partitions}`);
  return prefix + name;
}

const produce = (topic: string, values: readonly string[], ...more: string[]) =>
  done(start('ConsoleProducer', '--topic', topic, ...more), `${values.join('\n')}\n`);

const consumer = (topic: string, ...more: string[]) =>
  start(
    'consumer.ConsoleConsumer',
    '--topic',
    topic,
    '--timeout-ms',
    '20000',
    '--command-property',
    'fetch.max.wait.ms=50',
    ...more,
  );
const read = async (topic: string, count: number, ...more: string[]) =>
  rows(await done(consumer(topic, '--from-beginning', '--max-messages', `${count}`, ...more)));

async function codec(name: string): Promise<void> {
  const topic = await newTopic(name);
  const values = lines(300, 'a line that repeats itself');
  await produce(topic, values, '--compression-codec', name);
  equal(await read(topic, 300), values);
}

async function headers(): Promise<void> {
  const topic = await newTopic('headers');
  const input = ['parse.headers=true', 'parse.key=true', 'null.marker=NULL'].flatMap((each) => [
    '--reader-property',
    each,
  ]);
  await produce(topic, ['a:1,a:2\tk\tv', 'NULL\tk\tNULL', 'NULL\tNULL\t'], ...input);
  const printed = ['print.key=true', 'print.headers=true'].flatMap((each) => ['--formatter-property', each]);
  equal(await read(topic, 3, ...printed), ['a:1,a:2\tk\tv', 'NO_HEADERS\tk\tnull', 'NO_HEADERS\tnull\t']);
}

async function large(): Promise<void> {
  const topic = await newTopic('large');
  const value = 'x'.repeat(1_000_000);
  const limit = ['--command-property', 'max.request.size=3000000'];
  await produce(topic, [value], ...limit);
  // What is refused is told by the logger alone.
  await produce(topic, [value + value], ...limit);
  await produce(topic, ['small']);
  equal(await read(topic, 2), [value, 'small']);
}

async function seek(): Promise<void> {
  const topic = await newTopic('seek');
  await produce(topic, lines(30, 'early'));
  await pause(5);
  const between = new Date(Date.now()).toISOString().slice(0, -1);
  await pause(5);
  await produce(topic, lines(20, 'late'));
  const from = (offset: string, count: number) =>
    done(consumer(topic, '--partition', '0', '--offset', offset, '--max-messages', `${count}`));
  equal(rows(await from('25', 25)), [...lines(30, 'early').slice(25), ...lines(20, 'late')]);
  const group = ['--group', `${prefix}seekers`];
  const reset = ['--reset-offsets', '--topic', topic, '--to-datetime', between, '--execute'];
  await run('consumer.group.ConsumerGroupCommand', ...group, ...reset);
  equal(rows(await done(consumer(topic, ...group, '--max-messages', '20'))), lines(20, 'late'));
}

const inGroup = (protocol: Protocol, group: string, ...more: string[]) => [
  ...['--group', `${prefix}${protocol}-${group}`, '--command-property', `group.protocol=${protocol}`],
  ...(protocol === 'classic' ? ['--command-property', 'heartbeat.interval.ms=300'] : []),
  ...['--command-property', 'auto.offset.reset=earliest', ...more],
];

/** The partitions that each member has. */
async function shares(protocol: Protocol, group: string): Promise<number[]> {
  const asked = ['--describe', '--members', '--group', `${prefix}${protocol}-${group}`];
  const running = start('consumer.group.ConsumerGroupCommand', ...asked);
  await running.ended;
  return rows(running.stdout)
    .filter((row) => row.startsWith(prefix))
    .map((row) => Number(row.trim().split(/\s+/).at(-1)))
    .sort();
}

async function shared(protocol: Protocol, group: string, wanted: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (String(await shares(protocol, group)) === wanted) return;
    await pause(50);
  }
  throw new Error(`The members have ${await shares(protocol, group)} partitions, not ${wanted}`);
}

async function group(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-shared`, 4);
  const keyed = (text: string) => lines(40, text).map((line) => `${line}\t${line}`);
  const member = () => consumer(topic, ...inGroup(protocol, 'sharers'));
  const first = member();
  await shared(protocol, 'sharers', '4');
  // It leaves when nothing has come for so long.
  const args = ['--topic', topic, '--timeout-ms', '3000', ...inGroup(protocol, 'sharers')];
  const second = start('consumer.ConsoleConsumer', ...args);
  await shared(protocol, 'sharers', '2,2');
  await produce(topic, keyed('one'), '--reader-property', 'parse.key=true');
  const seen = () => [...rows(first.stdout), ...rows(second.stdout)];
  await until(() => seen().length === 40, 'both have read all');
  ok(first.stdout !== '' && second.stdout !== '');
  await second.ended;
  await shared(protocol, 'sharers', '4');
  await produce(topic, keyed('two'), '--reader-property', 'parse.key=true');
  await until(() => seen().length >= 80, 'the first has read the rest');
  equal([seen().length, new Set(seen()).size], [80, 80]);
}

async function committed(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-committed`);
  await produce(topic, lines(100, 'line'));
  const next = async (count: number) =>
    rows(await done(consumer(topic, ...inGroup(protocol, 'committers'), '--max-messages', `${count}`)));
  equal(await next(40), lines(100, 'line').slice(0, 40));
  equal(await next(60), lines(100, 'line').slice(40));
}

async function staticMember(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-static`, 2);
  await produce(topic, lines(40, 'line'));
  const member = ['--command-property', 'group.instance.id=one', '--max-messages', '20'];
  const seen = rows(await done(consumer(topic, ...inGroup(protocol, 'static', ...member))));
  // It has not left: the group waits for it.
  const described = await run(
    'consumer.group.ConsumerGroupCommand',
    '--describe',
    '--members',
    '--group',
    `${prefix}${protocol}-static`,
  );
  match(described, /\sone\s/);
  seen.push(...rows(await done(consumer(topic, ...inGroup(protocol, 'static', ...member)))));
  equal(new Set(seen).size, 40);
}

async function topics(): Promise<void> {
  const topic = `${prefix}made`;
  const create = ['--create', '--topic', topic, '--partitions', '2', '--config', 'retention.ms=60000'];
  equal(await run('TopicCommand', ...create), `Created topic ${topic}.\n`);
  await refused(/already exists/, 'TopicCommand', ...create);
  const described = () => run('TopicCommand', '--describe', '--topic', topic);
  match(
    await described(),
    /^Topic: \S+\tTopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: .*retention\.ms=60000/,
  );
  await run('TopicCommand', '--alter', '--topic', topic, '--partitions', '5');
  for (let tries = 0; !(await described()).includes('PartitionCount: 5'); tries++) ok(tries < 20);
  ok((await run('TopicCommand', '--list')).split('\n').includes(topic));
  await run('TopicCommand', '--delete', '--topic', topic);
  await eventually(() => refused(/does not exist/, 'TopicCommand', '--describe', '--topic', topic));
}

async function configs(): Promise<void> {
  const topic = await newTopic('configs');
  const config = (...args: string[]) =>
    ['kafka.admin.ConfigCommand', '--entity-type', 'topics', '--entity-name', topic, ...args] as const;
  await run(...config('--alter', '--add-config', 'max.message.bytes=2000000,cleanup.policy=[compact,delete]'));
  const described = await eventually(async () => {
    const told = await run(...config('--describe'));
    match(told, /max\.message\.bytes=2000000/);
    return told;
  });
  match(
    described,
    /max\.message\.bytes=2000000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:max\.message\.bytes=2000000/,
  );
  match(described, /cleanup\.policy=compact,delete/);
  await refused(/max\.message\.bytes/, ...config('--alter', '--add-config', 'max.message.bytes=many'));
  await run(...config('--alter', '--delete-config', 'max.message.bytes'));
  await eventually(async () => ok(!(await run(...config('--describe'))).includes('max.message.bytes')));
}

async function offsets(): Promise<void> {
  const topic = await newTopic('offsets');
  await produce(topic, lines(10, 'line'));
  const asked = async (time: string) => (await run('GetOffsetShell', '--topic', topic, '--time', time)).trim();
  equal(await asked('earliest'), `${topic}:0:0`);
  equal(await asked('latest'), `${topic}:0:10`);
  equal(await asked('1600000000000'), `${topic}:0:0`);
}

async function deleteRecords(): Promise<void> {
  const topic = await newTopic('deleted');
  await produce(topic, lines(10, 'line'));
  const folder = mkdtempSync(join(tmpdir(), 'delete-records-'));
  const file = join(folder, 'offsets.json');
  writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 4 }] }));
  match(await run('DeleteRecordsCommand', '--offset-json-file', file), /low_watermark: 4/);
  rmSync(folder, { recursive: true });
  equal(await read(topic, 6), lines(10, 'line').slice(4));
}

async function groups(): Promise<void> {
  const topic = await newTopic('grouped');
  const name = `${prefix}grouped`;
  await produce(topic, lines(10, 'line'));
  await done(consumer(topic, '--from-beginning', '--group', name, '--max-messages', '7'));
  const command = (...args: string[]) => run('consumer.group.ConsumerGroupCommand', ...args);
  ok((await command('--list')).split('\n').includes(name));
  match(await command('--describe', '--group', name), new RegExp(`${name}\\s+${topic}\\s+0\\s+7\\s+10\\s+3`));
  match(await command('--describe', '--group', name, '--state'), /Empty/);
  await command('--reset-offsets', '--group', name, '--topic', topic, '--to-offset', '2', '--execute');
  match(await command('--describe', '--group', name), new RegExp(`${topic}\\s+0\\s+2\\s+10\\s+8`));
  await command('--delete-offsets', '--group', name, '--topic', topic);
  match(await command('--delete', '--group', name), /was successful/);
  ok(!(await command('--list')).split('\n').includes(name));
}

async function idempotent(): Promise<void> {
  const topic = await newTopic('idempotent');
  const values = lines(2000, 'line');
  await produce(topic, values, '--command-property', 'enable.idempotence=true', '--batch-size', '200');
  equal(await read(topic, 2000), values);
}

async function restarts() {
  const topic = await newTopic('restart');
  // The tool's own time-out of a request is a second and a half.
  const patient = [
    '--request-timeout-ms',
    '30000',
    '--command-property',
    'delivery.timeout.ms=60000',
    '--message-send-max-retries',
    '1000',
  ];
  const producer = start('ConsoleProducer', '--topic', topic, '--command-property', 'linger.ms=5', ...patient);
  const follow = (protocol: Protocol) => {
    const events: ReadEvent[] = [];
    const more = ['--timeout-ms', '120000', '--formatter-property', 'print.offset=true'];
    const member = start('consumer.ConsoleConsumer', '--topic', topic, ...inGroup(protocol, 'restart', ...more));
    let taken = 0;
    const take = setInterval(() => {
      const end = member.stdout.lastIndexOf('\n') + 1;
      for (const row of rows(member.stdout.slice(taken, end))) {
        const [, offset, value] = /^Offset:(\d+)\t(\d+)$/.exec(row) ?? [];
        events.push(['read', Number(offset), Number(value)]);
      }
      taken = end;
    }, 20);
    take.unref();
    return events;
  };
  return {
    send: async (values: readonly string[]) => producer.write(`${values.join('\n')}\n`),
    finish: async () => void (await done(producer)),
    readers: { classic: follow('classic'), consumer: follow('consumer') },
    errors: [] as [string, string][],
  };
}

await tryAll(
  {
    plain: () => codec('none'),
    gzip: () => codec('gzip'),
    snappy: () => codec('snappy'),
    lz4: () => codec('lz4'),
    zstd: () => codec('zstd'),
    headers,
    large,
    seek,
    topics,
    configs,
    offsets,
    'delete-records': deleteRecords,
    groups,
    idempotent,
    group: () => group('classic'),
    committed: () => committed('classic'),
    static: () => staticMember('classic'),
    'consumer-group': () => group('consumer'),
    'consumer-committed': () => committed('consumer'),
    'consumer-static': () => staticMember('consumer'),
  },
  restarts,
);
