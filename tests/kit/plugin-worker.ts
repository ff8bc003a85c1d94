import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnRunnel } from './runnel.ts';
import { TestSandbox } from './test-sandbox.ts';

const PATIENCE_MS = 60_000;

/** `runnel connect-standalone` with these settings on a sandbox of this process; spoken to by REST. */
export class PluginWorker {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #sandbox: TestSandbox;
  readonly #log: () => string;

  private constructor(url: string, child: ChildProcess, sandbox: TestSandbox, log: () => string) {
    this.url = url;
    this.#child = child;
    this.#sandbox = sandbox;
    this.#log = log;
  }

  static async start(folder: string, properties: Readonly<Record<string, string>>): Promise<PluginWorker> {
    const sandbox = await TestSandbox.start();
    const file = join(folder, 'worker.properties');
    const settings = {
      'bootstrap.servers': `127.0.0.1:${sandbox.sandbox.port}`,
      listeners: 'http://127.0.0.1:0',
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.storage.file.filename': join(folder, 'offsets'),
      'offset.flush.interval.ms': '50',
      ...properties,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(file, lines.join(''));
    const child = spawnRunnel(['connect-standalone', file]);
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    await until(
      () => /REST at http/.test(log) || child.exitCode !== null,
      () => log,
    );
    const url = /REST at (http:\S+)/.exec(log)?.[1];
    if (url === undefined) throw new Error(`The worker did not start:\n${log}`);
    return new PluginWorker(url, child, sandbox, () => log);
  }

  get log(): string {
    return this.#log();
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Creates or changes a connector; rejects with the worker's words when it is refused. */
  async put(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    const { status, body } = await this.ask('PUT', `/connectors/${name}/config`, config);
    if (status >= 300) throw new Error((body as { message: string }).message);
  }

  /** The trace of the connector or of its task, as soon as one has failed. */
  async failure(name: string): Promise<string> {
    let trace: string | undefined;
    await this.until(async () => {
      const { body } = await this.ask('GET', `/connectors/${name}/status`);
      const { connector, tasks } = body as { connector: { trace?: string }; tasks: { trace?: string }[] };
      trace = connector?.trace ?? tasks?.find((task) => task.trace !== undefined)?.trace;
      return trace !== undefined;
    });
    return trace as unknown as string;
  }

  until(condition: () => boolean | Promise<boolean>): Promise<void> {
    return until(condition, this.#log);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.on('close', resolve));
      this.#child.kill('SIGTERM');
      await ended;
    }
    await this.#sandbox.close();
  }
}

async function until(condition: () => boolean | Promise<boolean>, log: () => string): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`Never true: ${condition}\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
