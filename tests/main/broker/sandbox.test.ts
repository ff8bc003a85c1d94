import { afterEach, describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../../main/broker/log/memory-file-system.ts';
import type { OpenListener } from '../../../main/broker/sandbox.ts';
import {
  deleteTopics,
  describeCluster,
  describeTopicPartitions,
  Errors,
  fetch,
  findCoordinator,
  metadata,
  offsetCommit,
  offsetFetch,
  produce,
} from '../../../main/protocol/messages/index.ts';
import { recordBatches } from '../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../main/protocol/records/records.ts';
import { systemTime } from '../../../main/time.ts';
import { batchOf } from '../../kit/log-environment.ts';
import { RawClient } from '../../kit/raw-client.ts';
import { SimFileSystem } from '../../kit/sim-file-system.ts';
import { TestSandbox, type TestSandboxOptions } from '../../kit/test-sandbox.ts';

const started: TestSandbox[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
});
async function start(options: TestSandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await TestSandbox.start(options);
  started.push(sandbox);
  return sandbox;
}

/** Into partition 0, making the topic; the base offset, or what the broker refused it with. */
async function produced(client: RawClient, name: string, values: string[]): Promise<bigint> {
  await client.request(metadata, 6, { topics: [{ name }], allowAutoTopicCreation: true });
  const { responses } = await client.request(produce, 9, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name, partitionData: [{ index: 0, records: batchOf(values) }] }],
  });
  const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!;
  if (errorCode !== Errors.NONE) throw Object.assign(new Error(`error ${errorCode}`), { errorCode });
  return baseOffset;
}

async function readBack(client: RawClient, topic: string): Promise<string[]> {
  const { responses } = await client.request(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
  });
  const { records } = responses[0]!.partitions[0]!;
  return [...recordBatches(records ?? Buffer.alloc(0))].flatMap((batch) =>
    decodeRecords(batch).map(({ value }) => String(value)),
  );
}

describe('listeners', () => {
  const told = async ({ port }: OpenListener) => {
    const client = await RawClient.connect(port);
    const { brokers } = await client.request(metadata, 12, { topics: [] });
    const cluster = await client.request(describeCluster, 1, {
      includeClusterAuthorizedOperations: false,
      endpointType: 1,
    });
    const { coordinators } = await client.request(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
    client.close();
    return [...brokers, ...cluster.brokers, ...(coordinators ?? [])].map(
      ({ host, port: itsPort }) => `${host}:${itsPort}`,
    );
  };

  test('each tells its clients its own address, in every answer that has one', async () => {
    const { sandbox } = await start({
      overrides: {
        listeners: 'PLAINTEXT://:0,DOCKER://:0',
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,DOCKER:PLAINTEXT',
        'advertised.listeners': 'DOCKER://host.docker.internal:19094',
      },
      shared: { host: '127.0.0.1', port: 0, advertised: 'kafka.workshop' },
    });
    const [own, docker, shared] = sandbox.listeners as [OpenListener, OpenListener, OpenListener];
    expect(sandbox.listeners.map(({ name }) => name)).toEqual(['PLAINTEXT', 'DOCKER', 'SHARED']);
    expect(new Set(await told(own))).toEqual(new Set([`127.0.0.1:${own.port}`]));
    expect(new Set(await told(docker))).toEqual(new Set(['host.docker.internal:19094']));
    expect(new Set(await told(shared))).toEqual(new Set([`kafka.workshop:${shared.port}`]));
  });

  test('what is given and changes nothing is told once', async () => {
    const { lines } = await start({ overrides: { 'num.io.threads': '8', 'log.dirs': '/tmp/kafka-logs' } });
    const told = lines.filter((line) => line.includes('change nothing here'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('num.io.threads (one thread');
    expect(told[0]).toContain('log.dirs (everything is kept in the data folder');
  });
});

describe('topics at the start', () => {
  test('are made where they are missing and kept where they are there', async () => {
    const disk = new SimFileSystem();
    const first = await TestSandbox.start({ disk, topics: new Map([['a', 3]]) });
    const client = await first.client();
    await produced(client, 'a', ['kept']);
    await first.close();
    const second = await start({
      disk,
      overrides: { 'num.partitions': '2' },
      topics: new Map([
        ['a', undefined],
        ['b', undefined],
        ['c', 4],
      ]),
    });
    const { topics } = await (await second.client()).request(metadata, 12, { topics: null });
    expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 4],
    ]);
    expect(await readBack(await second.client(), 'a')).toEqual(['kept']);
  });

  test('with another number of partitions, or a name that can’t be, keep it from starting, and nothing is made', async () => {
    const disk = new SimFileSystem();
    await (await TestSandbox.start({ disk, topics: new Map([['a', 1]]) })).close();
    const differs = TestSandbox.start({
      disk,
      topics: new Map([
        ['new', 1],
        ['a', 2],
      ]),
    });
    await expect(differs).rejects.toMatchObject({
      code: 'TOPIC_DIFFERS',
      key: 'a',
      message: 'The topic a is there with 1 partition, not with 2',
    });
    await expect(TestSandbox.start({ disk, topics: new Map([['../x', 1]]) })).rejects.toThrow(
      "Topic name is invalid: '../x'",
    );
    const { topics } = await (await (await start({ disk })).client()).request(metadata, 12, { topics: null });
    expect(topics.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('a reset', () => {
  test.each<[string, () => TestSandboxOptions]>([
    ['in memory', () => ({ disk: new MemoryFileSystem(systemTime, 2 ** 28) })],
    ['on a disk', () => ({ disk: new SimFileSystem() })],
  ])('leaves nothing but port and cluster id, %s', async (_, options) => {
    const { sandbox } = await start(options());
    const { port, clusterId } = sandbox;
    const before = await RawClient.connect(port);
    await produced(before, 'a', ['x']);
    const { topics } = await before.request(metadata, 12, { topics: null });
    const commit = {
      groupId: 'g',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: 'a', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] }],
    };
    await before.request(offsetCommit, 8, commit);
    await Promise.all([sandbox.reset(), sandbox.reset()]);
    await before.closed;
    const after = await RawClient.connect(port);
    const seen = await after.request(metadata, 12, { topics: null });
    expect([seen.clusterId, seen.topics]).toEqual([clusterId, []]);
    const fetched = await after.request(offsetFetch, 8, {
      groups: [{ groupId: 'g', topics: null }],
      requireStable: false,
    });
    expect(fetched.groups[0]?.topics).toEqual([]);
    expect(await produced(after, 'a', ['y'])).toBe(0n);
    expect(await readBack(after, 'a')).toEqual(['y']);
    const again = await after.request(metadata, 12, { topics: null });
    expect(again.topics[0]?.topicId).not.toBe(topics[0]?.topicId);
    after.close();
  });
});

test('a sandbox in memory that is full refuses producers, says what to do, and goes on when there is room', async () => {
  const box = await start({
    disk: new MemoryFileSystem(systemTime, 32 * 1024 * 1024),
    overrides: { 'log.segment.bytes': '1048576', 'message.max.bytes': '2000000' },
    topics: new Map([
      ['a', 1],
      ['b', 1],
    ]),
  });
  const client = await box.client();
  const large = 'x'.repeat(900_000);
  let errorCode: number = Errors.NONE;
  for (let i = 0; i < 60 && errorCode === Errors.NONE; i++) {
    errorCode = await produced(client, 'a', [large]).then(
      () => Errors.NONE,
      (error: { errorCode: number }) => error.errorCode,
    );
  }
  expect(errorCode).toBe(Errors.KAFKA_STORAGE_ERROR);
  expect(box.lines.join('\n')).toContain('runnel.memory.max.bytes: delete topics or records');
  expect(await readBack(client, 'b')).toEqual([]);
  await client.request(deleteTopics, 4, { topicNames: ['a'], timeoutMs: 1000 });
  const accepted = () =>
    produced(client, 'b', ['y']).then(
      () => true,
      () => false,
    );
  await expect.poll(accepted, { timeout: 30_000 }).toBe(true);
});

test('DescribeTopicPartitions answers with as many partitions as it is told to', async () => {
  const box = await start({ overrides: { 'max.request.partition.size.limit': '2' }, topics: new Map([['a', 5]]) });
  const answer = await (await box.client()).request(describeTopicPartitions, 0, {
    topics: [{ name: 'a' }],
    responsePartitionLimit: 100,
    cursor: null,
  });
  expect(answer.topics[0]?.partitions).toHaveLength(2);
  expect(answer.nextCursor).toMatchObject({ topicName: 'a', partitionIndex: 2 });
});
