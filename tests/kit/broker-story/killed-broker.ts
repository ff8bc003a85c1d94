import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Api, RequestInput, ResponseOf } from '../../../main/protocol/schema/api.ts';
import type { Requests } from '../in-process-broker.ts';
import { RawClient } from '../raw-client.ts';
import { tracked } from '../run-command.ts';
import type { StoryBroker } from './story-clients.ts';

const PROGRAM = fileURLToPath(new URL('../sandbox-process.ts', import.meta.url));

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A sandbox in a process of its own that is killed and started again on the same folder and port. */
export class KilledBroker implements StoryBroker {
  /** The end of what it wrote to standard error in all its lives. */
  stderr = '';
  readonly #args: readonly string[];
  readonly #port: number;
  readonly #connections: Connection[] = [];
  readonly #first: Connection;
  #process: ChildProcess | undefined;

  /** `overrides` as `name=value`. */
  constructor(dataDir: string, port: number, overrides: readonly string[]) {
    this.#args = [PROGRAM, dataDir, String(port), ...overrides];
    this.#port = port;
    this.#first = this.another();
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const child = this.spawn();
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The broker ended with ${code} before it was ready: ${this.stderr}`);
    });
    await Promise.race([once(child.stdout!, 'data'), ended]);
    ended.catch(() => {});
  }

  /** Does not wait until it is ready. */
  spawn(): ChildProcess {
    const child = tracked(spawn(process.execPath, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-10_000);
    });
    this.#process = child;
    return child;
  }

  /** Resolves when it is gone; clients connect anew afterwards. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (signal === 'SIGTERM') for (const connection of this.#connections) connection.lost();
    child.kill(signal);
    await exited;
    for (const connection of this.#connections) connection.lost();
  }

  another(): Connection {
    const connection = new Connection(this.#port);
    this.#connections.push(connection);
    return connection;
  }

  request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
    return this.#first.request(api, version, body);
  }

  now(): number {
    return Date.now();
  }

  /** Stories are in no hurry; tests are. */
  pass(ms: number): Promise<void> {
    return pause(Math.min(ms, 20));
  }
}

/** Made when it is needed, and anew after it was lost; its requests follow each other. */
class Connection implements Requests {
  readonly #port: number;
  #client: Promise<RawClient> | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  lost(): void {
    void this.#client?.then(
      (client) => client.close(),
      () => {},
    );
    this.#client = undefined;
  }

  async request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
    this.#client ??= RawClient.connect(this.#port);
    return (await this.#client).request(api, version, body);
  }
}
