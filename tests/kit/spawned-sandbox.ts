import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { keepLog } from './java-server.ts';
import { tracked } from './run-command.ts';

const PROGRAM = join(import.meta.dirname, 'sandbox-process.ts');

/** A sandbox in a process of its own on one port, which is killed, stopped and started as a test wants. */
export class SpawnedSandbox {
  readonly dataDir: string;
  readonly port: number;
  readonly #overrides: readonly string[];
  #child: ChildProcess | undefined;
  #log = () => '';

  /** Broker properties by name. */
  constructor(dataDir: string, port: number, overrides: Readonly<Record<string, string>> = {}) {
    this.dataDir = dataDir;
    this.port = port;
    this.#overrides = Object.entries(overrides).map(([name, value]) => `${name}=${value}`);
  }

  get server(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What it said since its last start. */
  get log(): string {
    return this.#log();
  }

  /** Resolves when clients can connect. */
  start(): Promise<void> {
    const child = tracked(
      spawn(process.execPath, [PROGRAM, this.dataDir, String(this.port), ...this.#overrides], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    this.#child = child;
    this.#log = keepLog(child);
    return new Promise((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', () => reject(new Error(`The sandbox ended before it was ready: ${this.log}`)));
    });
  }

  /** SIGKILL, or another signal that ends it; resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGCONT');
    child.kill(signal);
    await exited;
  }

  /** It sleeps until `wake`. */
  sleep(): void {
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#child?.kill('SIGCONT');
  }
}
