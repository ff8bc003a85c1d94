import { randomBytes } from 'node:crypto';
import type { Time } from '../../common/time.ts';
import type { FileSystem } from '../../main/broker/log/file-system.ts';
import type { LogDamage } from '../../main/broker/log/log-environment.ts';
import { Sandbox, type SharedListener } from '../../main/broker/sandbox.ts';
import { systemTime } from '../../main/time.ts';
import { RawClient } from './raw-client.ts';
import { recordingLogger } from './recording-logger.ts';
import { SimFileSystem } from './sim-file-system.ts';

export interface TestSandboxOptions {
  overrides?: Readonly<Record<string, string>>;
  time?: Time;
  /** Absent: a new disk in memory. */
  disk?: FileSystem;
  dataDir?: string;
  topics?: ReadonlyMap<string, number | undefined>;
  shared?: SharedListener;
}

/** A sandbox in this process, on a disk in memory and a free port. */
export class TestSandbox {
  readonly sandbox: Sandbox;
  readonly lines: string[];
  readonly damage: LogDamage[];
  readonly #clients: RawClient[] = [];

  private constructor(sandbox: Sandbox, lines: string[], damage: LogDamage[]) {
    this.sandbox = sandbox;
    this.lines = lines;
    this.damage = damage;
  }

  static async start(options: TestSandboxOptions = {}): Promise<TestSandbox> {
    const { logger, lines } = recordingLogger();
    const damage: LogDamage[] = [];
    const sandbox = await Sandbox.start({
      dataDir: options.dataDir ?? '/sandbox',
      port: 0,
      overrides: options.overrides,
      ...(options.topics && { topics: options.topics }),
      ...(options.shared && { shared: options.shared }),
      time: options.time ?? systemTime,
      logger,
      randomBytes,
      lock: () => ({ release: () => {} }),
      fileSystem: options.disk ?? new SimFileSystem(),
      onDamage: (each) => damage.push(each),
    });
    return new TestSandbox(sandbox, lines, damage);
  }

  async client(host?: string): Promise<RawClient> {
    const client = await RawClient.connect(this.sandbox.port, host);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.sandbox.close();
  }
}
