import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { freePort } from '../kit/apache-kafka.ts';
import { judgeLines, type LinesVerdict } from '../kit/crash/numbered-lines.ts';
import { type DefectName, PLANTED_DEFECTS } from '../kit/crash/planted-defects.ts';
import { losePower } from '../kit/crash/power-loss-file-system.ts';
import { tracked } from '../kit/run-command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const KILLS = { quick: 6, ci: 20, night: 400 }[LEVEL] ?? 6;
const LINES_A_TICK = 20;
const TICK_MS = 20;
const FLUSH_INTERVAL_MS = 1000;

/** A small generator of numbers in [0, 1) that a seed repeats. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A pipeline of real processes: numbered file → source → sandbox → sink → file. Everything in it can be killed. */
class Pipeline {
  readonly folder = mkdtempSync(join(tmpdir(), 'runnel-crash-'));
  readonly input = join(this.folder, 'in.txt');
  readonly output = join(this.folder, 'out.txt');
  readonly #data = join(this.folder, 'sandbox');
  readonly #journal = join(this.folder, 'synced');
  readonly #defect: DefectName | undefined;
  #port = 0;
  #broker: ChildProcess | undefined;
  #worker: ChildProcess | undefined;
  #writer: ReturnType<typeof setInterval> | undefined;
  lines = 0;
  stderr = '';

  constructor(defect?: DefectName) {
    this.#defect = defect;
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    mkdirSync(this.#data, { recursive: true });
    writeFileSync(this.input, '');
    const files: [string, Record<string, string>][] = [
      [
        'worker.properties',
        {
          'bootstrap.servers': `127.0.0.1:${this.#port}`,
          'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
          'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
          'offset.storage.file.filename': join(this.folder, 'offsets'),
          'offset.flush.interval.ms': `${FLUSH_INTERVAL_MS}`,
          listeners: `http://127.0.0.1:${await freePort()}`,
        },
      ],
      [
        'source.properties',
        {
          name: 'numbers-in',
          'connector.class': 'FileStreamSource',
          'tasks.max': '1',
          file: this.input,
          topic: 'numbers',
        },
      ],
      [
        'sink.properties',
        {
          name: 'numbers-out',
          'connector.class': 'FileStreamSink',
          'tasks.max': '1',
          file: this.output,
          topics: 'numbers',
          // A dead member of the group is noticed soon: the sink of the next life does not wait for it.
          'consumer.override.session.timeout.ms': '6000',
          'consumer.override.group.instance.id': 'sink',
        },
      ],
    ];
    for (const [name, settings] of files) {
      writeFileSync(
        join(this.folder, name),
        Object.entries(settings)
          .map(([key, value]) => `${key}=${value}\n`)
          .join(''),
      );
    }
    await this.startBroker();
    this.startWorker();
    this.#writer = setInterval(() => this.#write(), TICK_MS);
  }

  #write(): void {
    let text = '';
    for (let i = 0; i < LINES_A_TICK; i++) text += `${this.lines++} ${'ü'.repeat(20)}\n`;
    appendFileSync(this.input, text);
  }

  #spawn(args: readonly string[]): ChildProcess {
    const plant = `--import=${join(ROOT, 'tests/kit/crash/plant.ts')}`;
    const child = tracked(
      spawn(process.execPath, args, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_OPTIONS: plant, ...(this.#defect && { RUNNEL_PLANTED_DEFECT: this.#defect }) },
      }),
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-20_000);
    });
    return child;
  }

  async startBroker(): Promise<void> {
    const child = this.#spawn([
      join(ROOT, 'tests/kit/crash/broker-process.ts'),
      this.#data,
      `${this.#port}`,
      this.#journal,
    ]);
    this.#broker = child;
    await new Promise<void>((ready, reject) => {
      child.stdout?.once('data', () => ready());
      child.once('exit', (code) => reject(new Error(`The broker ended with ${code}: ${this.stderr}`)));
    });
  }

  startWorker(): void {
    const files = ['worker.properties', 'source.properties', 'sink.properties'].map((name) => join(this.folder, name));
    this.#worker = this.#spawn([join(ROOT, 'scripts/runnel.mjs'), 'connect-standalone', ...files]);
    this.#worker.stdout?.resume();
  }

  async killBroker(): Promise<void> {
    await end(this.#broker, 'SIGKILL');
    losePower(this.#data, this.#journal);
  }

  killWorker(): Promise<void> {
    return end(this.#worker, 'SIGKILL');
  }

  /** No more lines; resolves when the last one is in the sink's file, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    clearInterval(this.#writer);
    const last = `${this.lines - 1} `;
    const deadline = performance.now() + limitMs;
    while (performance.now() < deadline) {
      const tail = read(this.output).trimEnd().split('\n').at(-1);
      if (tail?.startsWith(last)) return;
      await new Promise((wait) => setTimeout(wait, 50));
    }
  }

  /** Resolves when lines come out at the other end again: only then is there a load to be killed under. */
  async flows(): Promise<void> {
    const before = size(this.output);
    const deadline = performance.now() + 30_000;
    while (size(this.output) <= before) {
      if (performance.now() > deadline) throw new Error(`Nothing flows after a restart:\n${this.stderr}`);
      await new Promise((wait) => setTimeout(wait, 20));
    }
  }

  async inTopic(): Promise<number[]> {
    const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
    const reader = clients.partitionReader({ 'bootstrap.servers': `127.0.0.1:${this.#port}` });
    try {
      const partition = { topic: 'numbers', partition: 0 };
      await reader.assign([{ ...partition, start: 'earliest' }]);
      const end = (await reader.endOffsets([partition])).get('numbers-0') as bigint;
      const numbers: number[] = [];
      while ((reader.position(partition) ?? 0n) < end) {
        for (const { value } of (await reader.poll(1000)).records) {
          numbers.push(Number.parseInt(Buffer.from(value as Uint8Array).toString(), 10));
        }
      }
      return numbers;
    } finally {
      await reader.close();
    }
  }

  inFile(): number[] {
    return read(this.output)
      .split('\n')
      .slice(0, -1)
      .map((line) => Number.parseInt(line, 10));
  }

  async stop(): Promise<void> {
    clearInterval(this.#writer);
    await end(this.#worker, 'SIGTERM');
    await end(this.#broker, 'SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exited = new Promise<void>((ended) => child.once('exit', () => ended()));
  child.kill(signal);
  return exited;
}

let pipeline: Pipeline;
afterEach(() => pipeline.stop());

/** Kills broker, worker, or first one and then the other, at random moments under load. */
async function killedUnderLoad(
  kills: number,
  seed: number,
): Promise<{ topic: LinesVerdict; file: LinesVerdict; workerDeaths: number; brokerDeaths: number }> {
  const next = random(seed);
  const pause = (from: number, to: number) => new Promise((wait) => setTimeout(wait, from + next() * (to - from)));
  await pipeline.start();
  let [workerDeaths, brokerDeaths] = [0, 0];
  for (let kill = 0; workerDeaths + brokerDeaths < kills; kill++) {
    await pipeline.flows();
    await pause(100, 1200);
    const both = kill % 3 === 2;
    if (kill % 3 === 0 || both) {
      await pipeline.killBroker();
      brokerDeaths += 1;
    }
    // With the broker gone, what the source goes on reading is nowhere but in the worker.
    if (both) await pause(1100, 1500);
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
  pipeline = new Pipeline();
  const { topic, file, workerDeaths, brokerDeaths } = await killedUnderLoad(KILLS, seed);
  expect({ missing: topic.missing, skips: topic.skips }, pipeline.stderr).toEqual({ missing: [], skips: [] });
  // A replay is one contiguous run for each death of the worker; the broker's deaths bring none (idempotence).
  expect(topic.replays.length).toBeLessThanOrEqual(workerDeaths);
  // What flows in the interval of two commits, and what was under way; a busy machine commits late.
  expect(topic.longestReplay).toBeLessThanOrEqual((LINES_A_TICK * 3 * FLUSH_INTERVAL_MS) / TICK_MS + 4000);
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
      if (round > 0) await pipeline.stop();
      pipeline = new Pipeline(defect);
      const { topic, file } = await killedUnderLoad(8, seed + round);
      missing = topic.missing.length + topic.skips.length + file.missing.length;
    }
    expect(missing).toBeGreaterThan(0);
  },
);
