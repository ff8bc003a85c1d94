import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOffset, parseTime, timeText } from '../../../../renderer/features/consumer/start-text.ts';

describe('parseOffset', () => {
  test('reads whole numbers up to int64, with or without commas', () => {
    expect(parseOffset('0')).toBe(0n);
    expect(parseOffset(' 9,223,372,036,854,775,807 ')).toBe(9_223_372_036_854_775_807n);
    expect(parseOffset('9223372036854775808')).toContain('at most');
    expect(['', '-1', '1.5', 'x'].map(parseOffset)).toEqual(Array(4).fill('An offset is a whole number, 0 or more'));
  });
});

describe('parseTime', () => {
  test('reads local time, a zone, and ms since 1970', () => {
    expect(parseTime('2026-11-23')).toBe(BigInt(new Date(2026, 10, 23).getTime()));
    expect(parseTime('2026-11-23 10:42:18.5')).toBe(BigInt(new Date(2026, 10, 23, 10, 42, 18, 500).getTime()));
    expect(parseTime('2026-11-23T10:42:18Z')).toBe(BigInt(Date.UTC(2026, 10, 23, 10, 42, 18)));
    expect(parseTime('1764000000000')).toBe(1_764_000_000_000n);
  });

  test('says so when there is no such time', () => {
    expect(parseTime('2026-02-30')).toBe('There is no such day or time');
    expect(parseTime('2026-11-23 25:00')).toBe('There is no such day or time');
    expect(parseTime('yesterday')).toContain('A time looks like');
  });

  test('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
        const parsed = parseTime(timeText(BigInt(ms)));
        // An hour that a change of clocks repeats may come back as its twin.
        expect([0n, 3_600_000n, -3_600_000n]).toContain((parsed as bigint) - BigInt(ms));
      }),
    );
  });
});
