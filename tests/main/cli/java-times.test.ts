import { describe, expect, test } from 'vitest';
import { parseDateTime, parseDuration } from '../../../main/cli/consumer-groups/java-times.ts';

describe('dates', () => {
  test.each([
    ['1970-01-01T00:00:00.000', 0n],
    ['1970-01-01T00:00:00.000Z', 0n],
    ['1970-01-01T01:00:00.000+01:00', 0n],
    ['1970-01-01T01:00:00.000+0100', 0n],
    ['1970-01-01T01:00:00.000+01', 0n],
    ['1969-12-31T19:00:00.001-05:00', 1n],
    ['2024-02-29T23:59:59.999', 1_709_251_199_999n],
    // As SimpleDateFormat reads the fraction: a number of milliseconds.
    ['1970-01-01T00:00:00.5', 5n],
  ])('%s', (text, expected) => expect(parseDateTime(text)).toBe(expected));

  test.each([
    '2023-02-29T00:00:00.000',
    '2023-01-01T24:00:00.000',
    '2023-01-01T00:60:00.000',
    '2023-01-01T00:00:00',
    'T',
  ])('%s is refused', (text) =>
    expect(() => parseDateTime(text)).toThrow(/^(Unparseable date: |Error parsing timestamp)/),
  );
});

describe('durations', () => {
  test.each([
    ['PT0S', 0n],
    ['P1D', 86_400_000n],
    ['pt1h30m', 5_400_000n],
    ['-PT1S', -1000n],
    ['PT-1.5S', -1500n],
    ['PT0.123456789S', 123n],
    ['P1DT1H1M1,5S', 90_061_500n],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  test.each(['', 'P', 'PT', '1D', 'P1H', 'PT1D', 'PT1S1M', 'P1.5D'])('%j is refused', (text) =>
    expect(() => parseDuration(text)).toThrow('Text cannot be parsed to a Duration'),
  );
});
