import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Consumer } from '../../main/kafka/api.ts';
import { produce } from '../../main/protocol/messages/index.ts';
import { BROKERS, type Broker, type RunningBroker } from '../kit/brokers.ts';
import { judgeLines } from '../kit/crash/numbered-lines.ts';
import { pause, WorkerPipeline } from '../kit/crash/worker-pipeline.ts';
import { FaultyProxy } from '../kit/faulty-proxy.ts';
import { clients } from '../kit/killed-worker.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const FAULTS = { quick: 8, ci: 12, night: 400 }[LEVEL] ?? 8;
const SLEEPS = { quick: 1, ci: 1, night: 20 }[LEVEL] ?? 1;
const MEMBERS = { quick: 8, ci: 20, night: 500 }[LEVEL] ?? 8;
/** A real one where there is one. */
const BROKER = BROKERS.findLast((it) => it.missing() === undefined) as Broker;
const SESSION_MS = 2_000;
const SHORT_SESSIONS = {
  'consumer.override.session.timeout.ms': `${SESSION_MS}`,
  'consumer.override.heartbeat.interval.ms': '500',
};

let broker: RunningBroker;
let pipeline: WorkerPipeline;
let proxy: FaultyProxy | undefined;
beforeAll(async () => {
  broker = await BROKER.start({ 'group.min.session.timeout.ms': '1000' });
});
afterEach(async () => {
  await pipeline?.remove();
  await proxy?.stop();
  proxy = undefined;
});
afterAll(() => broker?.stop());

/** What must hold whatever happened on the way, and when every line has arrived. */
async function judged() {
  await pipeline.drain(60_000);
  const topic = judgeLines(await pipeline.inTopic(), pipeline.lines);
  const file = judgeLines(pipeline.inFile(), pipeline.lines);
  expect({ missing: topic.missing, skips: topic.skips }, pipeline.stderr).toEqual({ missing: [], skips: [] });
  expect({ missing: file.missing, skips: file.skips }, pipeline.stderr).toEqual({ missing: [], skips: [] });
  return { topic, file };
}

test(`the worker sleeps ${SLEEPS} times for two sessions: flow is back in 5 s, its old place in the group is refused, nothing is lost`, {
  timeout: 60_000 + SLEEPS * 30_000,
}, async () => {
  pipeline = new WorkerPipeline({ bootstrapServers: broker.bootstrapServers, name: 'sleep', sink: SHORT_SESSIONS });
  await pipeline.prepare();
  pipeline.startWorker();
  const admin = clients.admin({ 'bootstrap.servers': broker.bootstrapServers });
  const group = `connect-${pipeline.sinkName}`;
  const back: number[] = [];
  const rewound: number[] = [];
  for (let sleep = 0; sleep < SLEEPS; sleep++) {
    await pipeline.until('a commit', async () => {
      const committed = (await admin.groupOffsets(group)).get('sleep-0')?.offset ?? 0n;
      return committed > (rewound.at(-1) ?? 0) + 500;
    });
    await pause(Math.random() * 300);
    pipeline.worker.kill('SIGSTOP');
    await pipeline.until('the group to be empty', async () => {
      const [described] = await admin.describeGroups([group]);
      return described === undefined || described.members.length === 0;
    });
    await pause(SESSION_MS);
    // Somebody else had its place meanwhile and stands a little before it: were the sleeper's own commit still taken,
    // that would be forgotten.
    const offset = ((await admin.groupOffsets(group)).get('sleep-0')?.offset ?? 0n) - 50n;
    await admin.alterGroupOffsets(group, [{ topic: 'sleep', partition: 0, offset }]);
    rewound.push(Number(offset));
    const began = performance.now();
    pipeline.worker.kill('SIGCONT');
    await pipeline.flows();
    back.push(performance.now() - began);
    await pipeline.untilState(pipeline.sinkName, 'RUNNING');
  }
  await admin.close();
  const { topic, file } = await judged();
  expect(topic.replays).toEqual([]);
  // Each time one run comes again, from where the other one stood: offsets are numbers of lines here.
  expect(file.replays.map(({ to }) => to)).toEqual(rewound);
  expect(Math.max(...back)).toBeLessThan(5_000);
});

test(`members join and leave the sink’s group, ${MEMBERS} in all, one every 200 ms: nothing is lost`, {
  timeout: 60_000 + MEMBERS * 2_000,
}, async () => {
  const admin = clients.admin({ 'bootstrap.servers': broker.bootstrapServers });
  await admin.createTopics([{ name: 'restless', numPartitions: 4, replicationFactor: 1 }]);
  await admin.close();
  pipeline = new WorkerPipeline({
    bootstrapServers: broker.bootstrapServers,
    name: 'restless',
    sink: { 'tasks.max': '2', 'consumer.override.group.instance.id': undefined },
  });
  await pipeline.prepare();
  pipeline.startWorker();
  await pipeline.flows();
  const guests: Consumer[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    // A guest reads what it is given and commits nothing: that is the sink's to do.
    const guest = clients.consumer({
      'bootstrap.servers': broker.bootstrapServers,
      'group.id': `connect-${pipeline.sinkName}`,
    });
    guest.subscribe(['restless']);
    guests.push(guest);
    const until = performance.now() + 200;
    while (performance.now() < until) for (const each of guests) await each.poll(20);
    if (guests.length > 2) await guests.shift()?.close();
  }
  for (const guest of guests) await guest.close();
  await pipeline.flows();
  pipeline.stopWriting();
  const everything = () => new Set(pipeline.inFile()).size === pipeline.lines;
  await pipeline.until('every line in the file', everything).catch(() => {});
  const there = new Set(pipeline.inFile());
  expect(Array.from({ length: pipeline.lines }, (_, i) => i).filter((it) => !there.has(it))).toEqual([]);
  await pipeline.untilState(pipeline.sinkName, 'RUNNING', 2);
});

/** What a bad network does, for a while; each is over when it resolves. */
const FAULT_KINDS: Readonly<Record<string, (proxy: FaultyProxy) => Promise<void>>> = {
  FIN: async (proxy) => proxy.cut('FIN'),
  RST: async (proxy) => proxy.cut('RST'),
  async 'nobody listens'(proxy) {
    proxy.refusing = true;
    proxy.cut('RST');
    await pause(500);
    proxy.refusing = false;
  },
  async 'a black hole'(proxy) {
    proxy.blackHole(true);
    await pause(700);
    proxy.blackHole(false);
  },
  async 'connections that are dead and do not say so'(proxy) {
    proxy.freeze();
  },
  async 'answers in pieces of three bytes'(proxy) {
    proxy.sliceBytes = 3;
    await pause(300);
    proxy.sliceBytes = 0;
  },
  async 'answers that are late'(proxy) {
    proxy.latencyMs = 200;
    await pause(1_000);
    // In front of those that are still on their way nothing may be passed on.
    proxy.cut('RST');
    proxy.latencyMs = 0;
  },
  async 'an acknowledgement swallowed'(proxy) {
    const swallowed = new Promise<void>((resolve) => {
      proxy.fate = (apiKey) => {
        if (apiKey !== produce.key) return 'pass';
        resolve();
        return 'cut';
      };
    });
    await swallowed;
    proxy.fate = () => 'pass';
  },
};

test(`a bad network between worker and broker, ${FAULTS} faults: nothing is lost, nothing is in the topic twice, order is kept`, {
  timeout: 120_000 + FAULTS * 15_000,
}, async () => {
  proxy = await new FaultyProxy(broker.port).start();
  pipeline = new WorkerPipeline({
    bootstrapServers: proxy.bootstrapServers,
    name: 'network',
    worker: { 'producer.request.timeout.ms': '1500', 'consumer.request.timeout.ms': '1500' },
    sink: { 'consumer.override.session.timeout.ms': '6000', 'consumer.override.default.api.timeout.ms': '3000' },
  });
  await pipeline.prepare();
  pipeline.startWorker();
  const kinds = Object.entries(FAULT_KINDS);
  const back: [kind: string, ms: number][] = [];
  for (let fault = 0; fault < FAULTS; fault++) {
    await pipeline.flows();
    await pause(Math.random() * 200);
    // Each kind in turn, then at random.
    const at = fault < kinds.length ? fault : Math.floor(Math.random() * kinds.length);
    const [kind, happen] = kinds[at] as (typeof kinds)[number];
    await happen(proxy);
    const over = performance.now();
    await pipeline.flows();
    back.push([kind, performance.now() - over]);
    await pipeline.untilState(pipeline.sourceName, 'RUNNING');
    await pipeline.untilState(pipeline.sinkName, 'RUNNING');
  }
  const { topic } = await judged();
  expect(back.filter(([, ms]) => ms > 10_000)).toEqual([]);
  expect(topic.replays).toEqual([]);
});
