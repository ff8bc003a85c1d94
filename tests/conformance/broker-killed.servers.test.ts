import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTopics, fetch } from '../../main/protocol/messages/index.ts';
import { recordBatches } from '../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../main/protocol/records/records.ts';
import { freePort } from '../kit/apache-kafka.ts';
import { IdempotentProducer } from '../kit/idempotent-producer.ts';
import { RawClient } from '../kit/raw-client.ts';
import { tracked } from '../kit/run-command.ts';

const CYCLES = { quick: 4, ci: 8, night: 500 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 4;
const PARTITIONS = 3;
const SEGMENT_BYTES = 1024 * 1024;

let dataDir: string;
let port: number;
let broker: ChildProcess;
let stderr = '';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
  port = await freePort();
});
afterEach(() => {
  broker.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function spawnBroker(): { ready: Promise<void>; exited: Promise<void> } {
  broker = tracked(
    spawn(process.execPath, [join(import.meta.dirname, '../kit/sandbox-process.ts'), dataDir, String(port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  broker.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-10_000);
  });
  const exited = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    broker.stdout?.once('data', () => resolve());
    void exited.then(() => reject(new Error(`The broker ended before it was ready: ${stderr}`)));
  });
  return { ready, exited };
}

async function readAll(partition: number): Promise<string[]> {
  const client = await RawClient.connect(port);
  const values: string[] = [];
  let offset = 0n;
  for (;;) {
    const { responses } = await client.request(fetch, 11, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 1,
      isolationLevel: 0,
      topics: [{ topic: 'killed', partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] }],
    });
    const { errorCode, records } = responses[0]!.partitions[0]!;
    expect(errorCode).toBe(0);
    if (!records || records.length === 0) break;
    for (const batch of recordBatches(records)) {
      expect(batch.isValid).toBe(true);
      expect(batch.baseOffset).toBe(offset);
      for (const { value } of decodeRecords(batch)) values.push(String(value));
      offset = batch.nextOffset;
    }
  }
  client.close();
  return values;
}

test(`killed ${CYCLES} times under five idempotent producers: nothing acknowledged is lost, nothing is twice, order is kept`, {
  timeout: 60_000 + CYCLES * 8000,
}, async () => {
  const producers = [
    new IdempotentProducer('a', 0),
    new IdempotentProducer('b', 1, { compression: 'gzip' }),
    new IdempotentProducer('c', 2, { acks: 1 }),
    new IdempotentProducer('d', 0, { compression: 'lz4' }),
    new IdempotentProducer('e', 1, { acks: 1, compression: 'zstd' }),
  ];
  for (let cycle = 0; cycle <= CYCLES; cycle++) {
    let started = spawnBroker();
    // Every third time it is killed again while it recovers.
    for (let again = 0; cycle % 3 === 2 && again < 2; again++) {
      await new Promise((resolve) => setTimeout(resolve, 100 * (again + 1)));
      started.ready.catch(() => {});
      broker.kill('SIGKILL');
      await started.exited;
      started = spawnBroker();
    }
    await started.ready;
    if (cycle === 0) {
      const client = await RawClient.connect(port);
      await client.request(createTopics, 7, {
        topics: [
          {
            name: 'killed',
            numPartitions: PARTITIONS,
            replicationFactor: 1,
            assignments: [],
            configs: [{ name: 'segment.bytes', value: String(SEGMENT_BYTES) }],
          },
        ],
      });
      client.close();
    }
    const running = producers.map((producer) => producer.run(port));
    if (cycle === CYCLES) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await Promise.all(producers.map((producer) => producer.drain()));
      await Promise.all(running);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 150 + ((cycle * 97) % 400)));
    broker.kill('SIGKILL');
    await started.exited;
    for (const producer of producers) producer.lost();
    await Promise.all(running);
  }
  const values = (await Promise.all([0, 1, 2].map(readAll))).flat();
  expect(new Set(values).size).toBe(values.length);
  for (const [i, producer] of producers.entries()) {
    const own = values.filter((value) => value.startsWith('abcde'[i] as string));
    const all = Array.from({ length: own.length / 2 }, (_, n) => [`${'abcde'[i]}:${n}`, `${'abcde'[i]}:${n}'`]).flat();
    expect(own).toEqual(all);
    expect(producer.acknowledged.length * 2).toBe(own.length);
  }
  // There was something to lose, however slow the machine is.
  expect(values.length).toBeGreaterThan(CYCLES * 10);
  expect(stderr).not.toMatch(/ERROR/);
});
