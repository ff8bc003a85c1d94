import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createTopics,
  describeProducers,
  describeTransactions,
  Errors,
  listOffsets,
  listTransactions,
} from '../../../../main/protocol/messages/index.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import type { RawClient } from '../../../kit/raw-client.ts';
import { diskError, SimFileSystem } from '../../../kit/sim-file-system.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';
import { TransactionalClient } from '../../../kit/transactional-client.ts';

const OVERRIDES = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '10000' };
let disk: SimFileSystem;
let time: MockTime;
let running: TestSandbox;
let client: RawClient;
let producer: TransactionalClient;

async function start(): Promise<void> {
  running = await TestSandbox.start({ disk, time, overrides: OVERRIDES });
  client = await running.client();
  producer = new TransactionalClient(client, 'id');
}

beforeEach(async () => {
  disk = new SimFileSystem();
  time = new MockTime(Date.now());
  await start();
  const topics = [{ name: 't', numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] }];
  await client.request(createTopics, 7, { topics });
});
afterEach(() => running.close());

/** A producer that has begun a transaction and written to partition 0. */
async function begun(...values: string[]): Promise<void> {
  expect(await producer.init()).toBe(0);
  if (producer.version === 0) expect(await producer.add('t', 0)).toEqual([0]);
  expect(await producer.write('t', 0, values)).toBe(0);
}

const read = async (isolation: 'read_committed' | 'read_uncommitted' = 'read_committed') =>
  (await producer.read('t', 0, isolation)).values;

const stateOf = async () =>
  (await client.request(describeTransactions, 0, { transactionalIds: ['id'] })).transactionStates[0]!;

describe('a transaction', () => {
  test('is seen when it is committed, and before only by those who ask for it', async () => {
    await begun('a', 'b');
    expect(await read('read_uncommitted')).toEqual(['a', 'b']);
    expect(await producer.read('t', 0, 'read_committed')).toEqual({
      values: [],
      lastStableOffset: 0n,
      highWatermark: 2n,
    });
    expect(await producer.end(true)).toBe(0);
    expect(await producer.read('t', 0, 'read_committed')).toEqual({
      values: ['a', 'b'],
      lastStableOffset: 3n,
      highWatermark: 3n,
    });
  });

  test('is left out by readers of committed records when it is aborted', async () => {
    await begun('a');
    expect(await producer.end(false)).toBe(0);
    expect(await producer.add('t', 0)).toEqual([0]);
    expect(await producer.write('t', 0, ['b'])).toBe(0);
    expect(await producer.end(true)).toBe(0);
    expect(await read()).toEqual(['b']);
    expect(await read('read_uncommitted')).toEqual(['a', 'b']);
  });

  test('ends the wait of a reader of committed records', async () => {
    await begun('a');
    const reader = new TransactionalClient(await running.client(), 'reader');
    const waiting = reader.read('t', 0, 'read_committed', 60_000);
    expect(await producer.end(true)).toBe(0);
    expect((await waiting).values).toEqual(['a']);
  });

  test('hides its end and its times from ListOffsets until it is committed', async () => {
    await begun('a');
    const list = async (isolationLevel: number, timestamp: bigint) => {
      const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }];
      const answer = await client.request(listOffsets, 7, {
        replicaId: -1,
        isolationLevel,
        topics: [{ name: 't', partitions }],
      });
      return answer.topics[0]!.partitions[0]!.offset;
    };
    expect([await list(0, -1n), await list(1, -1n), await list(0, 0n), await list(1, 0n)]).toEqual([1n, 0n, 0n, -1n]);
    await producer.end(true);
    expect([await list(1, -1n), await list(1, 0n)]).toEqual([2n, 0n]);
  });

  test('is described', async () => {
    await begun('a');
    expect(await stateOf()).toMatchObject({
      errorCode: 0,
      transactionState: 'Ongoing',
      transactionTimeoutMs: 60_000,
      ...producer.identity,
      topics: [{ topic: 't', partitions: [0] }],
    });
    const filters = { stateFilters: ['Ongoing', 'Sleeping'], producerIdFilters: [], durationFilter: -1n };
    expect(await client.request(listTransactions, 1, filters)).toMatchObject({
      unknownStateFilters: ['Sleeping'],
      transactionStates: [{ transactionalId: 'id', transactionState: 'Ongoing' }],
    });
    const asked = { topics: [{ name: 't', partitionIndexes: [0] }] };
    const { topics } = await client.request(describeProducers, 0, asked);
    expect(topics[0]!.partitions[0]!.activeProducers).toMatchObject([
      { ...producer.identity, lastSequence: 0, currentTxnStartOffset: 0n },
    ]);
    expect(
      (await client.request(describeTransactions, 0, { transactionalIds: ['none'] })).transactionStates,
    ).toMatchObject([{ transactionalId: 'none', errorCode: Errors.TRANSACTIONAL_ID_NOT_FOUND }]);
  });
});

describe('what is refused', () => {
  test('a partition that is not part of the transaction', async () => {
    await begun('a');
    expect(await producer.write('t', 1, ['b'])).toBe(Errors.TRANSACTION_ABORTABLE);
  });

  test('records that come after the end of their transaction', async () => {
    await begun('a');
    await producer.end(true);
    expect(await producer.write('t', 0, ['late'])).toBe(Errors.TRANSACTION_ABORTABLE);
  });

  test('records of version 2 that come after the end of their transaction', async () => {
    producer.version = 2;
    await begun('a');
    const { identity } = producer;
    await producer.end(true);
    producer.identity = identity;
    expect(await producer.write('t', 0, ['late'])).toBe(Errors.INVALID_PRODUCER_EPOCH);
    expect(await read('read_uncommitted')).toEqual(['a']);
  });

  test('partitions that are not there, and the others beside them', async () => {
    await producer.init();
    expect(await producer.add('t', 0, 7)).toEqual([Errors.OPERATION_NOT_ATTEMPTED, Errors.UNKNOWN_TOPIC_OR_PARTITION]);
    expect((await stateOf()).transactionState).toBe('Empty');
  });

  test('another end than the one that was', async () => {
    await begun('a');
    await producer.end(true);
    expect([await producer.end(true), await producer.end(false)]).toEqual([0, Errors.INVALID_TXN_STATE]);
  });

  test('time-outs beyond the limit, an empty id, half an identity', async () => {
    expect(await producer.init(900_001)).toBe(Errors.INVALID_TRANSACTION_TIMEOUT);
    expect(await producer.init(0)).toBe(Errors.INVALID_TRANSACTION_TIMEOUT);
    expect(await new TransactionalClient(client, '').init()).toBe(Errors.INVALID_REQUEST);
    expect(await producer.init(1000, { producerId: 1n, producerEpoch: -1 })).toBe(Errors.INVALID_REQUEST);
  });
});

describe('fencing', () => {
  test('the next producer with an id aborts what the one before left open, and fences it', async () => {
    await begun('a');
    const next = new TransactionalClient(client, 'id');
    expect(await next.init()).toBe(0);
    expect(next.identity.producerId).toBe(producer.identity.producerId);
    expect(next.identity.producerEpoch).toBeGreaterThan(producer.identity.producerEpoch);
    expect(await producer.write('t', 0, ['b'])).toBe(Errors.INVALID_PRODUCER_EPOCH);
    expect(await producer.add('t', 1)).toEqual([Errors.PRODUCER_FENCED]);
    expect(await producer.end(true)).toBe(Errors.PRODUCER_FENCED);
    expect(await producer.init(60_000, producer.identity)).toBe(Errors.PRODUCER_FENCED);
    expect(await read()).toEqual([]);
    expect((await producer.read('t', 0, 'read_committed')).lastStableOffset).toBe(2n);
  });

  test('a producer gets the next epoch of its own, and the same again when the answer was lost', async () => {
    await begun('a');
    const before = producer.identity;
    await producer.end(false);
    expect(await producer.init(60_000, before)).toBe(0);
    expect(producer.identity).toEqual({ ...before, producerEpoch: before.producerEpoch + 1 });
    expect(await producer.init(60_000, before)).toBe(0);
    expect(producer.identity).toEqual({ ...before, producerEpoch: before.producerEpoch + 1 });
  });

  test('a transaction that is open for too long is aborted', async () => {
    await producer.init(30_000);
    await producer.add('t', 0);
    await producer.write('t', 0, ['a']);
    await time.advance(30_000);
    expect((await stateOf()).transactionState).toBe('Ongoing');
    await time.advance(10_000);
    await expect.poll(async () => (await stateOf()).transactionState).toBe('CompleteAbort');
    expect(await producer.end(true)).toBe(Errors.PRODUCER_FENCED);
    expect(await read()).toEqual([]);
  });
});

describe('a producer of version 2', () => {
  beforeEach(() => {
    producer.version = 2;
  });

  test('has another epoch for each transaction, and writes to partitions without having them added', async () => {
    await begun('a');
    const { producerId, producerEpoch } = producer.identity;
    expect(await producer.write('t', 1, ['b'])).toBe(0);
    expect((await stateOf()).topics).toEqual([{ topic: 't', partitions: [0, 1] }]);
    expect(await producer.end(true)).toBe(0);
    expect(producer.identity).toEqual({ producerId, producerEpoch: producerEpoch + 1 });
    expect(await producer.write('t', 0, ['c'])).toBe(0);
    expect(await producer.end(false)).toBe(0);
    expect(producer.identity).toEqual({ producerId, producerEpoch: producerEpoch + 2 });
    expect(await read()).toEqual(['a']);
  });

  test('gets the same answer again when the one to its end was lost, also after a restart', async () => {
    await begun('a');
    const before = producer.identity;
    await producer.end(true);
    const after = producer.identity;
    await running.close();
    await start();
    producer.version = 2;
    producer.identity = before;
    expect(await producer.end(true)).toBe(0);
    expect(producer.identity).toEqual(after);
    producer.identity = before;
    expect(await producer.end(false)).toBe(Errors.INVALID_TXN_STATE);
  });

  test('aborts what it has not begun, and does not commit it', async () => {
    await producer.init();
    expect(await producer.end(true)).toBe(Errors.INVALID_TXN_STATE);
    const { producerEpoch } = producer.identity;
    expect(await producer.end(false)).toBe(0);
    expect(producer.identity.producerEpoch).toBe(producerEpoch + 1);
    expect(await producer.end(true)).toBe(Errors.INVALID_TXN_STATE);
  });

  test('keeps the order of batches that are sent at once, the first of which adds the partition', async () => {
    await producer.init();
    const values = Array.from({ length: 20 }, (_, i) => `${i}`);
    const codes = await Promise.all(values.map((value, i) => producer.write('t', i % 3 === 2 ? 1 : 0, [value])));
    expect(new Set(codes)).toEqual(new Set([0]));
    await producer.end(true);
    expect(await read()).toEqual(values.filter((_, i) => i % 3 !== 2));
  });
});

describe('offsets of a group', () => {
  test.each([
    [true, 0],
    [false, 0],
    [true, 2],
    [false, 2],
  ] as const)('hold when their transaction is committed (%s, version %i)', async (committed, version) => {
    producer.version = version;
    await producer.init();
    if (version === 0) {
      expect(await producer.commitOffset('g', 't', 0, 5n)).toBe(Errors.INVALID_TXN_STATE);
      expect(await producer.addOffsets('g')).toBe(0);
    }
    expect(await producer.commitOffset('g', 't', 0, 5n)).toBe(0);
    expect(await producer.committed('g', 't', 0, true)).toBe(Errors.UNSTABLE_OFFSET_COMMIT);
    expect(await producer.committed('g', 't', 0, false)).toBe(-1n);
    expect(await producer.end(committed)).toBe(0);
    expect(await producer.committed('g', 't', 0, true)).toBe(committed ? 5n : -1n);
    await running.close();
    await start();
    expect(await producer.committed('g', 't', 0, true)).toBe(committed ? 5n : -1n);
  });

  test('are pending after a restart while their transaction is open', async () => {
    await producer.init();
    await producer.addOffsets('g');
    await producer.commitOffset('g', 't', 0, 5n);
    const { identity } = producer;
    await running.close();
    await start();
    producer.identity = identity;
    expect(await producer.committed('g', 't', 0, true)).toBe(Errors.UNSTABLE_OFFSET_COMMIT);
    expect(await producer.end(true)).toBe(0);
    expect(await producer.committed('g', 't', 0, true)).toBe(5n);
  });
});

describe('a crash', () => {
  test('between the decision and the markers changes nothing of the decision', async () => {
    await begun('a');
    const { identity } = producer;
    disk.fault = (operation, path) =>
      operation === 'write' && path.includes('/t-0/') ? { error: diskError('ENOSPC') } : undefined;
    expect(await producer.end(true)).toBe(0);
    expect((await stateOf()).transactionState).toBe('PrepareCommit');
    expect(await read()).toEqual([]);
    expect(await producer.add('t', 1)).toEqual([Errors.CONCURRENT_TRANSACTIONS]);
    await running.close().catch(() => {});
    disk.fault = () => undefined;
    disk = disk.afterPowerLoss(() => 0.5);
    await start();
    producer.identity = identity;
    await time.advance(10_000);
    await expect.poll(async () => (await stateOf()).transactionState).toBe('CompleteCommit');
    expect(await read()).toEqual(['a']);
  });

  test('leaves every outcome that was answered, and none that was not asked for', async () => {
    const step = fc.record({
      committed: fc.boolean(),
      records: fc.integer({ min: 1, max: 3 }),
      cut: fc.constantFrom('no', 'open', 'ended'),
      seed: fc.nat(1000),
      version: fc.constantFrom(0 as const, 2 as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await running.close();
        disk = new SimFileSystem();
        await start();
        const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
        await client.request(createTopics, 7, { topics });
        const expected: string[] = [];
        for (const [i, { committed, records, cut, seed, version }] of steps.entries()) {
          producer.version = version;
          const values = Array.from({ length: records }, (_, n) => `${i}.${n}`);
          await begun(...values);
          if (cut !== 'open') {
            expect(await producer.end(committed)).toBe(0);
            if (committed) expected.push(...values);
          }
          if (cut !== 'no') {
            const random = (
              (state) => () =>
                (state = (state * 48271 + 12345) % 2147483647) / 2147483647
            )(seed + 1);
            disk = disk.afterPowerLoss(random);
            await running.close();
            await start();
          }
        }
        // The next with the id ends what the last one left open.
        expect(await producer.init()).toBe(0);
        expect(await read()).toEqual(expected);
      }),
      { numRuns: { quick: 15, ci: 40 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 1000 },
    );
  });
});
