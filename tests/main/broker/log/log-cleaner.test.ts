import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CheckpointFile } from '../../../../main/broker/log/checkpoint-file.ts';
import { readWholeFile } from '../../../../main/broker/log/file-system.ts';
import { LogCleaner } from '../../../../main/broker/log/log-cleaner.ts';
import type { LogConfig } from '../../../../main/broker/log/log-config.ts';
import type { PartitionLog } from '../../../../main/broker/log/partition-log.ts';
import { encodeRecordBatch, type RecordBatchOptions } from '../../../../main/protocol/records/encode-records.ts';
import { RecordBatch, recordBatches } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { LogLife } from '../../../kit/log-environment.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';
import { StrictFileSystem } from '../../../kit/strict-file-system.ts';

interface Keyed {
  key: string;
  value: string | null;
}

const CONFIG: Partial<LogConfig> = {
  isCompacted: true,
  isDeleted: false,
  segmentBytes: 1500,
  indexIntervalBytes: 100,
  minCleanableDirtyRatio: 0.01,
};

const batchOf = (records: readonly Keyed[], options: RecordBatchOptions & { timestamp?: bigint } = {}) =>
  encodeRecordBatch(
    records.map(({ key, value }) => ({
      timestamp: options.timestamp ?? 1_700_000_000_000n,
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    })),
    options,
  );

interface Read extends Keyed {
  offset: bigint;
}

function readAll(log: PartitionLog, from = log.logStartOffset): Read[] {
  const found: Read[] = [];
  for (let offset = from; ; ) {
    const bytes = log.read(offset, 4000, true);
    if (bytes.length === 0) return found;
    for (const batch of recordBatches(bytes)) {
      expect(batch.isValid).toBe(true);
      for (const record of decodeRecords(batch)) {
        if (record.offset >= offset) {
          found.push({ offset: record.offset, key: String(record.key), value: record.value && String(record.value) });
        }
      }
      offset = batch.nextOffset;
    }
  }
}

/** What a reader from the beginning ends up with. */
function tableOf(records: readonly Keyed[]): Map<string, string> {
  const table = new Map<string, string>();
  for (const { key, value } of records) {
    if (value === null) table.delete(key);
    else table.set(key, value);
  }
  return table;
}

const cleanerOf = (life: LogLife) =>
  new LogCleaner({
    files: life.environment.files,
    time: life.time,
    logger: life.environment.logger,
    opener: life.environment.opener,
    checkpoint: new CheckpointFile(life.environment.files.fileSystem, life.root, 'cleaner-offset-checkpoint'),
  });

async function filled(records: readonly Keyed[], perBatch = 3, options: RecordBatchOptions = {}) {
  const disk = new SimFileSystem();
  const life = new LogLife(new StrictFileSystem(disk), '/log');
  const log = life.open({ config: CONFIG });
  for (let i = 0; i < records.length; i += perBatch) {
    await log.append(batchOf(records.slice(i, i + perBatch), options)).committed.wait();
  }
  return { disk, life, log };
}

const updates = (keys: number, count: number): Keyed[] =>
  Array.from({ length: count }, (_, i) => ({ key: `key ${i % keys}`, value: `value ${i} ${'x'.repeat(20)}` }));

test('keeps the newest record of each key, at its offset and in order; the active segment is left alone', async () => {
  const records = updates(7, 600);
  const { log, life } = await filled(records);
  const before = log.size;
  await cleanerOf(life).run([log]);
  expect(life.lines).toEqual([]);
  expect(log.size).toBeLessThan(before / 5);
  const left = readAll(log);
  for (const { offset, key, value } of left) expect({ key, value }).toEqual(records[Number(offset)]);
  expect(left.map(({ offset }) => offset)).toEqual(
    [...left.map(({ offset }) => offset)].sort((a, b) => (a < b ? -1 : 1)),
  );
  expect(tableOf(left)).toEqual(tableOf(records));
  expect([log.logStartOffset, log.logEndOffset]).toEqual([0n, 600n]);
  // A reader that begins where nothing is left goes on with the next record.
  for (let offset = 0n; offset < 600n; offset += 13n) {
    expect(readAll(log, offset)).toEqual(left.filter((record) => record.offset >= offset));
  }
});

test('runs again over what came since, and has nothing to do when nothing came', async () => {
  const { log, life, disk } = await filled(updates(5, 300));
  const cleaner = cleanerOf(life);
  await cleaner.run([log]);
  const syncs = disk.syncs;
  await cleaner.run([log]);
  expect(disk.syncs).toBe(syncs);
  for (const record of updates(5, 300)) await log.append(batchOf([record])).committed.wait();
  await cleaner.run([log]);
  const table = tableOf(readAll(log));
  expect(table.size).toBe(5);
  // All that is left beside the active segment is the newest of each key, at most.
  expect(log.sealedSegments.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(1500);
});

test('tombstones stay for delete.retention.ms after they were compacted, then go', async () => {
  const records: Keyed[] = [...updates(3, 100), { key: 'key 1', value: null }, ...updates(1, 100)];
  const { log, life } = await filled(records);
  const cleaner = cleanerOf(life);
  await cleaner.run([log]);
  expect(readAll(log).filter(({ value }) => value === null)).toHaveLength(1);
  await life.time.advance(3_600_000);
  for (const record of updates(1, 100)) await log.append(batchOf([record])).committed.wait();
  await cleaner.run([log]);
  expect(readAll(log).filter(({ value }) => value === null)).toHaveLength(1);
  await life.time.advance(86_400_000);
  for (const record of updates(1, 100)) await log.append(batchOf([record])).committed.wait();
  await cleaner.run([log]);
  expect(readAll(log).filter(({ value }) => value === null)).toHaveLength(0);
  expect(tableOf(readAll(log))).toEqual(tableOf([...records, ...updates(1, 100)]));
});

test('the last batch of a producer stays, empty, so that its sequence goes on after a restart', async () => {
  const disk = new SimFileSystem();
  const life = new LogLife(disk, '/log');
  const log = life.open({ config: CONFIG });
  const own = (sequence: number) =>
    batchOf([{ key: 'key 0', value: `${sequence}` }], { producerId: 5n, producerEpoch: 0, baseSequence: sequence });
  for (let i = 0; i < 3; i++) await log.append(own(i)).committed.wait();
  for (const record of updates(1, 100)) await log.append(batchOf([record])).committed.wait();
  await cleanerOf(life).run([log]);
  const batches = [...recordBatches(log.read(0n, 1_000_000, true))];
  expect(batches.find(({ producerId }) => producerId === 5n)).toMatchObject({ recordCount: 0, baseSequence: 2 });
  const again = new LogLife(
    disk.afterPowerLoss(() => 0),
    '/log',
  ).open({ config: CONFIG });
  expect(again.append(own(2)).isDuplicate).toBe(true);
  expect(again.append(own(3)).isDuplicate).toBe(false);
});

/** As a consumer of committed records takes an answer. Java: `CompletedFetch.nextFetchedRecord`. */
function committed(log: PartitionLog): Keyed[] {
  const [from, to] = [log.logStartOffset, log.lastStableOffset];
  const waiting = log.abortedTransactions(from, to).sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborted = new Set<bigint>();
  const found: Keyed[] = [];
  for (const batch of recordBatches(log.read(from, 1_000_000, true))) {
    while (waiting[0] && waiting[0].firstOffset <= batch.lastOffset) aborted.add(waiting.shift()!.producerId);
    if (batch.isControlBatch) aborted.delete(batch.producerId);
    else if (!(batch.isTransactional && aborted.has(batch.producerId))) {
      for (const { key, value } of decodeRecords(batch)) found.push({ key: String(key), value: String(value) });
    }
  }
  return found;
}

test('an aborted transaction is forgotten with its marker: consumers see what its producer committed since', async () => {
  const disk = new SimFileSystem();
  let life = new LogLife(disk, '/log');
  let log = life.open({ config: CONFIG });
  const ended = async (value: string, sequence: number, isCommitted: boolean) => {
    const producer = { producerId: 5n, producerEpoch: 0 };
    const batch = batchOf([{ key: 'position', value }], { ...producer, baseSequence: sequence, transactional: true });
    await log.append(batch).committed.wait();
    await log.endTransaction({ ...producer, committed: isCommitted, coordinatorEpoch: 0 }).committed.wait();
  };
  const others = async () => {
    for (const record of updates(1, 100)) await log.append(batchOf([record])).committed.wait();
  };
  await ended('taken back', 0, false);
  await ended('kept', 1, true);
  await others();
  await cleanerOf(life).run([log]);
  expect(log.abortedTransactions(0n, log.logEndOffset)).toHaveLength(1);
  const position = () => committed(log).filter(({ key }) => key === 'position');
  expect(position()).toEqual([{ key: 'position', value: 'kept' }]);

  const index = '/log/t-0/00000000000000000000.txnindex';
  const stale = readWholeFile(disk, index);
  await life.time.advance(86_400_000);
  await others();
  await cleanerOf(life).run([log]);
  expect(log.abortedTransactions(0n, log.logEndOffset)).toEqual([]);
  expect(position()).toEqual([{ key: 'position', value: 'kept' }]);

  // As a crash before the file was changed leaves it.
  const file = disk.open(index, 'create');
  file.write([stale], 0);
  file.close();
  life = new LogLife(disk, '/log');
  log = life.open({ config: CONFIG, hasGaps: true });
  expect(position()).toEqual([{ key: 'position', value: 'kept' }]);
});

test('compressed batches stay compressed, and timestamps stay what they were', async () => {
  const { log, life } = await filled(updates(4, 200), 5, { compression: 'gzip' });
  await cleanerOf(life).run([log]);
  const batch = new RecordBatch(log.read(0n, 100_000, true));
  expect(batch.compression).toBe('gzip');
  expect(decodeRecords(batch).every(({ timestamp }) => timestamp === 1_700_000_000_000n)).toBe(true);
  expect((await log.offsetForTimestamp(1n))?.timestamp).toBe(1_700_000_000_000n);
});

test('young records are left alone (min.compaction.lag.ms)', async () => {
  const { log, life } = await filled(updates(4, 200));
  log.config = { ...log.config, minCompactionLagMs: 1_000_000n };
  const before = log.size;
  await cleanerOf(life).run([log]);
  expect(log.size).toBe(before);
});

test('old records are compacted however few they are (max.compaction.lag.ms)', async () => {
  const { log, life } = await filled(updates(4, 200));
  log.config = { ...log.config, minCleanableDirtyRatio: 2, maxCompactionLagMs: 1_000_000n };
  const before = log.size;
  await cleanerOf(life).run([log]);
  expect(log.size).toBe(before);
  await life.time.advance(1_000_001);
  await cleanerOf(life).run([log]);
  expect(log.size).toBeLessThan(before);
});

test('whatever is written, a reader ends up with the same table', async () => {
  const keyed = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
    value: fc.option(fc.string({ maxLength: 40 }), { nil: null, freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(keyed, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 9 }),
      async (records, perBatch) => {
        const { log, life } = await filled(records, perBatch);
        const cleaner = cleanerOf(life);
        await cleaner.run([log]);
        await life.time.advance(90_000_000);
        await cleaner.run([log]);
        expect(life.lines).toEqual([]);
        expect(tableOf(readAll(log))).toEqual(tableOf(records));
        expect(log.logEndOffset).toBe(BigInt(records.length));
      },
    ),
    { numRuns: 40 },
  );
});

describe('a crash', () => {
  const records = [
    ...updates(5, 150),
    { key: 'key 2', value: null },
    ...updates(5, 150).filter(({ key }) => key !== 'key 2'),
  ];

  test('at every step of the way leaves a log with the same table', async () => {
    for (let step = 0; ; step++) {
      const { disk, life, log } = await filled(records);
      let left = step;
      disk.fault = (operation) => {
        if (operation === 'read' || operation === 'open' || left-- > 0) return undefined;
        return { error: new Error('killed here') };
      };
      await cleanerOf(life).run([log]);
      if (left >= 0) {
        expect(step).toBeGreaterThan(30);
        break;
      }
      const after = disk.afterPowerLoss(() => 0);
      const again = new LogLife(after, '/log');
      const reopened = again.open({ config: CONFIG });
      expect(reopened.logEndOffset).toBe(BigInt(records.length));
      expect(tableOf(readAll(reopened)), `after step ${step}`).toEqual(tableOf(records));
      await cleanerOf(again).run([reopened]);
      expect(tableOf(readAll(reopened))).toEqual(tableOf(records));
    }
  });

  test('while the file of aborted transactions is away leaves no snapshot that relies on it', async () => {
    const { disk, life, log } = await filled(updates(1, 20));
    const producer = { producerId: 5n, producerEpoch: 0 };
    const options = { ...producer, baseSequence: 0, transactional: true };
    await log.append(batchOf([{ key: 'position', value: 'taken back' }], options)).committed.wait();
    await log.endTransaction({ ...producer, committed: false, coordinatorEpoch: 0 }).committed.wait();
    for (const record of updates(1, 60)) await log.append(batchOf([record])).committed.wait();
    log.saveState();
    const files = (suffix: string) => disk.list('/log/t-0').filter((name) => name.endsWith(suffix));
    expect(files('.snapshot')).not.toEqual([]);
    const meanwhile: string[][] = [];
    disk.fault = () => {
      if (files('.txnindex').length === 0) meanwhile.push(files('.snapshot'));
      return undefined;
    };
    await cleanerOf(life).run([log]);
    expect(meanwhile.length).toBeGreaterThan(0);
    expect(meanwhile.flat()).toEqual([]);
  });

  test('a log that was compacted and is not any more is no damaged log', async () => {
    const { disk, life, log } = await filled(records);
    await cleanerOf(life).run([log]);
    await log.close();
    const again = new LogLife(disk, '/log');
    expect(cleanerOf(again).hasCleaned('t', 0)).toBe(true);
    const reopened = again.open({ config: { ...CONFIG, isCompacted: false }, hasGaps: true });
    expect(tableOf(readAll(reopened))).toEqual(tableOf(records));
    expect(again.damage).toEqual([]);
  });
});
