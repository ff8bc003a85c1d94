import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BROKERS, type Broker, type RunningBroker } from '../kit/brokers.ts';
import type { DefectName } from '../kit/crash/planted-defects.ts';
import { pause, WorkerPipeline } from '../kit/crash/worker-pipeline.ts';
import { clients, readTopic } from '../kit/killed-worker.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const KILLS = { quick: 2, ci: 3, night: 50 }[LEVEL] ?? 2;
const BROKER = BROKERS[0] as Broker;

let broker: RunningBroker;
let pipeline: WorkerPipeline | undefined;
beforeAll(async () => {
  broker = await BROKER.start();
});
afterEach(() => pipeline?.remove());
afterAll(() => broker?.stop());

/** Every tenth is no JSON. */
const isBad = (number: number) => number % 10 === 3;
const line = (number: number) => (isBad(number) ? `bad ${number}` : `${number}`);

/** Where the numbers came out, and what was committed at a kill though it was nowhere. */
async function killed(name: string, kills: number, defect?: DefectName) {
  const { bootstrapServers } = broker;
  const letters = `${name}-letters`;
  const running = new WorkerPipeline({
    bootstrapServers,
    name,
    defect,
    line,
    sink: {
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': letters,
      'errors.deadletterqueue.topic.replication.factor': '1',
    },
  });
  pipeline = running;
  const written = async () => new Set(running.inFile().map(String));
  const buried = async () => new Set(await readTopic(bootstrapServers, letters));
  const admin = clients.admin({ 'bootstrap.servers': bootstrapServers });
  const lost: string[] = [];
  await running.prepare();
  running.startWorker();
  for (let kill = 0; kill < kills && lost.length === 0; kill++) {
    await running.flows();
    await pause(900 + Math.random() * 900);
    await running.killWorker();
    const committed = (await admin.groupOffsets(`connect-${running.sinkName}`)).get(`${name}-0`)?.offset ?? 0n;
    const [good, bad] = [await written(), await buried()];
    const read = (await readTopic(bootstrapServers, name)).slice(0, Number(committed));
    lost.push(...read.filter((value) => !good.has(value) && !bad.has(value)));
    running.startWorker();
  }
  await admin.close();
  await running.flows();
  running.stopWriting();
  const all = Array.from({ length: running.lines }, (_, number) => line(number));
  let [good, bad, missing]: [Set<string>, Set<string>, string[]] = [new Set(), new Set(), all];
  const arrived = async () => {
    [good, bad] = [await written(), await buried()];
    missing = all.filter((value) => !(value.startsWith('bad') ? bad : good).has(value));
    if (missing.length > 0) await pause(200);
    return missing.length === 0;
  };
  // What is missing then is lost.
  await running.until('all of them', arrived, defect === undefined ? 20_000 : 2_000).catch(() => {});
  return { lost, missing, good, bad };
}

test(`a worker is killed ${KILLS} times while every tenth record is bad: good lines and dead letters together are all of them`, {
  timeout: 60_000 + KILLS * 15_000,
}, async () => {
  const { lost, missing, good, bad } = await killed('letters', KILLS);
  expect(lost, pipeline?.stderr).toEqual([]);
  expect(missing, pipeline?.stderr).toEqual([]);
  expect([...good].filter((value) => isBad(Number(value)))).toEqual([]);
  expect([...bad].filter((value) => !/^bad \d*3$/.test(value))).toEqual([]);
});

test.runIf(LEVEL !== 'quick')('finds a planted defect: a dead letter that nobody waits for', async () => {
  let found = 0;
  for (let round = 0; round < 4 && found === 0; round++) {
    await pipeline?.remove();
    const { lost, missing } = await killed(`unawaited-${round}`, 3, 'a dead letter that nobody waits for');
    found = lost.length + missing.length;
  }
  expect(found).toBeGreaterThan(0);
});
