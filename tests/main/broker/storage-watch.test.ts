import { afterEach, beforeEach, expect, test } from 'vitest';
import { StorageWatch } from '../../../main/broker/storage-watch.ts';
import { createTopics, Errors, fetch, produce } from '../../../main/protocol/messages/index.ts';
import { batchOf } from '../../kit/log-environment.ts';
import { MockTime } from '../../kit/mock-time.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { diskError, type Operation, SimFileSystem } from '../../kit/sim-file-system.ts';
import { TestSandbox } from '../../kit/test-sandbox.ts';

const LOG = '/sandbox/t-0/00000000000000000000.log';
let disk: SimFileSystem;
let time: MockTime;
let running: TestSandbox;
let client: RawClient;

async function start(): Promise<void> {
  running = await TestSandbox.start({ disk, time });
  client = await running.client();
}

beforeEach(async () => {
  disk = new SimFileSystem();
  time = new MockTime(Date.now());
  await start();
  const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  await client.request(createTopics, 7, { topics });
});
afterEach(async () => {
  disk.fault = () => undefined;
  await running.close();
});

const alarms = () => running.alarms.at(-1);
const failing = (code: 'EIO' | 'ENOSPC', path: string) => (operation: Operation, at: string) =>
  ['write', 'sync'].includes(operation) && at.startsWith(path) ? { error: diskError(code) } : undefined;

/** Error code. */
async function write(value: string): Promise<number> {
  const { responses } = await client.request(produce, 11, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: batchOf([value]) }] }],
  });
  return responses[0]!.partitionResponses[0]!.errorCode;
}

async function read(): Promise<void> {
  const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }];
  await client.request(fetch, 11, { replicaId: -1, maxWaitMs: 0, minBytes: 1, topics: [{ topic: 't', partitions }] });
}

async function passTime(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) await time.advance(1000);
}

test('a partition that is offline is told with its reason, and again when it is back', async () => {
  expect(await write('a')).toBe(0);
  expect(running.alarms).toEqual([]);
  disk.fault = failing('EIO', LOG);
  expect(await write('b')).toBe(Errors.KAFKA_STORAGE_ERROR);
  await passTime(1);
  expect(alarms()).toMatchObject({
    isDiskFull: false,
    offline: [{ topic: 't', partition: 0, reason: expect.stringMatching(/t-0: EIO/) }],
  });
  disk.fault = () => undefined;
  await passTime(120);
  expect(alarms()).toMatchObject({ offline: [] });
  expect(await write('c')).toBe(0);
});

test('a full disk is told, and when there is space again', async () => {
  disk.fault = failing('ENOSPC', '/sandbox');
  expect(await write('a')).toBe(Errors.KAFKA_STORAGE_ERROR);
  await passTime(2);
  expect(alarms()).toMatchObject({ isDiskFull: true, offline: [] });
  disk.fault = () => undefined;
  await passTime(3);
  expect(alarms()).toMatchObject({ isDiskFull: false });
});

test('damaged records are told with their offsets, once, and are gone with the data', async () => {
  for (const value of ['a', 'b', 'c']) expect(await write(value)).toBe(0);
  await running.close();
  const file = disk.open(LOG, 'write');
  const size = file.size() / 3;
  file.write([Buffer.from([0xff])], size + size - 1);
  file.close();
  await start();
  await read();
  await read();
  expect(running.alarms).toHaveLength(1);
  expect(alarms()).toMatchObject({
    damagedCount: 1,
    damaged: [{ topic: 't', partition: 0, firstOffset: 1n, nextOffset: 2n, file: LOG, bytes: size }],
  });
  await running.sandbox.reset();
  expect(alarms()).toMatchObject({ damagedCount: 0, damaged: [] });
});

test('a hundred ranges are kept, all are counted', () => {
  const told: number[][] = [];
  const watch = new StorageWatch({
    time,
    onAlarms: ({ damaged, damagedCount }) => told.push([damaged.length, damagedCount]),
  });
  const range = { topic: 't', partition: 0, file: LOG, bytes: 1, reason: 'x' };
  for (let i = 0n; i < 150n; i++) watch.damaged({ ...range, firstOffset: i, nextOffset: i + 1n });
  expect(told.at(-1)).toEqual([100, 150]);
});
