import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../kit/apache-kafka.ts';
import { judgeLines, type LinesVerdict } from '../kit/crash/numbered-lines.ts';
import { type DefectName, PLANTED_DEFECTS } from '../kit/crash/planted-defects.ts';
import { losePower } from '../kit/crash/power-loss-file-system.ts';
import { end, pause, spawnWithDefect, WorkerPipeline } from '../kit/crash/worker-pipeline.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const KILLS = { quick: 6, ci: 20, night: 400 }[LEVEL] ?? 6;
/** A pipeline writes so many in the second between two commits. */
const LINES_A_SECOND = 1_000;

/** A small generator of numbers in [0, 1) that a seed repeats. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A pipeline whose sandbox is a process that can be killed as well, power loss included. */
class Pipeline extends WorkerPipeline {
  readonly #data = join(this.folder, 'sandbox');
  readonly #journal = join(this.folder, 'synced');
  readonly #port: number;
  readonly #defect: DefectName | undefined;
  #broker: ChildProcess | undefined;

  private constructor(port: number, defect: DefectName | undefined) {
    super({ bootstrapServers: `127.0.0.1:${port}`, name: 'numbers', defect });
    this.#port = port;
    this.#defect = defect;
  }

  static async start(defect?: DefectName): Promise<Pipeline> {
    const pipeline = new Pipeline(await freePort(), defect);
    mkdirSync(pipeline.#data, { recursive: true });
    await pipeline.prepare();
    await pipeline.startBroker();
    pipeline.startWorker();
    return pipeline;
  }

  async startBroker(): Promise<void> {
    const program = join(ROOT, 'tests/kit/crash/broker-process.ts');
    const child = spawnWithDefect([program, this.#data, `${this.#port}`, this.#journal], this.#defect);
    this.keepErrors(child);
    this.#broker = child;
    await new Promise<void>((ready, reject) => {
      child.stdout?.once('data', () => ready());
      child.once('exit', (code) => reject(new Error(`The broker ended with ${code}: ${this.stderr}`)));
    });
  }

  async killBroker(): Promise<void> {
    await end(this.#broker, 'SIGKILL');
    losePower(this.#data, this.#journal);
  }

  override async remove(): Promise<void> {
    await this.stopWorker();
    await end(this.#broker, 'SIGTERM');
    await super.remove();
  }
}

let pipeline: Pipeline | undefined;
afterEach(() => pipeline?.remove());

/** Kills broker, worker, or first one and then the other, at random moments under load. */
async function killedUnderLoad(
  pipeline: Pipeline,
  kills: number,
  seed: number,
): Promise<{ topic: LinesVerdict; file: LinesVerdict; workerDeaths: number; brokerDeaths: number }> {
  const next = random(seed);
  const between = (from: number, to: number) => pause(from + next() * (to - from));
  let [workerDeaths, brokerDeaths] = [0, 0];
  for (let kill = 0; workerDeaths + brokerDeaths < kills; kill++) {
    await pipeline.flows();
    await between(100, 1200);
    const both = kill % 3 === 2;
    if (kill % 3 === 0 || both) {
      await pipeline.killBroker();
      brokerDeaths += 1;
    }
    // With the broker gone, what the source goes on reading is nowhere but in the worker.
    if (both) await between(1100, 1500);
    if (kill % 3 === 1 || both) {
      await pipeline.killWorker();
      workerDeaths += 1;
    }
    if (kill % 3 === 0 || both) await pipeline.startBroker();
    if (kill % 3 === 1 || both) pipeline.startWorker();
  }
  await pipeline.drain(30_000);
  return {
    topic: judgeLines(await pipeline.inTopic(), pipeline.lines),
    file: judgeLines(pipeline.inFile(), pipeline.lines),
    workerDeaths,
    brokerDeaths,
  };
}

const seed = Number(process.env.RUNNEL_SEED ?? Date.now() % 100_000);

test(`killed ${KILLS} times with -9, with loss of power: every line is in the topic and in the file (seed ${seed})`, {
  timeout: 60_000 + KILLS * 6000,
}, async () => {
  pipeline = await Pipeline.start();
  const { topic, file, workerDeaths, brokerDeaths } = await killedUnderLoad(pipeline, KILLS, seed);
  expect({ missing: topic.missing, skips: topic.skips }, pipeline.stderr).toEqual({ missing: [], skips: [] });
  // A replay is one contiguous run for each death of the worker; the broker's deaths bring none (idempotence).
  expect(topic.replays.length).toBeLessThanOrEqual(workerDeaths);
  // What flows in the interval of two commits, and what was under way; a busy machine commits late.
  expect(topic.longestReplay).toBeLessThanOrEqual(LINES_A_SECOND * 3 + 4000);
  expect({ missing: file.missing }, pipeline.stderr).toEqual({ missing: [] });
  expect(file.replays.length).toBeLessThanOrEqual(topic.replays.length + workerDeaths + brokerDeaths);
});

// Without these the test above could be one that can't fail. A defect shows when a kill meets it, so it gets some rounds.
test.runIf(LEVEL !== 'quick').each(Object.keys(PLANTED_DEFECTS) as DefectName[])(
  'finds a planted defect: %s',
  { timeout: 600_000 },
  async (defect) => {
    let missing = 0;
    for (let round = 0; round < 8 && missing === 0; round++) {
      if (round > 0) await pipeline?.remove();
      pipeline = await Pipeline.start(defect);
      const { topic, file } = await killedUnderLoad(pipeline, 8, seed + round);
      missing = topic.missing.length + topic.skips.length + file.missing.length;
    }
    expect(missing).toBeGreaterThan(0);
  },
);
