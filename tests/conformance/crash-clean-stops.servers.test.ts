import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BROKERS, type Broker, type RunningBroker } from '../kit/brokers.ts';
import { judgeLines } from '../kit/crash/numbered-lines.ts';
import { type DefectName, STOP_DEFECTS, type StopDefectName } from '../kit/crash/planted-defects.ts';
import { pause, WorkerPipeline } from '../kit/crash/worker-pipeline.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
/** Each way to stop comes so often. */
const ROUNDS = { quick: 1, ci: 2, night: 15 }[LEVEL] ?? 1;
/** A real one where there is one. */
const BROKER = BROKERS.findLast((it) => it.missing() === undefined) as Broker;

type Stop = (pipeline: WorkerPipeline, connector: string, config: Record<string, string>) => Promise<void>;

/** Pause, stop, restart, reconfigure and delete by the REST API, each undone again. */
const STOPS: Readonly<Record<string, Stop>> = {
  async 'pause and resume'(pipeline, connector) {
    await pipeline.call('PUT', `/connectors/${connector}/pause`);
    await pipeline.untilState(connector, 'PAUSED');
    await pipeline.call('PUT', `/connectors/${connector}/resume`);
  },
  async 'stop and resume'(pipeline, connector) {
    await pipeline.call('PUT', `/connectors/${connector}/stop`);
    await pipeline.untilState(connector, 'STOPPED', 0);
    await pipeline.call('PUT', `/connectors/${connector}/resume`);
  },
  async 'restart with tasks'(pipeline, connector) {
    await pipeline.call('POST', `/connectors/${connector}/restart?includeTasks=true&onlyFailed=false`);
  },
  async 'restart of the task'(pipeline, connector) {
    await pipeline.call('POST', `/connectors/${connector}/tasks/0/restart`);
  },
  async 'another configuration'(pipeline, connector, config) {
    const version = `${performance.now()}`;
    await pipeline.call('PUT', `/connectors/${connector}/config`, { ...config, 'client.rack': version });
  },
  async 'delete and create'(pipeline, connector, config) {
    await pipeline.call('DELETE', `/connectors/${connector}`);
    await pipeline.call('PUT', `/connectors/${connector}/config`, config);
  },
};

let broker: RunningBroker;
let pipeline: WorkerPipeline | undefined;
beforeAll(async () => {
  broker = await BROKER.start();
});
afterEach(() => pipeline?.remove());
afterAll(() => broker?.stop());

async function running(pipeline: WorkerPipeline): Promise<void> {
  await pipeline.untilState(pipeline.sourceName, 'RUNNING');
  await pipeline.untilState(pipeline.sinkName, 'RUNNING');
  await pipeline.flows();
}

/** Stops source and sink under load in every way, the worker's end by SIGTERM included. */
async function stoppedUnderLoad(name: string, rounds: number, defect?: DefectName): Promise<WorkerPipeline> {
  const { bootstrapServers } = broker;
  pipeline = new WorkerPipeline({ bootstrapServers, name, defect, linesATick: 200 });
  await pipeline.prepare();
  pipeline.startWorker();
  for (let round = 0; round < rounds; round++) {
    for (const stop of Object.values(STOPS)) {
      await pipeline.until(
        'REST',
        () =>
          pipeline?.call('GET', '/').then(
            () => true,
            () => false,
          ) ?? false,
      );
      await running(pipeline);
      await pause(Math.random() * 300);
      await Promise.all([
        stop(pipeline, pipeline.sourceName, pipeline.sourceConfig),
        stop(pipeline, pipeline.sinkName, pipeline.sinkConfig),
      ]);
    }
    await running(pipeline);
    await pause(Math.random() * 300);
    await pipeline.stopWorker();
    pipeline.startWorker(false);
  }
  await pipeline.drain(60_000);
  return pipeline;
}

test(`stopped under load in ${Object.keys(STOPS).length + 1} ways, ${ROUNDS} times each: nothing is lost, nothing is twice, order is kept`, {
  timeout: 120_000 + ROUNDS * 60_000,
}, async () => {
  const { lines, stderr, ...ended } = await stoppedUnderLoad('stopped', ROUNDS).then(async (it) => ({
    lines: it.lines,
    stderr: it.stderr,
    topic: await it.inTopic(),
    file: it.inFile(),
  }));
  for (const numbers of [ended.topic, ended.file])
    expect(judgeLines(numbers, lines), stderr).toEqual({ missing: [], replays: [], skips: [], longestReplay: 0 });
  expect(ended.topic).toHaveLength(lines);
  expect(lines).toBeGreaterThan(1_000);
});

test.runIf(LEVEL !== 'quick').each(Object.keys(STOP_DEFECTS) as StopDefectName[])(
  'finds a planted defect: %s',
  { timeout: 240_000 },
  async (defect) => {
    const ended = await stoppedUnderLoad(`stopped-${defect.replaceAll(' ', '-')}`, 1, defect);
    const replays = [await ended.inTopic(), ended.inFile()].flatMap((it) => judgeLines(it, ended.lines).replays);
    expect(replays.length).toBeGreaterThan(0);
  },
);
