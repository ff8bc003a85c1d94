import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientConfig, FetchedRecords, PartitionReader } from '../../../main/kafka/api.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { Errors } from '../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../main/time.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';
import { ScriptedCluster, type ScriptedPartition } from '../../kit/scripted-cluster.ts';

let cluster: ScriptedCluster;
let readers: PartitionReader[];
let lines: string[];
beforeEach(() => {
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) await reader.close();
  await cluster.stop();
});

async function startCluster(partitions: number): Promise<ScriptedPartition[]> {
  cluster = await new ScriptedCluster(partitions).start();
  return cluster.partitions;
}

function readerOn(config: ClientConfig = {}): PartitionReader {
  const recording = recordingLogger();
  lines = recording.lines;
  const clients = kafkaClients({ time: systemTime, logger: recording.logger, random: () => 0.5 });
  const reader = clients.partitionReader({
    'bootstrap.servers': cluster.broker.bootstrapServers,
    'fetch.max.wait.ms': '50',
    'retry.backoff.ms': '5',
    ...config,
  });
  readers.push(reader);
  return reader;
}

const at = (partition: number, offset: bigint) => ({ topic: 't', partition, start: { offset } });
const values = ({ records }: FetchedRecords) => records.map(({ value }) => String(value));

async function pollUntil(reader: PartitionReader, count: number): Promise<string[]> {
  const got: string[] = [];
  while (got.length < count) got.push(...values(await reader.poll(5_000)));
  return got;
}

describe('a partition reader', () => {
  test('reads on from one batch to the next', async () => {
    const [partition] = await startCluster(1);
    partition?.append('a', 'b');
    partition?.append('c');
    const reader = readerOn();
    await reader.assign([at(0, 1n)]);
    expect(await pollUntil(reader, 2)).toEqual(['b', 'c']);
    expect(reader.position({ topic: 't', partition: 0 })).toBe(3n);
  });

  test('moves after the leader, and takes an answer as it comes', async () => {
    const [partition] = await startCluster(1);
    partition?.append('a');
    partition?.errors.push(Errors.NOT_LEADER_OR_FOLLOWER, Errors.KAFKA_STORAGE_ERROR, Errors.UNKNOWN_SERVER_ERROR);
    const reader = readerOn();
    await reader.assign([at(0, 0n)]);
    expect(await pollUntil(reader, 1)).toEqual(['a']);
  });

  test('rejects a poll with what can’t be helped by trying again', async () => {
    const [partition] = await startCluster(1);
    partition?.errors.push(Errors.TOPIC_AUTHORIZATION_FAILED);
    const reader = readerOn();
    await reader.assign([at(0, 0n)]);
    await expect(reader.poll(5_000)).rejects.toMatchObject({ name: 'TopicAuthorizationException', key: 't-0' });
  });

  test('a busy partition is not held up by idle ones of the same leader', async () => {
    const [busy] = await startCluster(3);
    for (let i = 0; i < 20; i++) busy?.append('a', 'b', 'c');
    const reader = readerOn({ 'fetch.max.wait.ms': '30000', 'max.poll.records': '1' });
    await reader.assign([at(0, 0n), at(1, 0n), at(2, 0n)]);
    const start = performance.now();
    for (let i = 0; i < 60; i++) {
      expect((await reader.poll(5_000)).records.length).toBe(1);
      // What is under way for this poll is answered before the next one.
      await reader.endOffsets([{ topic: 't', partition: 0 }]);
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('gives every partition its turn', async () => {
    const partitions = await startCluster(3);
    for (const partition of partitions) for (let i = 0; i < 20; i++) partition.append('x');
    const reader = readerOn({ 'max.poll.records': '1' });
    await reader.assign([at(0, 0n), at(1, 0n), at(2, 0n)]);
    const seen = [0, 0, 0];
    for (let i = 0; i < 30; i++)
      for (const { partition } of (await reader.poll(5_000)).records) (seen[partition] as number)++;
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(8);
  });

  test('keeps two fetched answers at most, however often it is polled', async () => {
    const [partition] = await startCluster(1);
    for (let i = 0; i < 20; i++) partition?.append(...Array<string>(50).fill('x'));
    const reader = readerOn({ 'max.poll.records': '1' });
    await reader.assign([at(0, 0n)]);
    for (let i = 0; i < 20; i++) {
      expect((await reader.poll(5_000)).records.length).toBe(1);
      await reader.endOffsets([{ topic: 't', partition: 0 }]);
    }
    expect(partition?.fetches).toBe(2);
  });

  test('gives out what is before a damaged batch, then says where it is', async () => {
    const [partition] = await startCluster(1);
    partition?.append('good');
    partition?.append('bad');
    const bad = partition?.batches[1]?.bytes as Buffer;
    bad[70] = (bad[70] as number) ^ 1;
    const reader = readerOn();
    await reader.assign([at(0, 0n)]);
    expect(await pollUntil(reader, 1)).toEqual(['good']);
    const failed = (async () => {
      for (;;) await reader.poll(1_000);
    })();
    await expect(failed).rejects.toMatchObject({
      name: 'CorruptRecordException',
      key: 't-0',
      message: expect.stringMatching(/at offset 1 is invalid/),
    });
    await reader.assign([at(0, 2n)]);
    partition?.append('next');
    expect(await pollUntil(reader, 1)).toEqual(['next']);
  });

  test('tells what retention took away as a gap, and counts it in the log', async () => {
    const [partition] = await startCluster(1);
    for (let i = 0; i < 5; i++) partition?.append(`${i}`);
    if (partition) partition.startOffset = 3n;
    const reader = readerOn({ 'auto.offset.reset': 'earliest' });
    await reader.assign([at(0, 1n)]);
    const first = await reader.poll(5_000);
    expect(first.gaps).toEqual([{ topic: 't', partition: 0, from: 1n, to: 3n }]);
    expect([...values(first), ...(await pollUntil(reader, 2 - first.records.length))]).toEqual(['3', '4']);
    expect(lines).toEqual([
      'WARN Offset 1 of t-0 is out of range: 2 offsets are passed over, reading goes on at 3 (auto.offset.reset=earliest)',
    ]);
  });

  test('reads a topic that was deleted and made again from its beginning, and says so', async () => {
    const [partition] = await startCluster(1);
    partition?.append('old 0', 'old 1');
    const reader = readerOn();
    await reader.assign([at(0, 0n)]);
    await pollUntil(reader, 2);
    cluster.topicId = 'AAAAAAAAAAAAAAAAAAAAAg';
    Object.assign(partition as ScriptedPartition, { endOffset: 0n });
    partition?.batches.splice(0);
    partition?.append('new 0', 'new 1', 'new 2');
    expect(await pollUntil(reader, 3)).toEqual(['new 0', 'new 1', 'new 2']);
    expect(lines).toEqual(['WARN Topic t was deleted and created again: t-0 is read from its beginning']);
  });

  test('throws away the answer to a fetch of before a new assignment', async () => {
    const [partition] = await startCluster(1);
    partition?.append('a');
    partition?.append('b');
    partition?.append('c');
    const reader = readerOn();
    let open = () => {};
    cluster.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await reader.assign([at(0, 2n)]);
    await reader.poll(0);
    while (partition?.fetches === 0) await reader.endOffsets([{ topic: 't', partition: 0 }]);
    await reader.assign([at(0, 0n)]);
    open();
    expect(await pollUntil(reader, 3)).toEqual(['a', 'b', 'c']);
  });

  test('wakes up at once, and is not to be polled twice at the same time', async () => {
    await startCluster(1);
    const reader = readerOn({ 'fetch.max.wait.ms': '30000' });
    await reader.assign([at(0, 0n)]);
    const polled = reader.poll(60_000);
    await expect(reader.poll(1)).rejects.toThrow(/calls at the same time/);
    reader.wakeup();
    expect(await polled).toEqual({ records: [], gaps: [] });
  });
});
