import { expect, test } from 'vitest';
import { BROKER_PROPERTIES } from '../../../../main/broker/config/broker-properties.ts';
import {
  deleteTopics,
  describeProducers,
  describeTopicPartitions,
  describeTransactions,
  initProducerId,
  metadata,
} from '../../../../main/protocol/messages/index.ts';
import { RecordBatch, recordBatches } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import { beat, commit, join, joinWhole, offsetsOf } from '../../../kit/broker-behaviour/group-requests.ts';
import { PlayedBroker } from '../../../kit/broker-behaviour/played-broker.ts';
import { batch, keyed, offsetAt, read, write } from '../../../kit/broker-behaviour/requests.ts';
import { TransactionalProducer } from '../../../kit/broker-behaviour/transactional-producer.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const EARLIEST = -2n;

/** A sandbox that runs, its clock and its disk. */
interface Stage {
  readonly broker: PlayedBroker;
  readonly time: MockTime;
  readonly disk: SimFileSystem;
  /** ms */
  now(): bigint;
}

interface Effect {
  /** Given besides, with the property and without it. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly play: (stage: Stage) => Promise<unknown>;
  readonly value: string;
  readonly seen: unknown;
  /** What is seen while the property has its default. */
  readonly byDefault: unknown;
}

const big = 'x'.repeat(700_000);
const OFTEN = { 'log.retention.check.interval.ms': '1000' };

/** The first offset that is left of an old record and a new one. */
const ageing = async ({ broker, time, now }: Stage) => {
  await broker.topic('t');
  await write(broker, 't', batch(['old'], { timestamp: now() - BigInt(2 * HOUR) }));
  await time.advance(3 * SECOND);
  return (await offsetAt(broker, 't', EARLIEST)).offset;
};

/** The first offset that is left of three segments. */
const growing = async ({ broker, time, now }: Stage) => {
  await broker.topic('t');
  for (let i = 0; i < 3; i++) await write(broker, 't', batch([big], { timestamp: now() }));
  await time.advance(3 * SECOND);
  return (await offsetAt(broker, 't', EARLIEST)).offset;
};

const ask = (client: RawClient) =>
  client.request(metadata, 12, { topics: [], allowAutoTopicCreation: false }).then(
    () => 'served',
    () => 'sent away',
  );

/** What three connections get, one after another; who is not served while the first one is, twenty times, waits. */
const answersOfThree = async (broker: PlayedBroker) => {
  const first = await broker.client();
  const answers = [await ask(first)];
  for (let i = 0; i < 2; i++) {
    const answer = ask(await broker.client());
    const many = async () => {
      for (let turn = 0; turn < 20; turn++) await ask(first);
      return 'waits';
    };
    answers.push(await Promise.race([answer, many()]));
  }
  return answers;
};

const segments = (disk: SimFileSystem) => disk.list('/sandbox/t-0').filter((name) => name.endsWith('.log')).length;

/** Values of a key that was written twice, after the cleaner had its chance. */
const cleaning = async ({ broker, time, now }: Stage) => {
  await broker.topic('t');
  for (const value of ['first', 'second', 'third']) {
    await write(broker, 't', keyed([['k', value]], { timestamp: now() }));
    await time.advance(2 * SECOND);
  }
  await time.advance(20 * SECOND);
  return values(broker);
};
const CLEANED = { 'log.cleanup.policy': 'compact', 'log.roll.ms': '1000', 'log.cleaner.min.cleanable.ratio': '0.01' };

/** What one answer holds, from the first offset or from that of `fetchOffset`. */
async function fetched(broker: PlayedBroker, fetchOffset?: bigint) {
  const from = fetchOffset ?? (await offsetAt(broker, 't', EARLIEST)).offset;
  const { records } = await read(broker, 't', { fetchOffset: from });
  return [...recordBatches(records!)].flatMap((each) => decodeRecords(each));
}

/** All that is kept; an answer ends with a segment. */
async function values(broker: PlayedBroker): Promise<string[]> {
  const all: string[] = [];
  for (let records = await fetched(broker); records.length > 0; ) {
    all.push(...records.map(({ value }) => (value === null ? 'tombstone' : Buffer.from(value).toString())));
    records = await fetched(broker, records.at(-1)!.offset + 1n);
  }
  return all;
}

const errorOfWrite =
  (records: (now: bigint) => Buffer) =>
  async ({ broker, now }: Stage) => {
    await broker.topic('t');
    return (await write(broker, 't', records(now()))).errorCode;
  };

const partitionsOf =
  (name: string, prepare: (broker: PlayedBroker) => Promise<unknown>) =>
  async ({ broker }: Stage) => {
    await prepare(broker);
    return (await broker.describe(name)).partitions.length;
  };

const autoCreated = async ({ broker }: Stage) => {
  const { topics } = await broker.ask(metadata, 12, {
    topics: [{ name: 'new' }],
    allowAutoTopicCreation: true,
    includeTopicAuthorizedOperations: false,
  });
  const { errorCode, partitions } = topics[0]!;
  return { errorCode, partitions: partitions.length };
};

const joined =
  (sessionTimeoutMs: number) =>
  async ({ broker }: Stage) =>
    (await joinWhole(broker, 'g', { sessionTimeoutMs })).errorCode;

const initialized =
  (transactionTimeoutMs: number) =>
  async ({ broker }: Stage) =>
    (await broker.ask(initProducerId, 4, { transactionalId: 'x', transactionTimeoutMs })).errorCode;

/** What a moment of waiting makes of a transaction. */
const transaction =
  (timeoutMs: number, waitMs: number) =>
  async ({ broker, time }: Stage) => {
    await broker.topic('t');
    const producer = new TransactionalProducer(broker, 'x');
    await producer.init({ timeoutMs });
    await producer.add('t', [0]);
    await producer.write('t', 0);
    await time.advance(waitMs);
    const { transactionStates } = await broker.ask(describeTransactions, 0, { transactionalIds: ['x'] });
    return transactionStates[0]!.transactionState;
  };

const EFFECTS: Readonly<Record<string, Effect>> = {
  'auto.create.topics.enable': {
    value: 'false',
    play: autoCreated,
    seen: { errorCode: 3, partitions: 0 },
    byDefault: { errorCode: 0, partitions: 1 },
  },
  'compression.type': {
    value: 'gzip',
    async play({ broker }) {
      await broker.topic('t');
      await write(broker, 't', batch(['a'.repeat(500)]));
      return new RecordBatch((await read(broker, 't')).records!).compression;
    },
    seen: 'gzip',
    byDefault: 'none',
  },
  'delete.topic.enable': {
    value: 'false',
    async play({ broker }) {
      await broker.topic('t');
      const topics = [{ name: 't', topicId: ZERO_UUID }];
      return (await broker.ask(deleteTopics, 6, { topics, timeoutMs: 1000 })).responses[0]!.errorCode;
    },
    seen: 73,
    byDefault: 0,
  },
  'fetch.max.bytes': {
    value: '1024',
    async play({ broker }) {
      await broker.topic('t');
      for (let i = 0; i < 4; i++) await write(broker, 't', batch(['a'.repeat(400)]));
      return (await fetched(broker)).length;
    },
    seen: 2,
    byDefault: 4,
  },
  'group.consumer.heartbeat.interval.ms': {
    value: '1234',
    async play({ broker }) {
      return (await beat(broker, 'g', 'm', 0, { subscribedTopicNames: ['t'] })).heartbeatIntervalMs;
    },
    seen: 1234,
    byDefault: 5000,
  },
  'group.consumer.session.timeout.ms': {
    value: '6000',
    async play({ broker, time }) {
      const { memberEpoch } = await beat(broker, 'g', 'm', 0, { subscribedTopicNames: ['t'] });
      await time.advance(10 * SECOND);
      return (await beat(broker, 'g', 'm', memberEpoch)).errorCode;
    },
    seen: 25,
    byDefault: 0,
  },
  'group.initial.rebalance.delay.ms': {
    value: '3000',
    async play({ broker, time }) {
      let isAnswered = false;
      const answer = join(broker, 'g', { version: 3 }).then(() => {
        isAnswered = true;
      });
      const other = await broker.client();
      for (let i = 0; i < 3; i++) await other.request(metadata, 12, { topics: [], allowAutoTopicCreation: false });
      const wasAnswered = isAnswered;
      await time.advance(10 * SECOND);
      await answer;
      return wasAnswered;
    },
    seen: false,
    byDefault: true,
  },
  'group.max.session.timeout.ms': { value: '8000', play: joined(10_000), seen: 26, byDefault: 0 },
  'group.min.session.timeout.ms': { value: '20000', play: joined(10_000), seen: 26, byDefault: 0 },
  'log.cleaner.delete.retention.ms': {
    value: '1000',
    beside: CLEANED,
    async play({ broker, time, now }) {
      await broker.topic('t');
      for (const [key, value] of [
        ['k', 'first'],
        ['k', null],
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
        ['b', '4'],
      ] as const) {
        await write(broker, 't', keyed([[key, value]], { timestamp: now() }));
        await time.advance(10 * SECOND);
      }
      return (await values(broker)).includes('tombstone');
    },
    seen: false,
    byDefault: true,
  },
  'log.cleaner.enable': {
    value: 'false',
    beside: CLEANED,
    play: cleaning,
    seen: ['first', 'second', 'third'],
    byDefault: ['second', 'third'],
  },
  'log.cleaner.min.compaction.lag.ms': {
    value: `${HOUR}`,
    beside: CLEANED,
    play: cleaning,
    seen: ['first', 'second', 'third'],
    byDefault: ['second', 'third'],
  },
  'log.cleanup.policy': {
    value: 'compact',
    beside: { 'log.roll.ms': '1000', 'log.cleaner.min.cleanable.ratio': '0.01' },
    play: cleaning,
    seen: ['second', 'third'],
    byDefault: ['first', 'second', 'third'],
  },
  'log.flush.interval.messages': { value: '100', play: syncing, seen: false, byDefault: true },
  'log.flush.interval.ms': {
    value: '1000',
    beside: { 'log.flush.interval.messages': '100' },
    play: syncing,
    seen: true,
    byDefault: false,
  },
  'log.flush.scheduler.interval.ms': {
    value: '1000',
    beside: { 'log.flush.interval.messages': '100' },
    play: syncing,
    seen: true,
    byDefault: false,
  },
  'log.message.timestamp.after.max.ms': {
    value: '1000',
    play: errorOfWrite((now) => batch(['a'], { timestamp: now + BigInt(MINUTE) })),
    seen: 32,
    byDefault: 0,
  },
  'log.message.timestamp.before.max.ms': {
    value: '1000',
    play: errorOfWrite((now) => batch(['a'], { timestamp: now - BigInt(MINUTE) })),
    seen: 32,
    byDefault: 0,
  },
  'log.message.timestamp.type': {
    value: 'LogAppendTime',
    async play({ broker, now }) {
      await broker.topic('t');
      return (await write(broker, 't', batch(['a']))).logAppendTimeMs === now();
    },
    seen: true,
    byDefault: false,
  },
  'log.retention.bytes': {
    value: '1000000',
    beside: { ...OFTEN, 'log.segment.bytes': '1048576' },
    play: growing,
    seen: 1n,
    byDefault: 0n,
  },
  'log.retention.hours': { value: '1', beside: OFTEN, play: ageing, seen: 1n, byDefault: 0n },
  'log.retention.minutes': { value: '60', beside: OFTEN, play: ageing, seen: 1n, byDefault: 0n },
  'log.retention.ms': { value: `${HOUR}`, beside: OFTEN, play: ageing, seen: 1n, byDefault: 0n },
  'log.retention.check.interval.ms': {
    value: '1000',
    beside: { 'log.retention.ms': `${HOUR}` },
    play: ageing,
    seen: 1n,
    byDefault: 0n,
  },
  'log.roll.hours': {
    value: '1',
    async play({ broker, disk, now }) {
      await broker.topic('t');
      for (const hours of [3, 0]) await write(broker, 't', batch(['a'], { timestamp: now() - BigInt(hours * HOUR) }));
      return segments(disk);
    },
    seen: 2,
    byDefault: 1,
  },
  'log.roll.ms': {
    value: '1000',
    async play({ broker, disk, now }) {
      await broker.topic('t');
      for (const seconds of [3, 0])
        await write(broker, 't', batch(['a'], { timestamp: now() - BigInt(seconds * SECOND) }));
      return segments(disk);
    },
    seen: 2,
    byDefault: 1,
  },
  'log.segment.bytes': {
    value: '1048576',
    async play({ broker, disk, now }) {
      await broker.topic('t');
      for (let i = 0; i < 2; i++) await write(broker, 't', batch([big], { timestamp: now() }));
      return segments(disk);
    },
    seen: 2,
    byDefault: 1,
  },
  'max.connections': {
    value: '2',
    play: ({ broker }) => answersOfThree(broker),
    seen: ['served', 'served', 'waits'],
    byDefault: ['served', 'served', 'served'],
  },
  'max.connections.per.ip': {
    value: '2',
    play: ({ broker }) => answersOfThree(broker),
    seen: ['served', 'served', 'sent away'],
    byDefault: ['served', 'served', 'served'],
  },
  'max.connections.per.ip.overrides': {
    value: 'localhost:2',
    play: ({ broker }) => answersOfThree(broker),
    seen: ['served', 'served', 'sent away'],
    byDefault: ['served', 'served', 'served'],
  },
  'connections.max.idle.ms': {
    value: '1000',
    async play({ broker, time }) {
      const silent = await broker.client();
      await ask(silent);
      await time.advance(1001);
      return ask(silent);
    },
    seen: 'sent away',
    byDefault: 'served',
  },
  'max.request.partition.size.limit': {
    value: '2',
    async play({ broker }) {
      await broker.topic('t', 5);
      const answer = await broker.ask(describeTopicPartitions, 0, {
        topics: [{ name: 't' }],
        responsePartitionLimit: 100,
        cursor: null,
      });
      return [answer.topics[0]!.partitions.length, answer.nextCursor?.partitionIndex];
    },
    seen: [2, 2],
    byDefault: [5, undefined],
  },
  'message.max.bytes': {
    value: '2000',
    play: errorOfWrite((now) => batch(['a'.repeat(3000)], { timestamp: now })),
    seen: 10,
    byDefault: 0,
  },
  'num.partitions': {
    value: '3',
    play: autoCreated,
    seen: { errorCode: 0, partitions: 3 },
    byDefault: { errorCode: 0, partitions: 1 },
  },
  'offset.metadata.max.bytes': {
    value: '3',
    async play({ broker }) {
      await broker.topic('t');
      return commit(broker, 'g', { name: 't' }, { metadata: 'four' });
    },
    seen: [12],
    byDefault: [0],
  },
  'offsets.retention.minutes': {
    value: '1',
    beside: { 'offsets.retention.check.interval.ms': '1000' },
    play: forgottenOffset,
    seen: -1n,
    byDefault: 5n,
  },
  'offsets.retention.check.interval.ms': {
    value: '1000',
    beside: { 'offsets.retention.minutes': '1' },
    play: forgottenOffset,
    seen: -1n,
    byDefault: 5n,
  },
  'offsets.topic.num.partitions': {
    value: '4',
    play: partitionsOf('__consumer_offsets', async (broker) => {
      await broker.topic('t');
      await commit(broker, 'g', { name: 't' });
    }),
    seen: 4,
    byDefault: 1,
  },
  'producer.id.expiration.ms': {
    value: '1000',
    beside: OFTEN,
    async play({ broker, time, now }) {
      await broker.topic('t');
      const { producerId, producerEpoch } = await broker.ask(initProducerId, 4, {
        transactionalId: null,
        transactionTimeoutMs: 60_000,
      });
      await write(broker, 't', batch(['a'], { timestamp: now(), producerId, producerEpoch, baseSequence: 0 }));
      await time.advance(5 * SECOND);
      const { topics } = await broker.ask(describeProducers, 0, { topics: [{ name: 't', partitionIndexes: [0] }] });
      return topics[0]!.partitions[0]!.activeProducers.length;
    },
    seen: 0,
    byDefault: 1,
  },
  'runnel.log.retention.total.bytes': {
    value: '1000000',
    beside: { ...OFTEN, 'log.segment.bytes': '1048576' },
    async play(stage) {
      return (await growing(stage)) > 0n;
    },
    seen: true,
    byDefault: false,
  },
  'socket.request.max.bytes': {
    value: '2000',
    async play({ broker }) {
      await broker.topic('t');
      return write(broker, 't', batch(['a'.repeat(3000)])).then(
        ({ errorCode }) => errorCode,
        () => 'the connection is closed',
      );
    },
    seen: 'the connection is closed',
    byDefault: 0,
  },
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': {
    value: '1000',
    play: transaction(SECOND, 5 * SECOND),
    seen: 'CompleteAbort',
    byDefault: 'Ongoing',
  },
  'transaction.max.timeout.ms': { value: '30000', play: initialized(60_000), seen: 50, byDefault: 0 },
  'transaction.state.log.num.partitions': {
    value: '3',
    play: partitionsOf('__transaction_state', (broker) =>
      broker.ask(initProducerId, 4, { transactionalId: 'x', transactionTimeoutMs: 60_000 }),
    ),
    seen: 3,
    byDefault: 1,
  },
  'transactional.id.expiration.ms': {
    value: `${MINUTE}`,
    async play({ broker, time }) {
      await broker.ask(initProducerId, 4, { transactionalId: 'x', transactionTimeoutMs: 60_000 });
      await time.advance(3 * MINUTE);
      const { transactionStates } = await broker.ask(describeTransactions, 0, { transactionalIds: ['x'] });
      return transactionStates[0]!.errorCode;
    },
    seen: 105,
    byDefault: 0,
  },
};

/** Whether the disk was asked to keep what was written, in the two seconds after it. */
async function syncing({ broker, time, disk }: Stage): Promise<boolean> {
  await broker.topic('t');
  // The offsets that a log may use are reserved with its first record, on the disk.
  await write(broker, 't', batch(['a']));
  await time.advance(20 * SECOND);
  const before = disk.syncs;
  await write(broker, 't', batch(['b']));
  await time.advance(2 * SECOND);
  return disk.syncs > before;
}

async function forgottenOffset({ broker, time }: Stage): Promise<bigint> {
  await broker.topic('t');
  await commit(broker, 'g', { name: 't' });
  await time.advance(2 * MINUTE);
  const { topics } = await offsetsOf(broker, 'g', { topic: 't' });
  return topics[0]!.partitions[0]!.committedOffset;
}

/** With the property and without: a property that does nothing would show the same. */
async function played({ play, beside = {} }: Effect, overrides: Record<string, string>): Promise<unknown> {
  const time = new MockTime(Date.now());
  const disk = new SimFileSystem();
  const running = await TestSandbox.start({ time, disk, overrides: { ...beside, ...overrides } });
  const { port } = running.sandbox;
  const broker = new PlayedBroker(
    { name: 'the sandbox', host: '127.0.0.1', port, saslPort: 0, stop: () => running.close() },
    '1',
  );
  try {
    return await play({ broker, time, disk, now: () => BigInt(time.milliseconds()) });
  } finally {
    broker.close();
    await running.close();
  }
}

test.each(Object.entries(EFFECTS))('%s does what it says', async (name, effect) => {
  expect(await played(effect, {})).toEqual(effect.byDefault);
  expect(await played(effect, { [name]: effect.value })).toEqual(effect.seen);
});

test.each(['gzip', 'zstd'])('compression.%s.level: a higher one makes less of the same', async (type) => {
  const text = Array.from({ length: 2000 }, (_, i) => `${(i * 7919) % 1013} of ${i % 17}`).join(' ');
  const size: Effect = {
    beside: { 'compression.type': type },
    async play({ broker }) {
      await broker.topic('t');
      await write(broker, 't', batch([text]));
      return (await read(broker, 't')).records!.length;
    },
    value: '',
    seen: 0,
    byDefault: 0,
  };
  const [low, high] = [
    await played(size, { [`compression.${type}.level`]: '1' }),
    await played(size, { [`compression.${type}.level`]: '9' }),
  ];
  expect(high).toBeLessThan(low as number);
});

/** What other tests see the effect of, or what nobody can see from outside, with where or why. */
const SEEN_ELSEWHERE: Readonly<Record<string, string>> = {
  'advertised.listeners': 'listeners.test.ts, sandbox.test.ts',
  'compression.gzip.level': 'below',
  'compression.lz4.level': 'lz4 has one level here',
  'compression.zstd.level': 'below',
  'controller.listener.names': 'listeners.test.ts',
  'default.replication.factor': 'there is one broker',
  'group.consumer.max.size': 'the behaviour suite',
  'group.consumer.migration.policy': 'the behaviour suite',
  'group.max.size': 'the behaviour suite',
  'listener.security.protocol.map': 'listeners.test.ts',
  listeners: 'listeners.test.ts',
  'log.cleaner.max.compaction.lag.ms': 'log-cleaner.test.ts',
  'log.cleaner.min.cleanable.ratio': 'log-cleaner.test.ts',
  'log.index.interval.bytes': 'partition-log.test.ts',
  'log.index.size.max.bytes': 'indexes grow as they need',
  'log.local.retention.bytes': 'there is no remote storage',
  'log.local.retention.ms': 'there is no remote storage',
  'log.preallocate': 'segments grow as they are written',
  'log.roll.jitter.hours': 'one broker has no crowd to spread',
  'log.roll.jitter.ms': 'one broker has no crowd to spread',
  'log.segment.delete.delay.ms': 'segments are removed at once',
  'min.insync.replicas': 'there is one replica, in Kafka it is enough then',
  'node.id': 'broker-storage.test.ts',
  'runnel.memory.max.bytes': 'sandbox.test.ts',
  'unclean.leader.election.enable': 'there is one replica',
};

test('of every property that is served it is known where its effect is seen', () => {
  expect([...Object.keys(EFFECTS), ...Object.keys(SEEN_ELSEWHERE)].sort()).toEqual(
    Object.keys(BROKER_PROPERTIES).sort(),
  );
});
