import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FetchedRecords } from '../../../../main/kafka/api.ts';
import { CompletedFetch, type CompletedFetchOptions } from '../../../../main/kafka/fetch/completed-fetch.ts';
import { encodeEndTransactionMarker } from '../../../../main/protocol/records/control-records.ts';
import { encodeRecordBatch, type RecordBatchOptions } from '../../../../main/protocol/records/encode-records.ts';

/** A batch with records at these offsets, their values the offsets. */
function batch(offsets: readonly number[], options: RecordBatchOptions = {}): Buffer {
  const baseOffset = options.baseOffset ?? BigInt(offsets[0] ?? 0);
  return encodeRecordBatch(
    offsets.map((offset) => ({ timestamp: 1n, key: null, value: Buffer.from(`${offset}`), offset: BigInt(offset) })),
    { partitionLeaderEpoch: 3, ...options, baseOffset },
  );
}

function marker(type: 'COMMIT' | 'ABORT', offset: number, producerId: bigint): Buffer {
  return encodeEndTransactionMarker({
    type,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    timestamp: 1n,
    baseOffset: BigInt(offset),
  });
}

function fetched(records: Buffer, options: Partial<CompletedFetchOptions> = {}): CompletedFetch {
  return new CompletedFetch({
    topic: 't',
    partition: 0,
    fetchOffset: 0n,
    records,
    abortedTransactions: null,
    checkCrcs: true,
    ...options,
  });
}

function readAll(completed: CompletedFetch, max = 1_000): FetchedRecords {
  const into: FetchedRecords = { records: [], gaps: [] };
  while (!completed.isExhausted) completed.read(max, into);
  return into;
}

const offsetsOf = ({ records }: FetchedRecords) => records.map(({ offset }) => Number(offset));
const gapsOf = ({ gaps }: FetchedRecords) => gaps.map(({ from, to }) => [Number(from), Number(to)]);

describe('a completed fetch', () => {
  test('begins at the offset that was asked for, in the middle of a batch', () => {
    const completed = fetched(Buffer.concat([batch([0, 1, 2]), batch([3, 4])]), { fetchOffset: 1n });
    expect(completed.nextFetchOffset).toBe(5n);
    const all = readAll(completed);
    expect(offsetsOf(all)).toEqual([1, 2, 3, 4]);
    expect(all.gaps).toEqual([]);
    expect(all.records[0]).toMatchObject({ topic: 't', partition: 0, leaderEpoch: 3, timestampType: 'CreateTime' });
  });

  test('gives out no more than was asked for, and goes on where it stopped', () => {
    const completed = fetched(batch([0, 1, 2, 3, 4]));
    const into: FetchedRecords = { records: [], gaps: [] };
    expect(completed.read(2, into)).toBe(2);
    expect(completed.position).toBe(2n);
    expect(completed.isExhausted).toBe(false);
    expect(completed.read(10, into)).toBe(3);
    expect(completed.isExhausted).toBe(true);
    expect(offsetsOf(into)).toEqual([0, 1, 2, 3, 4]);
  });

  test('tells what compaction took away: between batches, within one, at its end', () => {
    const completed = fetched(Buffer.concat([batch([2, 3]), batch([6, 9], { baseOffset: 5n, lastOffsetDelta: 6 })]));
    const all = readAll(completed);
    expect(offsetsOf(all)).toEqual([2, 3, 6, 9]);
    expect(gapsOf(all)).toEqual([
      [0, 2],
      [4, 6],
      [7, 9],
      [10, 12],
    ]);
    expect(completed.position).toBe(12n);
  });

  test('leaves out a batch that is cut off at the end', () => {
    const whole = batch([0, 1]);
    const completed = fetched(Buffer.concat([whole, batch([2, 3]).subarray(0, 70)]));
    expect(offsetsOf(readAll(completed))).toEqual([0, 1]);
    expect(completed.position).toBe(2n);
  });

  test('passes over markers of transactions without calling them gaps', () => {
    const log = [
      batch([0], { producerId: 5n, producerEpoch: 0, baseSequence: 0, transactional: true }),
      marker('COMMIT', 1, 5n),
      batch([2]),
    ];
    for (const abortedTransactions of [null, []]) {
      const completed = fetched(Buffer.concat(log), { abortedTransactions });
      const all = readAll(completed);
      expect(offsetsOf(all)).toEqual([0, 2]);
      expect(all.gaps).toEqual([]);
    }
  });

  test('read_committed passes over what was aborted, and only that', () => {
    const of = (producerId: bigint, offsets: number[]) =>
      batch(offsets, { producerId, producerEpoch: 0, baseSequence: 0, transactional: true });
    const records = Buffer.concat([
      of(1n, [0, 1]),
      of(2n, [2]),
      batch([3]),
      marker('ABORT', 4, 1n),
      of(1n, [5]),
      marker('COMMIT', 6, 2n),
      marker('COMMIT', 7, 1n),
      of(2n, [8]),
      marker('ABORT', 9, 2n),
    ]);
    const abortedTransactions = [
      { producerId: 2n, firstOffset: 8n },
      { producerId: 1n, firstOffset: 0n },
    ];
    const all = readAll(fetched(records, { abortedTransactions }));
    expect(offsetsOf(all)).toEqual([2, 3, 5]);
    expect(all.gaps).toEqual([]);
    expect(offsetsOf(readAll(fetched(records)))).toEqual([0, 1, 2, 3, 5, 8]);
  });

  test('stops at a damaged batch, names partition and offset, and says where to go on', () => {
    const damaged = batch([2, 3, 4]);
    damaged[80] = (damaged[80] as number) ^ 1;
    const completed = fetched(Buffer.concat([batch([0, 1]), damaged, batch([5])]));
    const into: FetchedRecords = { records: [], gaps: [] };
    expect(() => completed.read(10, into)).toThrow(/^Record batch for partition t-0 at offset 2 is invalid: .*crc/);
    expect(offsetsOf(into)).toEqual([0, 1]);
    expect(completed.position).toBe(2n);
    expect(() => completed.read(10, into)).toThrow(
      expect.objectContaining({ hint: 'Seek to offset 5 to go on behind it.' }),
    );
  });

  test('is what the log holds, however it is cut into batches, compressed, compacted and read', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
            fc.constantFrom('none', 'gzip', 'snappy', 'lz4'),
          ),
          { maxLength: 8 },
        ),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (batches, fetchOffset, max) => {
          let offset = 0;
          const kept: number[] = [];
          const encoded: Buffer[] = [];
          for (const [records, compression] of batches) {
            const offsets = records.flatMap((present, i) => (present ? [offset + i] : []));
            encoded.push(
              batch(offsets, {
                baseOffset: BigInt(offset),
                lastOffsetDelta: records.length - 1,
                compression: compression as 'none',
              }),
            );
            kept.push(...offsets);
            offset += records.length;
          }
          const completed = fetched(Buffer.concat(encoded), { fetchOffset: BigInt(fetchOffset) });
          const all = readAll(completed, max);
          expect(offsetsOf(all)).toEqual(kept.filter((each) => each >= fetchOffset));
          expect(completed.position).toBe(BigInt(Math.max(fetchOffset, offset)));
          expect(completed.nextFetchOffset).toBe(completed.position);
          // Records and gaps together cover every offset once.
          const covered = new Set(offsetsOf(all));
          for (const [from, to] of gapsOf(all)) for (let i = from as number; i < (to as number); i++) covered.add(i);
          expect(covered.size).toBe(Math.max(0, offset - fetchOffset));
        },
      ),
    );
  });
});
