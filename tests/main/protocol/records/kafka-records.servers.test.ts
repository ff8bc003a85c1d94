import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  COMPRESSION_TYPES,
  type CompressionType,
} from '../../../../main/protocol/records/compression/compression-type.ts';
import { compressByWasm, prepare } from '../../../../main/protocol/records/compression/zstd.ts';
import { encodeEndTransactionMarker } from '../../../../main/protocol/records/control-records.ts';
import { crc32c } from '../../../../main/protocol/records/crc32c.ts';
import { encodeRecordBatch, type RecordToEncode } from '../../../../main/protocol/records/encode-records.ts';
import { BatchLayout, RecordBatch } from '../../../../main/protocol/records/record-batch.ts';
import { decodeRecords, type Record } from '../../../../main/protocol/records/records.ts';
import { needs } from '../../../kit/needs.ts';
import { askKafka } from '../../../kit/protocol-peer.ts';

const hex = (bytes: Uint8Array | null) => (bytes === null ? 'null' : Buffer.from(bytes).toString('hex'));

/** As ProtocolPeer.java prints a batch and its records. */
function printed(batch: RecordBatch, records: readonly Record[]): string {
  const header = [
    ...[batch.baseOffset, batch.lastOffset, batch.compression, batch.timestampType, batch.maxTimestamp],
    ...[batch.producerId, batch.producerEpoch, batch.baseSequence, batch.lastSequence],
    ...[batch.isTransactional, batch.isControlBatch],
    ...[batch.partitionLeaderEpoch, batch.recordCount, batch.sizeInBytes],
  ];
  return [
    ['batch', ...header],
    ...records.map((r) => [
      'record',
      r.offset,
      r.timestamp,
      hex(r.key),
      hex(r.value),
      ...r.headers.flatMap((header) => [hex(header.key), hex(header.value)]),
    ]),
  ]
    .map((row) => row.join(','))
    .join(' ');
}

/** Sizes around the block sizes of the formats, content from noise to a single byte repeated. */
function samples(): RecordToEncode[][] {
  let seed = 42;
  const noise = (length: number, values: number) =>
    Buffer.from(
      Array.from({ length }, () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return (seed >>> 16) % values;
      }),
    );
  const sizes = [0, 1, 12, 13, 64, 255, 4096, 32_767, 32_768, 65_535, 65_536, 65_600, 200_000];
  const big = sizes.flatMap((size) =>
    [1, 2, 7, 256].map((values) => [{ timestamp: 1_000n, key: null, value: noise(size, values) }]),
  );
  // Matches at every distance from the end: the rules for the last bytes of a block.
  const ends = Array.from({ length: 24 }, (_, i) => [
    { timestamp: 1n, key: null, value: Buffer.concat([noise(65_400, 256), Buffer.alloc(100, 'x'), noise(i, 256)]) },
  ]);
  const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each));
  const nullable = fc.option(bytes, { nil: null });
  // Java keeps header keys as text.
  const header = fc.record({ key: fc.string({ unit: 'grapheme' }).map((each) => Buffer.from(each)), value: nullable });
  const small = fc.sample(
    fc.array(
      fc.record({
        timestamp: fc.bigInt({ min: 0n, max: 2n ** 50n }),
        key: nullable,
        value: nullable,
        headers: fc.array(header, { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 50 },
    ),
    { numRuns: 60, seed: 7 },
  );
  return [...big, ...ends, ...small];
}

describe.skipIf(needs('kafka'))("Kafka's own record classes", () => {
  beforeAll(() => prepare(true));

  test.each(COMPRESSION_TYPES)('read what we write with %s', async (compression) => {
    const batches = samples().map((records, i) =>
      encodeRecordBatch(records, {
        compression,
        baseOffset: BigInt(i) * 1000n,
        partitionLeaderEpoch: i,
        ...(i % 2
          ? { producerId: BigInt(i), producerEpoch: 3, baseSequence: 2 ** 31 - 2, transactional: i % 4 === 1 }
          : {}),
        ...(i % 5 === 0 ? { logAppendTime: 1_700_000_000_000n + BigInt(i) } : {}),
      }),
    );
    const answers = await askKafka(batches.map((bytes) => `read ${hex(bytes)}`));
    for (const [i, bytes] of batches.entries()) {
      const batch = new RecordBatch(bytes);
      expect(answers[i]).toBe(printed(batch, decodeRecords(batch)));
    }
  });

  test.each(COMPRESSION_TYPES)('write with %s what we read', async (compression: CompressionType) => {
    const plain = samples().map((records) => encodeRecordBatch(records));
    const answers = await askKafka(plain.map((bytes) => `compress ${compression} ${hex(bytes)}`));
    for (const [i, bytes] of plain.entries()) {
      const batch = new RecordBatch(Buffer.from(answers[i]!, 'hex'));
      batch.ensureValid();
      expect(batch.compression).toBe(compression);
      expect(decodeRecords(batch)).toEqual(decodeRecords(new RecordBatch(bytes)));
      // Without a compressor between us the bytes are the same; Java leaves the leader epoch to the broker too.
      if (compression === 'none') expect(answers[i]).toBe(hex(bytes));
    }
  });

  test('read zstd of the WebAssembly build', async () => {
    const batches = samples().map((records) => {
      const plain = encodeRecordBatch(records);
      const payload = compressByWasm(plain.subarray(61));
      const bytes = Buffer.concat([plain.subarray(0, 61), payload]);
      bytes.writeInt16BE(4, BatchLayout.attributes);
      bytes.writeInt32BE(bytes.length - 12, BatchLayout.batchLength);
      bytes.writeUInt32BE(crc32c(bytes, BatchLayout.attributes), BatchLayout.crc);
      return bytes;
    });
    const answers = await askKafka(batches.map((bytes) => `read ${hex(bytes)}`));
    for (const [i, bytes] of batches.entries()) {
      const batch = new RecordBatch(bytes);
      expect(answers[i]).toBe(printed(batch, decodeRecords(batch)));
    }
  });

  test('read transaction markers', async () => {
    const marker = { producerId: 9n, producerEpoch: 2, coordinatorEpoch: 5, timestamp: 77n, baseOffset: 12n };
    const bytes = encodeEndTransactionMarker({ ...marker, type: 'COMMIT' });
    const [answer] = await askKafka([`read ${hex(bytes)}`]);
    expect(answer).toBe(
      'batch,12,12,none,CreateTime,77,9,2,-1,-1,true,true,-1,1,78 record,12,77,00000001,000000000005',
    );
  });
});
