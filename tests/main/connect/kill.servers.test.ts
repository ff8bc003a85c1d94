import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Sandbox } from '../../../main/broker/sandbox.ts';
import { startConnectStandalone } from '../../../main/connect/connect-standalone.ts';
import { silentLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { BROKERS, type Broker, type RunningBroker } from '../../kit/brokers.ts';
import { clients, judge, KilledWorker, TopicTail } from '../../kit/killed-worker.ts';

const LEVEL = process.env.RUNNEL_TESTS;
const KILLS = { ci: 12, night: 100 }[LEVEL ?? ''] ?? 6;
const SINK_KILLS = { ci: 6, night: 100 }[LEVEL ?? ''] ?? 3;
const STOPS = LEVEL === 'night' ? 50 : LEVEL === 'ci' ? 5 : 3;
const TIMEOUT_MS = 60_000 + KILLS * 15_000;
/** A line is so long, so that a position is a number of lines. */
const LINE = 100;

const line = (number: number) => `${String(number).padStart(12, '0')}${'x'.repeat(LINE - 13)}\n`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const random = (from: number, to: number) => from + Math.random() * (to - from);

/** At night a real one. */
const BROKER = (LEVEL === 'night' ? BROKERS.findLast((it) => it.missing() === undefined) : BROKERS[0]) as Broker;
let broker: RunningBroker;
let worker: KilledWorker | null = null;
const writers: Writer[] = [];

beforeEach(async () => {
  broker = await BROKER.start();
});
afterEach(async () => {
  await stopWriters();
  await worker?.remove();
  worker = null;
  await broker.stop();
});

async function stopWriters(): Promise<void> {
  for (const writer of writers.splice(0)) await writer.stop();
}

/** Each try of a planted defect begins with nothing. */
async function restartBroker(): Promise<void> {
  await stopWriters();
  await worker?.remove();
  await broker.stop();
  broker = await BROKER.start();
}

/** Writes numbered lines to a file, ever on, until it is stopped. */
class Writer {
  written = 0;
  #stopped = false;
  readonly #file: string;
  readonly #done: Promise<void>;

  constructor(file: string) {
    this.#file = file;
    writeFileSync(file, '');
    writers.push(this);
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const lines = Array.from({ length: 30 }, (_, i) => line(this.written + i)).join('');
      appendFileSync(this.#file, lines);
      this.written += 30;
      await pause(10);
    }
  }
}

async function createTopic(): Promise<void> {
  const admin = clients.admin({ 'bootstrap.servers': broker.bootstrapServers });
  if (!(await admin.listTopics()).includes('t'))
    await admin.createTopics([{ name: 't', numPartitions: 1, replicationFactor: 1 }]);
  await admin.close();
}

const numberOf = (value: string) => Number(value.slice(0, 12));

/** Waits, but not for ever: what is missing then is lost. */
async function untilTopicHas(topic: TopicTail, last: number): Promise<number[]> {
  for (let tries = 0; ; tries++) {
    const numbers = (await topic.read()).map(numberOf);
    if (numbers.includes(last) || tries > 50) return numbers;
    await pause(100);
  }
}

/** Until something has moved and a little longer; at times in the midst of its start. */
async function untilRandomMoment(progress: () => Promise<number>): Promise<void> {
  if (Math.random() < 0.25) {
    await pause(random(0, 300));
    return;
  }
  const before = await progress();
  for (let tries = 0; tries < 300 && (await progress()) <= before; tries++) await pause(20);
  await pause(random(0, 400));
}

/** The line after the stored position, read from the killed worker's files. */
function storedLine(folder: string): number {
  const database = new BetterSqlite3(join(folder, 'offsets.sqlite'), { readonly: true });
  const row = database.prepare('SELECT "offset" FROM source_offset').get() as { offset: string } | undefined;
  database.close();
  const { position = 0 } = row === undefined ? {} : (JSON.parse(row.offset) as { position?: number });
  expect(position % LINE).toBe(0);
  return position / LINE;
}

describe('a source whose worker is killed', () => {
  async function run(kills: number, defect = 'none') {
    await createTopic();
    worker = new KilledWorker(
      broker.bootstrapServers,
      { name: 'source', 'connector.class': 'FileStreamSource', file: 'IN', topic: 't' },
      defect,
    );
    const input = join(worker.folder, 'in.txt');
    const connector = join(worker.folder, 'connector.properties');
    writeFileSync(connector, readFileSync(connector, 'utf8').replace('IN', input));
    const writer = new Writer(input);
    const topic = new TopicTail(broker.bootstrapServers, 't');
    const stored: number[] = [];
    const ahead: string[] = [];
    /** How long the source had been reading, in this life, what was in Kafka and not stored. */
    const unstoredMs: number[] = [];
    for (let i = 0; i < kills && ahead.length === 0; i++) {
      const before = topic.values.length;
      await worker.start();
      await untilRandomMoment(async () => (await topic.read()).length);
      await worker.kill();
      const line = storedLine(worker.folder);
      stored.push(line);
      const values = await topic.read();
      const highest = values.reduce((most, value) => Math.max(most, numberOf(value)), -1);
      const unstored = topic.timestamps.filter((_, at) => at >= before && numberOf(values[at] as string) >= line);
      unstoredMs.push((unstored.at(-1) ?? 0) - (unstored[0] ?? 0));
      if (line > highest + 1) ahead.push(`stored ${line}, in Kafka up to ${highest}`);
    }
    await writer.stop();
    if (ahead.length === 0) await worker.start();
    const arrived = ahead.length === 0 ? await untilTopicHas(topic, writer.written - 1) : [];
    return { ...judge(arrived, writer.written), arrived, stored, ahead, written: writer.written, unstoredMs };
  }

  test(
    `${KILLS} times loses nothing, keeps the order, and sends again only what came after the last stored offset`,
    async () => {
      const { lost, disorder, replays, arrived, stored, ahead, written, unstoredMs } = await run(KILLS);
      expect(written).toBeGreaterThan(30 * KILLS);
      expect(ahead).toEqual([]);
      expect(lost).toEqual([]);
      expect(disorder).toEqual([]);
      // Each replay is one run, and begins at an offset that was stored when the worker died.
      expect(replays.length).toBeLessThanOrEqual(KILLS);
      expect(stored.filter((number) => number > 0).length).toBeGreaterThan(KILLS / 3);
      const beginnings = arrived.filter((number, i) => number <= (arrived[i - 1] ?? -1));
      expect(beginnings.filter((number) => !stored.includes(number))).toEqual([]);
      // What was read in two flush intervals (50 ms each) and what was in flight; a busy machine wakes late.
      expect(Math.max(0, ...unstoredMs)).toBeLessThan(3_000);
      expect(unstoredMs.sort((a, b) => a - b)[unstoredMs.length >> 1] ?? 0).toBeLessThan(1_000);
    },
    TIMEOUT_MS,
  );

  test('is noticed to lose records when offsets are stored before the acknowledgement', async () => {
    let noticed = false;
    for (let tries = 0; tries < 5 && !noticed; tries++) {
      await restartBroker();
      const { lost, ahead, disorder } = await run(2, 'offset stored before the acknowledgement');
      noticed = lost.length > 0 || ahead.length > 0 || disorder.length > 0;
    }
    expect(noticed).toBe(true);
  });
});

test(
  `a source that is stopped ${STOPS} times in the midst of its flow sends nothing twice and loses nothing`,
  async () => {
    await createTopic();
    worker = new KilledWorker(broker.bootstrapServers, {
      name: 'source',
      'connector.class': 'FileStreamSource',
      file: 'IN',
      topic: 't',
    });
    const input = join(worker.folder, 'in.txt');
    const connector = join(worker.folder, 'connector.properties');
    writeFileSync(connector, readFileSync(connector, 'utf8').replace('IN', input));
    const writer = new Writer(input);
    const topic = new TopicTail(broker.bootstrapServers, 't');
    for (let i = 0; i < STOPS; i++) {
      await worker.start();
      await untilRandomMoment(async () => (await topic.read()).length);
      await worker.stop();
    }
    await writer.stop();
    await worker.start();
    const arrived = await untilTopicHas(topic, writer.written - 1);
    expect(arrived).toEqual(Array.from({ length: writer.written }, (_, i) => i));
  },
  TIMEOUT_MS,
);

test('a broker that goes away and comes back is waited for: the task stays RUNNING, nothing is lost, nothing comes twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-gone-'));
  const startBroker = (port: number) =>
    Sandbox.start({
      dataDir: join(folder, 'sandbox'),
      port,
      time: systemTime,
      logger: silentLogger,
      randomBytes,
      lock: () => ({ release: () => undefined }),
    });
  let sandbox = await startBroker(0);
  const { port } = sandbox;
  const writer = new Writer(join(folder, 'in.txt'));
  const running = await startConnectStandalone({
    properties: {
      'bootstrap.servers': `localhost:${port}`,
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.storage.file.filename': join(folder, 'offsets'),
      'offset.flush.interval.ms': '100',
    },
    clients,
    time: systemTime,
    logger: silentLogger,
    random: Math.random,
    taskThread: null,
    onLog: () => {},
    defaultRestPort: null,
    connectors: [
      {
        name: 'a',
        config: { name: 'a', 'connector.class': 'FileStreamSource', file: join(folder, 'in.txt'), topic: 't' },
      },
    ],
  });
  const metrics = () => running.herder.taskReports('a')[0]?.metrics;
  const until = async (condition: () => boolean) => {
    for (let tries = 0; !condition(); tries++) {
      if (tries > 1_000) throw new Error(`Never true: ${condition}\n${JSON.stringify(metrics(), (_, v) => String(v))}`);
      await pause(20);
    }
  };
  await until(() => (metrics()?.transferred ?? 0) > 500);
  for (let i = 0; i < 2; i++) {
    await sandbox.close();
    await until(() => metrics()?.waitingFor?.what.startsWith(`Kafka at localhost:${port}`) === true);
    expect(running.herder.connectorStatus('a').tasks[0]?.state).toBe('RUNNING');
    sandbox = await startBroker(port);
    const before = metrics()?.transferred ?? 0;
    await until(() => metrics()?.waitingFor === null && (metrics()?.transferred ?? 0) > before + 300);
  }
  await writer.stop();
  await until(() => metrics()?.transferred === writer.written);
  await running.stop();
  const values = await new TopicTail(`localhost:${port}`, 't').read();
  expect(values.map(numberOf)).toEqual(Array.from({ length: writer.written }, (_, i) => i));
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

describe('a sink whose worker is killed', () => {
  async function run(kills: number, defect = 'none') {
    worker = new KilledWorker(
      broker.bootstrapServers,
      { name: 'sink', 'connector.class': 'FileStreamSink', file: 'OUT', topics: 't' },
      defect,
    );
    const output = join(worker.folder, 'out.txt');
    const connector = join(worker.folder, 'connector.properties');
    writeFileSync(connector, readFileSync(connector, 'utf8').replace('OUT', output));
    const producer = clients.producer({ 'bootstrap.servers': broker.bootstrapServers });
    let sent = 0;
    let done = false;
    const producing = (async () => {
      while (!done) {
        for (let i = 0; i < 30; i++)
          producer.send({ topic: 't', key: null, value: Buffer.from(line(sent++).trimEnd()) });
        await pause(10);
      }
      await producer.flush();
      await producer.close();
    })();
    const early: string[] = [];
    const admin = clients.admin({ 'bootstrap.servers': broker.bootstrapServers });
    const size = async () => (existsSync(output) ? statSync(output).size : 0);
    for (let i = 0; i < kills && early.length === 0; i++) {
      await worker.start();
      await untilRandomMoment(size);
      await worker.kill();
      const committed = Number((await admin.groupOffsets('connect-sink')).get('t-0')?.offset ?? 0n);
      const written = existsSync(output) ? new Set(readFileSync(output, 'utf8').split('\n').slice(0, -1)) : new Set();
      for (let number = 0; number < committed; number++)
        if (!written.has(line(number).trimEnd())) early.push(`${number} of ${committed}`);
    }
    done = true;
    await producing;
    if (early.length === 0) await worker.start();
    let lines: string[] = [];
    for (let tries = 0; tries < 150 && early.length === 0; tries++) {
      lines = existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(0, -1) : [];
      if (lines.includes(line(sent - 1).trimEnd())) break;
      await pause(100);
    }
    await admin.close();
    const halves = lines.filter((it) => it.length !== LINE - 1);
    return {
      ...judge(
        lines.map((it) => Number(it.slice(0, 12))),
        sent,
      ),
      halves,
      early,
      sent,
    };
  }

  test(
    `${SINK_KILLS} times writes every record, keeps their order, and is never committed ahead of its file`,
    async () => {
      const { lost, disorder, halves, early, sent } = await run(SINK_KILLS);
      expect(sent).toBeGreaterThan(100 * SINK_KILLS);
      expect(early).toEqual([]);
      expect(lost).toEqual([]);
      expect(disorder).toEqual([]);
      expect(halves).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test('is noticed to lose records when it commits before put', async () => {
    let noticed = false;
    for (let tries = 0; tries < 5 && !noticed; tries++) {
      await restartBroker();
      const { lost, early, disorder } = await run(2, 'commit before put');
      noticed = lost.length > 0 || early.length > 0 || disorder.length > 0;
    }
    expect(noticed).toBe(true);
  });
});
