import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decimal } from '../../../../main/connect/api/decimal.ts';

describe('Decimal', () => {
  test.each([
    ['0', 0n, 0, '0'],
    ['-12.50', -1250n, 2, '-12.50'],
    ['1e3', 1n, -3, '1E+3'],
    ['1.5E-7', 15n, 8, '1.5E-7'],
    ['.5', 5n, 1, '0.5'],
    ['5.', 5n, 0, '5'],
    ['0.000001', 1n, 6, '0.000001'],
    ['0.0000001', 1n, 7, '1E-7'],
    ['0e-10', 0n, 10, '0E-10'],
    ['123456789012345678901234567890.1', 1234567890123456789012345678901n, 1, '123456789012345678901234567890.1'],
  ])('%s is read and printed as BigDecimal does', (text, unscaled, scale, printed) => {
    const decimal = Decimal.parse(text);
    expect(decimal).toEqual(new Decimal(unscaled, scale));
    expect(String(decimal)).toBe(printed);
  });

  test.each(['', '-', '1e', '1.2.3', 'abc', '1e99999999999', ' 1', '1_0', 'NaN'])('%j is no decimal', (text) => {
    expect(Decimal.parse(text)).toBeUndefined();
  });

  test('bytes are big-endian two’s complement, as short as can be', () => {
    const bytes = (value: bigint) => Buffer.from(new Decimal(value, 0).unscaledBytes()).toString('hex');
    expect([0n, 1n, 127n, 128n, -1n, -128n, -129n, 65536n].map(bytes)).toEqual([
      '00',
      '01',
      '7f',
      '0080',
      'ff',
      '80',
      'ff7f',
      '010000',
    ]);
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: -100, max: 100 }), (unscaled, scale) => {
        const decimal = new Decimal(unscaled, scale);
        expect(Decimal.fromUnscaledBytes(decimal.unscaledBytes(), scale)).toEqual(decimal);
        expect(Decimal.parse(decimal.toString())).toEqual(decimal);
      }),
    );
  });

  test('an absurd exponent is never written out', () => {
    const before = process.cpuUsage().user;
    const huge = Decimal.parse('1e999999999') as Decimal;
    expect(huge.toBigInt()).toBeUndefined();
    expect(huge.truncated()).toBeUndefined();
    expect(huge.toString()).toBe('1E+999999999');
    expect(huge.toNumber()).toBe(Number.POSITIVE_INFINITY);
    expect(Decimal.parse('1e-999999999')?.truncated()).toBe(0n);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(50);
  });
});
