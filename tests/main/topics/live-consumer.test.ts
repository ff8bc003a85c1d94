import { expect, test } from 'vitest';
import type { ConsumeBatch, ConsumeGap, ConsumeRequest } from '../../../common/kafka/consume.ts';
import type { BacklogLimits } from '../../../main/topics/backlog.ts';
import { LIMITS, liveConsumer } from '../../../main/topics/live-consumer.ts';
import { FakePartitionReader, FakeTopic } from '../../kit/fake-partition-reader.ts';
import { MockTime } from '../../kit/mock-time.ts';
import { unpackRecords } from '../../kit/unpack-records.ts';

const SMALL: BacklogLimits = { batchRecords: 10, batchBytes: 1_000_000, batches: 4, previewBytes: 64 };

function start(
  topic: FakeTopic,
  request: Partial<ConsumeRequest>,
  options: { limits?: BacklogLimits; maxPoll?: number } = {},
) {
  const time = new MockTime();
  const reader = new FakePartitionReader(topic, options.maxPoll);
  const controller = new AbortController();
  const partitions = request.partitions ?? [0];
  const stream = liveConsumer(
    {
      reader,
      request: { topic: topic.name, start: { type: 'beginning' }, ...request },
      partitions,
      time,
      limits: options.limits,
    },
    controller.signal,
  );
  /** The next batch; moves the clock as far as the consumer itself waits. */
  const next = async (): Promise<ConsumeBatch> => {
    let done = false;
    const result = stream.next().finally(() => (done = true));
    await time.advance(0);
    for (let ms = 0; !done && ms < 2_000; ms += 4) await time.advance(4);
    return (await result).value as ConsumeBatch;
  };
  return { stream, next, time, reader, controller };
}

const values = (batch: ConsumeBatch) =>
  unpackRecords(batch.records).map(({ value }) => value && new TextDecoder().decode(value));
const offsets = (batch: ConsumeBatch) => unpackRecords(batch.records).map(({ offset }) => Number(offset));

function filled(count: number): FakeTopic {
  const topic = new FakeTopic('tweets');
  for (let i = 0; i < count; i++) topic.append(0, `record ${i}`);
  return topic;
}

test('from the beginning every record comes once and in order, however slowly they are asked for', async () => {
  const { next, time, reader } = start(filled(1_000), {}, { limits: SMALL, maxPoll: 7 });
  const seen: number[] = [];
  while (seen.length < 1_000) {
    const batch = await next();
    expect(batch.records.count).toBeLessThanOrEqual(10);
    expect(batch.gaps).toEqual([]);
    seen.push(...offsets(batch));
    await time.advance(100);
  }
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  const batch = await next();
  expect(batch.totals).toMatchObject({ read: 1_000, matched: 1_000, dropped: 0, lag: 0n, caughtUp: true });
  expect(reader.polls).toBeGreaterThan(140);
});

test('while nobody asks, what was there before is not read any further', async () => {
  const { next, time, reader } = start(filled(1_000), {}, { limits: SMALL, maxPoll: 7 });
  await next();
  await time.advance(10_000);
  const { polls } = reader;
  await time.advance(10_000);
  expect(reader.polls).toBe(polls);
  expect(polls).toBeLessThan(10);
});

test('what is written later is read even while nobody asks: the oldest of it is dropped, and a gap says which', async () => {
  const topic = filled(0);
  const { next, time } = start(topic, { start: { type: 'now' } }, { limits: SMALL });
  await next();
  for (let i = 0; i < 1_000; i++) topic.append(0, `record ${i}`);
  await time.advance(1_000);
  const seen: number[] = [];
  const gaps: ConsumeGap[] = [];
  let batch: ConsumeBatch;
  do {
    batch = await next();
    gaps.push(...batch.gaps);
    seen.push(...offsets(batch));
  } while (batch.records.count > 0);
  expect(gaps).toEqual([{ reason: 'dropped', partition: 0, from: 0n, to: 960n, records: 960, before: 0 }]);
  expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => 960 + i));
  expect(batch.totals).toMatchObject({ read: 1_000, matched: 1_000, dropped: 960, lag: 0n });
});

test('a filter counts everything and brings what matches', async () => {
  const topic = filled(100);
  const { next } = start(topic, { filter: { type: 'text', text: 'RECORD 7' } });
  const batch = await next();
  expect(values(batch)).toEqual(['record 7', ...Array.from({ length: 10 }, (_, i) => `record 7${i}`)]);
  expect(batch.totals).toMatchObject({ read: 100, matched: 11, lag: 0n });
});

test('without records a batch with the totals comes twice a second', async () => {
  const topic = filled(100);
  const { next, time } = start(topic, { filter: { type: 'text', text: 'nothing has this' } });
  const before = time.hiResMilliseconds();
  const batch = await next();
  expect(time.hiResMilliseconds() - before).toBe(500);
  expect(batch.records.count).toBe(0);
  expect(batch.totals).toMatchObject({ read: 100, matched: 0, caughtUp: true });
  expect(batch.totals.partitions).toEqual([{ partition: 0, position: 100n, endOffset: 100n }]);
});

test('offsets without a record are gaps in their place', async () => {
  const topic = filled(10);
  topic.remove(0, 3n, 4n, 7n);
  const batch = await start(topic, {}).next();
  expect(offsets(batch)).toEqual([0, 1, 2, 5, 6, 8, 9]);
  expect(batch.gaps).toEqual([
    { reason: 'absent', partition: 0, from: 3n, to: 5n, records: 0, before: 3 },
    { reason: 'absent', partition: 0, from: 7n, to: 8n, records: 0, before: 5 },
  ]);
});

test.each<[string, ConsumeRequest['start'], number[]]>([
  ['now', { type: 'now' }, []],
  ['an offset', { type: 'offset', offset: 17n }, [17, 18, 19]],
  ['an offset before the first', { type: 'offset', offset: 0n }, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]],
  ['an offset beyond the end', { type: 'offset', offset: 2n ** 62n }, []],
  ['a time', { type: 'timestamp', timestamp: 1_018n }, [18, 19]],
  ['a time beyond the last', { type: 'timestamp', timestamp: 5_000n }, []],
  ['the last two', { type: 'last', records: 2 }, [18, 19]],
  ['more than there are', { type: 'last', records: 500 }, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]],
  ['where another stream stopped', { type: 'positions', positions: [{ partition: 0, position: 19n }] }, [19]],
])('it starts from %s', async (_, from, expected) => {
  const topic = filled(20);
  topic.remove(0, ...Array.from({ length: 10 }, (_, i) => BigInt(i)));
  const { next } = start(topic, { start: from });
  expect(offsets(await next())).toEqual(expected);
  topic.append(0, 'a new one');
  expect(values(await next())).toEqual(['a new one']);
});

test('positions let another stream go on without losing or repeating a record', async () => {
  const topic = filled(200);
  const seen: number[] = [];
  let from: ConsumeRequest['start'] = { type: 'beginning' };
  for (let round = 0; round < 10; round++) {
    const { next, stream, time } = start(topic, { start: from }, { limits: SMALL, maxPoll: 3 });
    for (let i = 0; i < 2; i++) {
      const batch = await next();
      seen.push(...offsets(batch));
      from = { type: 'positions', positions: batch.totals.partitions };
      await time.advance(50);
    }
    await stream.return(undefined);
  }
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i));
  expect(seen.length).toBeGreaterThan(100);
});

test('long values are cut and their size is kept', async () => {
  const topic = new FakeTopic('tweets');
  topic.append(0, 'x'.repeat(1_000));
  const [record] = unpackRecords((await start(topic, {}, { limits: SMALL }).next()).records);
  expect(record).toMatchObject({ valueSize: 1_000, cut: true });
  expect(record?.value?.length).toBe(64);
});

test('leaving closes the reader and leaves no timer', async () => {
  const { next, stream, reader, time } = start(filled(5), {});
  await next();
  await stream.return(undefined);
  await time.advance(0);
  expect(reader.closed).toBe(true);
  expect(time.pending).toBe(0);
});

test('an abort ends a consumer that waits', async () => {
  const { stream, reader, time, controller } = start(filled(0), {});
  const pending = stream.next();
  await time.advance(10);
  controller.abort();
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(reader.closed).toBe(true);
  expect(time.pending).toBe(0);
});

test('a reader that fails fails the stream after what it had read', async () => {
  const { next, reader, time, stream } = start(filled(5), {});
  await next();
  reader.poll = () => Promise.reject(new Error('the topic was deleted'));
  reader.wakeup();
  const failing = expect(stream.next()).rejects.toThrow('the topic was deleted');
  await time.advance(600);
  await failing;
  expect(reader.closed).toBe(true);
});

test('an invalid regular expression is refused with its reason', async () => {
  const { stream } = start(filled(1), { filter: { type: 'regex', source: '(' } });
  await expect(stream.next()).rejects.toMatchObject({ code: 'INVALID_FILTER', key: 'filter' });
});

test('the product keeps at most four batches of five thousand records for a window', () => {
  expect(LIMITS).toMatchObject({ batchRecords: 5_000, batches: 4 });
});
