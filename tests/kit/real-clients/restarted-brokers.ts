import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { partitionFor } from '../../../main/broker/coordinator/coordinator-topic.ts';
import { describeTransactions, Errors, offsetFetch } from '../../../main/protocol/messages/index.ts';
import { freePort, startApacheKafka } from '../apache-kafka.ts';
import { RawClient } from '../raw-client.ts';
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
    async restart(signal) {
      await kafka.restart(signal);
      await coordinatorsAreThere(kafka.port);
    },
    stop: () => kafka.stop(),
  };
}

/** What is answered until they are there. */
const AWAY: readonly number[] = [
  Errors.NOT_COORDINATOR,
  Errors.COORDINATOR_LOAD_IN_PROGRESS,
  Errors.COORDINATOR_NOT_AVAILABLE,
];

/** Partitions of the topics of its coordinators, as `startApacheKafka` has it. */
const COORDINATORS = 5;

/**
 * It answers a while before its coordinators have read what they keep, and kafkajs has no way to end a transaction that
 * was answered with NOT_COORDINATOR: users would wait too. No longer than half a minute: there may be no transactions.
 */
async function coordinatorsAreThere(port: number): Promise<void> {
  const ids = Array.from({ length: COORDINATORS }, (_, partition) => idIn(partition));
  const client = await RawClient.connect(port);
  for (const end = performance.now() + 30_000; performance.now() < end; await pause(50)) {
    const { transactionStates } = await client.request(describeTransactions, 0, { transactionalIds: ids });
    const { groups } = await client.request(offsetFetch, 8, {
      groups: ids.map((groupId) => ({ groupId, topics: null })),
      requireStable: false,
    });
    if ([...transactionStates, ...groups].every(({ errorCode }) => !AWAY.includes(errorCode))) break;
  }
  client.close();
}

function idIn(partition: number): string {
  for (let i = 0; ; i++) if (partitionFor(`id ${i}`, COORDINATORS) === partition) return `id ${i}`;
}
