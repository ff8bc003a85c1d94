import { expect, test } from 'vitest';
import type { EnvironmentState } from '../../../common/connect/worker-info.ts';
import type { TopicSummary } from '../../../common/kafka/topics.ts';
import { TopicService } from '../../../main/topics/topic-service.ts';
import { FakeKafka } from '../../kit/fake-kafka-clients.ts';
import { FakeTopic } from '../../kit/fake-partition-reader.ts';
import { MockTime } from '../../kit/mock-time.ts';
import { unpackRecords } from '../../kit/unpack-records.ts';

function start(...topics: FakeTopic[]) {
  const kafka = new FakeKafka(...topics);
  const time = new MockTime();
  const service = new TopicService({
    clients: kafka.clients(),
    config: { 'bootstrap.servers': 'localhost:9092' },
    time,
  });
  return { kafka, time, service };
}

test('topics are listed with their counts and, after a moment, their rate', async () => {
  const tweets = new FakeTopic('tweets', 3);
  const { service, time } = start(tweets, new FakeTopic('__consumer_offsets', 50));
  const seen: TopicSummary[][] = [];
  service.onTopics((topics) => seen.push(topics));
  await time.advance(0);
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 20; i++) tweets.append(i % 3, 'x');
    await time.advance(1_000);
  }
  expect(seen[0]).toEqual([
    { name: '__consumer_offsets', internal: true, partitions: 50, records: 0n, recordsPerSecond: 0 },
    { name: 'tweets', internal: false, partitions: 3, records: 0n, recordsPerSecond: 0 },
  ]);
  const last = seen.at(-1)?.[1];
  expect(last?.records).toBe(200n);
  expect(last?.recordsPerSecond).toBeGreaterThan(15);
  expect(last?.recordsPerSecond).toBeLessThan(25);
});

test('nobody is asked while nobody listens', async () => {
  const { service, time, kafka } = start(new FakeTopic('tweets'));
  const stopTopics = service.onTopics(() => {});
  const stopState = service.onEnvironment(() => {});
  await time.advance(3_500);
  stopTopics();
  stopState();
  await time.advance(0);
  const { requests } = kafka;
  await time.advance(60_000);
  expect(kafka.requests).toBe(requests);
  expect(time.pending).toBe(0);
  service.onTopics(() => {});
  await time.advance(0);
  expect(kafka.requests).toBeGreaterThan(requests);
});

test('a cluster that goes and comes back is told as such, each once', async () => {
  const { service, time, kafka } = start(new FakeTopic('tweets'));
  const states: EnvironmentState[] = [];
  service.onEnvironment((state) => states.push(state));
  await time.advance(2_000);
  kafka.down = new Error('Connection to localhost:9092 refused');
  await time.advance(5_000);
  kafka.down = undefined;
  await time.advance(5_000);
  expect(states.map(({ status, error }) => [status, error?.message])).toEqual([
    ['connecting', undefined],
    ['connected', undefined],
    ['unreachable', 'Connection to localhost:9092 refused'],
    ['connected', undefined],
  ]);
});

test('a topic is described with its offsets and settings', async () => {
  const tweets = new FakeTopic('tweets', 2);
  tweets.append(1, 'x');
  const { service } = start(tweets);
  expect(await service.describe('tweets')).toMatchObject({
    topicId: 'id-of-tweets',
    partitions: [
      { partition: 0, beginningOffset: 0n, endOffset: 0n },
      { partition: 1, beginningOffset: 0n, endOffset: 1n },
    ],
    configs: [{ name: 'retention.ms', value: '86400000' }],
  });
  await expect(service.describe('tweet')).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC', key: 'tweet' });
});

test('one record is fetched whole, however long, with its own bytes only', async () => {
  const tweets = new FakeTopic('tweets');
  const fetched = new Uint8Array(2_000_000).fill(7);
  tweets.append(0, 'first');
  tweets.append(0, null, { value: fetched.subarray(5, 1_000_005), key: Buffer.from('k') });
  const { service, kafka } = start(tweets);
  const record = await service.record({ topic: 'tweets', partition: 0, offset: 1n });
  expect(record.value?.length).toBe(1_000_000);
  expect(record.value?.buffer.byteLength).toBe(1_000_000);
  expect(record.key?.buffer.byteLength).toBe(1);
  expect(kafka.readers.at(-1)?.closed).toBe(true);
});

test('a record that is not there (any more) is a sentence that says what is', async () => {
  const tweets = new FakeTopic('tweets');
  for (let i = 0; i < 5; i++) tweets.append(0, 'x');
  tweets.remove(0, 0n, 1n, 3n);
  const { service } = start(tweets);
  const record = (offset: bigint, partition = 0) => service.record({ topic: 'tweets', partition, offset });
  for (const offset of [0n, 3n, 5n, 2n ** 62n])
    await expect(record(offset)).rejects.toThrow(
      `tweets-0 has no record at offset ${offset} (any more): it now holds 2 to 5`,
    );
  await expect(record(0n, 7)).rejects.toMatchObject({ code: 'UNKNOWN_PARTITION' });
});

test('a topic is consumed in the partitions that were asked for', async () => {
  const tweets = new FakeTopic('tweets', 3);
  for (let i = 0; i < 30; i++) tweets.append(i % 3, `record ${i}`);
  const { service, kafka } = start(tweets);
  const controller = new AbortController();
  const stream = service.consume({ topic: 'tweets', partitions: [1], start: { type: 'beginning' } }, controller.signal);
  const first = await stream.next();
  const records = unpackRecords(first.value.records);
  expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([1]));
  expect(records.length).toBe(10);
  await stream.return(undefined);
  expect(kafka.readers.at(-1)?.closed).toBe(true);
  const wrong = service.consume({ topic: 'tweets', partitions: [3], start: { type: 'now' } }, controller.signal);
  await expect(wrong.next()).rejects.toThrow('Topic tweets has no partition 3: its partitions are 0 to 2');
});
