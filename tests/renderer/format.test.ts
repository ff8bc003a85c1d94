import { describe, expect, test } from 'vitest';
import * as format from '../../renderer/format.ts';

describe('format', () => {
  test('counts exactly beyond what a double holds', () => {
    expect(format.count(9_223_372_036_854_775_807n)).toBe('9,223,372,036,854,775,807');
    expect(format.counted(1, 'record')).toBe('1 record');
    expect(format.counted(0n, 'record')).toBe('0 records');
  });

  test('gives small rates a decimal and large ones a letter where room is short', () => {
    expect([0, 2.14, 9.96, 48_213.4].map(format.rate)).toEqual(['0', '2.1', '10', '48,213']);
    expect([0.4, 317, 48_213, 999_960, 1_240_000].map(format.shortRate)).toEqual(['0.4', '317', '48.2k', '1M', '1.2M']);
  });

  test('sizes', () => {
    expect([0, 187, 1024, 1500, 412 * 1024 * 1024].map(format.bytes)).toEqual([
      '0 B',
      '187 B',
      '1 KB',
      '1.5 KB',
      '412 MB',
    ]);
  });

  test('times have 24 hours and milliseconds; what no calendar holds stays digits', () => {
    expect(format.time(0n)).toMatch(/^\d\d:\d\d:00\.000$/);
    expect(format.dateTime(1_764_000_000_007n)).toMatch(/^2025-11-2\d \d\d:\d\d:\d\d\.007$/);
    expect(format.time(-1n)).toBe('–');
    expect(format.time(9_223_372_036_854_775_807n)).toBe('9223372036854775807');
  });

  test('durations in the unit that fits', () => {
    expect([86_400_000, 604_800_000, 3_600_000, 90_000, 10].map(format.duration)).toEqual([
      '24 h',
      '7 days',
      '1 h',
      '90 s',
      '10 ms',
    ]);
  });
});
