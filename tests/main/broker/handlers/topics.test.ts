import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  alterConfigs,
  createPartitions,
  createTopics,
  deleteTopics,
  describeCluster,
  describeConfigs,
  describeLogDirs,
  describeTopicPartitions,
  Errors,
  findCoordinator,
  incrementalAlterConfigs,
  initProducerId,
  metadata,
} from '../../../../main/protocol/messages/index.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

let running: TestSandbox;
let client: RawClient;

async function start(overrides: Record<string, string> = {}): Promise<void> {
  running = await TestSandbox.start({ overrides });
  client = await running.client();
}
beforeEach(() => start());
afterEach(() => running.close());

interface NewTopic {
  name?: string;
  numPartitions?: number;
  replicationFactor?: number;
  configs?: Record<string, string>;
  assignments?: { partitionIndex: number; brokerIds: number[] }[];
}

const createAll = async (topics: readonly NewTopic[], validateOnly = false) =>
  (
    await client.request(createTopics, 7, {
      topics: topics.map((topic) => ({
        name: topic.name ?? 'tweets',
        numPartitions: topic.numPartitions ?? 1,
        replicationFactor: topic.replicationFactor ?? 1,
        assignments: topic.assignments ?? [],
        configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
      })),
      validateOnly,
    })
  ).topics;
const create = async (topic: NewTopic = {}, validateOnly = false) => (await createAll([topic], validateOnly))[0]!;

const describeAll = async (version = 12) =>
  (
    await client.request(metadata, version, {
      topics: null,
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    })
  ).topics;

describe('CreateTopics', () => {
  test('answers with id, counts and settings', async () => {
    const made = await create({ numPartitions: 3, configs: { 'retention.ms': '1000' } });
    expect(made).toMatchObject({ errorCode: 0, numPartitions: 3, replicationFactor: 1 });
    expect(made.topicId).toMatch(/^[\w-]{22}$/);
    expect(made.configs!.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '1000', configSource: 1 });
    expect(made.configs!.find(({ name }) => name === 'cleanup.policy')).toMatchObject({
      value: 'delete',
      configSource: 5,
    });
    expect((await describeAll())[0]).toMatchObject({ name: 'tweets', topicId: made.topicId });
  });

  test('-1 and -1 are the broker’s defaults', async () => {
    await running.close();
    await start({ 'num.partitions': '4' });
    expect(await create({ numPartitions: -1, replicationFactor: -1 })).toMatchObject({
      errorCode: 0,
      numPartitions: 4,
      replicationFactor: 1,
    });
  });

  test('only checks when that is all that is asked', async () => {
    expect((await create({}, true)).errorCode).toBe(0);
    expect(await describeAll()).toEqual([]);
  });

  test.each([
    ['more replicas than brokers', { replicationFactor: 2 }, Errors.INVALID_REPLICATION_FACTOR],
    ['no replicas', { replicationFactor: 0 }, Errors.INVALID_REPLICATION_FACTOR],
    ['no partitions', { numPartitions: 0 }, Errors.INVALID_PARTITIONS],
    ['too many partitions', { numPartitions: 2_000_000_000 }, Errors.INVALID_PARTITIONS],
    ['a setting that nobody has', { configs: { 'no.such': 'x' } }, Errors.INVALID_CONFIG],
    ['a setting with a bad value', { configs: { 'retention.ms': 'soon' } }, Errors.INVALID_CONFIG],
    ['a setting out of range', { configs: { 'segment.bytes': '1' } }, Errors.INVALID_CONFIG],
    ['a setting named like a part of every object', { configs: { constructor: 'x' } }, Errors.INVALID_CONFIG],
    ['a name that is a path', { name: '../x' }, Errors.INVALID_TOPIC_EXCEPTION],
    [
      'a partition on another broker',
      { numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [7] }] },
      Errors.INVALID_REPLICA_ASSIGNMENT,
    ],
    ['partitions and assignments', { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }, Errors.INVALID_REQUEST],
  ])('refuses %s', async (_, topic, code) => {
    const answer = await create(topic);
    expect(answer.errorCode).toBe(code);
    expect(answer.errorMessage).toBeTruthy();
    expect(await describeAll()).toEqual([]);
  });

  test('each topic has its own answer; the same name twice is refused', async () => {
    const answers = await createAll([{ name: 'a' }, { name: 'b', replicationFactor: 3 }, { name: 'c' }, { name: 'c' }]);
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([
      0,
      Errors.INVALID_REPLICATION_FACTOR,
      Errors.INVALID_REQUEST,
    ]);
    expect((await create({ name: 'a' })).errorCode).toBe(Errors.TOPIC_ALREADY_EXISTS);
  });

  test('__proto__ is a topic like any other', async () => {
    expect((await create({ name: '__proto__' })).errorCode).toBe(0);
    expect((await describeAll()).map(({ name }) => name)).toEqual(['__proto__']);
  });
});

describe('Metadata', () => {
  test('makes a topic only when broker and client both allow it', async () => {
    const ask = async (allowAutoTopicCreation: boolean) =>
      (
        await client.request(metadata, 12, {
          topics: [{ name: 'new' }],
          allowAutoTopicCreation,
          includeTopicAuthorizedOperations: false,
        })
      ).topics[0]!.errorCode;
    expect(await ask(false)).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    expect(await ask(true)).toBe(0);
    await running.close();
    await start({ 'auto.create.topics.enable': 'false' });
    expect(await ask(true)).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('a name that can’t be is told from one that is not there', async () => {
    const { topics } = await client.request(metadata, 12, {
      topics: [{ name: 'a/b' }, { topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', name: null }],
      allowAutoTopicCreation: true,
      includeTopicAuthorizedOperations: false,
    });
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([Errors.INVALID_TOPIC_EXCEPTION, Errors.UNKNOWN_TOPIC_ID]);
  });

  test.each([0, 1, 4, 6, 9, 10, 12, 13])('version %i lists every topic', async (version) => {
    await createAll([{ name: 'a', numPartitions: 2 }, { name: 'b' }]);
    const { topics } = await client.request(metadata, version, {
      topics: version === 0 ? [] : null,
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    });
    expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(topics[0]!.partitions[0]).toMatchObject({ leaderId: 1, replicaNodes: [1], isrNodes: [1] });
  });

  test('the offsets topic is compacted also when a client named it first', async () => {
    await client.request(metadata, 6, { topics: [{ name: '__consumer_offsets' }], allowAutoTopicCreation: true });
    const { results } = await client.request(describeConfigs, 4, {
      resources: [{ resourceType: 2, resourceName: '__consumer_offsets', configurationKeys: ['cleanup.policy'] }],
    });
    expect(results[0]!.configs[0]!.value).toBe('compact');
  });
});

describe('DeleteTopics and CreatePartitions', () => {
  test('by name, by id, and of what is not there', async () => {
    const [a, b] = await createAll([{ name: 'a' }, { name: 'b' }]);
    const { responses } = await client.request(deleteTopics, 6, {
      topics: [
        { name: 'a', topicId: ZERO_UUID },
        { name: null, topicId: b!.topicId },
        { name: 'c', topicId: ZERO_UUID },
        { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
      ],
      timeoutMs: 1000,
    });
    expect(responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', Errors.UNKNOWN_TOPIC_OR_PARTITION],
      [null, Errors.UNKNOWN_TOPIC_ID],
    ]);
    expect(responses[0]!.topicId).toBe(a!.topicId);
    expect(await describeAll()).toEqual([]);
  });

  test('partitions only grow', async () => {
    await create();
    const widen = async (count: number, name = 'tweets') =>
      (
        await client.request(createPartitions, 3, {
          topics: [{ name, count, assignments: null }],
          timeoutMs: 1000,
          validateOnly: false,
        })
      ).results[0]!.errorCode;
    expect(await widen(3)).toBe(0);
    expect(await widen(3)).toBe(Errors.INVALID_PARTITIONS);
    expect(await widen(1)).toBe(Errors.INVALID_PARTITIONS);
    expect(await widen(3, 'none')).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    expect((await describeAll())[0]!.partitions).toHaveLength(3);
    // Of two clients that ask for the same at once one is told that it is so already.
    const other = await running.client();
    const both = await Promise.all(
      [client, other].map((each) =>
        each.request(createPartitions, 3, {
          topics: [{ name: 'tweets', count: 5, assignments: null }],
          timeoutMs: 1000,
          validateOnly: false,
        }),
      ),
    );
    expect(both.map(({ results }) => results[0]!.errorCode).sort()).toEqual([0, Errors.INVALID_PARTITIONS]);
  });
});

describe('settings', () => {
  const settings = async (names: string[] | null, over: { resourceType?: number; resourceName?: string } = {}) =>
    (
      await client.request(describeConfigs, 4, {
        resources: [
          {
            resourceType: over.resourceType ?? 2,
            resourceName: over.resourceName ?? 'tweets',
            configurationKeys: names,
          },
        ],
        includeSynonyms: true,
        includeDocumentation: true,
      })
    ).results[0]!;

  test('are described in the order in which they were asked for, with synonyms, type and words', async () => {
    await running.close();
    await start({ 'log.retention.ms': '7200000' });
    await create({ configs: { 'max.message.bytes': '5000' } });
    const { configs } = await settings(['max.message.bytes', 'retention.ms', 'cleanup.policy', 'no.such']);
    expect(configs.map(({ name, value, configSource }) => [name, value, configSource])).toEqual([
      ['max.message.bytes', '5000', 1],
      ['retention.ms', '7200000', 4],
      ['cleanup.policy', 'delete', 5],
    ]);
    expect(configs[0]!.synonyms.map(({ name, source }) => [name, source])).toEqual([
      ['max.message.bytes', 1],
      ['message.max.bytes', 5],
    ]);
    expect(configs[0]).toMatchObject({ configType: 3, readOnly: false, isSensitive: false });
    expect(configs.every(({ documentation }) => documentation)).toBe(true);
  });

  test('of the broker are there to be read', async () => {
    const { configs, errorCode } = await settings(null, { resourceType: 4, resourceName: '1' });
    expect(errorCode).toBe(0);
    expect(configs.find(({ name }) => name === 'num.partitions')).toMatchObject({ value: '1', readOnly: true });
    expect((await settings(null, { resourceType: 4, resourceName: '2' })).errorCode).toBe(Errors.INVALID_REQUEST);
    expect((await settings(null, { resourceName: 'none' })).errorCode).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('are set, removed, appended and subtracted one by one', async () => {
    await create({ configs: { 'retention.ms': '1000' } });
    const change = async (name: string, configOperation: number, value: string | null) =>
      (
        await client.request(incrementalAlterConfigs, 1, {
          resources: [{ resourceType: 2, resourceName: 'tweets', configs: [{ name, configOperation, value }] }],
          validateOnly: false,
        })
      ).responses[0]!.errorCode;
    const value = async (name: string) => (await settings([name])).configs[0]!.value;
    expect(await change('retention.ms', 0, '2000')).toBe(0);
    expect(await value('retention.ms')).toBe('2000');
    expect(await change('retention.ms', 1, null)).toBe(0);
    expect(await value('retention.ms')).toBe('604800000');
    expect(await change('cleanup.policy', 2, 'compact')).toBe(0);
    expect(await value('cleanup.policy')).toBe('delete,compact');
    expect(await change('cleanup.policy', 3, 'delete')).toBe(0);
    expect(await value('cleanup.policy')).toBe('compact');
    expect(await change('retention.ms', 2, '5')).toBe(Errors.INVALID_CONFIG);
    expect(await change('retention.ms', 0, null)).toBe(Errors.INVALID_REQUEST);
    expect(await change('no.such', 0, '1')).toBe(Errors.INVALID_CONFIG);
  });

  test('that two clients change at once are both kept', async () => {
    await create();
    const clients = [client, await running.client()];
    const names = ['retention.ms', 'segment.ms'];
    const answers = await Promise.all(
      clients.map((each, i) =>
        each.request(incrementalAlterConfigs, 1, {
          resources: [
            {
              resourceType: 2,
              resourceName: 'tweets',
              configs: [{ name: names[i]!, configOperation: 0, value: `${1_000_000 + i}` }],
            },
          ],
          validateOnly: false,
        }),
      ),
    );
    expect(answers.map(({ responses }) => responses[0]!.errorCode)).toEqual([0, 0]);
    expect((await settings(names)).configs.map(({ value }) => value)).toEqual(['1000000', '1000001']);
  });

  test('AlterConfigs replaces them all', async () => {
    await create({ configs: { 'retention.ms': '1000', 'segment.bytes': '2000000' } });
    await client.request(alterConfigs, 2, {
      resources: [{ resourceType: 2, resourceName: 'tweets', configs: [{ name: 'retention.ms', value: '7' }] }],
      validateOnly: false,
    });
    const { configs } = await settings(['retention.ms', 'segment.bytes']);
    expect(configs.map(({ value, configSource }) => [value, configSource])).toEqual([
      ['7', 1],
      ['1073741824', 5],
    ]);
  });
});

describe('the broker', () => {
  test('describes its cluster, its partitions and its folder', async () => {
    await create({ numPartitions: 3 });
    const cluster = await client.request(describeCluster, 2, { includeClusterAuthorizedOperations: false });
    expect(cluster).toMatchObject({ clusterId: running.sandbox.clusterId, controllerId: 1 });
    expect(cluster.brokers).toMatchObject([{ brokerId: 1, host: '127.0.0.1', port: running.sandbox.port }]);
    const first = await client.request(describeTopicPartitions, 0, {
      topics: [{ name: 'tweets' }, { name: 'none' }],
      responsePartitionLimit: 2,
      cursor: null,
    });
    expect(first.nextCursor).toMatchObject({ topicName: 'tweets', partitionIndex: 2 });
    const next = await client.request(describeTopicPartitions, 0, {
      topics: [{ name: 'tweets' }, { name: 'none' }],
      responsePartitionLimit: 2,
      cursor: first.nextCursor,
    });
    expect(
      next.topics.map(({ name, partitions }) => [name, partitions.map(({ partitionIndex }) => partitionIndex)]),
    ).toEqual([['tweets', [2]]]);
    const { results } = await client.request(describeLogDirs, 4, { topics: null });
    expect(results[0]).toMatchObject({ errorCode: 0, logDir: '/sandbox' });
    expect(results[0]!.topics.find(({ name }) => name === 'tweets')!.partitions).toHaveLength(3);
  });

  test('gives every producer an id of its own, whatever it brings', async () => {
    const next = (producerId: bigint) =>
      client.request(initProducerId, 4, {
        transactionalId: null,
        transactionTimeoutMs: 1000,
        producerId,
        producerEpoch: producerId < 0n ? -1 : 0,
      });
    const [a, b] = [await next(-1n), await next(1n)];
    expect(a.producerId).toBeGreaterThan(0n);
    expect(b.producerId).toBeGreaterThan(a.producerId);
    expect([a.producerEpoch, b.producerEpoch]).toEqual([0, 0]);
  });

  test('coordinates groups and transactions, and says that it has no share groups', async () => {
    const find = async (keyType: number) =>
      (await client.request(findCoordinator, 6, { keyType, coordinatorKeys: ['a', 'b'] })).coordinators;
    for (const keyType of [0, 1]) {
      expect(await find(keyType)).toMatchObject([
        { key: 'a', nodeId: 1, host: '127.0.0.1', errorCode: 0 },
        { key: 'b', nodeId: 1 },
      ]);
    }
    expect((await find(2))[0]).toMatchObject({ nodeId: -1, errorCode: Errors.INVALID_REQUEST });
  });
});
