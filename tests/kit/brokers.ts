import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox } from '../../main/broker/sandbox.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { startApacheKafka } from './apache-kafka.ts';
import { needs } from './needs.ts';

export interface RunningBroker {
  bootstrapServers: string;
  port: number;
  stop(): Promise<void>;
}

export interface Broker {
  name: string;
  /** What a test of it lacks on this machine; undefined when nothing. */
  missing(): string | undefined;
  start(properties?: Readonly<Record<string, string>>): Promise<RunningBroker>;
}

/** Every broker that the clients' suite runs against. */
export const BROKERS: readonly Broker[] = [
  { name: 'the sandbox', missing: () => undefined, start: startSandbox },
  { name: 'Apache Kafka', missing: () => needs('kafka'), start: (properties) => startApacheKafka(properties) },
];

async function startSandbox(overrides: Readonly<Record<string, string>> = {}): Promise<RunningBroker> {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-sandbox-'));
  const sandbox = await Sandbox.start({
    dataDir,
    port: 0,
    overrides,
    time: systemTime,
    logger: silentLogger,
    randomBytes,
    lock: () => ({ release: () => undefined }),
  });
  return {
    bootstrapServers: `localhost:${sandbox.port}`,
    port: sandbox.port,
    async stop() {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
