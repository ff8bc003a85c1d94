import { deepStrictEqual as equal, ok, rejects } from 'node:assert/strict';
import {
  CompressionTypes,
  type Consumer,
  Kafka,
  type KafkaMessage,
  logLevel,
  type Message,
  Partitioners,
} from 'kafkajs';
import type { ReadEvent } from '../client-process.ts';
import { eventually, lines, pause, prefix, servers, tryAll, until } from '../program.ts';

const kafka = new Kafka({
  brokers: [servers],
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 2000 },
});
const admin = kafka.admin({ retry: { retries: 5 } });
await admin.connect();
const plain = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await plain.connect();

async function newTopic(name: string, numPartitions = 1): Promise<string> {
  await admin.createTopics({ topics: [{ topic: prefix + name, numPartitions }], waitForLeaders: false });
  await eventually(() => admin.fetchTopicMetadata({ topics: [prefix + name] }));
  return prefix + name;
}

async function produce(topic: string, values: readonly string[], partition = 0): Promise<void> {
  await plain.send({ topic, messages: values.map((value) => ({ value, partition })) });
}

const text = ({ value }: KafkaMessage) => (value === null ? null : String(value));

interface Reading {
  consumer: Consumer;
  messages: KafkaMessage[];
  /** Its partitions of the topic; null while the group is being divided. */
  partitions: () => readonly number[] | null;
}

/** A member of a group that keeps what it reads. */
async function reading(topic: string, groupId: string, more: { readUncommitted?: boolean } = {}): Promise<Reading> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, heartbeatInterval: 200, ...more });
  const messages: KafkaMessage[] = [];
  let partitions: readonly number[] | null = null;
  consumer.on('consumer.group_join', ({ payload }) => {
    partitions = payload.memberAssignment[topic] ?? [];
  });
  consumer.on('consumer.rebalancing', () => {
    partitions = null;
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void messages.push(message) });
  return { consumer, messages, partitions: () => partitions };
}

/** From the beginning, by a group of its own. */
async function read(topic: string, count: number, more: { readUncommitted?: boolean } = {}): Promise<KafkaMessage[]> {
  const { consumer, messages } = await reading(topic, `${topic}-${Math.random()}`, more);
  await until(() => messages.length >= count, `${count} records are read`);
  await consumer.disconnect();
  return messages;
}

async function codec(compression: CompressionTypes): Promise<void> {
  const topic = await newTopic(`codec-${compression}`);
  const values = lines(300, 'a line that repeats itself');
  await plain.send({ topic, compression, messages: values.map((value) => ({ value })) });
  equal((await read(topic, 300)).map(text), values);
}

async function headers(): Promise<void> {
  const topic = await newTopic('headers');
  const given: Message = { key: 'k', value: 'v', timestamp: '1600000000123', headers: { a: ['1', ''], b: 'c' } };
  await plain.send({ topic, messages: [given, { key: 'k', value: null }, { value: '' }] });
  const messages = await read(topic, 3);
  equal(messages.map(text), ['v', null, '']);
  equal(
    messages.map(({ key }) => (key === null ? null : String(key))),
    ['k', 'k', null],
  );
  equal(messages[0]?.timestamp, '1600000000123');
  equal(messages[0]?.headers, { a: [Buffer.from('1'), Buffer.from('')], b: Buffer.from('c') });
}

async function large(): Promise<void> {
  const topic = await newTopic('large');
  const value = 'x'.repeat(1_000_000);
  await produce(topic, [value]);
  await rejects(produce(topic, [value + value]), { type: 'MESSAGE_TOO_LARGE' });
  await produce(topic, ['small']);
  equal((await read(topic, 2)).map(text), [value, 'small']);
}

async function seek(): Promise<void> {
  const topic = await newTopic('seek');
  const values = lines(50, 'line');
  await plain.send({
    topic,
    messages: values.map((value, i) => ({ value, timestamp: `${1_600_000_000_000 + i * 1000}` })),
  });
  const { consumer, messages } = await reading(topic, `${topic}-readers`);
  await until(() => messages.length === 50, 'all is read');
  const from = async (offset: string, count: number) => {
    messages.length = 0;
    consumer.seek({ topic, partition: 0, offset });
    await until(() => messages.length >= count, `${count} records from ${offset}`);
    return messages.map(text);
  };
  equal(await from('20', 30), values.slice(20));
  const [found] = await admin.fetchTopicOffsetsByTimestamp(topic, 1_600_000_030_500);
  equal(found, { partition: 0, offset: '31' });
  equal(await from('31', 19), values.slice(31));
  await consumer.disconnect();
}

async function group(): Promise<void> {
  const topic = await newTopic('shared', 4);
  const first = await reading(topic, `${prefix}sharers`);
  await until(() => first.partitions()?.length === 4, 'the first has all');
  const second = await reading(topic, `${prefix}sharers`);
  await until(() => first.partitions()?.length === 2 && second.partitions()?.length === 2, 'they share');
  for (const partition of [0, 1, 2, 3]) await produce(topic, lines(10, `${partition}`), partition);
  const seen = () => [...first.messages, ...second.messages].map(text);
  await until(() => seen().length === 40, 'both have read all');
  equal(new Set(seen()).size, 40);
  const commits = [0, 1, 2, 3].map((partition) => ({ topic, partition, offset: '10' }));
  for (const { consumer, partitions } of [first, second]) {
    await consumer.commitOffsets(commits.filter(({ partition }) => partitions()?.includes(partition)));
  }
  await second.consumer.disconnect();
  await until(() => first.partitions()?.length === 4, 'the first has all again');
  for (const partition of [0, 1, 2, 3]) await produce(topic, lines(10, `${partition}+`), partition);
  await until(() => seen().length >= 80, 'the first has read the rest');
  equal(new Set(seen()).size, 80);
  equal(seen().length, 80);
  await first.consumer.disconnect();
}

async function committed(): Promise<void> {
  const topic = await newTopic('committed');
  await produce(topic, lines(100, 'line'));
  const first = await reading(topic, `${prefix}committers`);
  await until(() => first.messages.length === 100, 'all is read');
  await first.consumer.commitOffsets([{ topic, partition: 0, offset: '25', metadata: 'so far' }]);
  await first.consumer.disconnect();
  const second = await reading(topic, `${prefix}committers`);
  await until(() => second.messages.length >= 75, 'the rest is read');
  equal(second.messages.map(text), lines(100, 'line').slice(25));
  await second.consumer.disconnect();
  const [offsets] = await admin.fetchOffsets({ groupId: `${prefix}committers`, topics: [topic] });
  equal(offsets?.partitions, [{ partition: 0, offset: '25', metadata: 'so far' }]);
}

async function topics(): Promise<void> {
  const topic = `${prefix}made`;
  equal(await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3 }] }), true);
  equal(await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3 }] }), false);
  await rejects(admin.createTopics({ topics: [{ topic: `${prefix}three`, replicationFactor: 3 }] }));
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  const partitions = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length;
  for (let tries = 0; (await partitions()) !== 5; tries++) ok(tries < 100);
  ok((await admin.listTopics()).includes(topic));
  equal((await admin.describeCluster()).brokers.length, 1);
  await admin.deleteTopics({ topics: [topic] });
  await rejects(admin.deleteTopics({ topics: [topic] }));
}

async function configs(): Promise<void> {
  const name = await newTopic('configs');
  const type = 2;
  const alter = (value: string) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type, name, configEntries: [{ name: 'retention.ms', value }] }],
    });
  await alter('60000');
  const asked = { type, name, configNames: ['retention.ms', 'segment.bytes'] };
  await eventually(async () => {
    const { resources } = await admin.describeConfigs({ includeSynonyms: true, resources: [asked] });
    const entries = resources[0]?.configEntries.map(({ configName, configValue, isDefault }) => [
      configName,
      configValue,
      isDefault,
    ]);
    equal(entries?.sort(), [
      ['retention.ms', '60000', false],
      ['segment.bytes', '1073741824', true],
    ]);
  });
  await rejects(alter('long'), { type: 'INVALID_CONFIG' });
}

async function offsets(): Promise<void> {
  const topic = await newTopic('offsets');
  await plain.send({
    topic,
    messages: [0, 1, 5, 3].map((i) => ({ value: 'v', timestamp: `${1_600_000_000_000 + i}` })),
  });
  equal(await admin.fetchTopicOffsets(topic), [{ partition: 0, offset: '4', high: '4', low: '0' }]);
  equal(await admin.fetchTopicOffsetsByTimestamp(topic, 1_600_000_000_002), [{ partition: 0, offset: '2' }]);
}

async function deleteRecords(): Promise<void> {
  const topic = await newTopic('deleted');
  await produce(topic, lines(10, 'line'));
  // It looks for the leader among the topics that it has met.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
  equal((await admin.fetchTopicOffsets(topic))[0]?.low, '4');
  equal((await read(topic, 6)).map(text), lines(10, 'line').slice(4));
}

async function groups(): Promise<void> {
  const topic = await newTopic('grouped');
  const groupId = `${prefix}grouped`;
  await produce(topic, lines(20, 'line'));
  const { consumer, messages } = await reading(topic, groupId);
  await until(() => messages.length === 20, 'all is read');
  const described = async () => (await admin.describeGroups([groupId])).groups[0];
  equal((await described())?.state, 'Stable');
  equal((await described())?.members.length, 1);
  await rejects(admin.deleteGroups([groupId]));
  await consumer.disconnect();
  equal((await described())?.state, 'Empty');
  ok((await admin.listGroups()).groups.some((each) => each.groupId === groupId));
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '7' }] });
  equal((await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset, '7');
  await admin.resetOffsets({ groupId, topic, earliest: true });
  equal((await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true }))[0]?.partitions[0]?.offset, '0');
  await admin.deleteGroups([groupId]);
  ok(!(await admin.listGroups()).groups.some((each) => each.groupId === groupId));
}

const idempotentProducer = async () => {
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return producer;
};

async function idempotent(): Promise<void> {
  const topic = await newTopic('idempotent');
  const producer = await idempotentProducer();
  const values = lines(1000, 'line');
  for (let i = 0; i < 1000; i += 10) {
    await producer.send({ topic, messages: values.slice(i, i + 10).map((value) => ({ value })) });
  }
  await producer.disconnect();
  equal((await read(topic, 1000)).map(text), values);
}

const transactional = async (name: string) => {
  const producer = kafka.producer({
    transactionalId: prefix + name,
    transactionTimeout: 600_000,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
};

async function transactions(): Promise<void> {
  const topic = await newTopic('transactions');
  const producer = await transactional('transactions');
  const wanted: string[] = [];
  for (let i = 0; i < 6; i++) {
    const transaction = await producer.transaction();
    const values = lines(5, `${i}`);
    await transaction.send({ topic, messages: values.map((value) => ({ value })) });
    if (i % 2 === 0) {
      await transaction.commit();
      wanted.push(...values);
    } else await transaction.abort();
  }
  const open = await producer.transaction();
  await open.send({ topic, messages: [{ value: 'open' }] });
  // What is still open is not shown, nor what comes behind it.
  await produce(topic, ['behind']);
  equal((await read(topic, 15)).map(text), wanted);
  await open.commit();
  await producer.disconnect();
  equal((await read(topic, 17)).map(text), [...wanted, 'open', 'behind']);
  equal((await read(topic, 32, { readUncommitted: true })).length, 32);
}

async function fencing(): Promise<void> {
  const topic = await newTopic('fencing');
  const first = await transactional('fencing');
  const old = await first.transaction();
  await old.send({ topic, messages: [{ value: 'of the first' }] });
  const second = await transactional('fencing');
  const transaction = await second.transaction();
  await rejects(old.send({ topic, messages: [{ value: 'of the first again' }] }), /epoch|fenc|newer producer/i);
  await transaction.send({ topic, messages: [{ value: 'of the second' }] });
  await transaction.commit();
  await second.disconnect();
  await first.disconnect();
  equal((await read(topic, 1)).map(text), ['of the second']);
}

async function transactionOffsets(): Promise<void> {
  const topic = await newTopic('consumed');
  const consumerGroupId = `${prefix}transactional`;
  const producer = await transactional('transactional');
  const move = async (offset: string, how: 'commit' | 'abort') => {
    const transaction = await producer.transaction();
    const topics = [{ topic, partitions: [{ partition: 0, offset }] }];
    // The end of the transaction before may still be on its way, and kafkajs leaves it to its users to try again.
    for (let tries = 0; ; tries++) {
      try {
        await transaction.sendOffsets({ consumerGroupId, topics });
        break;
      } catch (error) {
        if ((error as { type?: string }).type !== 'CONCURRENT_TRANSACTIONS' || tries === 100) throw error;
        await pause(20);
      }
    }
    await transaction[how]();
  };
  const moved = async (wanted: string) => {
    for (let tries = 0; tries < 100; tries++) {
      const [offsets] = await admin.fetchOffsets({ groupId: consumerGroupId, topics: [topic] });
      if (offsets?.partitions[0]?.offset === wanted) return;
      await pause(20);
    }
    throw new Error(`The offset ${wanted} is not committed`);
  };
  await move('12', 'commit');
  await moved('12');
  await move('15', 'abort');
  await moved('12');
  await move('17', 'commit');
  await moved('17');
  await producer.disconnect();
}

async function restarts() {
  const topic = await newTopic('restart');
  const inTransactions = await newTopic('restart-transaction');
  const producer = await idempotentProducer();
  const events: ReadEvent[] = [];
  const errors: [string, string][] = [];
  const consumer = kafka.consumer({
    groupId: `${prefix}restart`,
    maxWaitTimeInMs: 100,
    heartbeatInterval: 300,
    retry: { initialRetryTime: 50, maxRetryTime: 200, retries: 2000 },
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    async eachBatch({ batch: { messages }, resolveOffset, heartbeat }) {
      for (const { offset, value } of messages) {
        events.push(['read', Number(offset), Number(String(value))]);
        resolveOffset(offset);
      }
      const next = Number(messages.at(-1)?.offset) + 1;
      await consumer.commitOffsets([{ topic, partition: 0, offset: String(next) }]);
      events.push(['committed', next]);
      await heartbeat();
    },
  });
  const mover = await transactional('restart');
  type Transaction = Awaited<ReturnType<typeof mover.transaction>>;
  let transaction: Transaction | undefined;
  return {
    async send(values: readonly string[]) {
      await producer.send({ topic, messages: values.map((value) => ({ value })) });
    },
    finish: async () => {},
    readers: { classic: events },
    errors,
    transaction: {
      async begin() {
        transaction = await mover.transaction();
      },
      async send(values: readonly string[]) {
        await transaction?.send({ topic: inTransactions, messages: values.map((value) => ({ value })) });
      },
      commit: async () => transaction?.commit(),
      abort: async () => transaction?.abort(),
    },
  };
}

await tryAll(
  {
    plain: () => codec(CompressionTypes.None),
    gzip: () => codec(CompressionTypes.GZIP),
    headers,
    large,
    seek,
    topics,
    configs,
    offsets,
    'delete-records': deleteRecords,
    groups,
    idempotent,
    transactions,
    fencing,
    'transaction-offsets': transactionOffsets,
    group,
    committed,
  },
  restarts,
);
