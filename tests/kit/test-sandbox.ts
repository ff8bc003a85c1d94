import { randomBytes } from 'node:crypto';
import type { StorageAlarms } from '../../common/kafka/storage-alarms.ts';
import type { Time } from '../../common/time.ts';
import type { FileSystem } from '../../main/broker/log/file-system.ts';
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
  /** How the disk is, at each change. */
  readonly alarms: StorageAlarms[];
  readonly #clients: RawClient[] = [];

  private constructor(sandbox: Sandbox, lines: string[], alarms: StorageAlarms[]) {
    this.sandbox = sandbox;
    this.lines = lines;
    this.alarms = alarms;
  }

  static async start(options: TestSandboxOptions = {}): Promise<TestSandbox> {
    const { logger, lines } = recordingLogger();
    const alarms: StorageAlarms[] = [];
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
      onAlarms: (each) => alarms.push(each),
    });
    return new TestSandbox(sandbox, lines, alarms);
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
