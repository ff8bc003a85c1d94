import { describe, expect, test } from 'vitest';
import { readWholeFile } from '../../../../main/broker/log/file-system.ts';
import type { PartitionLog } from '../../../../main/broker/log/partition-log.ts';
import { Errors } from '../../../../main/protocol/messages/errors.ts';
import { batchOf, LogLife, readAll } from '../../../kit/log-environment.ts';
import { Choices, evenly, testSeed } from '../../../kit/seeded-random.ts';
import { diskError, type Operation, SimFileSystem } from '../../../kit/sim-file-system.ts';

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
const storageError = expect.objectContaining({ errorCode: Errors.KAFKA_STORAGE_ERROR });

function setUp(config = {}) {
  const disk = new SimFileSystem();
  const life = new LogLife(disk, '/log');
  return { disk, life, log: life.open({ config: { segmentBytes: 2000, ...config } }) };
}

const failing =
  (...operations: Operation[]) =>
  (operation: Operation) =>
    operations.includes(operation) ? { error: diskError('EIO') } : undefined;

/** Until the partition's own timer was tried so often. */
async function passTime(life: LogLife, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) await life.time.advance(1000);
}

describe('a partition whose disk failed', () => {
  test('comes back by itself when the disk works again; nothing of what was refused is there', async () => {
    const { disk, life, log } = setUp();
    await log.append(batchOf(['kept'])).committed.wait();
    disk.fault = failing('sync');
    await expect(log.append(batchOf(['refused'])).committed.wait()).rejects.toThrow(storageError);
    await passTime(life, 20);
    expect(log.failure).toBeDefined();
    expect(readAll(log).map(({ value }) => value)).toEqual(['kept']);
    disk.fault = () => undefined;
    await passTime(life, 60);
    expect(log.failure).toBeUndefined();
    const appended = log.append(batchOf(['after']));
    await appended.committed.wait();
    expect(appended.firstOffset).toBe(1n);
    expect(readAll(log).map(({ value }) => value)).toEqual(['kept', 'after']);
    expect(life.lines.filter((line) => line.includes('t-0')).join('\n')).toMatch(
      /^ERROR Can't sync t-0: EIO.*\nWARN t-0 stays offline: EIO(?:.|\n)*\nINFO t-0 is back: .* up to offset 1\.$/,
    );
    // As it is on the disk, and not just in the system's memory.
    const again = new LogLife(
      disk.afterPowerLoss(() => 0.99),
      '/log',
    ).open();
    expect(readAll(again).map(({ value }) => value)).toEqual(['kept', 'after']);
  });

  test('comes back in a second after an error that passed at once, and waits ever longer for one that stays', async () => {
    const { disk, life, log } = setUp();
    disk.fault = failing('write');
    await expect(log.append(batchOf(['x'])).written.wait()).rejects.toThrow(storageError);
    let tries = 0;
    disk.fault = (operation) => {
      if (operation === 'truncate') tries++;
      return failing('truncate')(operation);
    };
    await passTime(life, 600);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    disk.fault = () => undefined;
    await passTime(life, 61);
    expect(log.failure).toBeUndefined();
    await passTime(life, 300);
    disk.fault = failing('write');
    await expect(log.append(batchOf(['x'])).written.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    await passTime(life, 1);
    expect(log.failure).toBeUndefined();
  });

  test('believes no later success: what a topic without flush had shown is written again before it counts as synced', async () => {
    const { disk, life, log } = setUp({ flushMessages: 3n });
    const shown = ['a', 'b', 'c', 'd'];
    for (const value of shown.slice(0, 2)) await log.append(batchOf([value])).committed.wait();
    disk.fault = failing('sync');
    await Promise.all(shown.slice(2).map((value) => log.append(batchOf([value])).committed.wait()));
    while (!log.failure) await passTime(life, 1);
    expect(log.syncedOffset).toBe(0n);
    disk.fault = () => undefined;
    await passTime(life, 10);
    expect(log.failure).toBeUndefined();
    expect(readAll(log).map(({ value }) => value)).toEqual(shown);
    const { syncedOffset } = log;
    expect(syncedOffset).toBe(4n);
    const after = new LogLife(
      disk.afterPowerLoss(() => 0.99),
      '/log',
    ).open({ config: { flushMessages: 3n } });
    expect(readAll(after).map(({ value }) => value)).toEqual(shown);
  });

  test('disturbs no other partition', async () => {
    const { disk, life, log } = setUp();
    const other = life.open({ partition: 1 });
    await Promise.all([log.append(batchOf(['a'])).committed.wait(), other.append(batchOf(['a'])).committed.wait()]);
    disk.fault = (operation, path) => (path.includes('t-0') ? failing('sync', 'write')(operation) : undefined);
    await expect(log.append(batchOf(['b'])).committed.wait()).rejects.toThrow(storageError);
    await other.append(batchOf(['b'])).committed.wait();
    expect(readAll(other)).toHaveLength(2);
    expect(readAll(log)).toHaveLength(1);
  });

  test('wakes whoever waits for records once it is back', async () => {
    const { disk, life, log } = setUp();
    let told = 0;
    log.onHighWatermark(() => told++);
    disk.fault = failing('sync');
    await expect(log.append(batchOf(['x'])).committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    await passTime(life, 1);
    const before = told;
    await log.append(batchOf(['y'])).committed.wait();
    expect(told).toBeGreaterThan(before);
    expect(log.visibleBytes).toBeGreaterThan(0);
  });

  test('reports what the disk lost of what was synced, and goes on behind it', async () => {
    const { disk, life, log } = setUp();
    for (const value of ['a', 'b', 'c']) await log.append(batchOf([value])).committed.wait();
    disk.fault = failing('sync');
    await expect(log.append(batchOf(['x'])).committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    const path = log.segments[0]!.paths.log;
    const bytes = readWholeFile(disk, path);
    const file = disk.open(path, 'write');
    file.write([Buffer.alloc(20)], bytes.length / 3 + 30);
    await passTime(life, 1);
    expect(log.failure).toBeUndefined();
    expect(log.append(batchOf(['after'])).firstOffset).toBe(3n);
    await log.append(batchOf(['more'])).committed.wait();
    expect(readAll(log).map(({ value }) => value)).toEqual(['a', 'c', 'after', 'more']);
    expect(life.damage).toMatchObject([{ firstOffset: 1n, nextOffset: 2n }]);
  });

  test('ends quietly when it is closed before it is back', async () => {
    const { disk, life, log } = setUp();
    disk.fault = failing('sync');
    await expect(log.append(batchOf(['x'])).committed.wait()).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    await expect(log.close()).rejects.toThrow(storageError);
    const said = life.lines.length;
    await passTime(life, 10);
    expect(life.lines).toHaveLength(said);
  });
});

describe('a place that can not be read', () => {
  const values = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(500)}`);

  /** A log of some pages, opened anew; nothing of it was read yet. */
  async function opened() {
    const { disk, log } = setUp({ segmentBytes: 100_000 });
    for (const value of values) await log.append(batchOf([value])).committed.wait();
    await log.close();
    const life = new LogLife(disk, '/log');
    const again = life.open({ isClean: true, recoveryPoint: 40n });
    life.environment.files.closeAll();
    return { disk, life, log: again };
  }

  /** What one stretch of every segment gives from now on, however it is asked for. */
  function spoil(disk: SimFileSystem, from: number, to: number, read: () => number): void {
    const open = disk.open.bind(disk);
    disk.open = (path, mode) => {
      const file = open(path, mode);
      if (!path.endsWith('.log')) return file;
      const asBefore = file.read.bind(file);
      file.read = (target, position) =>
        position < to && position + target.length > from && position < file.size()
          ? read()
          : asBefore(target, position);
      return file;
    };
  }

  const refuse = () => {
    throw diskError('EIO');
  };

  test('is refused, not passed over, as long as it may be readable again; then nothing is missing', async () => {
    const { disk, life, log } = await opened();
    const away = failing('read');
    disk.fault = (operation, path) => (path.endsWith('.log') ? away(operation) : undefined);
    for (let tries = 0; tries < 20; tries++) {
      expect(() => log.read(0n, 3000, true)).toThrow(storageError);
      await passTime(life, 60);
    }
    await expect(log.offsetForTimestamp(1_700_000_000_000n)).rejects.toThrow(storageError);
    disk.fault = () => undefined;
    expect(readAll(log, 0n, 3000).map(({ value }) => value)).toEqual(values);
    expect((await log.offsetForTimestamp(1_700_000_000_000n))?.offset).toBe(0n);
    expect(log.failure).toBeUndefined();
    await log.append(batchOf(['next'])).committed.wait();
    expect(life.damage).toEqual([]);
    expect(life.lines.join('\n')).toMatch(
      /^ERROR \S+\.log can't be read at byte 0 \(EIO.*\nINFO \S+ can be read again at byte 0\.$/,
    );
  });

  test('is read once more at once, in pieces', async () => {
    const { disk, life, log } = await opened();
    let left = 1;
    disk.fault = (operation) => (operation === 'read' && left-- > 0 ? { error: diskError('EIO') } : undefined);
    expect(readAll(log, 0n, 3000).map(({ value }) => value)).toEqual(values);
    expect(life.lines).toEqual([]);
  });

  test('that gives fewer bytes than the file has is refused too', async () => {
    const { disk, life, log } = await opened();
    let isShort = true;
    spoil(disk, 8192, 12288, () => (isShort ? 0 : refuse()));
    const read = () => readAll(log, 0n, 3000);
    expect(read).toThrow(storageError);
    expect(() => log.read(30n, 3000, true)).not.toThrow();
    isShort = false;
    expect(read).toThrow(storageError);
    expect(life.damage).toEqual([]);
  });

  test('while its neighbours can, is a gap after half a minute; what lies before and behind is read', async () => {
    const { disk, life, log } = await opened();
    spoil(disk, 8192, 12288, refuse);
    for (let second = 0; second < 30; second++) {
      expect(() => readAll(log, 0n, 3000)).toThrow(storageError);
      expect(life.damage).toEqual([]);
      await passTime(life, 1);
    }
    const read = readAll(log, 0n, 3000);
    expect(read.length).toBeGreaterThan(25);
    expect(read[0]!.value).toBe(values[0]);
    expect(read.at(-1)!.value).toBe(values.at(-1));
    const missing = values.map((_, i) => BigInt(i)).filter((offset) => !read.some((each) => each.offset === offset));
    expect(life.damage).toMatchObject([{ firstOffset: missing[0], nextOffset: missing.at(-1)! + 1n }]);
    expect(life.damage).toHaveLength(1);
  });

  test('is neither the end of the log nor damage when a start meets it', async () => {
    const { disk, life } = await opened();
    const path = '/log/t-0/00000000000000000000.log';
    const { length } = readWholeFile(disk, path);
    life.environment.files.closeAll();
    for (const suffix of ['.log', '.index', '.timeindex', '.snapshot']) {
      for (const isClean of [true, false]) {
        const again = new LogLife(disk, '/log');
        disk.fault = (operation, at) => (at.endsWith(suffix) ? failing('read')(operation) : undefined);
        const options = { isClean, recoveryPoint: isClean ? 40n : 20n };
        let log: PartitionLog | undefined;
        try {
          log = again.open(options);
        } catch (error) {
          expect(error).toMatchObject({ code: 'EIO' });
        }
        disk.fault = () => undefined;
        log ??= again.open(options);
        expect(readAll(log).map(({ value }) => value)).toEqual(values);
        expect(log.logEndOffset).toBe(40n);
        expect(readWholeFile(disk, path)).toHaveLength(length);
        expect(again.damage).toEqual([]);
        again.environment.files.closeAll();
      }
    }
  });
});

const RUNS = { quick: 60, ci: 150, night: 5_000 }[LEVEL] ?? 60;
const ALL: readonly Operation[] = ['open', 'read', 'write', 'sync', 'truncate', 'rename', 'remove', 'syncDirectory'];

/** What a consumer may hold the log to: an offset has the bytes that it once had, and what was acknowledged is there. */
class Promises {
  readonly seen = new Map<bigint, string>();
  readonly acknowledged = new Map<bigint, string>();

  check(log: PartitionLog, acknowledgedAreThere: boolean): void {
    const read = new Map(readAll(log).map(({ offset, value }) => [offset, value]));
    for (const [offset, value] of read) {
      expect(value).toBe(this.seen.get(offset) ?? value);
      this.seen.set(offset, value);
    }
    if (!acknowledgedAreThere) return;
    for (const [offset, value] of this.acknowledged) expect(read.get(offset)).toBe(value);
  }
}

async function play(seed: number, relaxed: boolean): Promise<void> {
  const choices = new Choices(seed);
  const config = { segmentBytes: 1500, indexIntervalBytes: 200, ...(relaxed && { flushMessages: 4n }) };
  const { disk, life, log } = setUp(config);
  const promises = new Promises();
  let sequence = 0;
  /** What was refused comes again, as the same batch. */
  let refused: string | undefined;
  const append = async (fresh: string) => {
    const value = refused ?? fresh;
    refused = value;
    try {
      const appended = log.append(batchOf([value], { producerId: 9n, producerEpoch: 0, baseSequence: sequence }));
      if (!appended.isDuplicate) expect(promises.seen.has(appended.firstOffset)).toBe(false);
      await appended.committed.wait();
      expect(promises.acknowledged.has(appended.firstOffset)).toBe(false);
      promises.acknowledged.set(appended.firstOffset, value);
      sequence++;
      refused = undefined;
    } catch (error) {
      if ((error as { errorCode?: number }).errorCode !== Errors.KAFKA_STORAGE_ERROR) throw error;
    }
  };
  for (let step = 0; step < 40; step++) {
    if (step % 10 === 4) {
      const operations = choices.chance(0.3) ? ALL : [choices.pick(ALL)];
      let [after, left] = [choices.between(0, 6), choices.between(1, 5)];
      const code = choices.pick(['EIO', 'EIO', 'ENOSPC'] as const);
      disk.fault = (operation) => {
        if (!operations.includes(operation) || after-- > 0 || left-- <= 0) return undefined;
        return { error: diskError(code), written: choices.between(0, 60) };
      };
    }
    if (step % 10 === 9) {
      disk.fault = () => undefined;
      await passTime(life, 130);
      expect(log.failure).toBeUndefined();
    }
    const kind = choices.between(0, 9);
    if (kind < 7) await append(`${step} ${'x'.repeat(choices.between(0, 300))}`);
    else if (kind === 7) attempt(() => log.roll());
    else if (kind === 8) attempt(() => log.saveState());
    else await life.time.advance(choices.between(0, 3000));
    // Reading may fail for the same reason; it never shows anything else.
    attempt(() => promises.check(log, true));
    const { fault } = disk;
    disk.fault = () => undefined;
    promises.check(log, true);
    disk.fault = fault;
  }
  const after = new LogLife(disk.afterPowerLoss(evenly(seed)), '/log').open({ config });
  promises.check(after, !relaxed);
  expect(life.damage).toEqual([]);
  expect(after.logEndOffset).toBeGreaterThanOrEqual(log.highWatermark);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, errorCode } = error as { code?: string; errorCode?: number };
    if (errorCode !== Errors.KAFKA_STORAGE_ERROR && code !== 'EIO' && code !== 'ENOSPC') throw error;
  }
}

const seed = testSeed();
test.each([
  ['synced', false],
  ['relaxed', true],
])(
  `${RUNS} runs with errors at any call of the disk, then a loss of power: a %s log keeps its promises (seed ${seed})`,
  async (_, relaxed) => {
    for (let run = 0; run < RUNS; run++) {
      try {
        await play(seed + run, relaxed);
      } catch (error) {
        throw new Error(`RUNNEL_SEED=${seed + run}: ${(error as Error).message}`, { cause: error });
      }
    }
  },
  600_000,
);
