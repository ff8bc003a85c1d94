import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startApacheKafka } from '../apache-kafka.ts';
import { SpawnedSandbox } from '../spawned-sandbox.ts';

/** A broker in a process of its own that is ended and started again on the same port and data. */
export interface RestartedBroker {
  server: string;
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  stop(): Promise<void>;
}

/** Members of KIP-848 are told what to give up at a heartbeat: five seconds by default. */
const HEARTBEATS = { 'group.consumer.heartbeat.interval.ms': '500' };

export async function restartedSandbox(): Promise<RestartedBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'real-clients-'));
  const sandbox = new SpawnedSandbox(folder, await freePort(), HEARTBEATS);
  await sandbox.start();
  return {
    server: sandbox.server,
    async restart(signal) {
      await sandbox.end(signal);
      await sandbox.start();
    },
    async stop() {
      await sandbox.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function restartedApacheKafka(): Promise<RestartedBroker> {
  const kafka = await startApacheKafka({ ...HEARTBEATS, 'group.consumer.min.heartbeat.interval.ms': '500' });
  return {
    server: kafka.bootstrapServers,
    restart: async (signal) => void (await kafka.restart(signal)),
    stop: () => kafka.stop(),
  };
}
