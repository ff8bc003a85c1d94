import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TopicServices } from '../../../common/contract.ts';
import type { ConsumeBatch, ConsumeRequest } from '../../../common/kafka/consume.ts';
import type { RecordPreview } from '../../../common/kafka/packed-records.ts';
import type { Admin, Producer } from '../../../main/kafka/api.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { silentLogger } from '../../../main/logging.ts';
import { TopicsThreadOwner } from '../../../main/processes/topics-thread-owner.ts';
import { systemTime as time } from '../../../main/time.ts';
import { type ApacheKafka, startApacheKafka } from '../../kit/apache-kafka.ts';
import { needs } from '../../kit/needs.ts';
import { unpackRecords } from '../../kit/unpack-records.ts';

describe.skipIf(needs('kafka'))('the topics thread on Apache Kafka', () => {
  let kafka: ApacheKafka;
  let owner: TopicsThreadOwner;
  let services: TopicServices;
  let admin: Admin;
  let producer: Producer;

  beforeAll(async () => {
    kafka = await startApacheKafka();
    const config = { 'bootstrap.servers': kafka.bootstrapServers };
    const clients = kafkaClients({ time, logger: silentLogger, random: Math.random });
    admin = clients.admin(config);
    producer = clients.producer(config);
    owner = new TopicsThreadOwner({
      entry: new URL('../../../main/processes/topics-thread.ts', import.meta.url),
      data: { config },
      time,
      logger: silentLogger,
    });
    services = owner.services();
  });
  afterAll(async () => {
    await owner?.close();
    await producer?.close();
    await admin?.close();
    await kafka?.stop();
  });

  async function topic(name: string, partitions = 1, configs: Record<string, string> = {}): Promise<string> {
    await admin.createTopics([{ name, numPartitions: partitions, replicationFactor: 1, configs }]);
    return name;
  }

  async function produce(name: string, values: readonly string[], partition = 0): Promise<void> {
    for (const value of values) {
      const record = { topic: name, partition, key: null, value: new TextEncoder().encode(value) };
      if (!producer.send(record)) await producer.drained();
    }
    await producer.flush();
  }

  /** Batches until `enough`; leaves the stream then. */
  async function consume(
    request: ConsumeRequest,
    enough: (records: RecordPreview[], batch: ConsumeBatch) => boolean,
  ): Promise<{ records: RecordPreview[]; last: ConsumeBatch }> {
    const controller = new AbortController();
    const records: RecordPreview[] = [];
    for await (const batch of services.consume(request, controller.signal)) {
      records.push(...unpackRecords(batch.records));
      if (enough(records, batch)) return { records, last: batch };
    }
    throw new Error('the stream ended');
  }

  test('every record of three partitions comes, in order, with exact totals', async () => {
    const name = await topic('numbers', 3);
    for (let partition = 0; partition < 3; partition++)
      await produce(
        name,
        Array.from({ length: 20_000 }, (_, i) => `${partition}-${i}`),
        partition,
      );
    const { records, last } = await consume(
      { topic: name, start: { type: 'beginning' } },
      (all) => all.length === 60_000,
    );
    for (let partition = 0; partition < 3; partition++) {
      const values = records
        .filter((r) => r.partition === partition)
        .map(({ value }) => new TextDecoder().decode(value ?? undefined));
      expect(values).toEqual(Array.from({ length: 20_000 }, (_, i) => `${partition}-${i}`));
    }
    expect(last.totals).toMatchObject({ read: 60_000, matched: 60_000, dropped: 0, lag: 0n, caughtUp: true });
  });

  test('from now, only what is written later comes, and soon', async () => {
    const name = await topic('later');
    await produce(name, ['before']);
    let written = 0;
    const { records } = await consume({ topic: name, start: { type: 'now' } }, (all) => {
      if (written === 0) {
        written = performance.now();
        void produce(name, ['after']);
      }
      return all.length > 0;
    });
    expect(records.map(({ value, offset }) => [new TextDecoder().decode(value ?? undefined), offset])).toEqual([
      ['after', 1n],
    ]);
    expect(performance.now() - written).toBeLessThan(2_000);
  });

  test('keys, headers, nulls and timestamps cross unchanged', async () => {
    const name = await topic('exact');
    const headers = [
      { key: new Uint8Array([0xff, 0xfe]), value: new Uint8Array([0]) },
      { key: new TextEncoder().encode('a'), value: null },
      { key: new TextEncoder().encode('a'), value: new Uint8Array() },
    ];
    producer.send({
      topic: name,
      partition: 0,
      key: new Uint8Array([0, 255]),
      value: null,
      headers,
      timestamp: 968476484095n,
    });
    await producer.flush();
    const { records } = await consume({ topic: name, start: { type: 'beginning' } }, (all) => all.length === 1);
    expect(records[0]).toMatchObject({
      key: new Uint8Array([0, 255]),
      value: null,
      headers,
      timestamp: 968476484095n,
      timestampType: 'CreateTime',
      leaderEpoch: 0,
    });
    const whole = await services.record({ topic: name, partition: 0, offset: 0n }, new AbortController().signal);
    expect(whole).toMatchObject({ key: new Uint8Array([0, 255]), value: null, headers });
  });

  test('topics appear with their counts, and go', async () => {
    const seen: string[][] = [];
    const stop = services.topics(undefined as never, (topics) => {
      seen.push(
        topics
          .filter(({ name }) => name === 'short-lived')
          .map(({ records, partitions }) => `${partitions} ${records}`),
      );
    });
    await topic('short-lived', 2);
    await produce('short-lived', ['a', 'b', 'c']);
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toEqual(['2 3']);
    await admin.deleteTopics(['short-lived']);
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toEqual([]);
    stop();
  });

  test('a filter that never comes to an end takes its own stream along and nothing else', {
    timeout: 90_000,
  }, async () => {
    const name = await topic('evil');
    await produce(name, [`${'a'.repeat(64)}!`]);
    const states: string[] = [];
    const stop = services.environment(undefined as never, ({ status }) => states.push(status));
    await expect.poll(() => states.at(-1), { timeout: 20_000 }).toBe('connected');
    const endless = consume(
      { topic: name, start: { type: 'beginning' }, filter: { type: 'regex', source: '^(a+)+$' } },
      () => false,
    );
    await expect(endless).rejects.toMatchObject({ code: 'FILTER_HUNG' });
    const { records } = await consume({ topic: name, start: { type: 'beginning' } }, (all) => all.length === 1);
    expect(records.length).toBe(1);
    await expect.poll(() => states.length, { timeout: 20_000 }).toBeGreaterThan(2);
    stop();
  });

  test('a topic that is deleted while it is read fails the stream with a reason', async () => {
    const name = await topic('doomed');
    await produce(name, ['x']);
    let deleted: Promise<void> | undefined;
    const reading = consume({ topic: name, start: { type: 'beginning' } }, (all) => {
      if (all.length === 1) deleted ??= admin.deleteTopics([name]);
      return false;
    });
    await expect(reading).rejects.toMatchObject({ name: expect.stringMatching(/UnknownTopic|NotFound/) });
    await deleted;
  });
});
