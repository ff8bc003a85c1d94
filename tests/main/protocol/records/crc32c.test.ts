import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../../../../main/protocol/records/crc32c.ts';
import { FOLD_DISTANCES } from '../../../../main/protocol/records/crc32c-folding.ts';

const POLYNOMIAL = 0x82f63b78;
const timesX = (value: number) => (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);

/** As the definition has it, bit by bit. */
function bitwise(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = timesX(crc);
  }
  return ~crc >>> 0;
}

test('the checksums are those of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('every length has the checksum of the definition, wherever it begins and whatever came before', () => {
  const around = (length: number) => fc.integer({ min: Math.max(0, length - 40), max: length + 40 });
  const lengths = fc.oneof(...[0, 64, 1672, 4096, 16_384].map(around));
  fc.assert(
    fc.property(lengths, fc.nat(17), fc.nat(0xffffffff), fc.nat(), (length, start, seed, first) => {
      let value = first;
      const bytes = Uint8Array.from({ length: length + start }, () => {
        value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
        return value >>> 16;
      });
      const copy = bytes.slice();
      expect(crc32c(bytes, start, bytes.length, seed)).toBe(bitwise(bytes.subarray(start), seed));
      expect(bytes).toEqual(copy);
    }),
    { numRuns: 150 },
  );
});

test('a message longer than what is folded at once has the checksum of its parts, one after another', () => {
  const bytes = Uint8Array.from({ length: 600_011 }, (_, i) => (i * i) >>> 3);
  expect(crc32c(bytes)).toBe(bitwise(bytes));
  expect(crc32c(bytes, 1000, bytes.length, crc32c(bytes, 0, 1000))).toBe(bitwise(bytes));
});

test('the distances of folding are those of a multiple of the polynomial', () => {
  let power = 0x8000_0000 | 0;
  const powers = [power];
  for (let word = 1; word <= 209; word++) {
    for (let bit = 0; bit < 64; bit++) power = timesX(power);
    powers.push(power);
  }
  expect(FOLD_DISTANCES.reduce((rest, distance) => rest ^ powers[209 - distance]!, powers[209]!)).toBe(0);
});
