import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTopics } from '../../main/protocol/messages/index.ts';
import type { Api, RequestInput, ResponseOf } from '../../main/protocol/schema/api.ts';
import { freePort, runJava } from '../kit/apache-kafka.ts';
import { BrokerStory, type StoryBroker } from '../kit/broker-story/story.ts';
import { verifyAfterCrash } from '../kit/broker-story/verify.ts';
import { needs } from '../kit/needs.ts';
import { readPartition } from '../kit/partition-records.ts';
import { RawClient } from '../kit/raw-client.ts';
import { tracked } from '../kit/run-command.ts';
import { Choices, testSeed } from '../kit/seeded-random.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const KILLS = { quick: 3, ci: 10, night: 500 }[LEVEL] ?? 3;
/** Reading all that was ever written takes longer each time. */
const KILLS_A_CHECK = LEVEL === 'night' ? 10 : 2;
const OVERRIDES = [
  'log.segment.bytes=1048576',
  'offsets.topic.num.partitions=1',
  'offsets.topic.segment.bytes=1048576',
  'transaction.state.log.num.partitions=1',
  'log.retention.check.interval.ms=500',
  'log.cleaner.min.cleanable.ratio=0.01',
];
/** So that segments are rolled and compacted between two kills. */
const VALUE_BYTES = 60_000;

const OF_KCAT = 'kcat';

let dataDir: string;
let port: number;
let broker: ChildProcess;
const children: ChildProcess[] = [];
let stderr = '';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-clients-'));
  port = await freePort();
});
afterEach(() => {
  for (const child of [broker, ...children]) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function startBroker(): Promise<unknown> {
  const program = join(import.meta.dirname, '../kit/sandbox-process.ts');
  broker = tracked(
    spawn(process.execPath, [program, dataDir, String(port), ...OVERRIDES], { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  broker.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-10_000);
  });
  return once(broker.stdout!, 'data');
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exited = once(broker, 'exit');
  broker.kill(signal);
  await exited;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A broker behind connections that are made anew after it died; requests of one connection follow each other. */
class BehindSocket implements StoryBroker {
  #client: Promise<RawClient> | undefined;

  lost(): void {
    void this.#client?.then(
      (client) => client.close(),
      () => {},
    );
    this.#client = undefined;
  }

  async request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
    this.#client ??= RawClient.connect(port);
    return (await this.#client).request(api, version, body);
  }

  now(): number {
    return Date.now();
  }

  async pass(ms: number): Promise<void> {
    await pause(Math.min(ms, 20));
  }
}

/** Steps until the broker dies. What then fails was cut off; anything else is a defect. */
async function live(story: BrokerStory, hasEnded: () => boolean): Promise<void> {
  while (!hasEnded()) {
    try {
      await story.step();
    } catch (error) {
      if (!hasEnded() && !/closed|ECONN|EPIPE/.test(String(error))) throw error;
      return;
    }
  }
}

/** librdkafka with idempotence: it sends what was not answered again, for minutes, whatever becomes of the broker. */
function kcatProducer(topic: string): { stop: () => Promise<number> } {
  const settings = ['enable.idempotence=true', 'linger.ms=1', 'reconnect.backoff.max.ms=200'];
  const options = settings.flatMap((setting) => ['-X', setting]);
  const kcat = tracked(
    spawn('kcat', ['-P', '-E', '-b', `127.0.0.1:${port}`, '-t', topic, '-p', '0', ...options], {
      stdio: ['pipe', 'ignore', 'pipe'],
    }),
  );
  children.push(kcat);
  const exited = once(kcat, 'exit');
  let said = '';
  kcat.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  // It was killed with the test, which has failed then.
  kcat.stdin?.on('error', () => clearInterval(timer));
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 5; i++) kcat.stdin?.write(`kcat:${sent++}\n`);
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      kcat.stdin?.end();
      const [code] = (await exited) as [number];
      expect(code, said).toBe(0);
      return sent;
    },
  };
}

function filesOf(suffix: string): string[] {
  return readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /-\d+$/.test(entry.name))
    .flatMap(({ name }) => readdirSync(join(dataDir, name)).map((file) => join(dataDir, name, file)))
    .filter((file) => file.endsWith(suffix));
}

/** Kafka's own tool on every file, after a clean stop. */
async function dumpEverything(): Promise<void> {
  for (const suffixes of [['.log'], ['.index', '.timeindex'], ['.snapshot', '.txnindex']]) {
    const files = suffixes.flatMap(filesOf);
    if (files.length === 0) continue;
    const {
      code,
      stdout,
      stderr: said,
    } = await runJava('org.apache.kafka.tools.DumpLogSegments', [
      '--files',
      files.join(','),
      ...(suffixes[0] === '.log' ? ['--deep-iteration'] : []),
    ]);
    expect(code, said).toBe(0);
    const found = `${stdout.toString()}${said}`;
    expect(found).not.toMatch(/isvalid: false|mismatch|out of order|not found|Found .* invalid|Exception|corrupt/i);
  }
}

const seed = testSeed();

test.skipIf(needs('kcat', 'kafka'))(
  `killed ${KILLS} times with -9 under idempotent and transactional producers, groups, changing topics and kcat: every promise is kept, Kafka reads every file (seed ${seed})`,
  { timeout: 120_000 + KILLS * 10_000 },
  async () => {
    const choices = new Choices(seed);
    const clients = new BehindSocket();
    const story = new BrokerStory(clients, choices, 0, VALUE_BYTES);
    await startBroker();
    await story.begin();
    await clients.request(createTopics, 7, {
      topics: [{ name: OF_KCAT, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    });
    const kcat = kcatProducer(OF_KCAT);
    for (let kill = 1; kill <= KILLS; kill++) {
      let hasEnded = false;
      const life = live(story, () => hasEnded);
      await pause(choices.between(50, 900));
      hasEnded = true;
      await end('SIGKILL');
      clients.lost();
      await life;
      // Every third time it is killed again while it recovers.
      for (let again = 0; kill % 3 === 0 && again < 2; again++) {
        void startBroker();
        await pause(choices.between(30, 300));
        await end('SIGKILL');
      }
      await startBroker();
      await story.resume();
      if (kill % KILLS_A_CHECK === 0 || kill === KILLS) {
        await verifyAfterCrash(clients, story.events, [], [OF_KCAT]);
      }
    }
    const sent = await kcat.stop();
    const { records } = await readPartition(clients, OF_KCAT, 0, 'read_committed');
    expect(records.map(({ value }) => value)).toEqual(Array.from({ length: sent }, (_, i) => `kcat:${i}`));
    expect(sent).toBeGreaterThan(KILLS * 10);
    clients.lost();
    await end('SIGTERM');
    await dumpEverything();
    expect(stderr).not.toMatch(/ERROR/);
  },
);
