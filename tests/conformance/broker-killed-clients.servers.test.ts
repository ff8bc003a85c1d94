import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTopics, offsetFetch } from '../../main/protocol/messages/index.ts';
import { freePort } from '../kit/apache-kafka.ts';
import { type BrokerEvent, COMMITTED_TOPIC } from '../kit/broker-story/events.ts';
import { KafkaDump } from '../kit/broker-story/kafka-dump.ts';
import { kcatConsumer, kcatProducer } from '../kit/broker-story/kcat-clients.ts';
import { KilledBroker, pause } from '../kit/broker-story/killed-broker.ts';
import { BrokerStory } from '../kit/broker-story/story.ts';
import { verifyAfterCrash } from '../kit/broker-story/verify.ts';
import { leastOffsets } from '../kit/broker-story/verify-groups.ts';
import { needs } from '../kit/needs.ts';
import { readPartition } from '../kit/partition-records.ts';
import { Choices, testSeed } from '../kit/seeded-random.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const KILLS = { quick: 3, ci: 10, night: 500 }[LEVEL] ?? 3;
/** After each so many, all that is known is held against the broker, or Kafka reads its files. */
const KILLS_A_CHECK = 2;
const KILLS_A_DUMP = 5;
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
let broker: KilledBroker;
let kafka: KafkaDump;
let clients: { kill: () => void }[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-clients-'));
  kafka = new KafkaDump();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.kill();
  await broker?.end('SIGKILL');
  await kafka.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Steps until the broker dies. What then fails was cut off; anything else is a defect. */
async function live(story: BrokerStory, hasEnded: () => boolean): Promise<void> {
  while (!hasEnded()) {
    try {
      await story.step();
    } catch (error) {
      if (!hasEnded() || !/closed|ECONN|EPIPE/.test(String(error))) throw error;
      return;
    }
  }
}

/** Between 50 and 900 ms of load, then kill -9; after every third, again and again while it recovers. */
async function killUnderLoad(story: BrokerStory, choices: Choices, kill: number): Promise<number> {
  let hasEnded = false;
  const life = live(story, () => hasEnded);
  // It is awaited below; until then its failure is not unheard.
  life.catch(() => {});
  await pause(choices.between(50, 900));
  hasEnded = true;
  await broker.end('SIGKILL');
  await life;
  if (kill % 3 !== 0) return 1;
  const again = choices.between(1, 5);
  for (let i = 0; i < again; i++) {
    broker.spawn();
    // Node itself takes some of it.
    await pause(choices.between(30, 400));
    await broker.end('SIGKILL');
  }
  return 1 + again;
}

/** Kafka's tool on every file of the stopped broker; what its decoder finds was committed by somebody, and is not too old. */
async function readByKafka(story: BrokerStory): Promise<{ files: number; batches: number }> {
  await broker.end('SIGTERM');
  const { files, batches, offsets } = await kafka.read(dataDir);
  for (const [group, partition, least] of leastOffsets(story.events)) {
    const found = offsets.get(`${group} ${COMMITTED_TOPIC}-${partition}`) ?? -1n;
    expect(found, `the offset of ${group}, partition ${partition}, as Kafka reads it`).toBeGreaterThanOrEqual(least);
  }
  await broker.start();
  return { files, batches };
}

const seed = testSeed();

test.skipIf(needs('kcat', 'kafka'))(
  `killed ${KILLS} times with -9 under producers, transactions, members of groups, changing topics and kcat: every promise is kept, Kafka reads every file (seed ${seed})`,
  { timeout: 120_000 + KILLS * 10_000 },
  async () => {
    const choices = new Choices(seed);
    const port = await freePort();
    broker = new KilledBroker(dataDir, port, OVERRIDES);
    const story = new BrokerStory(broker, choices, 0, VALUE_BYTES);
    await broker.start();
    await story.begin();
    await broker.request(createTopics, 7, {
      topics: [{ name: OF_KCAT, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    });
    const producer = kcatProducer(port, OF_KCAT);
    const consumer = kcatConsumer(port, 'g-kcat', OF_KCAT);
    clients.push(producer, consumer);
    let atHalf: Record<string, number> = {};
    const done = { kills: 0, checks: 0, dumps: 0, files: 0, batches: 0 };
    for (let kill = 1; kill <= KILLS; kill++) {
      done.kills += await killUnderLoad(story, choices, kill);
      await broker.start();
      await story.checkMembersAfterKill();
      await story.resume();
      const isLast = kill === KILLS;
      if (kill === KILLS / 2) atHalf = counted(story.events);
      if (kill % KILLS_A_CHECK === 0 || isLast) {
        const verified = await verifyAfterCrash(broker, story.events, [], [OF_KCAT]);
        done.checks++;
        if (LEVEL === 'night' && (kill % 50 === 0 || isLast)) {
          console.log(new Date(), kill, { ...done }, verified, counted(story.events));
        }
      }
      if (kill % KILLS_A_DUMP === 0 || isLast) {
        const { files, batches } = await readByKafka(story);
        done.dumps++;
        done.files += files;
        done.batches += batches;
      }
    }
    const sent = await producer.stop();
    const { records } = await readPartition(broker, OF_KCAT, 0, 'read_committed');
    expect(records.map(({ value }) => value)).toEqual(Array.from({ length: sent }, (_, i) => `kcat:${i}`));
    expect(sent).toBeGreaterThan(KILLS * 10);
    await consumer.stopAfter(sent);
    expect(await committedByKcat()).toBe(BigInt(sent));
    if (LEVEL === 'night') {
      // Nobody waits for something that never comes.
      const atEnd = counted(story.events);
      for (const [what, count] of Object.entries(atHalf)) expect(atEnd[what], what).toBeGreaterThan(count);
    }
    if (LEVEL === 'night') console.log(done, { kcat: sent, repeatedForKcat: consumer.repeated });
    await broker.end('SIGTERM');
    await kafka.read(dataDir);
    expect(broker.stderr).not.toMatch(/ERROR/);
  },
);

/** How many events of each kind; commits by group. */
function counted(events: readonly BrokerEvent[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    const kind = 'group' in event ? `${event.kind} by ${event.group}` : event.kind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

async function committedByKcat(): Promise<bigint> {
  const { groups } = await broker.request(offsetFetch, 8, {
    groups: [{ groupId: 'g-kcat', topics: [{ name: OF_KCAT, partitionIndexes: [0] }] }],
    requireStable: true,
  });
  return groups[0]!.topics[0]!.partitions[0]!.committedOffset;
}
