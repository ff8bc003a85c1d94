import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../../main/broker/log/file-system.ts';
import { MemoryFileSystem } from '../../../../main/broker/log/memory-file-system.ts';
import { NodeFileSystem } from '../../../../main/broker/log/node-file-system.ts';
import { Errors } from '../../../../main/protocol/messages/errors.ts';
import { batchOf, LogLife, readAll } from '../../../kit/log-environment.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { diskError, SimFileSystem } from '../../../kit/sim-file-system.ts';
import { StrictFileSystem } from '../../../kit/strict-file-system.ts';

const folder = mkdtempSync(join(tmpdir(), 'runnel-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;

const systems: [string, () => FileSystem][] = [
  ['the machine’s disk', () => new NodeFileSystem()],
  ['the machine’s disk with Windows’s rules', () => new StrictFileSystem(new NodeFileSystem())],
  ['memory, with the same rules', () => new StrictFileSystem(new MemoryFileSystem(new MockTime(), 2 ** 30))],
];

const values = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `value-${from + i}`);

describe.each(systems)('a partition log on %s', (_, fileSystem) => {
  const life = () => new LogLife(fileSystem(), join(folder, String(folders++)));

  test('gives offsets in order, and shows records when they are synced, not before', async () => {
    const log = life().open();
    const first = log.append(batchOf(values(0, 3)));
    const second = log.append(batchOf(values(3, 5)));
    expect([first.firstOffset, first.lastOffset, second.firstOffset]).toEqual([0n, 2n, 3n]);
    expect(log.highWatermark).toBe(0n);
    expect(log.read(0n, 1000, true)).toHaveLength(0);
    await second.committed.wait();
    expect(first.committed.isSettled).toBe(true);
    expect(log.highWatermark).toBe(5n);
    expect(readAll(log).map((record) => record.value)).toEqual(values(0, 5));
    await log.close();
  });

  test('rolls segments by size, reads across them, and opens them again after a clean stop', async () => {
    const first = life();
    const log = first.open({ config: { segmentBytes: 2000, indexIntervalBytes: 100 } });
    for (let i = 0; i < 100; i++) {
      await log.append(batchOf(values(i * 3, i * 3 + 3))).committed.wait();
    }
    expect(log.segments.length).toBeGreaterThan(5);
    expect(readAll(log)).toHaveLength(300);
    expect(readAll(log, 151n)[0]).toEqual({ offset: 151n, value: 'value-151' });
    await log.close();
    const second = new LogLife(first.environment.files.fileSystem, first.root);
    const again = second.open({ isClean: true, recoveryPoint: 300n, config: { segmentBytes: 2000 } });
    expect(again.logEndOffset).toBe(300n);
    expect(readAll(again).map((record) => record.value)).toEqual(values(0, 300));
    expect(readAll(again, 299n)).toEqual([{ offset: 299n, value: 'value-299' }]);
    expect(second.lines).toEqual([]);
    await again.close();
  });

  test('keeps few files open however many segments there are', async () => {
    const one = new LogLife(fileSystem(), join(folder, String(folders++)), 4);
    const log = one.open({ config: { segmentBytes: 500 } });
    for (let i = 0; i < 60; i++) await log.append(batchOf(values(i, i + 1))).committed.wait();
    expect(readAll(log)).toHaveLength(60);
    expect(one.environment.files.count).toBeLessThanOrEqual(4);
    await log.close();
    expect(one.environment.files.count).toBe(0);
  });

  test('removes the oldest segments, never the active one', async () => {
    const log = life().open({ config: { segmentBytes: 500 } });
    for (let i = 0; i < 20; i++) await log.append(batchOf(values(i, i + 1))).committed.wait();
    const count = log.segments.length;
    log.advanceLogStart(10n);
    expect(log.logStartOffset).toBe(10n);
    expect(log.segments.length).toBeLessThan(count);
    expect(readAll(log).map((record) => record.offset)[0]).toBe(10n);
    expect(() => log.read(9n, 100, true)).toThrow(expect.objectContaining({ errorCode: Errors.OFFSET_OUT_OF_RANGE }));
    while (log.oldestRemovable) log.removeOldest();
    expect(log.segments).toHaveLength(1);
    expect(log.logEndOffset).toBe(20n);
    await log.close();
  });

  test('finds offsets by time, in and across batches and segments', async () => {
    const log = life().open({ config: { segmentBytes: 1500, indexIntervalBytes: 100 } });
    for (let i = 0; i < 40; i++) {
      await log.append(batchOf(values(i * 5, i * 5 + 5), { timestamp: BigInt(i * 100) })).committed.wait();
    }
    expect(await log.offsetForTimestamp(0n)).toEqual({ timestamp: 0n, offset: 0n });
    expect(await log.offsetForTimestamp(1002n)).toEqual({ timestamp: 1002n, offset: 52n });
    expect(await log.offsetForTimestamp(1005n)).toEqual({ timestamp: 1100n, offset: 55n });
    expect(await log.offsetForTimestamp(3905n)).toBeUndefined();
    expect(await log.offsetOfMaxTimestamp()).toEqual({ timestamp: 3904n, offset: 199n });
    await log.close();
  });

  test('respects the byte budget, but gives one whole batch when asked to', async () => {
    const log = life().open();
    const sizes: number[] = [];
    for (let i = 0; i < 10; i++) {
      const batch = batchOf(values(i, i + 1));
      sizes.push(batch.length);
      await log.append(batch).committed.wait();
    }
    expect(log.read(0n, sizes[0]! + sizes[1]!, true)).toHaveLength(sizes[0]! + sizes[1]!);
    expect(log.read(0n, sizes[0]! + sizes[1]! - 1, true)).toHaveLength(sizes[0]!);
    expect(log.read(0n, 10, true)).toHaveLength(sizes[0]!);
    expect(log.read(0n, 10, false)).toHaveLength(0);
    expect(log.read(10n, 10, true)).toHaveLength(0);
    await log.close();
  });
});

describe('what is refused', () => {
  const append = (records: Buffer) => () => new LogLife(new SimFileSystem(), '/log').open().append(records);
  const withBytes = (change: (batch: Buffer) => void) => {
    const batch = batchOf(['a', 'b']);
    change(batch);
    return batch;
  };
  const error = (errorCode: number) => expect.objectContaining({ errorCode });

  test.each([
    ['a wrong CRC', withBytes((b) => void (b[65]! ^= 1)), Errors.CORRUPT_MESSAGE],
    ['magic 0', withBytes((b) => void (b[16] = 0)), Errors.INVALID_RECORD],
    ['magic 1', withBytes((b) => void (b[16] = 1)), Errors.INVALID_RECORD],
    ['magic 3', withBytes((b) => void (b[16] = 3)), Errors.CORRUPT_MESSAGE],
    ['a length beyond the bytes', withBytes((b) => void b.writeInt32BE(5000, 8)), Errors.INVALID_RECORD],
    ['a negative length', withBytes((b) => void b.writeInt32BE(-1, 8)), Errors.CORRUPT_MESSAGE],
    ['two batches', Buffer.concat([batchOf(['a']), batchOf(['b'])]), Errors.INVALID_RECORD],
    ['no batch', Buffer.alloc(0), Errors.INVALID_RECORD],
    ['a transaction of nobody', batchOf(['a'], { transactional: true }), Errors.INVALID_RECORD],
    ['a control batch', batchOf(['a'], { control: true }), Errors.INVALID_RECORD],
    ['too large a batch', batchOf(['x'.repeat(2_000_000)]), Errors.MESSAGE_TOO_LARGE],
  ])('%s', (_, records, code) => {
    expect(append(records)).toThrow(error(code));
  });

  test('a count that the records do not bear out', () => {
    const batch = batchOf(['a', 'b']);
    const lying = batchOf(['a', 'b', 'c']);
    const mixed = Buffer.concat([lying.subarray(0, 61), batch.subarray(61)]);
    mixed.writeInt32BE(mixed.length - 12, 8);
    // A right CRC, so that the count alone is wrong.
    return import('../../../../main/protocol/records/crc32c.ts').then(({ crc32c }) => {
      mixed.writeUInt32BE(crc32c(mixed, 21), 17);
      expect(append(mixed)).toThrow(error(Errors.INVALID_RECORD));
    });
  });

  test('records without a key in a compacted topic, by their index', () => {
    const log = new LogLife(new SimFileSystem(), '/log').open({ config: { isCompacted: true } });
    expect(() => log.append(batchOf(['a', 'b']))).toThrow(
      expect.objectContaining({
        errorCode: Errors.INVALID_RECORD,
        recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }].map((each) => expect.objectContaining(each)),
      }),
    );
  });

  test('timestamps outside what the topic allows', () => {
    const log = new LogLife(new SimFileSystem(), '/log').open({
      config: { timestampAfterMaxMs: 1000n, timestampBeforeMaxMs: 1000n },
    });
    expect(() => log.append(batchOf(['a'], { timestamp: 1_700_000_002_000n }))).toThrow(
      error(Errors.INVALID_TIMESTAMP),
    );
    expect(() => log.append(batchOf(['a'], { timestamp: 1_600_000_000_000n }))).toThrow(
      error(Errors.INVALID_TIMESTAMP),
    );
    expect(log.append(batchOf(['a'], { timestamp: 1_700_000_000_000n })).firstOffset).toBe(0n);
  });
});

describe('a failing disk', () => {
  const setUp = () => {
    const disk = new SimFileSystem();
    const life = new LogLife(disk, '/log');
    return { disk, life, log: life.open({ config: { segmentBytes: 4000 } }) };
  };
  const storageError = expect.objectContaining({ errorCode: Errors.KAFKA_STORAGE_ERROR });

  test('an fsync that fails takes the partition offline; a later success is not believed', async () => {
    const { disk, log, life } = setUp();
    await log.append(batchOf(['kept'])).committed.wait();
    disk.fault = (operation) => (operation === 'sync' ? { error: diskError('EIO') } : undefined);
    const appended = log.append(batchOf(['lost']));
    await expect(appended.committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    expect(() => log.append(batchOf(['more']))).toThrow(storageError);
    expect(readAll(log).map((record) => record.value)).toEqual(['kept']);
    expect(log.logEndOffset).toBe(1n);
    expect(life.lines.join()).toMatch(/ERROR.*t-0.*takes no more records/);
  });

  test.each([0, 1, 40, 100])(
    'a full disk in the middle of a write (%i bytes) leaves no half batch, and passes',
    async (written) => {
      const { disk, log, life } = setUp();
      await log.append(batchOf(['kept'])).committed.wait();
      disk.fault = (operation, path) =>
        operation === 'write' && path.endsWith('.log') ? { error: diskError('ENOSPC'), written } : undefined;
      await expect(log.append(batchOf(['refused'])).committed.wait()).rejects.toThrow(storageError);
      expect(() => log.append(batchOf(['refused at once']))).toThrow(storageError);
      disk.fault = () => undefined;
      await life.time.advance(1000);
      const appended = log.append(batchOf(['after']));
      expect(appended.firstOffset).toBe(1n);
      await appended.committed.wait();
      expect(readAll(log).map((record) => record.value)).toEqual(['kept', 'after']);
    },
  );

  test('a full disk: internal records still go in, from the reserve', async () => {
    const { disk, log, life } = setUp();
    life.environment.disk.open();
    life.environment.disk.reportFull();
    expect(disk.exists('/log/disk-reserve')).toBe(false);
    await log.appendInternal(batchOf(['internal'])).committed.wait();
    expect(readAll(log)).toHaveLength(1);
  });

  test('a write error other than a full disk takes the partition offline', async () => {
    const { disk, log } = setUp();
    disk.fault = (operation) => (operation === 'write' ? { error: diskError('EIO'), written: 7 } : undefined);
    await expect(log.append(batchOf(['a'])).written.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    expect(() => log.append(batchOf(['b']))).toThrow(storageError);
  });

  test('a lack of file handles passes', async () => {
    const { disk, log, life } = setUp();
    await log.append(batchOf(['x'.repeat(2000)])).committed.wait();
    const noHandles = Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
    disk.fault = (operation) => (operation === 'open' ? { error: noHandles } : undefined);
    expect(() => log.append(batchOf(['y'.repeat(2000)]))).toThrow(storageError);
    life.environment.files.closeAll();
    await expect(log.append(batchOf(['z'])).committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    await log.append(batchOf(['kept'])).committed.wait();
    expect(readAll(log).map(({ value }) => value)).toEqual(['x'.repeat(2000), 'kept']);
  });

  test('after a failed write an idempotent producer sends the same batch again', async () => {
    const { disk, log, life } = setUp();
    const batch = (n: number) => batchOf([`${n}`], { producerId: 7n, producerEpoch: 0, baseSequence: n });
    await log.append(batch(0)).committed.wait();
    disk.fault = (operation, path) =>
      operation === 'write' && path.endsWith('.log') ? { error: diskError('ENOSPC') } : undefined;
    await expect(log.append(batch(1)).committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    await life.time.advance(1000);
    const again = log.append(batch(1));
    expect([again.isDuplicate, again.firstOffset]).toEqual([false, 1n]);
  });
});

describe('group commit', () => {
  test('appends of one turn are written together and synced once; what comes meanwhile is the next group', async () => {
    const disk = new SimFileSystem();
    const log = new LogLife(disk, '/log').open();
    let writes = 0;
    disk.fault = (operation, path) => {
      if (operation === 'write' && path.endsWith('.log')) writes++;
      return undefined;
    };
    const before = disk.syncs;
    const appended = Array.from({ length: 50 }, (_, i) => log.append(batchOf([`${i}`])));
    await appended.at(-1)!.committed.wait();
    expect(writes).toBe(1);
    expect(disk.syncs - before).toBe(1);
  });

  test('a topic with flush.messages above 1 answers when it is written, and never uses an offset twice', async () => {
    const disk = new SimFileSystem();
    const log = new LogLife(disk, '/log').open({ config: { flushMessages: 1000n } });
    const appended = log.append(batchOf(values(0, 10)));
    await appended.written.wait();
    expect(appended.committed.isSettled).toBe(true);
    expect(readAll(log)).toHaveLength(10);
    const after = disk.afterPowerLoss(() => 0.99);
    const again = new LogLife(after, '/log').open({ config: { flushMessages: 1000n } });
    expect(again.logEndOffset).toBeGreaterThanOrEqual(10n);
    expect(again.append(batchOf(['new'])).firstOffset).toBeGreaterThanOrEqual(10n);
  });
});
