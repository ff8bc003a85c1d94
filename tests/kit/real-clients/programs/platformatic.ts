import { deepStrictEqual as equal, ok, rejects } from 'node:assert/strict';
import {
  Admin,
  type CompressionAlgorithmValue,
  Consumer,
  type ConsumerOptions,
  type Message,
  type MessagesStream,
  type MessageToProduce,
  Producer,
  type ProducerOptions,
  stringDeserializer,
  stringSerializer,
} from '@platformatic/kafka';
import type { ReadEvent } from '../client-process.ts';
import { eventually, lines, pause, prefix, servers, told, tryAll, until } from '../program.ts';

type Protocol = 'classic' | 'consumer';

const common = { clientId: 'real-client', bootstrapBrokers: [servers], retries: 3000, retryDelay: 50 };
const serializers = {
  key: stringSerializer,
  value: stringSerializer,
  headerKey: stringSerializer,
  headerValue: stringSerializer,
};
const deserializers = {
  key: stringDeserializer,
  value: stringDeserializer,
  headerKey: stringDeserializer,
  headerValue: stringDeserializer,
};
const admin = new Admin({ ...common, retries: 5 });

const newProducer = (options: Partial<ProducerOptions<string, string, string, string>> = {}) =>
  new Producer<string, string, string, string>({ ...common, serializers, ...options } as ProducerOptions<
    string,
    string,
    string,
    string
  >);
const newConsumer = (options: Partial<ConsumerOptions<string, string, string, string>>) =>
  new Consumer<string, string, string, string>({
    ...common,
    deserializers,
    maxWaitTime: 50,
    autocommit: false,
    ...options,
  } as ConsumerOptions<string, string, string, string>);

const plain = newProducer();
/** Its default, and what its constructor is told, is the leader alone: records may be read a moment later. */
const ALL = { acks: -1 };

async function newTopic(name: string, partitions = 1): Promise<string> {
  await admin.createTopics({ topics: [prefix + name], partitions, replicas: 1 });
  await eventually(async () => ok((await admin.listTopics()).includes(prefix + name)));
  return prefix + name;
}

async function produce(topic: string, values: readonly string[], partition = 0, more: object = {}): Promise<void> {
  await plain.send({ messages: values.map((value) => ({ topic, value, partition })), ...ALL, ...more });
}

const EARLIEST = { mode: 'earliest' } as const;
const GO_ON = { mode: 'committed', fallbackMode: 'earliest' } as const;

/** A member of a group that keeps what it reads. */
class Member {
  readonly messages: Message<string, string, string, string>[] = [];
  readonly consumer: Consumer<string, string, string, string>;
  readonly #topic: string;
  stream: MessagesStream<string, string, string, string> | undefined;

  constructor(topic: string, options: Partial<ConsumerOptions<string, string, string, string>>) {
    this.#topic = topic;
    this.consumer = newConsumer(options);
  }

  async start(options: object = GO_ON): Promise<this> {
    this.stream = await this.consumer.consume({ topics: [this.#topic], ...options });
    this.stream.on('data', (message) => this.messages.push(message));
    return this;
  }

  get partitions(): readonly number[] {
    return this.consumer.assignments?.find(({ topic }) => topic === this.#topic)?.partitions ?? [];
  }

  get values(): (string | undefined)[] {
    return this.messages.map(({ value }) => value);
  }

  async close(): Promise<void> {
    await this.stream?.close();
    await this.consumer.close(true);
  }
}

let readers = 0;
async function read(topic: string, count: number, options: object = EARLIEST) {
  const member = await new Member(topic, { groupId: `${topic}-${++readers}` }).start(options);
  await until(
    () => member.messages.length >= count,
    () => `${count} records are read, not ${member.messages.length}`,
  );
  await member.close();
  return member;
}

async function codec(compression: CompressionAlgorithmValue): Promise<void> {
  const topic = await newTopic(compression);
  const values = lines(300, 'a line that repeats itself');
  await produce(topic, values, 0, { compression });
  equal((await read(topic, 300)).values, values);
}

async function headers(): Promise<void> {
  const topic = await newTopic('headers');
  const given: MessageToProduce<string, string, string, string> = {
    topic,
    key: 'k',
    value: 'v',
    timestamp: 1_600_000_000_123n,
    headers: { a: '1', b: '' },
  };
  await plain.send({ messages: [given, { topic, key: 'k' }, { topic, value: '' }], ...ALL });
  const { messages } = await read(topic, 3);
  equal(
    messages.map(({ key, value }) => [key ?? null, value ?? null]),
    [
      ['k', 'v'],
      ['k', null],
      [null, ''],
    ],
  );
  equal(messages[0]?.timestamp, 1_600_000_000_123n);
  equal(messages[0]?.headerEntries, [
    ['a', '1'],
    ['b', ''],
  ]);
}

async function large(): Promise<void> {
  const topic = await newTopic('large');
  const value = 'x'.repeat(1_000_000);
  await produce(topic, [value]);
  await rejects(newProducer({ retries: 0 } as object).send({ messages: [{ topic, value: value + value }] }));
  await produce(topic, ['small']);
  equal((await read(topic, 2)).values, [value, 'small']);
}

async function seek(): Promise<void> {
  const topic = await newTopic('seek');
  const values = lines(50, 'line');
  await plain.send({
    messages: values.map((value, i) => ({ topic, value, timestamp: BigInt(1_600_000_000_000 + i * 1000) })),
    ...ALL,
  });
  const from = (offset: bigint) => ({ mode: 'manual', offsets: [{ topic, partition: 0, offset }] });
  equal((await read(topic, 30, from(20n))).values, values.slice(20));
  const consumer = newConsumer({ groupId: `${topic}-seeker` });
  const found = await consumer.listOffsetsWithTimestamps({ topics: [topic], timestamp: 1_600_000_030_500n });
  equal(found.get(topic)?.get(0), { offset: 31n, timestamp: 1_600_000_031_000n });
  await consumer.close();
  equal((await read(topic, 19, from(31n))).values, values.slice(31));
  const member = await new Member(topic, { groupId: `${topic}-latest` }).start({ mode: 'latest' });
  await produce(topic, ['later']);
  await until(() => member.messages.length > 0, 'what came later is read');
  equal(member.values, ['later']);
  await member.close();
}

const inGroup = (groupProtocol: Protocol, group: string, more: object = {}) =>
  ({
    groupId: `${prefix}${groupProtocol}-${group}`,
    groupProtocol,
    ...(groupProtocol === 'classic'
      ? { heartbeatInterval: 300, sessionTimeout: 10_000, rebalanceTimeout: 20_000 }
      : {}),
    ...more,
  }) as Partial<ConsumerOptions<string, string, string, string>>;

async function group(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-shared`, 4);
  const first = await new Member(topic, inGroup(protocol, 'sharers')).start();
  await until(() => first.partitions.length === 4, 'the first has all');
  const second = await new Member(topic, inGroup(protocol, 'sharers')).start();
  await until(() => first.partitions.length === 2 && second.partitions.length === 2, 'they share');
  for (const partition of [0, 1, 2, 3]) await produce(topic, lines(10, `${partition}`), partition);
  const seen = () => [...first.values, ...second.values];
  await until(() => seen().length === 40, 'both have read all');
  for (const message of [...first.messages, ...second.messages]) if (message.offset === 9n) await message.commit();
  await second.close();
  await until(() => first.partitions.length === 4, 'the first has all again');
  for (const partition of [0, 1, 2, 3]) await produce(topic, lines(10, `${partition}+`), partition);
  // Of a new share it may read again what it had, on every broker; nothing may be left out.
  await until(() => new Set(seen()).size === 80, 'the first has read the rest');
  await first.close();
}

async function committed(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-committed`);
  await produce(topic, lines(100, 'line'));
  const first = await new Member(topic, inGroup(protocol, 'committers')).start();
  await until(() => first.messages.length === 100, 'all is read');
  await first.messages[24]?.commit();
  await first.close();
  const second = await new Member(topic, inGroup(protocol, 'committers')).start();
  await until(() => second.messages.length >= 75, 'the rest is read');
  equal(second.values, lines(100, 'line').slice(25));
  await second.close();
}

async function staticMember(protocol: Protocol): Promise<void> {
  const topic = await newTopic(`${protocol}-static`, 4);
  const member = (groupInstanceId: string) => new Member(topic, inGroup(protocol, 'static', { groupInstanceId }));
  const first = await member('one').start();
  const second = await member('two').start();
  await until(() => first.partitions.length === 2 && second.partitions.length === 2, 'they share');
  const had = [...second.partitions].sort();
  let rebalances = 0;
  first.consumer.on('consumer:group:rebalance', () => rebalances++);
  await second.close();
  const again = await member('two').start();
  await until(() => again.partitions.length === 2, 'it has its partitions again');
  equal([...again.partitions].sort(), had);
  equal([rebalances, first.partitions.length], [0, 2]);
  await Promise.all([first.close(), again.close()]);
}

async function topics(): Promise<void> {
  const topic = `${prefix}made`;
  const [made] = await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
  equal(made?.partitions, 3);
  await rejects(admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 }));
  await admin.createPartitions({ topics: [{ name: topic, count: 5, assignments: null }] });
  const partitions = async () =>
    (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)?.partitionsCount;
  for (let tries = 0; (await partitions()) !== 5; tries++) ok(tries < 100);
  ok((await admin.listTopics()).includes(topic));
  await admin.deleteTopics({ topics: [topic] });
  await rejects(admin.deleteTopics({ topics: [topic] }));
}

async function configs(): Promise<void> {
  const resourceName = await newTopic('configs');
  const resourceType = 2 as const;
  const alter = (value: string, configOperation: 0 | 1) =>
    admin.incrementalAlterConfigs({
      resources: [{ resourceType, resourceName, configs: [{ name: 'retention.ms', configOperation, value }] }],
    });
  const described = async () => {
    const asked = { resourceType, resourceName, configurationKeys: ['retention.ms'] };
    return (await admin.describeConfigs({ resources: [asked] }))[0]?.configs[0]?.value;
  };
  await alter('60000', 0);
  await eventually(async () => equal(await described(), '60000'));
  await rejects(alter('long', 0));
  await alter('', 1);
  await eventually(async () => equal(await described(), '604800000'));
}

async function offsets(): Promise<void> {
  const topic = await newTopic('offsets');
  await plain.send({
    messages: [0, 1, 5, 3].map((i) => ({ topic, value: 'v', timestamp: BigInt(1_600_000_000_000 + i) })),
    ...ALL,
  });
  const asked = async (timestamp: bigint) => {
    const [found] = await admin.listOffsets({
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
    });
    return found?.partitions[0]?.offset;
  };
  equal(await asked(-2n), 0n);
  equal(await asked(-1n), 4n);
  equal(await asked(-3n), 2n);
  equal(await asked(1_600_000_000_002n), 2n);
}

async function deleteRecords(): Promise<void> {
  const topic = await newTopic('deleted');
  await produce(topic, lines(10, 'line'));
  const [deleted] = await admin.deleteRecords({
    topics: [{ name: topic, partitions: [{ partition: 0, offset: 4n }] }],
  });
  equal(deleted?.partitions[0]?.lowWatermark, 4n);
  equal((await read(topic, 6)).values, lines(10, 'line').slice(4));
}

async function groups(): Promise<void> {
  const topic = await newTopic('grouped');
  const groupId = `${prefix}grouped`;
  await produce(topic, lines(20, 'line'));
  const member = await new Member(topic, { groupId }).start();
  await until(() => member.messages.length === 20, 'all is read');
  await member.messages[19]?.commit();
  const described = async () => (await admin.describeGroups({ groups: [groupId] })).get(groupId);
  equal((await described())?.state, 'Stable');
  equal((await described())?.members.size, 1);
  await rejects(admin.deleteGroups({ groups: [groupId] }));
  await member.close();
  equal((await described())?.state, 'Empty');
  ok((await admin.listGroups()).has(groupId));
  const offset = async () =>
    (await admin.listConsumerGroupOffsets({ groups: [groupId] }))[0]?.topics[0]?.partitions[0]?.committedOffset;
  equal(await offset(), 20n);
  await admin.alterConsumerGroupOffsets({
    groupId,
    topics: [{ name: topic, partitionOffsets: [{ partition: 0, offset: 7n }] }],
  });
  equal(await offset(), 7n);
  await admin.deleteConsumerGroupOffsets({ groupId, topics: [{ name: topic, partitionIndexes: [0] }] });
  equal(await offset(), undefined);
  await admin.deleteGroups({ groups: [groupId] });
  ok(!(await admin.listGroups()).has(groupId));
}

async function idempotent(): Promise<void> {
  const topic = await newTopic('idempotent');
  const producer = newProducer({ idempotent: true });
  const values = lines(1000, 'line');
  for (let i = 0; i < 1000; i += 10) {
    await producer.send({ messages: values.slice(i, i + 10).map((value) => ({ topic, value })) });
  }
  await producer.close();
  equal((await read(topic, 1000)).values, values);
}

const transactional = (name: string, more: object = {}) =>
  newProducer({ idempotent: true, transactionalId: prefix + name, ...more });
const COMMITTED = { ...EARLIEST, isolationLevel: 1 };
const sent = (topic: string, values: readonly string[]) => ({
  messages: values.map((value) => ({ topic, value })),
  ...ALL,
});

async function transactions(): Promise<void> {
  const topic = await newTopic('transactions');
  const producer = transactional('transactions');
  const wanted: string[] = [];
  // One that is aborted: of several in one answer it leaves out the last alone.
  for (let i = 0; i < 3; i++) {
    const transaction = await producer.beginTransaction();
    await transaction.send(sent(topic, lines(5, `${i}`)));
    if (i % 2 === 0) {
      await transaction.commit();
      wanted.push(...lines(5, `${i}`));
    } else await transaction.abort();
  }
  const open = await producer.beginTransaction();
  await open.send(sent(topic, ['open']));
  // What is still open is not shown, nor what comes behind it.
  await produce(topic, ['behind']);
  equal((await read(topic, 10, COMMITTED)).values, wanted);
  await open.commit();
  await producer.close();
  equal((await read(topic, 12, COMMITTED)).values, [...wanted, 'open', 'behind']);
  equal((await read(topic, 17, { ...EARLIEST, isolationLevel: 0 })).messages.length, 17);
}

async function transactionOffsets(): Promise<void> {
  const topic = await newTopic('consumed');
  const groupId = `${prefix}transactional`;
  await produce(topic, lines(20, 'line'));
  const member = await new Member(topic, { groupId }).start();
  await until(() => member.messages.length === 20, 'all is read');
  const producer = transactional('transactional');
  const move = async (index: number, end: 'commit' | 'abort') => {
    const transaction = await producer.beginTransaction();
    await transaction.addConsumer(member.consumer);
    await transaction.addOffset(member.messages[index] as Message<string, string, string, string>);
    await transaction[end]();
  };
  const moved = async (wanted: bigint) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = (await admin.listConsumerGroupOffsets({ groups: [groupId] }))[0]?.topics[0]?.partitions[0]
        ?.committedOffset;
      if (found === wanted) return;
      await pause(20);
    }
    throw new Error(`The offset ${wanted} is not committed`);
  };
  await move(11, 'commit');
  await moved(12n);
  await move(14, 'abort');
  await moved(12n);
  await move(16, 'commit');
  await moved(17n);
  await producer.close();
  await member.close();
}

async function restarts() {
  const topic = await newTopic('restart');
  const inTransactions = await newTopic('restart-transaction');
  const producer = newProducer({ idempotent: true });
  // Its transactions time out after its requests' time-out, which is five seconds.
  const mover = transactional('restart', { timeout: 120_000 });
  const errors: [string, string][] = [];
  const follow = async (protocol: Protocol) => {
    const events: ReadEvent[] = [];
    const member = new Member(topic, inGroup(protocol, 'restart'));
    const stream = await member.consumer.consume({ topics: [topic], ...GO_ON });
    void (async () => {
      try {
        for await (const message of stream) {
          const offset = Number(message.offset);
          events.push(['read', offset, Number(message.value)]);
          if (offset % 10 !== 9) continue;
          await message.commit();
          events.push(['committed', offset + 1]);
        }
      } catch (error) {
        errors.push([protocol, told(error)]);
      }
    })();
    return events;
  };
  let transaction: Awaited<ReturnType<typeof mover.beginTransaction>> | undefined;
  return {
    send: async (values: readonly string[]) => void (await producer.send(sent(topic, values))),
    finish: async () => {},
    readers: { classic: await follow('classic'), consumer: await follow('consumer') },
    errors,
    transaction: {
      async begin() {
        transaction = await mover.beginTransaction();
      },
      send: async (values: readonly string[]) => void (await transaction?.send(sent(inTransactions, values))),
      commit: async () => transaction?.commit(),
      abort: async () => transaction?.abort(),
    },
  };
}

await tryAll(
  {
    plain: () => codec('none'),
    gzip: () => codec('gzip'),
    snappy: () => codec('snappy'),
    lz4: () => codec('lz4'),
    zstd: () => codec('zstd'),
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
    'transaction-offsets': transactionOffsets,
    group: () => group('classic'),
    committed: () => committed('classic'),
    'consumer-group': () => group('consumer'),
    'consumer-committed': () => committed('consumer'),
    'consumer-static': () => staticMember('consumer'),
  },
  restarts,
);
