import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWholeFile } from '../../../../main/broker/log/file-system.ts';
import type { LogConfig } from '../../../../main/broker/log/log-config.ts';
import { batchOf, LogLife, type ReadRecord, readAll } from '../../../kit/log-environment.ts';
import { evenly } from '../../../kit/seeded-random.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

/** A segment file as bytes, with the byte and offset at which each of its batches ends. */
interface Sample {
  bytes: Buffer;
  ends: { byte: number; offset: bigint }[];
  records: ReadRecord[];
}

const LEVEL = process.env.RUNNEL_TESTS ?? 'quick';
/** After so many logs the event loop turns once: what was appended is written, and the logs can be forgotten. */
const TURN = 100;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const FIRST = '/log/t-0/00000000000000000000.log';

async function sample(
  batches: number,
  config: Partial<LogConfig> = {},
): Promise<{ disk: SimFileSystem; sample: Sample }> {
  const disk = new SimFileSystem();
  const life = new LogLife(disk, '/log');
  const log = life.open({ config: { indexIntervalBytes: 300, ...config } });
  const ends: Sample['ends'] = [];
  let byte = 0;
  for (let i = 0; i < batches; i++) {
    const values = Array.from({ length: 1 + (i % 4) }, (_, n) => `record ${i}.${n} `.repeat(1 + (i % 3)));
    const batch = batchOf(values, { compression: i % 5 === 0 ? 'gzip' : 'none' });
    byte += batch.length;
    const appended = log.append(batch);
    await appended.committed.wait();
    ends.push({ byte, offset: appended.lastOffset + 1n });
  }
  const records = readAll(log);
  await log.close();
  return { disk, sample: { bytes: readWholeFile(disk, FIRST), ends, records } };
}

/** Opens a log whose only segment has these bytes, as after a crash. */
function recovered(bytes: Buffer, options: { recoveryPoint?: bigint; isClean?: boolean } = {}) {
  const disk = new SimFileSystem();
  const life = new LogLife(disk, '/log');
  disk.makeDirectory('/log/t-0');
  write(disk, FIRST, bytes);
  return { life, disk, log: life.open({ ...options, config: { indexIntervalBytes: 300 } }) };
}

function write(disk: SimFileSystem, path: string, bytes: Uint8Array): void {
  const file = disk.open(path, 'create');
  file.truncate(0);
  file.write([bytes], 0);
  file.close();
}

describe('a torn tail', () => {
  test('at every truncation of the segment the longest valid prefix is there, exactly', {
    timeout: 3_000_000,
  }, async () => {
    const { sample: whole } = await sample({ quick: 12, ci: 60 }[LEVEL] ?? 1000);
    if (LEVEL === 'night') expect(whole.bytes.length).toBeGreaterThan(64 * 1024);
    const ends = [{ byte: 0, offset: 0n }, ...whole.ends];
    for (let length = 0, end = 0; length <= whole.bytes.length; length++) {
      while (end + 1 < ends.length && ends[end + 1]!.byte <= length) end++;
      const kept = ends[end]!;
      const { log, life, disk } = recovered(whole.bytes.subarray(0, length));
      const isLook = LEVEL !== 'night' || length % 61 === 0 || length - kept.byte < 2;
      if (log.logEndOffset !== kept.offset || disk.open(FIRST, 'read').size() !== kept.byte || isLook) {
        expect(log.logEndOffset).toBe(kept.offset);
        expect(disk.open(FIRST, 'read').size()).toBe(kept.byte);
        expect(readAll(log)).toEqual(whole.records.slice(0, Number(kept.offset)));
      }
      const says = life.lines.join();
      const cut = `cut ${length - kept.byte} bytes behind the last whole record batch (offset ${kept.offset}`;
      if (length === kept.byte ? says !== '' : !says.includes(cut)) expect(says).toBe(cut);
      if (isLook) expect(log.append(batchOf(['next'])).firstOffset).toBe(kept.offset);
      if (length % TURN === 0) await turn();
    }
  });

  test.each([
    ['zeros', Buffer.alloc(5000)],
    ['ones', Buffer.alloc(300, 0xff)],
    ['twos', Buffer.alloc(3000, 0x02)],
    ['half a batch', batchOf(['x'.repeat(500)]).subarray(0, 200)],
    ['a batch of another place', batchOf(['elsewhere'], { baseOffset: 3n, partitionLeaderEpoch: 0 })],
    ['a header alone', batchOf(['x']).subarray(0, 61)],
    ['one byte', Buffer.from([0])],
  ])('of %s is cut', async (_, tail) => {
    const { sample: whole } = await sample(20);
    const { log } = recovered(Buffer.concat([whole.bytes, tail]));
    expect(log.logEndOffset).toBe(whole.ends.at(-1)!.offset);
    expect(readAll(log)).toEqual(whole.records);
  });

  test('of random bytes is cut', async () => {
    const { sample: whole } = await sample(5);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (tail) => {
        const { log } = recovered(Buffer.concat([whole.bytes, tail]));
        expect(readAll(log)).toEqual(whole.records);
      }),
      { numRuns: 200 },
    );
  });

  test('whose records hold batches that look like ours is cut all the same', async () => {
    const { sample: whole } = await sample(5);
    const next = whole.ends.at(-1)!.offset;
    const inner = batchOf(['planted'], { baseOffset: next + 5n, partitionLeaderEpoch: 0 }).toString('latin1');
    const torn = batchOf([inner, 'x'.repeat(1000)], { baseOffset: next, partitionLeaderEpoch: 0 });
    const { log } = recovered(Buffer.concat([whole.bytes, torn.subarray(0, torn.length - 100)]));
    expect(log.logEndOffset).toBe(next);
    expect(readAll(log)).toEqual(whole.records);
  });

  test('recovery is idempotent: a crash during it changes nothing', async () => {
    const { sample: whole } = await sample(20);
    const { disk } = recovered(whole.bytes.subarray(0, whole.bytes.length - 7));
    const once = readWholeFile(disk, FIRST);
    for (let i = 0; i < 3; i++) {
      const log = new LogLife(disk, '/log').open();
      expect(log.logEndOffset).toBe(whole.ends.at(-2)!.offset);
    }
    expect(readWholeFile(disk, FIRST)).toEqual(once);
  });
});

describe('damage', () => {
  /** What is delivered is what was written, in order; what is missing was reported. */
  function expectHonest(log: ReturnType<LogLife['open']>, life: LogLife, whole: Sample, from = 0n): ReadRecord[] {
    const read = readAll(log, from);
    const values = new Map(read.map(({ offset, value }) => [offset, value]));
    expect(values.size).toBe(read.length);
    let last = -1n;
    for (const { offset } of read) {
      if (offset <= last) expect(offset).toBeGreaterThan(last);
      last = offset;
    }
    const missing = whole.records.filter(({ offset }) => offset >= from && !values.has(offset));
    for (const { offset, value } of whole.records) {
      const found = values.get(offset);
      if (found !== undefined && found !== value) expect(found).toBe(value);
      values.delete(offset);
    }
    expect(values.size, 'records that nobody wrote').toBe(0);
    for (const { offset } of missing) {
      const reported = life.damage.some((range) => offset >= range.firstOffset && offset < range.nextOffset);
      if (!reported) expect.fail(`offset ${offset} is missing, reported are ${life.lines.join()}`);
    }
    return missing;
  }

  test('one flipped bit before the recovery point hides its batch and no other, at each place of the segment', {
    timeout: 3_000_000,
  }, async () => {
    const { sample: whole } = await sample(LEVEL === 'night' ? 200 : 24);
    if (LEVEL === 'night') expect(whole.bytes.length).toBeGreaterThan(16 * 1024);
    const end = whole.ends.at(-1)!.offset;
    const step = { quick: 29, ci: 5 }[LEVEL] ?? 1;
    for (let bit = 0; bit < whole.bytes.length * 8; bit += step) {
      const bytes = Buffer.from(whole.bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const { log, life } = recovered(bytes, { recoveryPoint: end, isClean: bit % 2 === 0 });
      const missing = expectHonest(log, life, whole);
      expect(missing.length, `bit ${bit}`).toBeGreaterThan(0);
      const hit = whole.ends.findIndex((each) => each.byte > bit >> 3);
      const first = whole.ends[hit - 1]?.offset ?? 0n;
      expect(missing.every(({ offset }) => offset >= first && offset < whole.ends[hit]!.offset)).toBe(true);
      // No offset is used a second time.
      expect(log.append(batchOf(['next'])).firstOffset).toBe(end);
      if (bit % TURN === 0) await turn();
    }
  });

  test.each([0, 1, 2, 5])(
    'a page of zeros in a middle segment leaves a gap; later data is read (page %i)',
    async (page) => {
      const { disk, sample: whole } = await sample(600, { segmentBytes: 30_000 });
      const segments = disk
        .list('/log/t-0')
        .filter((name) => name.endsWith('.log'))
        .sort();
      const path = `/log/t-0/${segments[1]}`;
      const bytes = readWholeFile(disk, path);
      bytes.fill(0, page * 4096, (page + 1) * 4096);
      write(disk, path, bytes);
      const life = new LogLife(disk, '/log');
      const log = life.open({ isClean: true, recoveryPoint: whole.ends.at(-1)!.offset });
      const missing = expectHonest(log, life, whole);
      expect(missing.length).toBeGreaterThan(10);
      expect(missing.length).toBeLessThan(300);
      expect(life.lines.join()).toMatch(/ERROR Records of t-0 are damaged/);
      // A reader that begins inside the gap goes on behind it.
      expectHonest(log, life, whole, missing[3]!.offset);
    },
  );

  test('two batches that changed places: the one in the wrong place is hidden', async () => {
    const { disk, sample: whole } = await sample(400, { segmentBytes: 30_000 });
    const path = `/log/t-0/${
      disk
        .list('/log/t-0')
        .filter((name) => name.endsWith('.log'))
        .sort()[1]
    }`;
    const bytes = readWholeFile(disk, path);
    const size = (at: number) => 12 + bytes.readInt32BE(at + 8);
    const first = size(0);
    const [one, two] = [size(first), size(first + size(first))];
    const swapped = Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(first + one, first + one + two),
      bytes.subarray(first, first + one),
      bytes.subarray(first + one + two),
    ]);
    write(disk, path, swapped);
    const life = new LogLife(disk, '/log');
    const log = life.open({ isClean: true, recoveryPoint: whole.ends.at(-1)!.offset });
    const missing = expectHonest(log, life, whole);
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(10);
  });

  test('a lost sector that held the offset of the last batch, and all before it, does not make that the first', () => {
    for (let inSector = 480; inSector < 512; inSector++) {
      const lone = batchOf(['lone'], { baseOffset: 2n, partitionLeaderEpoch: 0 });
      const bytes = Buffer.concat([Buffer.alloc(512 + inSector), lone]);
      bytes.fill(0, 0, 1024);
      const { log, life } = recovered(bytes, { recoveryPoint: 3n, isClean: true });
      expect(readAll(log), `${inSector}`).toEqual([]);
      expect(life.damage).toMatchObject([{ firstOffset: 0n, nextOffset: 3n }]);
    }
  });

  test('a segment cut short long ago: the next one is read, the gap is reported', async () => {
    const { disk, sample: whole } = await sample(400, { segmentBytes: 30_000 });
    const path = `/log/t-0/${
      disk
        .list('/log/t-0')
        .filter((name) => name.endsWith('.log'))
        .sort()[0]
    }`;
    write(disk, path, readWholeFile(disk, path).subarray(0, 20_000));
    const life = new LogLife(disk, '/log');
    const log = life.open({ isClean: true, recoveryPoint: whole.ends.at(-1)!.offset });
    expect(expectHonest(log, life, whole).length).toBeGreaterThan(0);
  });
});

describe('offsets that were set aside before a crash', () => {
  const relaxed = { config: { flushMessages: 100n } };

  async function crashed(): Promise<SimFileSystem> {
    const disk = new SimFileSystem();
    const log = new LogLife(disk, '/log').open(relaxed);
    for (const value of ['a', 'b', 'c']) await log.append(batchOf([value])).committed.wait();
    return disk;
  }

  test('and never used are missing, and not told as lost: not by that start, nor by the next', async () => {
    const disk = await crashed();
    for (let start = 0; start < 3; start++) {
      const life = new LogLife(disk, '/log');
      const log = life.open(relaxed);
      expect(readAll(log).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
      expect(log.logEndOffset).toBeGreaterThan(1000n);
      expect(life.damage).toEqual([]);
    }
  });

  test('are told as lost as far as they were used and synced', async () => {
    const disk = await crashed();
    const { length } = batchOf(['a']);
    write(disk, FIRST, readWholeFile(disk, FIRST).subarray(0, length));
    for (let start = 0; start < 2; start++) {
      const life = new LogLife(disk, '/log');
      const log = life.open({ ...relaxed, recoveryPoint: 3n });
      expect(readAll(log).map(({ value }) => value)).toEqual(['a']);
      expect(life.damage).toMatchObject([{ firstOffset: 1n, nextOffset: 3n }]);
    }
  });
});

describe('files beside the segment', () => {
  const spoil: [string, (disk: SimFileSystem, path: string) => void][] = [
    ['deleted', (disk, path) => disk.removeFile(path)],
    ['empty', (disk, path) => write(disk, path, Buffer.alloc(0))],
    ['cut', (disk, path) => write(disk, path, readWholeFile(disk, path).subarray(0, 13))],
    ['garbage', (disk, path) => write(disk, path, Buffer.from('not what it was, and long enough for some entries'))],
    ['zeros', (disk, path) => write(disk, path, Buffer.alloc(4096))],
    [
      'of another log',
      (disk, path) => {
        const bytes = readWholeFile(disk, path);
        for (let at = 0; at + 8 <= bytes.length; at += 8) bytes.writeInt32BE(bytes.readInt32BE(at + 4) + 17, at + 4);
        write(disk, path, bytes);
      },
    ],
  ];

  test.each(
    spoil.flatMap(([how, change]) =>
      ['.index', '.timeindex', '.snapshot'].flatMap((suffix) =>
        [true, false].map((isClean) => ({ how, change, suffix, isClean })),
      ),
    ),
  )('$suffix is $how: reads are the same (clean stop: $isClean)', async ({ change, suffix, isClean }) => {
    const { disk, sample: whole } = await sample(400, { segmentBytes: 30_000 });
    for (const name of disk.list('/log/t-0').filter((each) => each.endsWith(suffix))) change(disk, `/log/t-0/${name}`);
    const end = whole.ends.at(-1)!.offset;
    const life = new LogLife(disk, '/log');
    const log = life.open({ isClean, recoveryPoint: end, config: { indexIntervalBytes: 300 } });
    expect(log.logEndOffset).toBe(end);
    for (let offset = 0n; offset < end; offset += 37n) expect(readAll(log, offset)[0]!.offset).toBe(offset);
    expect(readAll(log)).toEqual(whole.records);
    expect((await log.offsetForTimestamp(1_700_000_000_003n))?.timestamp).toBe(1_700_000_000_003n);
    expect((await log.offsetOfMaxTimestamp())?.timestamp).toBe(1_700_000_000_003n);
  });

  test('what a crash left of deletions and cleanings is finished', async () => {
    const { disk, sample: whole } = await sample(20);
    write(disk, '/log/t-0/00000000000000000500.log.deleted', Buffer.from('x'));
    write(disk, '/log/t-0/00000000000000000000.log.cleaned', Buffer.from('x'));
    disk.rename(FIRST, `${FIRST}.swap`);
    const log = new LogLife(disk, '/log').open();
    expect(readAll(log)).toEqual(whole.records);
    expect(disk.list('/log/t-0').filter((name) => !/\.(log|index|timeindex|snapshot)$/.test(name))).toEqual([]);
  });
});

describe('power loss', () => {
  test('after a life in which a segment was begun and left empty: what is acknowledged in it then stays', async () => {
    const disk = new SimFileSystem();
    const first = new LogLife(disk, '/log').open();
    await first.append(batchOf(['a'])).committed.wait();
    first.roll();
    // Killed: the names are there, but nobody has synced the new one.
    const second = new LogLife(disk, '/log').open({ recoveryPoint: 1n });
    await second.append(batchOf(['b'])).committed.wait();
    // Names that were not synced are lost.
    const after = disk.afterPowerLoss(() => 0.999);
    expect(readAll(new LogLife(after, '/log').open()).map(({ value }) => value)).toEqual(['a', 'b']);
  });

  const runs = { quick: 150, ci: 600, night: 20_000 }[LEVEL] ?? 150;

  test('nothing acknowledged is lost, nothing wrong is read, no offset is used twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 900 }), wait: fc.boolean(), producer: fc.boolean() }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.nat(0xffff_ffff),
        async (steps, seed) => {
          const disk = new SimFileSystem();
          const log = new LogLife(disk, '/log').open({ config: { segmentBytes: 4000, indexIntervalBytes: 200 } });
          const sent = new Map<bigint, string>();
          const acknowledged: bigint[] = [];
          let seen = 0n;
          let sequence = 0;
          for (const [i, { size, wait, producer }] of steps.entries()) {
            const value = `${i} ${'x'.repeat(size)}`;
            const options = producer ? { producerId: 5n, producerEpoch: 0, baseSequence: sequence++ } : {};
            const appended = log.append(batchOf([value], options));
            sent.set(appended.firstOffset, value);
            void appended.committed.wait().then(() => acknowledged.push(appended.firstOffset));
            if (wait) await appended.written.wait();
            seen = log.highWatermark;
          }
          const acked = [...acknowledged];
          const after = disk.afterPowerLoss(evenly(seed));
          const life = new LogLife(after, '/log');
          const again = life.open({ config: { segmentBytes: 4000, indexIntervalBytes: 200 } });
          const read = readAll(again);
          for (const { offset, value } of read) expect(value).toBe(sent.get(offset));
          const offsets = new Set(read.map((record) => record.offset));
          for (const offset of acked) expect(offsets.has(offset)).toBe(true);
          expect(again.logEndOffset).toBeGreaterThanOrEqual(seen);
          const next = again.append(batchOf(['after'])).firstOffset;
          expect(offsets.has(next)).toBe(false);
        },
      ),
      { numRuns: runs },
    );
  });
});
