import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../../main/protocol/records/crc32c.ts';
import { encodeRecordBatch } from '../../../../main/protocol/records/encode-records.ts';
import { BatchLayout, RecordBatch, recordBatches } from '../../../../main/protocol/records/record-batch.ts';

const batch = (baseOffset: bigint, records = 3) =>
  encodeRecordBatch(
    Array.from({ length: records }, (_, i) => ({
      timestamp: 1000n + BigInt(i),
      key: null,
      value: Buffer.from(`value ${i}`),
    })),
    { baseOffset },
  );

describe('a stretch of log', () => {
  const log = Buffer.concat([batch(0n), batch(3n, 1), batch(4n, 5)]);

  test('is walked batch by batch', () => {
    expect([...recordBatches(log)].map((b) => [b.baseOffset, b.lastOffset])).toEqual([
      [0n, 2n],
      [3n, 3n],
      [4n, 8n],
    ]);
  });

  test.each([1, 40, 61, 100])('ends before a last batch that lacks %i bytes', (missing) => {
    const walk = recordBatches(log.subarray(0, log.length - missing));
    const offsets: bigint[] = [];
    let step = walk.next();
    for (; !step.done; step = walk.next()) offsets.push(step.value.baseOffset);
    expect(offsets).toEqual([0n, 3n]);
    expect(step.value).toBe(batch(0n).length + batch(3n, 1).length);
  });

  test('stops with an error where no batch can be', () => {
    const broken = Buffer.from(log);
    const second = batch(0n).length;
    broken.writeInt32BE(48, second + BatchLayout.batchLength);
    expect(() => [...recordBatches(broken)]).toThrow('claims 48 bytes, the minimum is 49');
    broken.writeInt8(1, second + BatchLayout.magic);
    expect(() => [...recordBatches(broken)]).toThrow('Message format 1 is not supported');
    broken.writeInt8(3, second + BatchLayout.magic);
    expect(() => [...recordBatches(broken)]).toThrow('unknown magic 3');
  });
});

test('base offset and leader epoch are patched in place without touching the CRC', () => {
  const bytes = batch(0n);
  const view = new RecordBatch(bytes);
  const crc = view.crc;
  view.setBaseOffset(2n ** 62n);
  view.setPartitionLeaderEpoch(42);
  expect([view.baseOffset, view.partitionLeaderEpoch, view.crc, view.isValid]).toEqual([2n ** 62n, 42, crc, true]);
});

test('a flipped bit anywhere behind the CRC field is found', () => {
  const bytes = batch(0n);
  for (let i = BatchLayout.crc; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1 << (i % 8);
    const view = new RecordBatch(changed);
    expect(view.isValid).toBe(false);
    expect(() => view.ensureValid()).toThrow('Record is corrupt (stored crc = ');
  }
});

test('a header can be read before its records are there', () => {
  const view = new RecordBatch(batch(7n).subarray(0, 61));
  expect([view.baseOffset, view.recordCount, view.isComplete, view.isValid]).toEqual([7n, 3, false, false]);
  expect(() => view.bytes).toThrow('are left');
});

describe('crc32c', () => {
  // RFC 3720, appendix B.4.
  test.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['counting up', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['counting down', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
    ['the usual digits', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s is the published one', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('goes on from what came before', () => {
    const bytes = Buffer.from('the quick brown fox jumps over the lazy dog');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(crc32c(bytes));
    }
  });

  test('is the same wherever the bytes lie', () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37) & 0xff));
    const plain = (part: Uint8Array) => {
      let crc = -1;
      for (const byte of part) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
      }
      return ~crc >>> 0;
    };
    const home = Buffer.alloc(400);
    for (let offset = 0; offset < 8; offset++) {
      for (const length of [0, 15, 63, 64, 65, 79, 80, 81, 300]) {
        bytes.copy(home, offset, 0, length);
        expect(crc32c(home, offset, offset + length)).toBe(plain(bytes.subarray(0, length)));
        expect(crc32c(home.subarray(offset, offset + length))).toBe(plain(bytes.subarray(0, length)));
      }
    }
  });
});
