import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, spawnJava } from '../kit/apache-kafka.ts';
import { keepLog } from '../kit/java-server.ts';
import { needs } from '../kit/needs.ts';
import { toItsEnd, tracked } from '../kit/run-command.ts';
import { SpawnedSandbox } from '../kit/spawned-sandbox.ts';
import { streamsLibs } from '../kit/streams-libs.ts';

const PROGRAM = join(import.meta.dirname, '../fixtures/java/WordCount.java');
/** What a program that was killed left open is aborted soon. */
const OVERRIDES = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' };

let folder: string;
let sandbox: SpawnedSandbox;
let program: ChildProcess;
let programLog = () => '';
let producer: Producer;
const expected = new Map<string, number>();

/** Resolves when it processes. */
async function startProgram(): Promise<void> {
  program = spawnJava(PROGRAM, [sandbox.server, join(folder, 'state')], [], [streamsLibs()]);
  const log = (programLog = keepLog(program));
  await until('the program runs', async () => {
    if (program.exitCode !== null) throw new Error(`The program ended: ${log()}`);
    return log().includes('RUNNING');
  });
}

async function endProgram(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  program.kill(signal);
  await exited;
}

async function until(what: string, isSo: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}\n${programLog()}\n${sandbox.log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Three words a line, of which some come often and some seldom. */
async function write(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 50) {
    const messages = Array.from({ length: 50 }, (_, i) => {
      const words = [`seldom-${(sent + i) % 41}`, `often-${(sent + i) % 3}`, 'all'];
      for (const word of words) expected.set(word, (expected.get(word) ?? 0) + 1);
      return { key: `${sent + i}`, value: words.join(' ') };
    });
    await producer.send({ topic: 'lines', messages });
  }
}

/** Of each word every count that a reader of committed records sees, in order; by librdkafka. */
async function counts(): Promise<Map<string, number[]>> {
  const args = ['-b', sandbox.server, '-C', '-t', 'counts', '-o', 'beginning', '-e', '-q', '-f', '%k %s\n'];
  const { stdout } = await toItsEnd(
    tracked(spawn('kcat', [...args, '-X', 'isolation.level=read_committed'], { stdio: 'pipe' })),
  );
  const seen = new Map<string, number[]>();
  for (const line of String(stdout).trimEnd().split('\n')) {
    const [word, count] = line.split(' ') as [string, string];
    if (word) seen.set(word, [...(seen.get(word) ?? []), Number(count)]);
  }
  return seen;
}

/** All words have their number, to which they rose without a step back and without a repetition. */
async function untilCounted(): Promise<void> {
  let seen = new Map<string, number[]>();
  const isThere = ([word, count]: [string, number]) => seen.get(word)?.at(-1) === count;
  await until(`all is counted, at last ${[...seen].map(([word, all]) => `${word} ${all.at(-1)}`)}`, async () => {
    seen = await counts();
    return [...expected].every(isThere);
  });
  for (const [word, all] of seen) expect(all, word).toEqual([...new Set(all)].sort((a, b) => a - b));
}

describe.skipIf(needs('kafka', 'kcat'))('a Kafka Streams word count with state on the sandbox', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-streams-'));
    sandbox = new SpawnedSandbox(join(folder, 'data'), await freePort(), OVERRIDES);
    await sandbox.start();
    const kafka = new Kafka({ brokers: [sandbox.server], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        { topic: 'lines', numPartitions: 2 },
        { topic: 'counts', numPartitions: 2 },
      ],
    });
    await admin.disconnect();
    producer = kafka.producer({ idempotent: true });
    await producer.connect();
    await startProgram();
  });
  afterAll(async () => {
    await producer?.disconnect();
    if (program) await endProgram('SIGKILL');
    await sandbox?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('counts exactly, through a restart of the sandbox in the middle', async () => {
    await write(1000);
    await sandbox.end('SIGKILL');
    await sandbox.start();
    await write(1000);
    await untilCounted();
  });

  test('its state is restored from the changelog when it was killed and its folder is gone', async () => {
    await write(500);
    await endProgram('SIGKILL');
    rmSync(join(folder, 'state'), { recursive: true });
    await startProgram();
    await write(500);
    await untilCounted();
    expect(expected.get('all')).toBe(3000);
    expect(readdirSync(join(folder, 'state'), { recursive: true }).map(String)).toContainEqual(
      expect.stringMatching(/rocksdb.word-counts.*\.log$/),
    );
  });
});
