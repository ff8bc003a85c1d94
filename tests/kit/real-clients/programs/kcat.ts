import { deepStrictEqual as equal, match, notEqual } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { toItsEnd, tracked } from '../../run-command.ts';
import type { ReadEvent } from '../client-process.ts';
import { eventually, lines, prefix, servers, tryAll, until } from '../program.ts';

// kcat makes no topics and gives no timestamps: they come from another hand.
const kafka = new Kafka({ brokers: [servers], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const hand = kafka.producer();
await Promise.all([admin.connect(), hand.connect()]);

async function newTopic(name: string, numPartitions = 1): Promise<string> {
  await admin.createTopics({ topics: [{ topic: prefix + name, numPartitions }], waitForLeaders: false });
  await eventually(() => admin.fetchTopicMetadata({ topics: [prefix + name] }));
  return prefix + name;
}

const spawned = (args: readonly string[]) => tracked(spawn('kcat', ['-b', servers, ...args], { stdio: 'pipe' }));
const run = (args: readonly string[], input?: string) => toItsEnd(spawned(args), input);

async function kcat(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await run(args, input);
  equal(code, 0, stderr);
  return String(stdout);
}

const produce = (topic: string, values: readonly string[], ...more: string[]) =>
  kcat(['-P', '-t', topic, ...more], `${values.join('\n')}\n`);
const rows = (text: string) => (text === '' ? [] : text.trimEnd().split('\n'));
const read = async (topic: string, ...more: string[]) =>
  rows(await kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-X', 'fetch.wait.max.ms=50', ...more]));
const COMMITTED = ['-X', 'isolation.level=read_committed'];

async function codec(name: string): Promise<void> {
  const topic = await newTopic(name);
  const values = lines(300, 'a line that repeats itself');
  await produce(topic, values, '-z', name);
  equal(await read(topic), values);
}

async function headers(): Promise<void> {
  const topic = await newTopic('headers');
  await kcat(['-P', '-t', topic, '-K', ':', '-H', 'a=1', '-H', 'a=2', '-Z'], 'k1:v1\nk2:\nk3:v3\n');
  equal(await read(topic, '-f', '%k|%s|%S|%h\n'), ['k1|v1|2|a=1,a=2', 'k2||-1|a=1,a=2', 'k3|v3|2|a=1,a=2']);
  equal(
    (await read(topic, '-f', '%T\n')).every((timestamp) => Number(timestamp) > 1_600_000_000_000),
    true,
  );
}

async function large(): Promise<void> {
  const topic = await newTopic('large');
  const value = 'x'.repeat(1_000_000);
  const limit = ['-X', 'message.max.bytes=3000000'];
  await produce(topic, [value], ...limit);
  const { code, stderr } = await run(['-P', '-t', topic, ...limit], `${value}${value}\n`);
  notEqual(code, 0);
  match(stderr, /too large/i);
  equal(await read(topic), [value]);
}

async function seek(): Promise<void> {
  const topic = await newTopic('seek');
  const values = lines(50, 'line');
  const messages = values.map((value, i): Message => ({ value, timestamp: `${1_600_000_000_000 + i * 1000}` }));
  await hand.send({ topic, messages });
  equal(await read(topic, '-o', '20'), values.slice(20));
  equal(await read(topic, '-o', '-1'), values.slice(-1));
  equal(await read(topic, '-o', 's@1600000030500'), values.slice(31));
}

async function offsets(): Promise<void> {
  const topic = await newTopic('offsets');
  await hand.send({
    topic,
    messages: [0, 1, 5, 3].map((i) => ({ value: 'v', timestamp: `${1_600_000_000_000 + i}` })),
  });
  const asked = async (time: string) => (await kcat(['-Q', '-t', `${topic}:0:${time}`])).trim();
  equal(await asked('-1'), `${topic} [0] offset 4`);
  equal(await asked('-2'), `${topic} [0] offset 0`);
  equal(await asked('1600000000002'), `${topic} [0] offset 2`);
}

/** A member that runs until it is ended; what it is assigned stands on its standard error. */
class Member {
  readonly read: string[] = [];
  readonly #child: ChildProcess;
  readonly rebalances: string[] = [];

  constructor(topic: string, group: string, ...more: string[]) {
    const settings = ['auto.offset.reset=earliest', 'heartbeat.interval.ms=300', 'fetch.wait.max.ms=50', ...more];
    this.#child = spawned([
      '-E',
      '-G',
      group,
      '-u',
      '-f',
      '%o %s\\n',
      ...settings.flatMap((each) => ['-X', each]),
      topic,
    ]);
    this.#child.stdin?.end();
    const rowsOf = (stream: NodeJS.ReadableStream | null, take: (row: string) => void) =>
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', take);
    rowsOf(this.#child.stdout, (row) => this.onRow(row));
    rowsOf(this.#child.stderr, (row) => {
      if (row.includes('rebalanced')) this.rebalances.push(row);
    });
  }

  /** Its offset and its value. */
  onRow(row: string): void {
    this.read.push(row.slice(row.indexOf(' ') + 1));
  }

  /** `topic [0], topic [1]` */
  get assigned(): string {
    const last = this.rebalances.at(-1) ?? '';
    return last.includes('assigned: ') && !last.includes('revoked: ')
      ? last.slice(last.indexOf('assigned: ') + 10)
      : '';
  }

  get share(): number {
    return this.assigned.match(/\[\d+\]/g)?.length ?? 0;
  }

  /** As Ctrl-C does. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGINT');
    await ended;
  }
}

async function group(): Promise<void> {
  const topic = await newTopic('shared', 4);
  const first = new Member(topic, `${prefix}sharers`);
  await until(() => first.share === 4, 'the first has all');
  const second = new Member(topic, `${prefix}sharers`);
  await until(() => first.share === 2 && second.share === 2, 'they share');
  for (const partition of ['0', '1', '2', '3']) await produce(topic, lines(10, partition), '-p', partition);
  const seen = () => [...first.read, ...second.read];
  await until(() => seen().length === 40, 'both have read all');
  await second.end();
  await until(() => first.share === 4, 'the first has all again');
  for (const partition of ['0', '1', '2', '3']) await produce(topic, lines(10, `${partition}+`), '-p', partition);
  await until(() => seen().length >= 80, 'the first has read the rest');
  equal([seen().length, new Set(seen()).size], [80, 80]);
  await first.end();
}

async function committed(): Promise<void> {
  const topic = await newTopic('committed');
  await produce(topic, lines(100, 'line'));
  const member = ['-G', `${prefix}committers`, '-X', 'auto.offset.reset=earliest', '-q', topic];
  equal(rows(await kcat(['-c', '40', ...member])), lines(100, 'line').slice(0, 40));
  equal(rows(await kcat(['-e', ...member])), lines(100, 'line').slice(40));
}

async function staticMember(): Promise<void> {
  const topic = await newTopic('static', 4);
  const member = (name: string) => new Member(topic, `${prefix}static`, `group.instance.id=${name}`);
  const first = member('one');
  const second = member('two');
  await until(() => first.share === 2 && second.share === 2, 'they share');
  const before = [...first.rebalances];
  await second.end();
  const again = member('two');
  await until(() => again.share === 2, 'it has its partitions again');
  equal(again.assigned, second.rebalances.findLast((row) => row.includes('assigned: '))?.split('assigned: ')[1]);
  equal(first.rebalances, before);
  await Promise.all([first.end(), again.end()]);
}

async function idempotent(): Promise<void> {
  const topic = await newTopic('idempotent');
  const values = lines(2000, 'line');
  await produce(topic, values, '-X', 'enable.idempotence=true', '-X', 'batch.num.messages=10');
  equal(await read(topic), values);
}

/**
 * A producer that takes lines until its input is closed, in blocks of some KB; kcat says at its end whether all of them
 * went. It outlives its broker (`-E`).
 */
class Producer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #stderr = '';

  constructor(topic: string, ...settings: string[]) {
    this.#child = spawned([
      '-E',
      '-P',
      '-t',
      topic,
      '-p',
      '0',
      ...['linger.ms=5', ...settings].flatMap((each) => ['-X', each]),
    ]);
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk));
    this.#child.stdin?.on('error', () => {});
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  send(values: readonly string[]): void {
    this.#child.stdin?.write(`${values.join('\n')}\n`);
  }

  async finish(): Promise<void> {
    this.#child.stdin?.end();
    equal(await this.#ended, 0, this.#stderr);
  }

  async fails(why: RegExp): Promise<void> {
    this.#child.stdin?.end();
    notEqual(await this.#ended, 0);
    match(this.#stderr, why);
  }

  /** Its transaction is left open: the next producer of that id aborts it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** kcat makes one transaction of its input, which is committed at its end. */
const transaction = (topic: string, id: string) => new Producer(topic, `transactional.id=${prefix}${id}`);

/** So many that kcat does not wait for more. */
const MANY = 3000;

/** Something of an open transaction is there for those who don't ask for committed records alone. */
async function begun(topic: string, before: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await read(topic, '-X', 'isolation.level=read_uncommitted')).length > before) return;
  }
  throw new Error('Nothing of the transaction is there');
}

async function transactions(): Promise<void> {
  const topic = await newTopic('transactions');
  const one = transaction(topic, 'transactions');
  one.send(lines(5, 'one'));
  await one.finish();
  const lost = transaction(topic, 'transactions');
  lost.send(lines(MANY, 'lost'));
  await begun(topic, 5);
  await lost.kill();
  equal(await read(topic, ...COMMITTED), lines(5, 'one'));
  const two = transaction(topic, 'transactions');
  two.send(lines(5, 'two'));
  await two.finish();
  equal(await read(topic, ...COMMITTED), [...lines(5, 'one'), ...lines(5, 'two')]);
}

async function fencing(): Promise<void> {
  const topic = await newTopic('fencing');
  const first = transaction(topic, 'fencing');
  first.send(lines(MANY, 'of the first'));
  await begun(topic, 0);
  const second = transaction(topic, 'fencing');
  second.send(['of the second']);
  await second.finish();
  await first.fails(/fenced/);
  equal(await read(topic, ...COMMITTED), ['of the second']);
}

async function restarts() {
  const topic = await newTopic('restart');
  const producer = new Producer(topic, 'enable.idempotence=true');
  const member = new Member(topic, `${prefix}restart`);
  const events: ReadEvent[] = [];
  // One partition: it reads in the order of the offsets, and commits by itself.
  member.onRow = (row) => {
    const [offset, value] = row.split(' ').map(Number) as [number, number];
    events.push(['read', offset, value]);
  };
  return {
    async send(values: readonly string[]) {
      producer.send(values);
    },
    finish: () => producer.finish(),
    readers: { classic: events },
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
    offsets,
    idempotent,
    transactions,
    fencing,
    group,
    committed,
    static: staticMember,
  },
  restarts,
);
