import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerRecord, ProducerRecord, RecordMetadata } from '../../common/kafka/records.ts';
import type { ClientConfig, Consumer, FetchedRecords, Producer, StartOffset } from '../../main/kafka/api.ts';
import { ASSIGNORS } from '../../main/kafka/group/assignors.ts';
import { kafkaClients, type OwnedKafkaClients } from '../../main/kafka/index.ts';
import { murmur2 } from '../../main/kafka/produce/partitioner.ts';
import { fetch, produce } from '../../main/protocol/messages/index.ts';
import { systemTime } from '../../main/time.ts';
import { runJava } from '../kit/apache-kafka.ts';
import { BROKERS, type RunningBroker } from '../kit/brokers.ts';
import { FaultyProxy } from '../kit/faulty-proxy.ts';
import { needs } from '../kit/needs.ts';
import { recordingLogger } from '../kit/recording-logger.ts';

const bytes = (text: string) => Buffer.from(text);
const unacknowledged: ClientConfig = { acks: '0' };
/** Counts named in the promises are night counts; otherwise a twentieth or more. */
const night = process.env.RUNNEL_TESTS === 'night';

/** The same suite over every broker: what our clients promise may not depend on who answers. */
describe.each(BROKERS)('clients on $name', (broker) => {
  const missing = broker.missing();
  if (missing) {
    test.skip(missing, () => {});
    return;
  }
  let running: RunningBroker;
  let clients: OwnedKafkaClients;
  let lines: string[];
  let number = 0;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    running = await broker.start({ 'group.min.session.timeout.ms': '1000' });
    const recording = recordingLogger();
    lines = recording.lines;
    clients = kafkaClients({ time: systemTime, logger: recording.logger, random: Math.random });
  });
  afterAll(() => running?.stop());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    lines.length = 0;
  });

  const closed = <T extends { close(): Promise<void> }>(client: T): T => {
    closing.push(() => client.close());
    return client;
  };
  const to = (config: ClientConfig = {}) => ({ 'bootstrap.servers': running.bootstrapServers, ...config });
  const producer = (config?: ClientConfig) => closed(clients.producer(to(config)));
  const consumer = (config?: ClientConfig) =>
    closed(clients.consumer(to({ 'auto.offset.reset': 'earliest', ...config })));
  const reader = (config?: ClientConfig) => closed(clients.partitionReader(to(config)));
  const admin = () => closed(clients.admin(to()));
  const unique = (name: string) => `${name}-${process.pid}-${++number}`;

  async function newTopic(partitions = 1, configs: Record<string, string> = {}): Promise<string> {
    const name = unique('topic');
    await admin().createTopics([{ name, numPartitions: partitions, replicationFactor: 1, configs }]);
    return name;
  }

  async function sendAll(to: Producer, records: readonly ProducerRecord[]): Promise<RecordMetadata[]> {
    const all: RecordMetadata[] = new Array(records.length);
    let failure: Error | null = null;
    for (const [i, record] of records.entries()) {
      const room = to.send(record, (metadata, error) => {
        if (metadata) all[i] = metadata;
        else failure ??= error;
      });
      if (!room) await to.drained();
    }
    await to.flush();
    if (failure) throw failure;
    return all;
  }

  async function readFrom(
    topic: string,
    count: number,
    start: StartOffset = 'earliest',
    config?: ClientConfig,
  ): Promise<ConsumerRecord[]> {
    const from = reader(config);
    await from.assign([{ topic, partition: 0, start }]);
    const records: ConsumerRecord[] = [];
    while (records.length < count) records.push(...(await from.poll(10_000)).records);
    return records;
  }

  async function pollFor(from: Consumer, count: number): Promise<ConsumerRecord[]> {
    const records: ConsumerRecord[] = [];
    while (records.length < count) records.push(...(await from.poll(1_000)));
    return records;
  }

  /** The coordinator has no member of the group left. */
  async function emptied(group: string): Promise<void> {
    const on = admin();
    while ((await on.describeGroups([group]))[0]?.state !== 'Empty')
      await new Promise((resolve) => setTimeout(resolve, 100));
  }

  describe('records', () => {
    const awkward: Omit<ProducerRecord, 'topic'>[] = [
      { key: bytes('k'), value: bytes('v'), timestamp: 1_700_000_000_000n },
      { key: null, value: bytes('no key'), timestamp: 1_700_000_000_001n },
      { key: bytes('tombstone'), value: null, timestamp: 1_700_000_000_002n },
      { key: null, value: null, timestamp: 0n },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), timestamp: 9_007_199_254_740_993n },
      {
        key: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
        value: Buffer.from([0x80, 0x00, 0xff]),
        timestamp: 9_223_372_036_854_775_807n,
        headers: [
          { key: bytes('same'), value: bytes('1') },
          { key: bytes('other'), value: null },
          { key: bytes('same'), value: bytes('2') },
          { key: Buffer.from([0xc3, 0x28, 0xff]), value: Buffer.from([0xff]) },
          { key: Buffer.alloc(0), value: Buffer.alloc(0) },
          { key: bytes('same'), value: bytes('1') },
        ],
      },
      { key: bytes('large'), value: Buffer.alloc(200_000, 'ab'), timestamp: 1_700_000_000_003n },
      {
        key: bytes('many headers'),
        value: null,
        timestamp: 5n,
        headers: Array.from({ length: 1_000 }, (_, i) => ({ key: bytes(`h${i % 7}`), value: bytes(`${i}`) })),
      },
    ];

    function expectSame(read: readonly ConsumerRecord[], sent: readonly Omit<ProducerRecord, 'topic'>[]): void {
      expect(read.length).toBe(sent.length);
      const plain = (data: Uint8Array | null) => (data === null ? null : Buffer.from(data).toString('hex'));
      read.forEach((record, i) => {
        const original = sent[i] as ProducerRecord;
        expect(plain(record.key)).toBe(plain(original.key));
        expect(plain(record.value)).toBe(plain(original.value));
        expect(record.timestamp).toBe(original.timestamp);
        expect(record.headers.map(({ key, value }) => [plain(key), plain(value)])).toEqual(
          (original.headers ?? []).map(({ key, value }) => [plain(key), plain(value)]),
        );
      });
    }

    // A broker refuses timestamps far in the future unless it is told otherwise.
    const anyTime = { 'message.timestamp.after.max.ms': '9223372036854775807' };

    test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
      'come back bit for bit with compression %s',
      async (compression) => {
        const topic = await newTopic(1, anyTime);
        const records = awkward.map((record) => ({ ...record, topic, partition: 0 }));
        const sent = await sendAll(producer({ 'compression.type': compression }), records);
        expect(sent.map(({ offset }) => offset)).toEqual(records.map((_, i) => BigInt(i)));
        const read = await readFrom(topic, records.length);
        expectSame(read, records);
        expect(read.map(({ offset, timestampType }) => [offset, timestampType])).toEqual(
          records.map((_, i) => [BigInt(i), 'CreateTime']),
        );
        const group = consumer({ 'group.id': unique('group') });
        group.subscribe([topic]);
        expectSame(await pollFor(group, records.length), records);
      },
    );

    test('carry the broker’s time where the topic says so', async () => {
      const topic = await newTopic(1, { 'message.timestamp.type': 'LogAppendTime' });
      const before = BigInt(Date.now());
      const [sent] = await sendAll(producer(), [{ topic, key: null, value: bytes('x'), timestamp: 5n }]);
      expect(sent?.timestamp).toBeGreaterThanOrEqual(before);
      const [read] = await readFrom(topic, 1);
      expect(read).toMatchObject({ timestamp: sent?.timestamp, timestampType: 'LogAppendTime' });
    });

    test('of 100,000 arrive once each and in order', async () => {
      const count = 100_000;
      const topic = await newTopic();
      const value = (i: number) => bytes(`${i}`.padStart(100, '.'));
      const from = producer();
      let acknowledged = 0;
      let disorder = 0;
      for (let i = 0; i < count; i++) {
        const room = from.send({ topic, partition: 0, key: null, value: value(i) }, (metadata) => {
          if (metadata?.offset === BigInt(acknowledged)) acknowledged++;
          else disorder++;
        });
        if (!room) await from.drained();
      }
      await from.flush();
      expect([acknowledged, disorder]).toEqual([count, 0]);
      const read = await readFrom(topic, count);
      expect(read.length).toBe(count);
      expect(
        read.findIndex((record, i) => record.offset !== BigInt(i) || !value(i).equals(record.value as Buffer)),
      ).toBe(-1);
    });

    test.each([
      ['acks=1', { acks: '1' }],
      ['acks=0', unacknowledged],
      ['no idempotence', { 'enable.idempotence': 'false' }],
    ])('are sent with %s too', async (_, config) => {
      const topic = await newTopic();
      const from = producer(config as ClientConfig);
      const sent = await sendAll(
        from,
        Array.from({ length: 50 }, (_, i) => ({ topic, key: null, value: bytes(`${i}`) })),
      );
      expect(sent[7]?.offset).toBe(config === unacknowledged ? -1n : 7n);
      const read = await readFrom(topic, 50);
      expect(read.map(({ value }) => String(value))).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
    });

    test('go from partition to partition with Kafka’s RoundRobinPartitioner, whatever their key', async () => {
      const topic = await newTopic(4);
      const from = producer({ 'partitioner.class': 'org.apache.kafka.clients.producer.RoundRobinPartitioner' });
      await from.partitionsFor(topic);
      const records = Array.from({ length: 8 }, () => ({ topic, key: bytes('same'), value: bytes('x') }));
      const sent = await sendAll(from, records);
      expect(sent.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    });

    test('that are too large for the topic fail alone', async () => {
      const topic = await newTopic(1, { 'max.message.bytes': '2000' });
      const from = producer({ 'linger.ms': '20' });
      const outcomes: (string | bigint)[] = [];
      for (const size of [100, 900, 900, 5_000, 900, 100]) {
        from.send({ topic, key: null, value: Buffer.alloc(size) }, (metadata, error) =>
          outcomes.push(error ? (error as { name: string }).name : (metadata as RecordMetadata).offset),
        );
      }
      await from.flush();
      expect(outcomes).toEqual([0n, 1n, 2n, 'RecordTooLargeException', 3n, 4n]);
    });
  });

  describe('a reader', () => {
    async function tenRecords(): Promise<string> {
      const topic = await newTopic();
      await sendAll(
        producer(),
        Array.from({ length: 10 }, (_, i) => ({
          topic,
          partition: 0,
          key: null,
          value: bytes(`${i}`),
          timestamp: BigInt(1_000 * (i + 1)),
        })),
      );
      return topic;
    }

    test('starts at the beginning, an offset, a time and the end', async () => {
      const topic = await tenRecords();
      const first = async (start: StartOffset) => String((await readFrom(topic, 1, start))[0]?.value);
      expect(await first('earliest')).toBe('0');
      expect(await first({ offset: 4n })).toBe('4');
      expect(await first({ timestamp: 3_500n })).toBe('3');
      const from = reader();
      await from.assign([{ topic, partition: 0, start: 'latest' }]);
      expect(from.position({ topic, partition: 0 })).toBe(10n);
      expect((await from.poll(0)).records).toEqual([]);
      await sendAll(producer(), [{ topic, partition: 0, key: null, value: bytes('new') }]);
      const { records } = await from.poll(10_000);
      expect(records.map(({ value }) => String(value))).toEqual(['new']);
    });

    test('finds beginnings, ends and offsets for times', async () => {
      const topic = await tenRecords();
      const from = reader();
      const partition = { topic, partition: 0 };
      expect(await from.beginningOffsets([partition])).toEqual(new Map([[`${topic}-0`, 0n]]));
      expect(await from.endOffsets([partition])).toEqual(new Map([[`${topic}-0`, 10n]]));
      expect(await from.offsetsForTimes([{ ...partition, timestamp: 9_001n }])).toEqual(new Map([[`${topic}-0`, 9n]]));
      expect(await from.offsetsForTimes([{ ...partition, timestamp: 99_999n }])).toEqual(
        new Map([[`${topic}-0`, null]]),
      );
    });

    test('says that a topic or partition is not there, and makes none', async () => {
      const topic = await newTopic();
      const absent = unique('absent');
      await expect(reader().assign([{ topic, partition: 3, start: 'earliest' }])).rejects.toMatchObject({
        name: 'UnknownTopicOrPartitionException',
        message: `Topic ${topic} has no partition 3`,
      });
      await expect(reader().assign([{ topic: absent, partition: 0, start: { offset: 0n } }])).rejects.toMatchObject({
        name: 'UnknownTopicOrPartitionException',
        message: `There is no topic ${absent}`,
      });
      expect(await admin().listTopics()).not.toContain(absent);
    });

    test.each(['none', 'earliest', 'latest'] as const)(
      'treats an offset that is not there by auto.offset.reset=%s',
      async (policy) => {
        const topic = await tenRecords();
        const from = reader({ 'auto.offset.reset': policy });
        await from.assign([{ topic, partition: 0, start: { offset: 50n } }]);
        const polled: Promise<FetchedRecords> = from.poll(10_000);
        if (policy === 'none') {
          await expect(polled).rejects.toMatchObject({
            name: 'OffsetOutOfRangeException',
            message: `Offset 50 is out of range for partition ${topic}-0, and auto.offset.reset is none`,
          });
        } else if (policy === 'earliest') {
          expect((await polled).records.map(({ offset }) => offset)).toEqual(
            Array.from({ length: 10 }, (_, i) => BigInt(i)),
          );
          expect(lines.join()).toMatch(/Offset 50 of .* is out of range/);
        } else {
          await sendAll(producer(), [{ topic, partition: 0, key: null, value: bytes('new') }]);
          expect(from.position({ topic, partition: 0 })).not.toBeNull();
          await polled;
          expect(from.position({ topic, partition: 0 })).toBeGreaterThanOrEqual(10n);
        }
      },
    );

    test('pulls nothing while nobody polls', async () => {
      const topic = await newTopic();
      const value = Buffer.alloc(10_000);
      await sendAll(
        producer(),
        Array.from({ length: 500 }, () => ({ topic, partition: 0, key: null, value })),
      );
      const proxy = await new FaultyProxy(running.port).start();
      closing.push(() => proxy.stop());
      let fetches = 0;
      proxy.fate = (apiKey) => {
        if (apiKey === fetch.key) fetches++;
        return 'pass';
      };
      const from = closed(
        clients.partitionReader({
          'bootstrap.servers': proxy.bootstrapServers,
          'max.partition.fetch.bytes': '100000',
          'max.poll.records': '1',
        }),
      );
      await from.assign([{ topic, partition: 0, start: 'earliest' }]);
      while ((await from.poll(1_000)).records.length === 0);
      await from.endOffsets([{ topic, partition: 0 }]);
      for (let i = 0; i < 20; i++) await from.endOffsets([{ topic, partition: 0 }]);
      expect(fetches).toBeLessThanOrEqual(2);
    });

    test('wakes up', async () => {
      const from = reader();
      await from.assign([{ topic: await newTopic(), partition: 0, start: 'earliest' }]);
      const polled = from.poll(60_000);
      from.wakeup();
      expect((await polled).records).toEqual([]);
    });
  });

  describe('a group', () => {
    test('starts as far back as auto.offset.reset=by_duration says, at the end where nothing is so young', async () => {
      const topic = await newTopic(2);
      const now = BigInt(Date.now());
      const aged = (partition: number, hours: number) => ({
        topic,
        partition,
        key: null,
        value: bytes(`${partition}: ${hours} h`),
        timestamp: now - BigInt(hours) * 3_600_000n,
      });
      await sendAll(producer(), [aged(0, 9), aged(0, 2), aged(0, 1), aged(1, 9), aged(1, 8)]);
      const group = consumer({ 'group.id': unique('group'), 'auto.offset.reset': 'by_duration:PT3H' });
      group.subscribe([topic]);
      const records = await pollFor(group, 2);
      expect(records.map(({ value }) => String(value))).toEqual(['0: 2 h', '0: 1 h']);
      expect(group.position({ topic, partition: 1 })).toBe(2n);
    });

    async function numbered(partitions: number, count: number): Promise<string> {
      const topic = await newTopic(partitions);
      await sendAll(
        producer(),
        Array.from({ length: count }, (_, i) => ({
          topic,
          partition: i % partitions,
          key: null,
          value: bytes(`${i}`),
        })),
      );
      return topic;
    }

    test('commits, and the next consumer goes on there', async () => {
      const topic = await numbered(1, 10);
      const group = unique('group');
      const one = clients.consumer(to({ 'group.id': group, 'auto.offset.reset': 'earliest' }));
      one.subscribe([topic]);
      await pollFor(one, 10);
      expect(one.lag({ topic, partition: 0 })).toBe(0n);
      expect(one.position({ topic, partition: 0 })).toBe(10n);
      await one.commit([{ topic, partition: 0, offset: 6n, metadata: 'six' }]);
      await one.close();
      const two = consumer({ 'group.id': group });
      two.subscribe([topic]);
      const rest = await pollFor(two, 4);
      expect(rest.map(({ value }) => String(value))).toEqual(['6', '7', '8', '9']);
      expect((await two.committed([{ topic, partition: 0 }])).get(`${topic}-0`)).toMatchObject({
        offset: 6n,
        metadata: 'six',
      });
    });

    test('starts by auto.offset.reset where nothing is committed', async () => {
      const topic = await numbered(1, 3);
      const none = consumer({ 'group.id': unique('group'), 'auto.offset.reset': 'none' });
      none.subscribe([topic]);
      await expect(
        (async () => {
          for (;;) await none.poll(1_000);
        })(),
      ).rejects.toThrow(`Undefined offset with no reset policy for partitions: [${topic}-0]`);
      const latest = consumer({ 'group.id': unique('group'), 'auto.offset.reset': 'latest' });
      latest.subscribe([topic]);
      while (latest.position({ topic, partition: 0 }) === null) await latest.poll(100);
      expect(latest.position({ topic, partition: 0 })).toBe(3n);
    });

    test('hands partitions over when a member comes and goes; each record is somebody’s', async () => {
      const topic = await numbered(4, 400);
      const group = unique('group');
      const events: string[] = [];
      const seen = new Map<string, number>();
      const member = (name: string) => {
        const made = clients.consumer(
          to({
            'group.id': group,
            'auto.offset.reset': 'earliest',
            'heartbeat.interval.ms': '100',
            'max.poll.records': '10',
          }),
        );
        made.subscribe([topic], {
          onPartitionsAssigned: (partitions) => void events.push(`${name}+${partitions.length}`),
          onPartitionsRevoked: async (partitions) => {
            events.push(`${name}-${partitions.length}`);
            // The last moment to commit: whoever gets them goes on exactly there.
            await made.commit(partitions.map((each) => ({ ...each, offset: made.position(each) ?? 0n })));
          },
          onPartitionsLost: (partitions) => void events.push(`${name}!${partitions.length}`),
        });
        return made;
      };
      const take = async (from: Consumer) => {
        for (const { value } of await from.poll(50)) seen.set(String(value), (seen.get(String(value)) ?? 0) + 1);
      };
      const a = member('a');
      while (seen.size < 100) await take(a);
      const b = member('b');
      while (b.assignment().length === 0 || a.assignment().length === 0) await Promise.all([take(a), take(b)]);
      expect([a.assignment().length, b.assignment().length]).toEqual([2, 2]);
      for (let i = 0; i < 10; i++) await Promise.all([take(a), take(b)]);
      await a.close();
      while (seen.size < 400 || b.assignment().length < 4) await take(b);
      await b.close();
      expect(events).toEqual(['a+4', 'a-4', 'a+2', 'b+2', 'a-2', 'b-2', 'b+4', 'b-4'].sort(byOrderOf(events)));
      expect([...seen.values()].every((times) => times === 1)).toBe(true);
      expect((await admin().describeGroups([group]))[0]).toMatchObject({ groupId: group, state: 'Empty' });
    });

    test('follows topics that match a pattern, new ones too', async () => {
      const prefix = unique('match');
      const create = (name: string) => admin().createTopics([{ name, numPartitions: 1, replicationFactor: 1 }]);
      await create(`${prefix}.a`);
      await create(`x${prefix}.a`);
      const from = consumer({ 'group.id': unique('group'), 'metadata.max.age.ms': '200' });
      from.subscribe(new RegExp(`${prefix}\\..*`, 'g'));
      const topics = () => from.assignment().map(({ topic }) => topic);
      while (topics().length < 1) await from.poll(100);
      expect(topics()).toEqual([`${prefix}.a`]);
      await create(`${prefix}.b`);
      while (topics().length < 2) await from.poll(100);
      expect(topics()).toEqual([`${prefix}.a`, `${prefix}.b`]);
      await sendAll(producer(), [{ topic: `${prefix}.b`, key: null, value: bytes('new') }]);
      expect((await pollFor(from, 1))[0]?.topic).toBe(`${prefix}.b`);
    });

    test('gets the partitions that are added to its topic', async () => {
      const topic = await numbered(1, 1);
      const from = consumer({ 'group.id': unique('group'), 'metadata.max.age.ms': '200' });
      from.subscribe([topic]);
      await pollFor(from, 1);
      await admin().createPartitions(topic, 3);
      while (from.assignment().length < 3) await from.poll(100);
    });

    test('pauses, resumes and seeks', async () => {
      const topic = await numbered(2, 20);
      const from = consumer({ 'group.id': unique('group') });
      from.subscribe([topic]);
      await pollFor(from, 20);
      from.pause([{ topic, partition: 0 }]);
      expect(from.paused()).toEqual([{ topic, partition: 0 }]);
      from.seek({ topic, partition: 0 }, 3n);
      from.seek({ topic, partition: 1 }, 8n);
      const others = await pollFor(from, 2);
      expect(others.map(({ partition, offset }) => [partition, offset])).toEqual([
        [1, 8n],
        [1, 9n],
      ]);
      expect(await from.poll(200)).toEqual([]);
      from.resume([{ topic, partition: 0 }]);
      expect((await pollFor(from, 7)).map(({ partition, offset }) => [partition, offset])[0]).toEqual([0, 3n]);
    });

    test('keeps a static member’s partitions for it while it is away', async () => {
      const topic = await numbered(1, 1);
      const group = unique('group');
      const config = to({ 'group.id': group, 'auto.offset.reset': 'earliest', 'group.instance.id': 'desk' });
      const one = clients.consumer(config);
      one.subscribe([topic]);
      await pollFor(one, 1);
      await one.close();
      expect((await admin().describeGroups([group]))[0]).toMatchObject({ state: 'Stable', members: [{}] });
      const two = closed(clients.consumer(config));
      two.subscribe([topic]);
      while (two.assignment().length === 0) await two.poll(100);
    });

    test('refuses a commit of who is no member any more', async () => {
      const topic = await numbered(1, 1);
      const proxy = await new FaultyProxy(running.port).start();
      closing.push(() => proxy.stop());
      const group = unique('group');
      const lost: number[] = [];
      const asleep = closed(
        clients.consumer({
          'bootstrap.servers': proxy.bootstrapServers,
          'group.id': group,
          'auto.offset.reset': 'earliest',
          'session.timeout.ms': '6000',
          'heartbeat.interval.ms': '300',
          'max.poll.interval.ms': '700',
        }),
      );
      asleep.subscribe([topic], {
        onPartitionsAssigned: () => {},
        onPartitionsRevoked: () => {},
        onPartitionsLost: (partitions) => void lost.push(partitions.length),
      });
      await pollFor(asleep, 1);
      // It doesn't poll for longer than max.poll.interval.ms, so it leaves.
      await emptied(group);
      await expect(asleep.commit([{ topic, partition: 0, offset: 1n }])).rejects.toMatchObject({
        name: 'CommitFailedException',
      });
      expect(lines.join()).toMatch(/consumer poll timeout has expired/);
      while (lost.length === 0 || asleep.assignment().length === 0) await asleep.poll(100);
      expect(lost).toEqual([1]);
      await asleep.commit([{ topic, partition: 0, offset: 1n }]);
    });

    test('commits by itself only when it is told to', async () => {
      const topic = await numbered(1, 5);
      const group = unique('group');
      for (const [auto, committed] of [
        ['false', undefined],
        ['true', 5n],
      ] as const) {
        const from = clients.consumer(
          to({ 'group.id': group, 'auto.offset.reset': 'earliest', 'enable.auto.commit': auto }),
        );
        from.subscribe([topic]);
        await pollFor(from, 5);
        await from.close();
        expect((await admin().groupOffsets(group)).get(`${topic}-0`)?.offset).toBe(committed);
      }
    });
  });

  describe('when the network fails', () => {
    let proxy: FaultyProxy;
    const through = (config: ClientConfig = {}) => ({ 'bootstrap.servers': proxy.bootstrapServers, ...config });
    afterEach(() => proxy?.stop());

    /** Sends `count` numbered records from `first` on and waits until all are acknowledged; `halfway` once in the middle. */
    async function sendNumbered(from: Producer, topic: string, first: number, count: number, halfway = () => {}) {
      const failures: Error[] = [];
      for (let i = 0; i < count; i++) {
        if (i === Math.floor(count / 2)) halfway();
        const record = { topic, partition: 0, key: null, value: bytes(`${first + i}`) };
        from.send(record, (_, error) => error && failures.push(error));
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await from.flush();
      expect(failures).toEqual([]);
    }

    test('a record whose acknowledgement is lost is not doubled', async () => {
      proxy = await new FaultyProxy(running.port).start();
      const topic = await newTopic();
      let answers = 0;
      let cuts = 0;
      proxy.fate = (apiKey) => {
        if (apiKey !== produce.key || answers++ % 10 !== 4) return 'pass';
        cuts++;
        return 'cut';
      };
      const from = closed(clients.producer(through({ 'linger.ms': '1', 'max.request.size': '500' })));
      await sendNumbered(from, topic, 0, 1_000);
      expect(cuts).toBeGreaterThanOrEqual(5);
      const read = await readFrom(topic, 1_000);
      expect(read.map(({ value }) => String(value))).toEqual(Array.from({ length: 1_000 }, (_, i) => `${i}`));
      const end = await reader().endOffsets([{ topic, partition: 0 }]);
      expect(end.get(`${topic}-0`)).toBe(1_000n);
    });

    test('nothing is lost, doubled or out of order through cuts, resets, black holes and slices', async () => {
      proxy = await new FaultyProxy(running.port).start();
      const topic = await newTopic();
      const from = closed(
        clients.producer(through({ 'linger.ms': '1', 'max.request.size': '1000', 'request.timeout.ms': '1000' })),
      );
      const group = closed(
        clients.consumer(
          through({
            'group.id': unique('group'),
            'auto.offset.reset': 'earliest',
            'request.timeout.ms': '1000',
            'heartbeat.interval.ms': '300',
          }),
        ),
      );
      group.subscribe([topic]);
      const faultMs = 100;
      const faults = [
        () => proxy.cut('FIN'),
        () => proxy.cut('RST'),
        () => {
          proxy.sliceBytes = proxy.sliceBytes === 0 ? 7 : 0;
        },
        () => {
          proxy.blackHole(true);
          setTimeout(() => proxy.blackHole(false), faultMs);
        },
        () => {
          proxy.refusing = true;
          proxy.cut();
          setTimeout(() => {
            proxy.refusing = false;
          }, faultMs);
        },
      ];
      const rounds = night ? 500 : 25;
      const each = 200;
      const read: string[] = [];
      const recovery: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        await sendNumbered(from, topic, round * each, each, faults[round % faults.length]);
        while (read.length < (round + 1) * each)
          for (const { value } of await group.poll(100)) read.push(String(value));
        recovery.push(performance.now() - start - faultMs);
      }
      expect(read).toEqual(Array.from({ length: rounds * each }, (_, i) => `${i}`));
      recovery.sort((a, b) => a - b);
      expect(recovery[Math.floor(recovery.length * 0.99)]).toBeLessThan(2_000);
    });

    test('clients are back within 2 s after an outage', async () => {
      proxy = await new FaultyProxy(running.port).start();
      const topic = await newTopic();
      const from = closed(clients.producer(through()));
      const group = closed(clients.consumer(through({ 'group.id': unique('group'), 'auto.offset.reset': 'earliest' })));
      group.subscribe([topic]);
      await sendAll(from, [{ topic, key: null, value: bytes('before') }]);
      await pollFor(group, 1);
      proxy.refusing = true;
      proxy.cut('RST');
      const during = sendAll(from, [{ topic, key: null, value: bytes('during') }]);
      await group.poll(500);
      proxy.refusing = false;
      const start = performance.now();
      await during;
      await pollFor(group, 1);
      expect(performance.now() - start).toBeLessThan(2_000);
      expect(lines.filter((line) => line.startsWith('WARN')).length).toBeLessThanOrEqual(2);
    });

    test('after sleep connections are opened anew at once', async () => {
      proxy = await new FaultyProxy(running.port).start();
      const topic = await newTopic();
      const group = closed(clients.consumer(through({ 'group.id': unique('group'), 'auto.offset.reset': 'earliest' })));
      group.subscribe([topic]);
      while (group.assignment().length === 0) await group.poll(100);
      // Half-open: the old connections will never answer again.
      proxy.freeze();
      const polled = group.poll(10_000);
      await sendAll(producer(), [{ topic, key: null, value: bytes('x') }]);
      const start = performance.now();
      clients.dropConnections();
      expect((await polled).map(({ value }) => String(value))).toEqual(['x']);
      expect(performance.now() - start).toBeLessThan(2_000);
    });

    test('a heartbeat that finds its generation gone costs no record', async () => {
      proxy = await new FaultyProxy(running.port).start();
      const topic = await newTopic();
      await sendAll(
        producer(),
        Array.from({ length: 20 }, (_, i) => ({ topic, key: null, value: bytes(`${i}`) })),
      );
      const config = {
        'group.id': unique('group'),
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '1000',
        'heartbeat.interval.ms': '200',
        'max.poll.records': '5',
      };
      const group = closed(clients.consumer(through(config)));
      const lost: number[] = [];
      group.subscribe([topic], {
        onPartitionsAssigned: () => {},
        onPartitionsRevoked: () => {},
        onPartitionsLost: (partitions) => void lost.push(partitions.length),
      });
      const first = await pollFor(group, 5);
      await group.commit([{ topic, partition: 0, offset: 5n }]);
      // Nothing gets through until the coordinator gives the session up.
      proxy.blackHole(true);
      await emptied(config['group.id']);
      proxy.blackHole(false);
      await group.poll(0);
      await expect(
        (async () => {
          // At the latest when it commits it learns that it is no member any more.
          while (lost.length === 0) {
            await group.commit([{ topic, partition: 0, offset: 5n }]);
            await group.poll(50);
          }
          throw new Error('lost');
        })(),
      ).rejects.toThrow(/lost|not part of an active group/);
      const rest = new Set<string>();
      while (rest.size < 15) for (const { value } of await group.poll(200)) rest.add(String(value));
      expect(first.map(({ value }) => String(value))).toEqual(['0', '1', '2', '3', '4']);
      expect(lost).toEqual([1]);
    });
  });

  describe('admin', () => {
    test('creates, describes, widens and deletes topics', async () => {
      const name = unique('topic');
      const on = admin();
      await on.createTopics([
        { name, numPartitions: 2, replicationFactor: -1, configs: { 'retention.ms': '3600000' } },
      ]);
      expect(await on.listTopics()).toContain(name);
      const [described] = await on.describeTopics([name]);
      expect(described).toMatchObject({ name, internal: false, partitions: [{ partition: 0 }, { partition: 1 }] });
      expect(described?.topicId).toMatch(/^[\w-]{22}$/);
      await on.createPartitions(name, 3);
      expect((await on.describeTopics([name]))[0]?.partitions.length).toBe(3);
      await on.deleteTopics([name]);
      await expect(on.describeTopics([name])).rejects.toMatchObject({ name: 'UnknownTopicOrPartitionException' });
    });

    test('rejects with Kafka’s class and the broker’s own words', async () => {
      const on = admin();
      const name = await newTopic();
      const one = { name, numPartitions: 1, replicationFactor: 1 };
      await expect(on.createTopics([one])).rejects.toMatchObject({
        name: 'TopicExistsException',
        message: `Topic '${name}' already exists.`,
      });
      await expect(on.createTopics([{ ...one, name: 'a/b' }])).rejects.toMatchObject({ name: 'InvalidTopicException' });
      await expect(on.createTopics([{ ...one, name: unique('t'), numPartitions: 0 }])).rejects.toMatchObject({
        name: 'InvalidPartitionsException',
      });
      await expect(on.createTopics([{ ...one, name: unique('t'), configs: { nope: '1' } }])).rejects.toMatchObject({
        name: 'InvalidConfigurationException',
        message: expect.stringContaining('nope'),
      });
      await expect(on.createPartitions(name, 1)).rejects.toMatchObject({ name: 'InvalidPartitionsException' });
      await expect(on.deleteTopics([unique('absent')])).rejects.toMatchObject({
        name: 'UnknownTopicOrPartitionException',
      });
      await expect(on.deleteGroups([unique('absent')])).rejects.toMatchObject({ name: 'GroupIdNotFoundException' });
    });

    test('changes the settings that are named and leaves the others', async () => {
      const on = admin();
      const name = await newTopic(1, { 'retention.ms': '3600000', 'segment.bytes': '2000000' });
      await on.alterTopicConfigs(name, { 'retention.ms': null, 'cleanup.policy': 'compact' });
      const entries = new Map((await on.describeTopicConfigs([name])).get(name)?.map((entry) => [entry.name, entry]));
      expect(entries.get('cleanup.policy')).toMatchObject({ value: 'compact', isDefault: false });
      expect(entries.get('segment.bytes')).toMatchObject({ value: '2000000', isDefault: false });
      expect(entries.get('retention.ms')).toMatchObject({ value: '604800000', isDefault: true });
      await expect(on.alterTopicConfigs(name, { 'cleanup.policy': 'nonsense' })).rejects.toMatchObject({
        name: 'InvalidConfigurationException',
      });
    });

    test('tells of settings where they come from, and refuses a name that stands twice', async () => {
      const on = admin();
      const name = await newTopic(1, { 'retention.ms': '3600000' });
      const topic = { type: 'topic', name } as const;
      await on.alterConfigs(topic, [['max.message.bytes', '2000']]);
      const configs = await on.describeConfigs(topic);
      expect(configs.map((each) => each.name)).toEqual(configs.map((each) => each.name).sort());
      const own = configs.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG');
      expect(own.map((each) => [each.name, each.value, each.isDefault, each.sensitive])).toEqual([
        ['max.message.bytes', '2000', false, false],
        ['retention.ms', '3600000', false, false],
      ]);
      expect(own[0]?.synonyms.map((each) => [each.name, each.value, each.source])).toEqual([
        ['max.message.bytes', '2000', 'DYNAMIC_TOPIC_CONFIG'],
        ['message.max.bytes', '1048588', 'DEFAULT_CONFIG'],
      ]);
      await expect(
        on.alterConfigs(topic, [
          ['retention.ms', '1'],
          ['retention.ms', null],
        ]),
      ).rejects.toMatchObject({ name: 'InvalidRequestException' });
      const [broker] = await on.brokers();
      expect(broker).toMatchObject({ id: 1, port: expect.any(Number) });
      const ofBroker = await on.describeConfigs({ type: 'broker', name: '1' });
      expect(ofBroker.find((each) => each.name === 'node.id')).toMatchObject({ value: '1', readOnly: true });
      const defaults = await on.describeConfigs({ type: 'broker', name: '' });
      for (const { source } of defaults) expect(source).toBe('DYNAMIC_DEFAULT_BROKER_CONFIG');
      await expect(on.describeConfigs({ ...topic, name: unique('absent') })).rejects.toMatchObject({
        name: 'UnknownTopicOrPartitionException',
      });
    });

    test('deletes records, and tells of each partition that it could not', async () => {
      const on = admin();
      const topic = await newTopic(2);
      const by = producer();
      for (let i = 0; i < 3; i++) by.send({ topic, partition: 0, key: null, value: Buffer.from('x') });
      await by.flush();
      const results = await on.deleteRecords([
        { topic, partition: 0, offset: 2n },
        { topic, partition: 1, offset: 5n },
        { topic, partition: 7, offset: 0n },
      ]);
      expect(new Map(results.map(({ partition, result }) => [partition, result]))).toEqual(
        new Map<number, unknown>([
          [0, 2n],
          [1, expect.objectContaining({ name: 'OffsetOutOfRangeException' })],
          [7, expect.objectContaining({ name: 'UnknownTopicOrPartitionException' })],
        ]),
      );
      expect(await on.deleteRecords([{ topic, partition: 0, offset: -1n }])).toEqual([
        { topic, partition: 0, result: 3n },
      ]);
    });

    test('places partitions, and knows who may lead and what moves', async () => {
      const on = admin();
      const name = unique('placed');
      await on.createTopics([{ name, numPartitions: -1, replicationFactor: -1, assignments: [[1], [1]] }]);
      await on.createPartitions(name, 3, [[1]]);
      const [described] = await on.describeTopics([name]);
      expect(described?.partitions.map(({ replicas }) => replicas)).toEqual([[1], [1], [1]]);
      const leaders = await on.eligibleLeaders([name], 2);
      expect([...(leaders ?? [])].sort()).toEqual(
        [0, 1, 2].map((partition) => [`${name}-${partition}`, { eligible: [], lastKnown: [] }]),
      );
      expect(await on.reassignments([{ topic: name, partition: 0 }])).toEqual(new Map());
    });

    test('lists, describes and deletes groups, and sets their offsets', async () => {
      const on = admin();
      const topic = await newTopic();
      const group = unique('group');
      await on.alterGroupOffsets(group, [{ topic, partition: 0, offset: 42n, metadata: 'answer' }]);
      expect((await on.groupOffsets(group)).get(`${topic}-0`)).toMatchObject({
        topic,
        partition: 0,
        offset: 42n,
        metadata: 'answer',
      });
      expect((await on.listGroups()).find(({ groupId }) => groupId === group)).toMatchObject({
        state: 'Empty',
        type: expect.stringMatching(/^classic$/i),
      });
      const member = consumer({ 'group.id': group, 'client.id': 'desk' });
      member.subscribe([topic]);
      while (member.assignment().length === 0) await member.poll(100);
      const [described] = await on.describeGroups([group]);
      expect(described).toMatchObject({
        state: 'Stable',
        protocolType: 'consumer',
        coordinator: { id: 1, port: expect.any(Number) },
        partitionAssignor: 'range',
        groupEpoch: null,
        members: [
          { clientId: 'desk', groupInstanceId: null, assignment: [{ topic, partition: 0 }], memberEpoch: null },
        ],
      });
      await expect(on.alterGroupOffsets(group, [{ topic, partition: 0, offset: 1n }])).rejects.toMatchObject({
        name: 'GroupNotEmptyException',
      });
      await member.close();
      await on.deleteGroups([group]);
      expect((await on.groupOffsets(group)).size).toBe(0);
      expect((await on.describeGroups([group]))[0]?.state).toBe('Dead');
    });

    test('forgets the offset of a single partition', async () => {
      const on = admin();
      const topic = await newTopic(2);
      const group = unique('group');
      await on.alterGroupOffsets(group, [
        { topic, partition: 0, offset: 4n },
        { topic, partition: 1, offset: 5n },
      ]);
      await on.deleteGroupOffsets(group, [{ topic, partition: 0 }]);
      expect([...(await on.groupOffsets(group)).keys()]).toEqual([`${topic}-1`]);
      await on.deleteGroupOffsets(group, [{ topic, partition: 0 }]);
      await expect(on.deleteGroupOffsets(unique('absent'), [{ topic, partition: 0 }])).rejects.toMatchObject({
        name: 'GroupIdNotFoundException',
      });
      const member = consumer({ 'group.id': group });
      member.subscribe([topic]);
      while (member.assignment().length === 0) await member.poll(100);
      await expect(on.deleteGroupOffsets(group, [{ topic, partition: 1 }])).rejects.toMatchObject({
        name: 'GroupSubscribedToTopicException',
      });
      await member.close();
    });

    test('knows the cluster’s id', async () => {
      expect(await admin().clusterId()).toMatch(/^[\w-]{22}$/);
    });
  });
});

/** Two members' events of one rebalance may come in either order: as they came, when they are the same. */
function byOrderOf(events: readonly string[]): (a: string, b: string) => number {
  return (a, b) => events.indexOf(a) - events.indexOf(b);
}

const noKafka = needs('kafka');
describe.skipIf(noKafka)('Kafka’s own classes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runnel-java-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function java(name: string, source: string, input: string): Promise<string[]> {
    const file = join(folder, `${name}.java`);
    writeFileSync(file, source);
    const { code, stdout, stderr } = await runJava(file, [], input);
    if (code !== 0) throw new Error(stderr);
    return stdout.toString().trimEnd().split('\n');
  }

  test('hash keys as murmur2 does here', async () => {
    const keys = Array.from({ length: 2_000 }, (_, i) =>
      Buffer.from(Array.from({ length: i % 67 }, (_, j) => (i * 31 + j * j * 7) & 0xff)),
    );
    const hashes = await java(
      'Murmur',
      `import org.apache.kafka.common.utils.Utils;
       public class Murmur { public static void main(String[] a) throws Exception {
         try (var lines = new java.util.Scanner(System.in)) {
           while (lines.hasNextLine()) System.out.println(Utils.murmur2(java.util.HexFormat.of().parseHex(lines.nextLine()))); } } }`,
      `${keys.map((key) => key.toString('hex')).join('\n')}\n`,
    );
    expect(keys.map((key) => String(murmur2(key)))).toEqual(hashes);
  });

  test('divide partitions among members as the assignors do here', async () => {
    const cases = Array.from({ length: 300 }, (_, i) => {
      let seed = i * 2_654_435_761;
      const next = (below: number) => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
        return (seed >>> 8) % below;
      };
      const partitions = new Map(['a', 'b', 'c'].map((topic): [string, number] => [topic, next(9)]));
      const members = Array.from({ length: 1 + next(6) }, (_, m) => ({
        memberId: `m${m}`,
        groupInstanceId: next(3) === 0 ? `i${9 - m}` : null,
        topics: ['a', 'b', 'c'].filter(() => next(3) > 0),
      }));
      return { partitions, members };
    });
    const input = cases.map(({ partitions, members }) =>
      [
        [...partitions].map(([topic, count]) => `${topic}=${count}`).join(','),
        ...members.map(
          ({ memberId, groupInstanceId, topics }) => `${memberId}/${groupInstanceId ?? ''}/${topics.join(',')}`,
        ),
      ].join(' '),
    );
    const expected = await java('Assign', ASSIGN_JAVA, `${input.join('\n')}\n`);
    const actual = cases.map(({ partitions, members }) =>
      ASSIGNORS.map((assignor) => {
        const assigned = assignor.assign(partitions, members);
        return [...assigned]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(
            ([id, owned]) =>
              `${id}:${owned
                .map(({ topic, partition }) => `${topic}-${partition}`)
                .sort()
                .join(',')}`,
          )
          .join(' ');
      }).join(' | '),
    );
    expect(actual).toEqual(expected);
  });
});

const ASSIGN_JAVA = `
import java.util.*;
import java.util.stream.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.*;
import org.apache.kafka.common.*;

public class Assign {
  public static void main(String[] args) {
    try (var lines = new Scanner(System.in)) {
      while (lines.hasNextLine()) {
        String[] words = lines.nextLine().split(" ");
        List<PartitionInfo> infos = new ArrayList<>();
        Node node = new Node(0, "localhost", 9092);
        for (String each : words[0].split(",")) {
          String[] pair = each.split("=");
          for (int p = 0; p < Integer.parseInt(pair[1]); p++)
            infos.add(new PartitionInfo(pair[0], p, node, new Node[] {node}, new Node[] {node}));
        }
        Cluster cluster = new Cluster("c", List.of(node), infos, Set.of(), Set.of());
        List<String> results = new ArrayList<>();
        for (ConsumerPartitionAssignor assignor : List.of(new RangeAssignor(), new RoundRobinAssignor())) {
          Map<String, Subscription> group = new HashMap<>();
          for (int i = 1; i < words.length; i++) {
            String[] parts = words[i].split("/", -1);
            List<String> topics = parts[2].isEmpty() ? List.of() : List.of(parts[2].split(","));
            Subscription subscription = new Subscription(topics);
            if (!parts[1].isEmpty()) subscription.setGroupInstanceId(Optional.of(parts[1]));
            group.put(parts[0], subscription);
          }
          var assignment = new TreeMap<>(assignor.assign(cluster, new GroupSubscription(group)).groupAssignment());
          results.add(assignment.entrySet().stream().map(e -> e.getKey() + ":" + e.getValue().partitions().stream()
              .map(TopicPartition::toString).sorted().collect(Collectors.joining(","))).collect(Collectors.joining(" ")));
        }
        System.out.println(String.join(" | ", results));
      }
    }
  }
}
`;
