import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decimal } from '../../../../main/connect/api/decimal.ts';
import { JsonException, JsonReader, parseExactJson, parseJson } from '../../../../main/connect/api/json-reader.ts';
import { writeJson } from '../../../../main/connect/api/json-writer.ts';

/** What JSON.parse gives, in the form of `parseJson`; `isInteger` of a number is lost there. */
function loosely(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  if (Array.isArray(value)) return value.map(loosely);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, loosely(item)]));
  return value;
}

describe('reading JSON', () => {
  test.each([
    ['968476484095610880', 968476484095610880n],
    ['968476484095610881', 968476484095610881n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['-0', 0n],
    ['1.10', 1.1],
    ['1.0', 1],
    ['1e3', 1000],
  ])('%s is exact, and an integer is told from a float', (json, value) => {
    expect(parseJson(json)).toBe(value);
  });

  test.each(['9223372036854775808', '-9223372036854775809', '100000000000000000000'])(
    '%s fails instead of being rounded or wrapped, and says where',
    (json) => {
      expect(() => parseJson(`{"user":{"ids":[1,${json}]}}`)).toThrow(/at user\.ids\[1\] is beyond int64/);
      expect(parseExactJson(json)).toBe(BigInt(json));
    },
  );

  test('1e400 fails instead of becoming Infinity; read exactly it is kept', () => {
    expect(() => parseJson('[1e400]')).toThrow('The number at [0] is beyond float64');
    expect(parseExactJson('1e400')).toEqual(new Decimal(1n, -400));
  });

  test('the text of an error never quotes what was read', () => {
    const secret = 'tok3n-Zq';
    const broken = [
      `${secret}`,
      `{"a":${secret}}`,
      `{"a":"${secret}`,
      `["${secret}" "${secret}"]`,
      `{"password":"${secret}",}`,
      `"${secret}\n"`,
      `"${secret}\\q"`,
    ];
    for (const json of broken) {
      expect(() => parseJson(json)).toThrow(JsonException);
      expect(() => parseJson(json)).not.toThrow(secret);
    }
  });

  test('depth 1,000 passes; 1,001 and 100,000 fail fast, arrays and objects alike', () => {
    const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
    expect(() => parseJson(nested('[', ']', 1000))).not.toThrow();
    const before = process.cpuUsage().user;
    expect(() => parseJson(nested('[', ']', 1001))).toThrow(/nested deeper than 1000/);
    expect(() => parseJson('['.repeat(100_000))).toThrow(/nested deeper than 1000/);
    expect(() => parseJson('{"a":'.repeat(100_000))).toThrow(/nested deeper than 1000/);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(100);
  });

  test('a string over 20 million characters and a number over 1,000 digits are refused', () => {
    expect(() => parseJson(`"${'x'.repeat(20_000_001)}"`)).toThrow(/longer than 20000000/);
    expect(() => parseJson('1'.repeat(10_000))).toThrow(/longer than 1000/);
    expect(() => parseJson(`1.${'1'.repeat(10_000)}`)).toThrow(/longer than 1000/);
  });

  test('a million keys are read', () => {
    const json = `{${Array.from({ length: 1_000_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`;
    expect((parseJson(json) as Map<string, unknown>).size).toBe(1_000_000);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString'])('the name %s is data', (name) => {
    const parsed = parseJson(`{"${name}":{"polluted":1},"x":${JSON.stringify(name)}}`) as Map<string, unknown>;
    expect(parsed.get(name)).toEqual(new Map([['polluted', 1n]]));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(writeJson(parsed)).toBe(`{"${name}":{"polluted":1},"x":"${name}"}`);
  });

  test('names keep their order, even those that are numbers; of equal ones the last value wins', () => {
    expect([...(parseJson('{"b":1,"2":2,"1":3,"b":4}') as Map<string, unknown>)]).toEqual([
      ['b', 4n],
      ['2', 2n],
      ['1', 3n],
    ]);
  });

  test.each(['22ff22', '22c0af22', '22eda08022', '22f0908d22'])('bytes that are no UTF-8 (%s) fail', (hex) => {
    expect(() => parseJson(Buffer.from(hex, 'hex'))).toThrow('The text is not valid UTF-8');
  });

  test('a reader goes on after a member, so that an envelope can be read in parts', () => {
    const reader = new JsonReader('{"a":{"x":[1]},"b":2}', 'connect', 5);
    expect(reader.readMember()).toEqual(new Map([['x', [1n]]]));
    expect(reader.text.slice(reader.at)).toBe(',"b":2}');
  });

  test('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, pretty) => {
        const json = JSON.stringify(value, null, pretty ? 1 : 0);
        const expected = JSON.parse(json);
        expect(loosely(parseExactJson(json))).toEqual(expected);
        if (!/\d{19}/.test(json)) expect(loosely(parseJson(json))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('what it accepts is JSON up to where it stopped, leading zeros aside; what JSON.parse accepts it accepts', () => {
    const piece = fc.constantFrom(
      ...'[]{}",:0123.eE+- \\n',
      'true',
      'null',
      '"a"',
      '{"a":',
      '[1,',
      '00',
      '1e5',
      '\\u1f41',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join('');
        const reader = new JsonReader(text, 'exact');
        let accepted = true;
        try {
          reader.read();
        } catch (error) {
          expect(error).toBeInstanceOf(JsonException);
          accepted = false;
        }
        if (accepted && text.trim() !== '') {
          const prefix = text.slice(0, reader.at).replace(/(?<![\d.eE+]|[eE]-)0+(?=\d)/g, '');
          expect(() => JSON.parse(prefix), text).not.toThrow();
        } else if (text.trim() !== '') expect(() => JSON.parse(text), text).toThrow();
      }),
      { numRuns: 5000 },
    );
  });

  test('never throws anything but JsonException, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          parseJson(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonException);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('writing JSON', () => {
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .array(fc.tuple(fc.string(), tie('value')), { maxLength: 5 })
        .map((entries) => new Map<string, unknown>(entries)),
    ),
  })).value;

  test('what is written reads back equal, digit for digit', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parseJson(Buffer.from(writeJson(value)))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test('half of a surrogate pair and a cycle are refused with a sentence', () => {
    expect(() => writeJson('\ud800')).toThrow(/half of a surrogate pair/);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => writeJson(cycle)).toThrow(/nested deeper than 1000/);
    const map = new Map<string, unknown>();
    expect(() => writeJson(map.set('self', map))).toThrow(/nested deeper than 1000/);
  });

  test('what is none of Connect’s values is refused by name', () => {
    expect(() => writeJson(new Date(0))).toThrow('Java class class Date does not have corresponding schema type.');
    expect(() => writeJson({ plain: 'object' })).toThrow(/class Object/);
  });
});
