import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { tracked } from './run-command.ts';

/** What the process of a sandbox uses; the delay of its event loop is the largest since it was asked before. */
export interface SandboxUsage {
  readonly maxLoopDelayMs: number;
  readonly rssBytes: number;
  readonly cpuMicros: number;
  /** Descriptors of `.log` files. */
  readonly logFiles: number;
  readonly openFiles: number;
}

/** A sandbox in a process of its own, on the machine's disk, that tells what it uses. */
export class WatchedSandbox {
  readonly port: number;
  /** From the call of `Sandbox.start` to its end. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, startMs: number) {
    this.#child = child;
    this.port = port;
    this.startMs = startMs;
  }

  static async start(dataDir: string, overrides: Readonly<Record<string, string>> = {}): Promise<WatchedSandbox> {
    const args = Object.entries(overrides).map(([name, value]) => `${name}=${value}`);
    const child = tracked(fork(join(import.meta.dirname, 'watched-sandbox-process.ts'), [dataDir, ...args]));
    const [{ port, startMs }] = (await once(child, 'message')) as [{ port: number; startMs: number }];
    return new WatchedSandbox(child, port, startMs);
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`;
  }

  async usage(): Promise<SandboxUsage> {
    const answer = once(this.#child, 'message');
    this.#child.send('usage');
    return (await answer)[0] as SandboxUsage;
  }

  /** A clean stop. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.send('close');
    await ended;
  }
}
