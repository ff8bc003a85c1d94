import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createTopics,
  fetch,
  listGroups,
  metadata,
  offsetCommit,
  produce,
} from '../../../../main/protocol/messages/index.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { RawClient } from '../../../kit/raw-client.ts';
import { type SandboxUsage, WatchedSandbox } from '../../../kit/watched-sandbox.ts';

const TOPICS = { quick: 60, ci: 60, night: 1000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 60;
const PARTITIONS = 10;
const GROUPS = 100;
const OPEN_LOG_FILES = 512;
/** The machine may be ten times slower than usual; what is usual is printed at night. */
const LOOP_DELAY_MS = 2000;

let folder: string;
let sandbox: WatchedSandbox;
let client: RawClient;
const names = Array.from({ length: TOPICS }, (_, i) => `topic-${i}`);
const partitions = Array.from({ length: PARTITIONS }, (_, i) => i);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-bounds-'));
  await start();
}, 120_000);
afterAll(async () => {
  client?.close();
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

async function start(): Promise<void> {
  // Old segments are looked for all the time, and never found.
  sandbox = await WatchedSandbox.start(folder, { 'log.retention.check.interval.ms': '500' });
  client = await RawClient.connect(sandbox.port);
}

async function told(what: string): Promise<SandboxUsage> {
  const usage = await sandbox.usage();
  if (process.env.RUNNEL_TESTS === 'night') {
    console.log(
      `${TOPICS * PARTITIONS} partitions, ${what}: ${Math.round(usage.rssBytes / 2 ** 20)} MiB, loop delay ${usage.maxLoopDelayMs.toFixed(0)} ms, ${usage.logFiles} log files`,
    );
  }
  expect(usage.logFiles).toBeLessThanOrEqual(OPEN_LOG_FILES);
  expect(usage.maxLoopDelayMs).toBeLessThan(LOOP_DELAY_MS);
  return usage;
}

async function readAll(): Promise<number> {
  const { responses } = await client.request(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 0x7fff_ffff,
    topics: names.map((topic) => ({
      topic,
      partitions: partitions.map((partition) => ({ partition, fetchOffset: 0n, partitionMaxBytes: 1024 * 1024 })),
    })),
  });
  const answers = responses.flatMap((topic) => topic.partitions);
  expect(answers.filter(({ errorCode }) => errorCode !== 0)).toEqual([]);
  return answers.filter(({ records }) => (records?.length ?? 0) > 0).length;
}

test('many topics are made, and metadata tells all of them', { timeout: 240_000 }, async () => {
  for (let i = 0; i < TOPICS; i += 50) {
    const topics = names
      .slice(i, i + 50)
      .map((name) => ({ name, numPartitions: PARTITIONS, replicationFactor: 1, assignments: [], configs: [] }));
    const answer = await client.request(createTopics, 5, { topics, timeoutMs: 120_000 });
    expect(answer.topics.filter(({ errorCode }) => errorCode !== 0)).toEqual([]);
  }
  const answer = await client.request(metadata, 12, { topics: null });
  const made = answer.topics.filter(({ name }) => name?.startsWith('topic-'));
  expect(made).toHaveLength(TOPICS);
  expect(made.every((topic) => topic.partitions.length === PARTITIONS)).toBe(true);
  await told('made');
});

test('one request writes to all of them, with few log files open', { timeout: 240_000 }, async () => {
  for (let round = 0; round < 2; round++) {
    const { responses } = await client.request(produce, 9, {
      acks: -1,
      timeoutMs: 120_000,
      topicData: names.map((name) => ({
        name,
        partitionData: partitions.map((index) => ({
          index,
          records: batchOf([`round ${round}`], { timestamp: BigInt(Date.now()) }),
        })),
      })),
    });
    const answers = responses.flatMap((topic) => topic.partitionResponses);
    expect(answers.filter(({ errorCode }) => errorCode !== 0)).toEqual([]);
    expect(answers.every(({ baseOffset }) => baseOffset === BigInt(round))).toBe(true);
    await told('written to');
  }
  expect(await readAll()).toBe(TOPICS * PARTITIONS);
  await told('read');
});

test('a hundred groups keep their offsets beside them', async () => {
  for (let group = 0; group < GROUPS; group++) {
    const { topics } = await client.request(offsetCommit, 8, {
      groupId: `group-${group}`,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [
        {
          name: names[group % TOPICS]!,
          partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }],
        },
      ],
    });
    expect(topics[0]?.partitions[0]?.errorCode).toBe(0);
  }
  expect((await client.request(listGroups, 4, { statesFilter: [] })).groups).toHaveLength(GROUPS);
});

test('recovery points, retention and the cleaner go over them without holding up others', async () => {
  await told('groups');
  // Recovery points are looked at every five seconds.
  await new Promise((resolve) => setTimeout(resolve, 6000));
  await told('upkeep');
});

test('all of it is there after a stop', { timeout: 240_000 }, async () => {
  client.close();
  await sandbox.close();
  await start();
  if (process.env.RUNNEL_TESTS === 'night') console.log(`started in ${sandbox.startMs.toFixed(0)} ms`);
  expect(await readAll()).toBe(TOPICS * PARTITIONS);
  expect((await client.request(listGroups, 4, { statesFilter: [] })).groups).toHaveLength(GROUPS);
  await told('started again');
});
