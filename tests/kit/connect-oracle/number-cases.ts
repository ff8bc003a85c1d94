import { ask, type Case } from './cases.ts';

/** A deterministic stream of bits, so that a fixture stays what it is (xorshift64). */
export function* randomBits(seed = 88172645463325252n): Generator<bigint> {
  for (let state = seed; ; ) {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    yield state;
  }
}

function double(value: number): Case {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return ask({ kind: 'number-text', type: 'float64', bits: bytes.toString('hex') });
}

function float(value: number): Case {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return ask({ kind: 'number-text', type: 'float32', bits: bytes.toString('hex') });
}

const INTERESTING = [
  0,
  -0,
  1,
  -1,
  1.5,
  0.1,
  -0.1,
  0.001,
  0.0001,
  0.00123,
  100,
  123456.789,
  9999999,
  10000000,
  12345678,
  1e10,
  1.1e10,
  1e21,
  1e22,
  1e23,
  2e23,
  1e-5,
  1.23e-7,
  1e100,
  1e-100,
  1e308,
  1.7976931348623157e308,
  5e-324,
  4.9e-324,
  1e-323,
  2.2250738585072014e-308,
  16777216,
  16777217,
  9007199254740992,
  2 ** 63,
  Math.PI,
  1 / 3,
  2 / 3,
  1e15,
  1e16,
  123456789012345680,
  0.30000000000000004,
  NaN,
  Infinity,
  -Infinity,
  1.1,
  2.2,
  3.3,
  4.35,
  100.01,
  50.1109,
  8.6821,
];

export const numberCases: readonly Case[] = [...INTERESTING.map(double), ...INTERESTING.map(float), ...random()];

function random(): Case[] {
  const cases: Case[] = [];
  const bits = randomBits();
  for (let i = 0; i < 150; i++) {
    const next = bits.next().value as bigint;
    cases.push(ask({ kind: 'number-text', type: 'float64', bits: next.toString(16).padStart(16, '0') }));
    const low = BigInt.asUintN(32, next).toString(16).padStart(8, '0');
    cases.push(ask({ kind: 'number-text', type: 'float32', bits: low }));
    cases.push(double(Number(next % 10_000_000n) / 100));
    cases.push(double(Number(next % 1_000_000_000_000n) / 1000));
    cases.push(float(Number(next % 100_000n) / 100));
  }
  return cases;
}
