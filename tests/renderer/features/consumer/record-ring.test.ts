import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConsumeGap } from '../../../../common/kafka/consume.ts';
import { packRecords } from '../../../../common/kafka/packed-records.ts';
import type { ConsumerRecord } from '../../../../common/kafka/records.ts';
import { RecordRing, type Row } from '../../../../renderer/features/consumer/record-ring.ts';

const MB = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);

function record(offset: number, size = 3): ConsumerRecord {
  return {
    topic: 'tweets',
    partition: offset % 3,
    offset: BigInt(offset),
    timestamp: 1_764_000_000_000n + BigInt(offset),
    timestampType: 'CreateTime',
    leaderEpoch: null,
    key: offset % 5 === 0 ? null : bytes(`k${offset}`),
    value: offset % 7 === 0 ? null : new Uint8Array(size).fill(offset),
    headers: Array.from({ length: offset % 4 }, (_, n) => ({
      key: bytes(`h${n}`),
      value: n % 2 ? null : bytes(`v${offset}`),
    })),
  };
}

const gap = (before: number, from: number): ConsumeGap => ({
  reason: 'dropped',
  partition: 0,
  from: BigInt(from),
  to: BigInt(from + 1),
  records: 1,
  before,
});

const batch = (offsets: number[], gaps: ConsumeGap[] = [], size?: number) => ({
  records: packRecords(
    'tweets',
    offsets.map((offset) => record(offset, size)),
    100,
  ),
  gaps,
});

const label = (row: Row | undefined) =>
  row === undefined ? '-' : row.type === 'gap' ? `gap ${row.gap.from}` : String(row.record.offset);

const all = (ring: Pick<RecordRing, 'start' | 'end' | 'row'>) => {
  const rows: string[] = [];
  for (let sequence = ring.start; sequence < ring.end; sequence++) rows.push(label(ring.row(sequence)));
  return rows;
};

describe('RecordRing', () => {
  test('holds the newest rows without gaps, whatever the batches and the capacity', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { maxLength: 30 }), fc.integer({ min: 1, max: 2000 }), (sizes, capacity) => {
        const ring = new RecordRing(capacity, 100 * MB);
        let next = 0;
        for (const size of sizes) {
          ring.add(batch(Array.from({ length: size }, () => next++)));
          const kept = Math.min(next, capacity);
          expect(ring.end - ring.start).toBe(kept);
        }
        const kept = Math.min(next, capacity);
        expect(all(ring)).toEqual(Array.from({ length: kept }, (_, index) => String(next - kept + index)));
      }),
      { numRuns: 60 },
    );
  });

  test('gives back key, value and headers of every record as they came', () => {
    const ring = new RecordRing(1000, MB);
    const offsets = Array.from({ length: 40 }, (_, offset) => offset);
    for (const offset of offsets) ring.add(batch([offset]));
    for (const offset of offsets) {
      const row = ring.row(offset);
      expect(row).toMatchObject({ type: 'record', record: record(offset) });
    }
  });

  test('keeps gap rows where they stood, in joined batches too', () => {
    const ring = new RecordRing(100, MB);
    ring.add(batch([0, 1, 2], [gap(0, 100), gap(2, 101)]));
    ring.add(batch([3, 4], [gap(1, 102), gap(2, 103), gap(2, 104)]));
    ring.add(batch([], [gap(0, 105)]));
    ring.add(batch([5]));
    expect(all(ring)).toEqual([
      'gap 100',
      '0',
      '1',
      'gap 101',
      '2',
      '3',
      'gap 102',
      '4',
      'gap 103',
      'gap 104',
      'gap 105',
      '5',
    ]);
  });

  test('a snapshot stays as it is while the ring goes on', () => {
    const ring = new RecordRing(4, MB);
    ring.add(batch([0, 1, 2, 3]));
    const snapshot = ring.snapshot();
    for (let offset = 4; offset < 400; offset++) ring.add(batch([offset]));
    expect(all(snapshot)).toEqual(['0', '1', '2', '3']);
    expect(ring.row(0)).toBeUndefined();
  });

  test('lets the oldest go when bytes run out, and says that it was bytes', () => {
    const ring = new RecordRing(10_000, 50_000);
    for (let offset = 1; offset <= 3000; offset += 300) {
      ring.add({
        records: packRecords(
          'tweets',
          Array.from({ length: 300 }, (_, n) => record(offset + n, 100)),
          100,
        ),
        gaps: [],
      });
    }
    expect(ring.end - ring.start).toBe(300);
    expect(ring.fullOfBytes).toBe(true);
    expect(label(ring.row(ring.end - 1))).toBe('3000');
  });

  test('retain keeps what passes, with sizes of cut values, and gives it new places', () => {
    const ring = new RecordRing(100, MB);
    ring.add(batch([1, 2, 3, 4], [gap(1, 9)], 500));
    const before = ring.end;
    ring.retain('tweets', ({ offset }) => offset % 2n === 0n);
    expect(all(ring)).toEqual(['2', '4']);
    expect(ring.start).toBe(before);
    expect(ring.row(before)).toMatchObject({ record: { valueSize: 500, cut: true } });
  });

  test('a smaller capacity takes effect at once', () => {
    const ring = new RecordRing(100, MB);
    ring.add(batch([1, 2, 3, 4]));
    ring.capacity = 2;
    expect(all(ring)).toEqual(['3', '4']);
  });
});
