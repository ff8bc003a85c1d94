import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createTopics,
  deleteRecords,
  deleteTopics,
  Errors,
  fetch,
  incrementalAlterConfigs,
  listOffsets,
  metadata,
  offsetForLeaderEpoch,
  produce,
} from '../../../../main/protocol/messages/index.ts';
import { RecordBatch, recordBatches } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { ZERO_UUID } from '../../../../main/protocol/schema/uuid.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

let running: TestSandbox;
let client: RawClient;
let time: MockTime;
let topicId: string;

beforeEach(async () => {
  time = new MockTime(Date.now());
  running = await TestSandbox.start({ time });
  client = await running.client();
  topicId = await create('tweets', 3);
});
afterEach(() => running.close());

async function create(name: string, numPartitions = 1, configs: Record<string, string> = {}): Promise<string> {
  const { topics } = await client.request(createTopics, 7, {
    topics: [
      {
        name,
        numPartitions,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
  expect(topics[0]?.errorCode).toBe(0);
  return topics[0]!.topicId;
}

const write = async (
  records: Buffer | null,
  over: { topic?: string; partition?: number; acks?: number; version?: number } = {},
) => {
  const { responses } = await client.request(produce, over.version ?? 9, {
    acks: over.acks ?? -1,
    timeoutMs: 1000,
    topicData: [{ name: over.topic ?? 'tweets', partitionData: [{ index: over.partition ?? 0, records }] }],
  });
  return responses[0]!.partitionResponses[0]!;
};

interface Wanted {
  partition?: number;
  offset?: bigint;
  maxBytes?: number;
  epoch?: number;
}

const fetching = (
  partitions: readonly Wanted[],
  over: { maxWaitMs?: number; minBytes?: number; maxBytes?: number; topic?: string } = {},
) =>
  client.request(fetch, 11, {
    replicaId: -1,
    maxWaitMs: over.maxWaitMs ?? 0,
    minBytes: over.minBytes ?? 1,
    maxBytes: over.maxBytes ?? 1_000_000,
    isolationLevel: 0,
    topics: [
      {
        topic: over.topic ?? 'tweets',
        partitions: partitions.map(({ partition, offset, maxBytes, epoch }) => ({
          partition: partition ?? 0,
          fetchOffset: offset ?? 0n,
          partitionMaxBytes: maxBytes ?? 1_000_000,
          currentLeaderEpoch: epoch ?? -1,
        })),
      },
    ],
  });

const read = async (wanted: Wanted = {}, over: Parameters<typeof fetching>[1] = {}) =>
  (await fetching([wanted], over)).responses[0]!.partitions[0]!;

const valuesOf = (records: Buffer | null) =>
  [...recordBatches(records ?? Buffer.alloc(0))].flatMap((batch) =>
    decodeRecords(batch).map(({ value }) => String(value)),
  );

const begun = (timers: number) => expect.poll(() => time.pending, { interval: 1 }).toBeGreaterThan(timers);

describe('Produce', () => {
  test('answers with the offset of the first record', async () => {
    expect(await write(batchOf(['a', 'b']))).toMatchObject({ errorCode: 0, baseOffset: 0n, logStartOffset: 0n });
    expect(await write(batchOf(['c']))).toMatchObject({ baseOffset: 2n, logAppendTimeMs: -1n });
    expect(valuesOf((await read()).records)).toEqual(['a', 'b', 'c']);
  });

  test.each([-1, 1])('acks=%i: several partitions in one request, each with its own answer', async (acks) => {
    const { responses } = await client.request(produce, 9, {
      acks,
      timeoutMs: 1000,
      topicData: [
        {
          name: 'tweets',
          partitionData: [
            { index: 2, records: batchOf(['x']) },
            { index: 7, records: batchOf(['x']) },
            { index: 0, records: Buffer.from('no batch') },
          ],
        },
        { name: 'nowhere', partitionData: [{ index: 0, records: batchOf(['x']) }] },
      ],
    });
    expect(responses.map(({ partitionResponses }) => partitionResponses.map(({ errorCode }) => errorCode))).toEqual([
      [0, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.INVALID_RECORD],
      [Errors.UNKNOWN_TOPIC_OR_PARTITION],
    ]);
  });

  test('by topic id: an id that is gone is told from a name', async () => {
    const byId = (id: string) =>
      client.request(produce, 13, {
        acks: -1,
        timeoutMs: 1000,
        topicData: [{ topicId: id, partitionData: [{ index: 0, records: batchOf(['x']) }] }],
      });
    expect((await byId(topicId)).responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
    await client.request(deleteTopics, 6, { topics: [{ name: 'tweets', topicId: ZERO_UUID }], timeoutMs: 1000 });
    await create('tweets');
    expect((await byId(topicId)).responses[0]!.partitionResponses[0]!.errorCode).toBe(Errors.UNKNOWN_TOPIC_ID);
  });

  test.each([
    ['a wrong CRC', (b: Buffer) => void (b[70]! ^= 1), Errors.CORRUPT_MESSAGE],
    ['magic 1', (b: Buffer) => void (b[16] = 1), Errors.INVALID_RECORD],
    ['magic 3', (b: Buffer) => void (b[16] = 3), Errors.CORRUPT_MESSAGE],
    ['a lying length', (b: Buffer) => void b.writeInt32BE(1_000_000, 8), Errors.INVALID_RECORD],
  ])('%s is refused and nothing is appended', async (_, spoil, code) => {
    const batch = batchOf(['a long enough value']);
    spoil(batch);
    expect(await write(batch)).toMatchObject({ errorCode: code, baseOffset: -1n });
    expect((await read()).highWatermark).toBe(0n);
  });

  test('no records at all are refused', async () => {
    expect((await write(null)).errorCode).toBe(Errors.INVALID_RECORD);
    expect((await write(Buffer.alloc(0))).errorCode).toBe(Errors.INVALID_RECORD);
  });

  test('an idempotent producer: duplicates get the old offset, gaps and old epochs are refused', async () => {
    const batch = (sequence: number, epoch = 0) =>
      batchOf([`${sequence}`], { producerId: 4000n, producerEpoch: epoch, baseSequence: sequence });
    expect(await write(batch(0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await write(batch(1))).toMatchObject({ errorCode: 0, baseOffset: 1n });
    expect(await write(batch(0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect((await write(batch(3))).errorCode).toBe(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect((await write(batch(0, 2))).errorCode).toBe(0);
    expect((await write(batch(2, 1))).errorCode).toBe(Errors.INVALID_PRODUCER_EPOCH);
    expect(valuesOf((await read()).records)).toEqual(['0', '1', '0']);
  });

  test('zstd needs version 7', async () => {
    const batch = batchOf(['x'], { compression: 'zstd' });
    expect((await write(Buffer.from(batch), { version: 6 })).errorCode).toBe(Errors.UNSUPPORTED_COMPRESSION_TYPE);
    expect((await write(Buffer.from(batch), { version: 7 })).errorCode).toBe(0);
  });

  test('a topic that takes the broker’s time says which', async () => {
    await create('timed', 1, { 'message.timestamp.type': 'LogAppendTime' });
    const answer = await write(batchOf(['x'], { timestamp: 5n }), { topic: 'timed' });
    expect(answer.logAppendTimeMs).toBe(BigInt(time.milliseconds()));
    const batch = new RecordBatch((await read({}, { topic: 'timed' })).records!);
    expect([batch.timestampType, batch.maxTimestamp]).toEqual(['LogAppendTime', BigInt(time.milliseconds())]);
    expect(batch.isValid).toBe(true);
  });

  test('a topic with its own compression compresses', async () => {
    await create('packed', 1, { 'compression.type': 'gzip' });
    await write(batchOf(['x'.repeat(1000)]), { topic: 'packed' });
    const batch = new RecordBatch((await read({}, { topic: 'packed' })).records!);
    expect([batch.compression, batch.sizeInBytes < 300, batch.isValid]).toEqual(['gzip', true, true]);
    expect(valuesOf(batch.bytes)).toEqual(['x'.repeat(1000)]);
  });

  test('a compacted topic names the records without a key', async () => {
    await create('compacted', 1, { 'cleanup.policy': 'compact' });
    const answer = await write(batchOf(['x', 'y']), { topic: 'compacted' });
    expect(answer.errorCode).toBe(Errors.INVALID_RECORD);
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1]);
  });

  test('clients can’t write the broker’s own topic', async () => {
    await create('__consumer_offsets');
    expect((await write(batchOf(['x']), { topic: '__consumer_offsets' })).errorCode).toBe(
      Errors.INVALID_TOPIC_EXCEPTION,
    );
  });

  test('other acks than 0, 1 and all are refused', async () => {
    expect((await write(batchOf(['x']), { acks: 2 })).errorCode).toBe(Errors.INVALID_REQUIRED_ACKS);
  });
});

describe('Fetch', () => {
  test('waits for the first record and answers with it', async () => {
    const timers = time.pending;
    const waiting = read({}, { maxWaitMs: 60_000 });
    await begun(timers);
    const other = await running.client();
    await other.request(produce, 9, {
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ name: 'tweets', partitionData: [{ index: 0, records: batchOf(['at last']) }] }],
    });
    expect(valuesOf((await waiting).records)).toEqual(['at last']);
  });

  test('waits for min.bytes over all partitions, or until the time is over', async () => {
    const timers = time.pending;
    let answered = false;
    const waiting = fetching([{ partition: 0 }, { partition: 1 }], { maxWaitMs: 1000, minBytes: 150 }).then(
      (answer) => {
        answered = true;
        return answer;
      },
    );
    await begun(timers);
    const other = await running.client();
    const add = (index: number) =>
      other.request(produce, 9, {
        acks: -1,
        timeoutMs: 1000,
        topicData: [{ name: 'tweets', partitionData: [{ index, records: batchOf(['some twenty bytes...']) }] }],
      });
    await add(0);
    expect(answered).toBe(false);
    await add(1);
    const { partitions } = (await waiting).responses[0]!;
    expect(partitions.map(({ records }) => valuesOf(records).length)).toEqual([1, 1]);

    const timersThen = time.pending;
    const empty = read({ partition: 2 }, { maxWaitMs: 700, minBytes: 1 });
    await begun(timersThen);
    await time.advance(700);
    expect((await empty).records).toHaveLength(0);
  });

  test('ends when the topic is deleted, and says so', async () => {
    const timers = time.pending;
    const waiting = read({}, { maxWaitMs: 60_000 });
    await begun(timers);
    const other = await running.client();
    await other.request(deleteTopics, 6, { topics: [{ name: 'tweets', topicId: ZERO_UUID }], timeoutMs: 1000 });
    expect((await waiting).errorCode).toBe(Errors.NOT_LEADER_OR_FOLLOWER);
    expect((await read()).errorCode).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('leaves no timer and no listener behind when its client goes', async () => {
    const timers = time.pending;
    const gone = await running.client();
    void gone
      .request(fetch, 11, {
        replicaId: -1,
        maxWaitMs: 60_000,
        minBytes: 1,
        maxBytes: 1000,
        isolationLevel: 0,
        topics: [{ topic: 'tweets', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
      })
      .catch(() => {});
    await begun(timers);
    gone.close();
    await expect.poll(() => time.pending, { interval: 1 }).toBe(timers);
  });

  test('keeps to its budgets in the order of the partitions; the first batch comes whole', async () => {
    const size = batchOf(['x'.repeat(300)]).length;
    for (const partition of [0, 1, 2]) {
      for (let i = 0; i < 3; i++) await write(batchOf(['x'.repeat(300)]), { partition });
    }
    const sizes = async (partitions: readonly Wanted[], maxBytes?: number) =>
      (await fetching(partitions, { maxBytes })).responses[0]!.partitions.map(({ records }) => records!.length / size);
    expect(await sizes([{ partition: 1 }, { partition: 0 }, { partition: 2 }], 4 * size)).toEqual([3, 1, 0]);
    expect(await sizes([{ partition: 0, maxBytes: 2 * size }, { partition: 1 }], 4 * size)).toEqual([2, 2]);
    expect(
      await sizes([
        { partition: 0, maxBytes: 10 },
        { partition: 1, maxBytes: 10 },
      ]),
    ).toEqual([1, 0]);
    expect(
      await sizes([
        { partition: 0, offset: 3n },
        { partition: 1, maxBytes: 10 },
      ]),
    ).toEqual([0, 1]);
  });

  test('refuses offsets that are not there, and epochs that never were', async () => {
    await write(batchOf(['x']));
    expect((await read({ offset: 1n })).errorCode).toBe(0);
    expect((await read({ offset: 2n })).errorCode).toBe(Errors.OFFSET_OUT_OF_RANGE);
    expect((await read({ offset: -1n })).errorCode).toBe(Errors.OFFSET_OUT_OF_RANGE);
    expect((await read({ epoch: 1 })).errorCode).toBe(Errors.UNKNOWN_LEADER_EPOCH);
    expect((await read({ partition: 9 })).errorCode).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test.each([12, 13, 15, 17, 18])('version %i', async (version) => {
    await write(batchOf(['by id']));
    const { responses, sessionId } = await client.request(fetch, version, {
      maxWaitMs: 0,
      minBytes: 1,
      topics: [{ topic: 'tweets', topicId, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
      forgottenTopicsData: [],
    });
    expect(sessionId).toBe(0);
    expect(valuesOf(responses[0]!.partitions[0]!.records)).toEqual(['by id']);
  });
});

describe('offsets', () => {
  const offsetsAt = async (timestamp: bigint, partitionIndex = 0, version = 7) => {
    const { topics } = await client.request(listOffsets, version, {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 1000,
      topics: [{ name: 'tweets', partitions: [{ partitionIndex, timestamp }] }],
    });
    const { offset, timestamp: at, errorCode } = topics[0]!.partitions[0]!;
    return { offset, at, errorCode };
  };

  test('by ListOffsets: ends, times, the latest time', async () => {
    const now = BigInt(time.milliseconds());
    await write(batchOf(['a', 'b', 'c'], { timestamp: now }));
    await write(batchOf(['d'], { timestamp: now - 1000n, compression: 'gzip' }));
    expect((await offsetsAt(-1n)).offset).toBe(4n);
    expect((await offsetsAt(-2n)).offset).toBe(0n);
    expect(await offsetsAt(-3n)).toMatchObject({ offset: 2n, at: now + 2n });
    expect(await offsetsAt(now + 1n)).toMatchObject({ offset: 1n, at: now + 1n });
    expect(await offsetsAt(now + 3n)).toMatchObject({ offset: -1n, at: -1n });
    expect((await offsetsAt(-4n, 0, 8)).offset).toBe(0n);
    expect((await offsetsAt(-5n, 0, 9)).offset).toBe(-1n);
    expect((await offsetsAt(-1n, 9)).errorCode).toBe(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('by DeleteRecords: what is before is gone', async () => {
    for (let i = 0; i < 5; i++) await write(batchOf([`${i}`]));
    const remove = async (offset: bigint) => {
      const { topics } = await client.request(deleteRecords, 2, {
        topics: [{ name: 'tweets', partitions: [{ partitionIndex: 0, offset }] }],
        timeoutMs: 1000,
      });
      return topics[0]!.partitions[0]!;
    };
    expect(await remove(2n)).toMatchObject({ errorCode: 0, lowWatermark: 2n });
    expect((await read({ offset: 0n })).errorCode).toBe(Errors.OFFSET_OUT_OF_RANGE);
    expect(valuesOf((await read({ offset: 2n })).records)).toEqual(['2', '3', '4']);
    expect((await remove(6n)).errorCode).toBe(Errors.OFFSET_OUT_OF_RANGE);
    expect(await remove(-1n)).toMatchObject({ lowWatermark: 5n });
    expect((await offsetsAt(-2n)).offset).toBe(5n);
  });

  test('by OffsetForLeaderEpoch: the one epoch ends where the log does', async () => {
    await write(batchOf(['a', 'b']));
    const { topics } = await client.request(offsetForLeaderEpoch, 4, {
      replicaId: -1,
      topics: [{ topic: 'tweets', partitions: [{ partition: 0, currentLeaderEpoch: 0, leaderEpoch: 0 }] }],
    });
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 2n });
  });
});

test('a setting of a topic holds from the next record on', async () => {
  const large = batchOf(['x'.repeat(3000)]);
  await client.request(incrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 2,
        resourceName: 'tweets',
        configs: [{ name: 'max.message.bytes', configOperation: 0, value: '2000' }],
      },
    ],
    validateOnly: false,
  });
  expect((await write(Buffer.from(large))).errorCode).toBe(Errors.MESSAGE_TOO_LARGE);
  await client.request(incrementalAlterConfigs, 1, {
    resources: [
      {
        resourceType: 2,
        resourceName: 'tweets',
        configs: [{ name: 'max.message.bytes', configOperation: 1, value: null }],
      },
    ],
    validateOnly: false,
  });
  expect((await write(Buffer.from(large))).errorCode).toBe(0);
});

test('a topic that is named is there in the same answer, and can be written at once', async () => {
  const { topics } = await client.request(metadata, 12, {
    topics: [{ name: 'fresh' }],
    allowAutoTopicCreation: true,
    includeTopicAuthorizedOperations: false,
  });
  expect(topics[0]).toMatchObject({ errorCode: 0, name: 'fresh', isInternal: false });
  expect((await write(batchOf(['x']), { topic: 'fresh' })).errorCode).toBe(0);
});
