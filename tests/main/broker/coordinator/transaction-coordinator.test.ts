import { expect, test } from 'vitest';
import type { CoordinatorRecord } from '../../../../main/broker/coordinator/coordinator-topic.ts';
import type { Transaction } from '../../../../main/broker/coordinator/transaction.ts';
import { TransactionCoordinator } from '../../../../main/broker/coordinator/transaction-coordinator.ts';
import { transactionRecord } from '../../../../main/broker/coordinator/transaction-records.ts';
import type { TransactionMarker } from '../../../../main/broker/log/transaction-marker.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { Errors } from '../../../../main/protocol/messages/index.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const NOBODY = { producerId: -1n, producerEpoch: -1 };

function coordinator(stored: Partial<Transaction>, log: (record: CoordinatorRecord) => Promise<void> = async () => {}) {
  const time = new MockTime();
  const markers: TransactionMarker[] = [];
  const transactions = new TransactionCoordinator({
    time,
    logger: silentLogger,
    log: { append: (_, [record]) => log(record!) },
    nextProducerId: async () => 77n,
    endTransaction: async (_topic, _partition, marker) => void markers.push(marker),
    maxTimeoutMs: 900_000,
    idExpirationMs: WEEK_MS,
    mayForget: () => true,
  });
  const { key, value } = transactionRecord('id', {
    transactionalId: 'id',
    producerId: 7n,
    producerEpoch: 3,
    previousProducerId: -1n,
    nextProducerId: -1n,
    clientVersion: 0,
    lastProducerEpoch: -1,
    timeoutMs: 60_000,
    state: 'CompleteCommit',
    partitions: new Map(),
    startMs: -1n,
    lastUpdateMs: BigInt(time.milliseconds()),
    ...stored,
  });
  transactions.replay(key, value);
  return { transactions, time, markers };
}

test('an id goes on under a new producer id when its epochs are used up', async () => {
  const { transactions } = coordinator({ producerEpoch: 32_765 });
  expect(await transactions.initProducerId('id', 1000, NOBODY)).toEqual({
    errorCode: 0,
    producerId: 7n,
    producerEpoch: 32_766,
  });
  expect(await transactions.initProducerId('id', 1000, NOBODY)).toEqual({
    errorCode: 0,
    producerId: 77n,
    producerEpoch: 0,
  });
});

test('a producer of version 2 goes on under a new id when its epochs are used up, also when it asks twice', async () => {
  const { transactions, markers } = coordinator({
    state: 'Ongoing',
    producerEpoch: 32_766,
    partitions: new Map([['t', new Set([0])]]),
  });
  const producer = { producerId: 7n, producerEpoch: 32_766 };
  const next = { errorCode: 0, producerId: 77n, producerEpoch: 0 };
  expect(await transactions.endTransaction('id', producer, true, 2)).toEqual(next);
  expect(markers).toMatchObject([{ producerId: 7n, producerEpoch: 32_767 }]);
  expect(await transactions.endTransaction('id', producer, true, 2)).toEqual(next);
  expect(await transactions.initProducerId('id', 1000, producer)).toEqual(next);
});

test('who asks for its next epoch after its transaction timed out is told of the one that fenced it', async () => {
  const { transactions, time } = coordinator({ state: 'Ongoing', timeoutMs: 1000, startMs: 0n });
  await time.advance(2000);
  await transactions.tick();
  expect(transactions.get('id')).toMatchObject({ state: 'CompleteAbort', producerEpoch: 4 });
  const expected = { producerId: 7n, producerEpoch: 3 };
  expect(await transactions.initProducerId('id', 1000, expected)).toEqual({
    errorCode: 0,
    producerId: 7n,
    producerEpoch: 4,
  });
});

test.each([
  ['PrepareCommit', 'CompleteCommit', true],
  ['PrepareAbort', 'CompleteAbort', false],
] as const)('what was found as %s ends as %s', async (state, end, committed) => {
  const { transactions, markers } = coordinator({ state, partitions: new Map([['t', new Set([0, 2])]]) });
  await transactions.tick();
  expect(transactions.get('id')?.state).toBe(end);
  expect(markers).toEqual(Array(2).fill({ producerId: 7n, producerEpoch: 3, coordinatorEpoch: 0, committed }));
});

test('an id that was not used for a week is forgotten', async () => {
  const { transactions, time } = coordinator({});
  await time.advance(WEEK_MS);
  await transactions.tick();
  expect(transactions.get('id')).toBeDefined();
  await time.advance(1);
  await transactions.tick();
  expect(transactions.get('id')).toBeUndefined();
});

test('what can’t be written is not answered as if it were, and leaves everything as it was', async () => {
  const partitions = new Map([['t', new Set([0])]]);
  const { transactions, markers } = coordinator({ state: 'Ongoing', partitions, startMs: 0n }, async () => {
    throw new Error('disk full');
  });
  const producer = { producerId: 7n, producerEpoch: 3 };
  expect((await transactions.endTransaction('id', producer, true, 0)).errorCode).toBe(Errors.COORDINATOR_NOT_AVAILABLE);
  expect(await transactions.addPartitions('id', producer, [{ topic: 't', partition: 1 }], 0)).toBe(
    Errors.COORDINATOR_NOT_AVAILABLE,
  );
  expect(transactions.get('id')).toMatchObject({ state: 'Ongoing', partitions });
  expect(markers).toEqual([]);
});

test('requests of an id are dealt with in their order, each from what the one before left', async () => {
  const { transactions } = coordinator({ state: 'Empty' });
  const producer = { producerId: 7n, producerEpoch: 3 };
  const codes = await Promise.all([
    transactions.addPartitions('id', producer, [{ topic: 't', partition: 0 }], 0),
    transactions.addPartitions('id', producer, [{ topic: 't', partition: 1 }], 0),
    transactions.endTransaction('id', producer, true, 0).then(({ errorCode }) => errorCode),
    transactions.endTransaction('id', producer, false, 0).then(({ errorCode }) => errorCode),
  ]);
  expect(codes).toEqual([0, 0, 0, Errors.INVALID_TXN_STATE]);
});
