import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkFileStream, untilItAnswers } from './apache-connect.ts';
import { freePort, spawnJava } from './apache-kafka.ts';
import { keepLog, writeProperties } from './java-server.ts';

const CONNECT_DISTRIBUTED = 'org.apache.kafka.connect.cli.ConnectDistributed';

/** A worker of a Kafka Connect cluster, whose place is taken by a new process after each end. */
export class DistributedWorker {
  readonly port: number;
  readonly #folder: string;
  readonly #properties: string;
  #child: ChildProcess | undefined;
  #log = () => '';

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#properties = join(folder, 'worker.properties');
  }

  /** Its settings, with those that each worker of a cluster has in common; it is not started. */
  static async make(properties: Readonly<Record<string, string>>): Promise<DistributedWorker> {
    const folder = mkdtempSync(join(tmpdir(), 'connect-distributed-'));
    linkFileStream(join(folder, 'plugins'));
    const worker = new DistributedWorker(await freePort(), folder);
    writeProperties(worker.#properties, {
      listeners: `http://127.0.0.1:${worker.port}`,
      'plugin.path': join(folder, 'plugins'),
      ...properties,
    });
    return worker;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** As statuses name it. */
  get workerId(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What it said since its last start. */
  get log(): string {
    return this.#log();
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#child = spawnJava(CONNECT_DISTRIBUTED, [this.#properties]);
    this.#log = keepLog(this.#child);
    await untilItAnswers(this.#child, this.url);
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
