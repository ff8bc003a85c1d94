import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyNth, MOVING_ROWS_PER_SECOND, nextStride } from '../../../../renderer/features/consumer/sampling.ts';

describe('nextStride', () => {
  test('shows every match up to a thousand a second', () => {
    expect([0, 1, 999, 1000].map((rate) => nextStride(1, rate))).toEqual([1, 1, 1, 1]);
    expect([1001, 2000, 4000, 8196, 50_000].map((rate) => nextStride(1, rate))).toEqual([2, 2, 5, 10, 50]);
  });

  test('never lets more than a thousand rows a second go by', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 1e7 }), (current, rate) => {
        expect(rate / nextStride(current, rate)).toBeLessThanOrEqual(MOVING_ROWS_PER_SECOND);
      }),
    );
  });

  test('comes back only when the rate has clearly fallen', () => {
    expect(nextStride(50, 19_000)).toBe(50);
    expect(nextStride(50, 15_000)).toBe(20);
    expect(nextStride(2, 900)).toBe(2);
    expect(nextStride(2, 700)).toBe(1);
  });
});

describe('everyNth', () => {
  const shown = (start: number, end: number, stride: number) => {
    const list = everyNth({ start, end }, stride);
    return Array.from({ length: list.count }, (_, index) => list.sequence(index));
  };

  test('picks multiples inside the range, newest first', () => {
    expect(shown(3, 11, 1)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
    expect(shown(3, 11, 5)).toEqual([10, 5]);
    expect(shown(3, 10, 5)).toEqual([5]);
    expect(shown(6, 10, 5)).toEqual([]);
    expect(shown(0, 0, 1)).toEqual([]);
  });

  test('keeps a shown row shown while the range moves on', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(300), fc.integer({ min: 1, max: 50 }), (start, size, more, n) => {
        const before = shown(start, start + size, n);
        const after = new Set(shown(start, start + size + more, n));
        for (const sequence of before) expect(after.has(sequence)).toBe(true);
      }),
    );
  });
});
