import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRecords } from '../../../common/kafka/packed-records.ts';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import { unpackRecords } from '../../kit/unpack-records.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 40 });
const nullable = fc.option(bytes, { nil: null });
const record: fc.Arbitrary<ConsumerRecord> = fc.record({
  topic: fc.constant('tweets'),
  partition: fc.nat(2 ** 31 - 1),
  offset: int64,
  timestamp: int64,
  timestampType: fc.constantFrom('NoTimestampType', 'CreateTime', 'LogAppendTime'),
  leaderEpoch: fc.option(fc.nat(1000), { nil: null }),
  key: nullable,
  value: nullable,
  headers: fc.array(fc.record({ key: bytes, value: nullable }), { maxLength: 4 }),
});

test('records come out of a pack as they went in, with nulls, empties and repeated headers told apart', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const unpacked = unpackRecords(structuredClone(packRecords('tweets', records, 1000)));
      expect(unpacked).toEqual(
        records.map((r) => ({ ...r, keySize: r.key?.length ?? 0, valueSize: r.value?.length ?? 0, cut: false })),
      );
    }),
  );
});

test('long keys and values are cut and their size is kept', () => {
  const long = new Uint8Array(1000).fill(7);
  const base = {
    topic: 't',
    partition: 0,
    offset: 1n,
    timestamp: 2n,
    timestampType: 'CreateTime',
    leaderEpoch: 0,
  } as const;
  const [first, second] = unpackRecords(
    packRecords(
      't',
      [
        { ...base, key: long, value: long, headers: [{ key: long, value: long }] },
        { ...base, key: new Uint8Array(), value: new Uint8Array([1]), headers: [] },
      ],
      100,
    ),
  );
  expect(first).toMatchObject({ keySize: 1000, valueSize: 1000, cut: true });
  expect(first?.value).toEqual(long.subarray(0, 100));
  expect(first?.headers[0]?.value).toEqual(long);
  expect(second).toMatchObject({ keySize: 0, valueSize: 1, cut: false, value: new Uint8Array([1]) });
});

test('a pack holds the bytes of its records, not of the buffers that they were views into', () => {
  const fetched = new Uint8Array(1_000_000);
  const view = fetched.subarray(10, 20);
  const base = {
    topic: 't',
    partition: 0,
    offset: 1n,
    timestamp: 2n,
    timestampType: 'CreateTime',
    leaderEpoch: 0,
  } as const;
  const packed = packRecords('t', [{ ...base, key: view, value: view, headers: [] }], 100);
  expect(packed.bytes.buffer.byteLength).toBe(20);
});
