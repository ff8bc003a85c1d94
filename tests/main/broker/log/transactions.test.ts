import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWholeFile } from '../../../../main/broker/log/file-system.ts';
import type { PartitionLog } from '../../../../main/broker/log/partition-log.ts';
import { Errors } from '../../../../main/protocol/messages/errors.ts';
import { recordBatches } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';
import { batchOf, LogLife } from '../../../kit/log-environment.ts';
import { evenly } from '../../../kit/seeded-random.ts';
import { SimFileSystem } from '../../../kit/sim-file-system.ts';

const PRODUCERS = 3;

type Step =
  | { do: 'write'; producer: number; records: number }
  | { do: 'plain' }
  | { do: 'end'; producer: number; committed: boolean }
  | { do: 'roll' }
  | { do: 'save' }
  | { do: 'restart' }
  | { do: 'lose power'; seed: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      producer: fc.nat(PRODUCERS - 1),
      records: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'plain' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('end' as const), producer: fc.nat(PRODUCERS - 1), committed: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: 'roll' as const }, { do: 'save' as const }, { do: 'restart' as const }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose power' as const), seed: fc.nat(1000) }) },
);

/** What consumers of committed records are to see, by a plain list of what was done. */
class Model {
  /** producer -1: outside of transactions */
  readonly #log: { offset: bigint; producer: number; outcome: 'open' | 'committed' | 'aborted' }[] = [];
  end = 0n;

  write(producer: number, records: number): void {
    for (let i = 0; i < records; i++) {
      this.#log.push({ offset: this.end++, producer, outcome: producer < 0 ? 'committed' : 'open' });
    }
  }

  finish(producer: number, committed: boolean): void {
    this.end++;
    for (const record of this.#log) {
      if (record.producer === producer && record.outcome === 'open')
        record.outcome = committed ? 'committed' : 'aborted';
    }
  }

  isOpen(producer: number): boolean {
    return this.#log.some((record) => record.producer === producer && record.outcome === 'open');
  }

  get lastStableOffset(): bigint {
    return this.#log.find(({ outcome }) => outcome === 'open')?.offset ?? this.end;
  }

  get visible(): bigint[] {
    return this.#log
      .filter(({ outcome, offset }) => outcome === 'committed' && offset < this.lastStableOffset)
      .map(({ offset }) => offset);
  }
}

/** As a consumer does it with `isolation.level=read_committed` (Java: `CompletedFetch`). */
function readCommitted(log: PartitionLog, maxBytes: number): bigint[] {
  const offsets: bigint[] = [];
  for (let offset = log.logStartOffset; ; ) {
    const end = log.lastStableOffset;
    const bytes = log.read(offset, maxBytes, true, end);
    if (bytes.length === 0) return offsets;
    const aborted = log.abortedTransactions(offset, end).sort((a, b) => Number(a.firstOffset - b.firstOffset));
    const left = new Set<bigint>();
    for (const batch of recordBatches(bytes)) {
      while (aborted[0] && aborted[0].firstOffset <= batch.lastOffset) left.add(aborted.shift()!.producerId);
      if (batch.isControlBatch) left.delete(batch.producerId);
      else if (!batch.isTransactional || !left.has(batch.producerId)) {
        for (const record of decodeRecords(batch)) if (record.offset >= offset) offsets.push(record.offset);
      }
      offset = batch.nextOffset;
    }
  }
}

class Run {
  disk = new SimFileSystem();
  log: PartitionLog;
  readonly model = new Model();
  readonly #sequences = Array<number>(PRODUCERS).fill(0);

  constructor() {
    this.log = this.#open(false);
  }

  #open(isClean: boolean): PartitionLog {
    const config = { segmentBytes: 700, indexIntervalBytes: 200 };
    return new LogLife(this.disk, '/log').open({ config, isClean, recoveryPoint: isClean ? this.model.end : 0n });
  }

  async do(step: Step): Promise<void> {
    switch (step.do) {
      case 'write':
        await this.#write(step.producer, step.records);
        break;
      case 'plain':
        this.model.write(-1, 1);
        await this.log.append(batchOf(['plain'])).committed.wait();
        break;
      case 'end':
        await this.#end(step.producer, step.committed);
        break;
      case 'roll':
        this.log.roll();
        break;
      case 'save':
        this.log.saveState();
        break;
      case 'restart':
        await this.log.close();
        this.log = this.#open(true);
        break;
      case 'lose power': {
        const random = (
          (state) => () =>
            (state = (state * 16807) % 2147483647) / 2147483647
        )(step.seed + 1);
        this.disk = this.disk.afterPowerLoss(random);
        this.log = this.#open(false);
        break;
      }
    }
  }

  async #write(producer: number, records: number): Promise<void> {
    const values = Array.from({ length: records }, (_, i) => `${producer}.${i}`);
    const baseSequence = this.#sequences[producer]!;
    this.#sequences[producer] = baseSequence + records;
    this.model.write(producer, records);
    const batch = batchOf(values, {
      producerId: BigInt(producer),
      producerEpoch: 0,
      baseSequence,
      transactional: true,
    });
    await this.log.append(batch).committed.wait();
  }

  async #end(producer: number, committed: boolean): Promise<void> {
    const marker = { producerId: BigInt(producer), producerEpoch: 0, coordinatorEpoch: 0, committed };
    const appended = this.log.endTransaction(marker);
    // As long as nobody can see the marker, its transaction is undecided.
    if (this.model.isOpen(producer)) expect(this.log.lastStableOffset).toBe(this.model.lastStableOffset);
    this.model.finish(producer, committed);
    await appended.committed.wait();
  }
}

test('consumers of committed records see those of committed transactions, in order, up to the first open one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 900 }), async (steps, maxBytes) => {
      const run = new Run();
      for (const step of steps) {
        await run.do(step);
        expect(run.log.lastStableOffset).toBe(run.model.lastStableOffset);
      }
      expect(readCommitted(run.log, maxBytes)).toEqual(run.model.visible);
    }),
    { numRuns: { quick: 150, ci: 600 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 20_000 },
  );
});

const WRITES: Step[] = [
  { do: 'write', producer: 0, records: 2 },
  { do: 'write', producer: 1, records: 2 },
  { do: 'end', producer: 0, committed: false },
  { do: 'roll' },
  { do: 'write', producer: 0, records: 1 },
  { do: 'end', producer: 0, committed: false },
];

test.each([
  ['cut', (bytes: Buffer) => bytes.subarray(0, 20)],
  ['garbage', (bytes: Buffer) => Buffer.alloc(bytes.length, 0x5a)],
  ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
])('a transaction index that is %s is made again from the log', async (_, spoil) => {
  const run = new Run();
  for (const step of WRITES) await run.do(step);
  await run.log.close();
  const path = run.log.segments[0]!.paths.txnIndex;
  const good = readWholeFile(run.disk, path);
  expect(good).toHaveLength(34);
  const file = run.disk.open(path, 'create');
  file.truncate(0);
  file.write([spoil(good)], 0);
  file.close();
  const log = new LogLife(run.disk, '/log').open({ isClean: true, recoveryPoint: run.model.end });
  expect(log.lastStableOffset).toBe(2n);
  expect(log.abortedTransactions(0n, 100n).map(({ firstOffset }) => firstOffset)).toEqual([0n, 5n]);
  await log.close();
  expect(readWholeFile(run.disk, path)).toEqual(good);
});

test('a producer whose transaction is open writes nothing outside of it', async () => {
  const run = new Run();
  await run.do({ do: 'write', producer: 0, records: 1 });
  const batch = batchOf(['x'], { producerId: 0n, producerEpoch: 0, baseSequence: 1 });
  expect(() => run.log.append(batch)).toThrow(expect.objectContaining({ errorCode: Errors.INVALID_TXN_STATE }));
});

test('one flipped bit of a transaction index does no harm, at each place', async () => {
  const run = new Run();
  for (const step of WRITES) await run.do(step);
  await run.log.close();
  const path = run.log.segments[0]!.paths.txnIndex;
  const good = readWholeFile(run.disk, path);
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bytes = Buffer.from(good);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    const file = run.disk.open(path, 'create');
    file.truncate(0);
    file.write([bytes], 0);
    file.close();
    const life = new LogLife(run.disk, '/log');
    const log = life.open({ isClean: true, recoveryPoint: run.model.end });
    expect(readCommitted(log, 10_000), `bit ${bit}`).toEqual(run.model.visible);
    expect(log.abortedTransactions(0n, 100n).map(({ firstOffset }) => firstOffset)).toEqual([0n, 5n]);
    life.environment.files.closeAll();
  }
});

test('a loss of power at any step of saving the transaction index leaves aborted records hidden', async () => {
  const run = new Run();
  const step = async (committed: boolean) => {
    await run.do({ do: 'write', producer: 0, records: 2 });
    await run.do({ do: 'end', producer: 0, committed });
  };
  await step(false);
  await run.do({ do: 'save' });
  await step(false);
  const after: SimFileSystem[] = [];
  run.disk.fault = (_, path) => {
    const states = path.includes('txnindex') ? 100 : 2;
    for (let seed = 0; seed < states; seed++) after.push(run.disk.afterPowerLoss(evenly(seed)));
    return undefined;
  };
  await run.do({ do: 'save' });
  run.disk.fault = () => undefined;
  expect(after.length).toBeGreaterThan(20);
  for (const disk of after) {
    expect(readCommitted(new LogLife(disk, '/log').open(), 10_000)).toEqual(run.model.visible);
  }
});

const BIT_STEP = { quick: 37, ci: 11 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 1;

test('one wrong bit anywhere: readers of committed records neither wait for ever nor get what was aborted', {
  timeout: 600_000,
}, async () => {
  const run = new Run();
  const steps: Step[] = [
    { do: 'write', producer: 0, records: 3 },
    { do: 'write', producer: 1, records: 1 },
    { do: 'plain' },
    { do: 'end', producer: 0, committed: false },
    { do: 'write', producer: 0, records: 2 },
    { do: 'end', producer: 1, committed: true },
    { do: 'write', producer: 1, records: 2 },
    { do: 'end', producer: 0, committed: true },
    { do: 'end', producer: 1, committed: false },
    { do: 'write', producer: 0, records: 1 },
    { do: 'end', producer: 0, committed: true },
  ];
  for (const step of steps) await run.do(step);
  await run.log.close();
  const { visible, end } = run.model;
  const folder = '/log/t-0';
  const files = new Map(run.disk.list(folder).map((name) => [name, readWholeFile(run.disk, `${folder}/${name}`)]));
  let hidden = 0;
  for (const [name, bytes] of files) {
    if (!name.endsWith('.log')) continue;
    for (let bit = 0; bit < bytes.length * 8; bit += BIT_STEP) {
      const spoiled = Buffer.from(bytes);
      spoiled[bit >> 3]! ^= 1 << (bit & 7);
      const disk = new SimFileSystem();
      disk.makeDirectory(folder);
      for (const [each, content] of files) {
        // What is known of producers is made from the log alone.
        if (!/\.log$/.test(each)) continue;
        disk.open(`${folder}/${each}`, 'create').write([each === name ? spoiled : content], 0);
      }
      const log = new LogLife(disk, '/log').open({ config: { segmentBytes: 700 }, isClean: true, recoveryPoint: end });
      const found = readCommitted(log, 10_000);
      const what = `${name} bit ${bit}`;
      expect(log.lastStableOffset, what).toBe(end);
      expect(
        found.filter((offset) => !visible.includes(offset)),
        what,
      ).toEqual([]);
      hidden += visible.length - found.length;
    }
  }
  expect(hidden).toBeGreaterThan(0);
});

test('a wrong bit in a batch of records that is no marker hides it alone: its transaction goes on', async () => {
  const run = new Run();
  await run.do({ do: 'write', producer: 0, records: 20 });
  await run.do({ do: 'write', producer: 0, records: 20 });
  await run.do({ do: 'write', producer: 0, records: 1 });
  await run.do({ do: 'end', producer: 0, committed: true });
  await run.log.close();
  const path = run.log.segments[0]!.paths.log;
  const bytes = readWholeFile(run.disk, path);
  const first = 12 + bytes.readInt32BE(8);
  bytes[first + 100]! ^= 1;
  const file = run.disk.open(path, 'write');
  file.write([bytes], 0);
  for (const name of run.disk.list('/log/t-0')) {
    if (name.endsWith('.snapshot')) run.disk.removeFile(`/log/t-0/${name}`);
  }
  const log = new LogLife(run.disk, '/log').open({ isClean: true, recoveryPoint: run.model.end });
  expect(log.lastStableOffset).toBe(run.model.end);
  const gone = (offset: bigint) => offset >= 20n && offset < 40n;
  expect(readCommitted(log, 10_000)).toEqual(run.model.visible.filter((offset) => !gone(offset)));
});
