import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPRESSION_TYPES } from '../../../../main/protocol/records/compression/compression-type.ts';
import { encodeRecordBatch } from '../../../../main/protocol/records/encode-records.ts';
import { Attributes, BatchLayout, RecordBatch } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords } from '../../../../main/protocol/records/records.ts';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const bytes = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b));
const nullableBytes = fc.option(bytes, { nil: null });
const record = fc.record({
  timestamp: fc.bigInt(INT64),
  key: nullableBytes,
  value: nullableBytes,
  headers: fc.array(fc.record({ key: bytes, value: nullableBytes }), { maxLength: 5 }),
});

/** A batch around a payload of our own making, with a right CRC. */
function batchOf(payload: Buffer, recordCount: number): RecordBatch {
  const bytes = Buffer.concat([encodeRecordBatch([], { lastOffsetDelta: recordCount - 1 }), payload]);
  bytes.writeInt32BE(bytes.length - 12, BatchLayout.batchLength);
  bytes.writeInt32BE(recordCount, BatchLayout.recordCount);
  return new RecordBatch(bytes);
}

describe.each(COMPRESSION_TYPES)('records with compression %s', (compression) => {
  test('come back as they went in: order, nulls, repeated headers, bytes that are no UTF-8, any int64', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 40 }),
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        (records, baseOffset) => {
          const batch = new RecordBatch(encodeRecordBatch(records, { baseOffset, compression }));
          batch.ensureValid();
          const decoded = decodeRecords(batch);
          expect(decoded).toEqual(records.map((r, i) => ({ ...r, offset: baseOffset + BigInt(i) })));
          expect(batch.recordCount).toBe(records.length);
          expect(batch.lastOffset).toBe(baseOffset + BigInt(records.length - 1));
          const times = records.map((r) => r.timestamp);
          expect(batch.baseTimestamp).toBe(times[0]);
          expect(batch.maxTimestamp).toBe(times.reduce((a, b) => (a > b ? a : b), -1n));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a record batch', () => {
  const one = [{ timestamp: 1_700_000_000_000n, key: Buffer.from('k'), value: Buffer.from('v') }];

  test('keeps offsets that have gaps, as compaction leaves them', () => {
    const records = [3n, 7n, 8n].map((offset) => ({ ...one[0]!, offset: 1000n + offset }));
    const batch = new RecordBatch(encodeRecordBatch(records, { baseOffset: 1000n, lastOffsetDelta: 20 }));
    expect(decodeRecords(batch).map((r) => r.offset)).toEqual([1003n, 1007n, 1008n]);
    expect(batch.nextOffset).toBe(1021n);
  });

  test('may be empty when it says which offsets it stands for', () => {
    const batch = new RecordBatch(encodeRecordBatch([], { baseOffset: 5n, lastOffsetDelta: 4, producerId: 9n }));
    expect(decodeRecords(batch)).toEqual([]);
    expect(batch.lastOffset).toBe(9n);
    expect(() => encodeRecordBatch([])).toThrow(RangeError);
  });

  test('shows the producer and flags of its header', () => {
    const batch = new RecordBatch(
      encodeRecordBatch(one, {
        producerId: 2n ** 40n,
        producerEpoch: 7,
        baseSequence: 2 ** 31 - 1,
        transactional: true,
        control: true,
        partitionLeaderEpoch: 3,
      }),
    );
    expect(batch.producerId).toBe(2n ** 40n);
    expect(batch.producerEpoch).toBe(7);
    expect(batch.isTransactional && batch.isControlBatch).toBe(true);
    expect(batch.partitionLeaderEpoch).toBe(3);
    expect(batch.timestampType).toBe('CreateTime');
    expect(batch.deleteHorizonMs).toBeNull();
  });

  test('wraps sequence numbers from 2^31-1 to 0', () => {
    const batch = new RecordBatch(
      encodeRecordBatch([...one, ...one, ...one], { producerId: 1n, baseSequence: 2 ** 31 - 2 }),
    );
    expect(batch.lastSequence).toBe(0);
  });

  test('gives every record the append time once that is set', () => {
    const batch = new RecordBatch(encodeRecordBatch(one));
    const before = batch.crc;
    batch.setLogAppendTime(1_800_000_000_000n);
    expect(batch.crc).not.toBe(before);
    batch.ensureValid();
    expect(batch.timestampType).toBe('LogAppendTime');
    expect(decodeRecords(batch)[0]!.timestamp).toBe(1_800_000_000_000n);
    const direct = new RecordBatch(encodeRecordBatch(one, { logAppendTime: 1_800_000_000_000n }));
    expect(direct.bytes.equals(batch.bytes)).toBe(true);
  });

  test('shares memory with its buffer', () => {
    const buffer = encodeRecordBatch(one);
    const value = decodeRecords(new RecordBatch(buffer))[0]!.value!;
    buffer[buffer.length - 2] = 'w'.charCodeAt(0);
    expect(value.toString()).toBe('w');
  });
});

describe('lies of a batch are told from its bytes', () => {
  const empty = Buffer.alloc(0);
  test('a count of two thousand million in nothing', () => {
    expect(() => decodeRecords(batchOf(empty, 2 ** 31 - 1))).toThrow('claims 2147483647 records in 0 bytes');
    expect(() => decodeRecords(batchOf(empty, -1))).toThrow('claims -1 records');
  });
  test('fewer records than counted, or bytes behind the last', () => {
    const record = Buffer.from([12, 0, 0, 0, 1, 1, 0]); // length 6, nulls
    expect(decodeRecords(batchOf(record, 1))).toHaveLength(1);
    expect(() => decodeRecords(batchOf(Buffer.concat([record, Buffer.alloc(7)]), 2))).toThrow('cut short');
    expect(() => decodeRecords(batchOf(Buffer.concat([record, record]), 1))).toThrow('7 bytes follow the 1 records');
  });
  test.each([
    ['a record length past the end', [127, 0, 0, 0, 1, 1, 0]],
    ['a negative record length', [1, 0, 0, 0, 1, 1, 0]],
    ['a key past the record', [12, 0, 0, 0, 20, 1, 0]],
    ['a header count that lies', [12, 0, 0, 0, 1, 1, 100]],
    ['a header without a key', [16, 0, 0, 0, 1, 1, 2, 1, 1]],
    ['a record longer than its fields', [14, 0, 0, 0, 1, 1, 0, 0]],
    ['a varint of six bytes', [0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]],
    ['a varlong of eleven bytes', [26, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 1, 1, 0]],
  ])('%s', (_, payload) => {
    expect(() => decodeRecords(batchOf(Buffer.from(payload), 1))).toThrow(/record|Record/);
  });
  test('a compression id that does not exist', () => {
    const bytes = encodeRecordBatch([], { lastOffsetDelta: 0 });
    bytes.writeInt16BE(5 & Attributes.compression, BatchLayout.attributes);
    expect(() => decodeRecords(new RecordBatch(bytes))).toThrow('Unknown compression type id: 5');
  });
});
