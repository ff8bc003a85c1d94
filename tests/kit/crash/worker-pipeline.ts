import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../apache-kafka.ts';
import { readTopic } from '../killed-worker.ts';
import { tracked } from '../run-command.ts';
import type { DefectName } from './planted-defects.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const TICK_MS = 20;

export interface PipelineOptions {
  bootstrapServers: string;
  /** Of the topic and the connectors: several pipelines may share a broker. */
  name: string;
  defect?: DefectName | undefined;
  linesATick?: number;
  /** What stands in a line; absent: its number and some text. */
  line?: (number: number) => string;
  /** Over those of the pipeline; undefined takes one away. */
  worker?: Readonly<Record<string, string | undefined>>;
  source?: Readonly<Record<string, string | undefined>>;
  sink?: Readonly<Record<string, string | undefined>>;
}

/** Starts a program of ours with a defect planted in it, if there is one. */
export function spawnWithDefect(args: readonly string[], defect: DefectName | undefined): ChildProcess {
  const plant = `--import=${join(ROOT, 'tests/kit/crash/plant.ts')}`;
  return tracked(
    spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: plant, ...(defect && { RUNNEL_PLANTED_DEFECT: defect }) },
    }),
  );
}

/** Ends a process and waits for it; at once when it is gone already. */
export function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exited = new Promise<void>((ended) => child.once('exit', () => ended()));
  child.kill(signal);
  return exited;
}

/** Numbered lines → source → topic → sink → lines, with the worker as a process of its own that can be killed. */
export class WorkerPipeline {
  readonly folder = mkdtempSync(join(tmpdir(), 'runnel-crash-'));
  readonly input = join(this.folder, 'in.txt');
  readonly output = join(this.folder, 'out.txt');
  readonly sourceName: string;
  readonly sinkName: string;
  readonly #options: PipelineOptions;
  #restPort = 0;
  #worker: ChildProcess | undefined;
  #writer: ReturnType<typeof setInterval> | undefined;
  /** That were written so far. */
  lines = 0;
  stderr = '';

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.sourceName = `${options.name}-in`;
    this.sinkName = `${options.name}-out`;
  }

  get worker(): ChildProcess {
    if (this.#worker === undefined) throw new Error('The worker was not started');
    return this.#worker;
  }

  get sourceConfig(): Record<string, string> {
    return defined({
      name: this.sourceName,
      'connector.class': 'FileStreamSource',
      'tasks.max': '1',
      file: this.input,
      topic: this.#options.name,
      ...this.#options.source,
    });
  }

  get sinkConfig(): Record<string, string> {
    return defined({
      name: this.sinkName,
      'connector.class': 'FileStreamSink',
      'tasks.max': '1',
      file: this.output,
      topics: this.#options.name,
      // A dead member of the group is noticed soon: the sink of the next life does not wait for it.
      'consumer.override.session.timeout.ms': '6000',
      'consumer.override.group.instance.id': 'sink',
      ...this.#options.sink,
    });
  }

  /** Writes the files, the worker's and those of its connectors, and begins to write lines. */
  async prepare(): Promise<void> {
    this.#restPort = await freePort();
    writeFileSync(this.input, '');
    this.#properties('worker', {
      'bootstrap.servers': this.#options.bootstrapServers,
      'key.converter': STRING,
      'value.converter': STRING,
      'offset.storage.file.filename': join(this.folder, 'offsets'),
      'offset.flush.interval.ms': '1000',
      listeners: `http://127.0.0.1:${this.#restPort}`,
      ...this.#options.worker,
    });
    this.#properties('source', this.sourceConfig);
    this.#properties('sink', this.sinkConfig);
    this.#writer = setInterval(() => this.#write(), TICK_MS);
  }

  /** `connectors` false: what the worker has stored runs, its files are not read again. */
  startWorker(connectors = true): void {
    const names = connectors ? ['worker', 'source', 'sink'] : ['worker'];
    const files = names.map((name) => join(this.folder, `${name}.properties`));
    const child = spawnWithDefect(
      [join(ROOT, 'scripts/runnel.mjs'), 'connect-standalone', ...files],
      this.#options.defect,
    );
    child.stdout?.resume();
    this.keepErrors(child);
    this.#worker = child;
  }

  keepErrors(child: ChildProcess): void {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-20_000);
    });
  }

  killWorker(): Promise<void> {
    return end(this.#worker, 'SIGKILL');
  }

  /** As Ctrl-C and `systemctl stop` do. */
  stopWorker(): Promise<void> {
    return end(this.#worker, 'SIGTERM');
  }

  /** Sends a request; answers of 409 (the worker is busy with another) are tried again. Rejects beyond 399. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.#restPort}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      if (answer.status === 409) {
        await pause(20);
        continue;
      }
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}\n${this.stderr}`);
      return text === '' ? null : JSON.parse(text);
    }
  }

  /** Until the connector and its tasks are in a state. */
  async untilState(connector: string, state: string, tasks = 1): Promise<void> {
    await this.until(`${connector} to be ${state}`, async () => {
      const status = (await this.call('GET', `/connectors/${connector}/status`)) as {
        connector: { state: string };
        tasks: { state: string; trace?: string }[];
      };
      const failed = status.tasks.find((task) => task.state === 'FAILED');
      if (failed !== undefined && state !== 'FAILED') throw new Error(`${connector} failed: ${failed.trace}`);
      return (
        status.connector.state === state &&
        status.tasks.length === tasks &&
        status.tasks.every((task) => task.state === state)
      );
    });
  }

  /** Until it is true; asked every 20 ms. What goes on too long is an error with the worker's last words. */
  async until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}:\n${this.stderr}`);
      await pause(20);
    }
  }

  /** Resolves when lines come out at the other end again: only then is there a load to be stopped under. */
  async flows(): Promise<void> {
    const before = size(this.output);
    await this.until('lines at the other end', () => size(this.output) > before);
  }

  stopWriting(): void {
    clearInterval(this.#writer);
  }

  /** No more lines; resolves when the last one is in the sink's file, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    this.stopWriting();
    const last = `${this.lines - 1} `;
    const deadline = performance.now() + limitMs;
    while (performance.now() < deadline) {
      if (read(this.output).trimEnd().split('\n').at(-1)?.startsWith(last)) return;
      await pause(50);
    }
  }

  /** Numbers in the order of the topic. */
  async inTopic(): Promise<number[]> {
    const values = await readTopic(this.#options.bootstrapServers, this.#options.name);
    return values.map((value) => Number.parseInt(value, 10));
  }

  /** Numbers of whole lines in the order of the sink's file. */
  inFile(): number[] {
    return read(this.output)
      .split('\n')
      .slice(0, -1)
      .map((line) => Number.parseInt(line, 10));
  }

  async remove(): Promise<void> {
    this.stopWriting();
    this.#worker?.kill('SIGCONT');
    await end(this.#worker, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(): void {
    const { linesATick = 20, line = (number) => `${number} ${'ü'.repeat(20)}` } = this.#options;
    let text = '';
    for (let i = 0; i < linesATick; i++) text += `${line(this.lines++)}\n`;
    appendFileSync(this.input, text);
  }

  #properties(name: string, settings: Readonly<Record<string, string | undefined>>): void {
    writeFileSync(
      join(this.folder, `${name}.properties`),
      Object.entries(defined(settings))
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
  }
}

function defined(settings: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const read = (path: string) => (size(path) === 0 ? '' : readFileSync(path, 'utf8'));
