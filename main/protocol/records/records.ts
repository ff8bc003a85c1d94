import type { RecordHeader } from '../../../common/kafka/records.ts';
import { CorruptRecordException } from '../exceptions.ts';
import { decompress, MAX_UNCOMPRESSED_BYTES } from './compression/compression.ts';
import type { RecordBatch } from './record-batch.ts';
import { RecordReader } from './record-reader.ts';

/** One record of a batch. Key, value and headers share memory with the batch (or its decompressed copy). */
export interface Record {
  offset: bigint;
  /** ms since 1970 UTC; the batch's append time when it has one */
  timestamp: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: readonly RecordHeader[];
}

const NO_HEADERS: readonly RecordHeader[] = Object.freeze([]);
/** Length, attributes, timestamp delta, offset delta, key length, value length, header count: a byte each. */
const MIN_RECORD_BYTES = 7;

export interface DecodeOptions {
  /** Bytes that the records may take when decompressed. */
  maxBytes?: number;
}

/**
 * The records of a batch, in order. Decompresses; the CRC is not looked at (`RecordBatch.ensureValid`). The header's
 * count is a claim: it is checked against the bytes before anything is made by it.
 *
 * @throws CorruptRecordException when the records are not what the header says, RecordBatchTooLargeException beyond
 *   `maxBytes`, UnsupportedCompressionTypeException
 */
export function decodeRecords(batch: RecordBatch, options: DecodeOptions = {}): Record[] {
  const bytes = decompress(batch.compression, batch.records, options.maxBytes ?? MAX_UNCOMPRESSED_BYTES);
  const count = batch.recordCount;
  if (count < 0 || count * MIN_RECORD_BYTES > bytes.length) {
    throw new CorruptRecordException(`Record batch claims ${count} records in ${bytes.length} bytes`);
  }
  const records: Record[] = [];
  const reader = new RecordReader(bytes);
  const baseOffset = batch.baseOffset;
  const baseTimestamp = batch.baseTimestamp;
  const appendTime = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : null;
  let timestamp = baseTimestamp;
  let lastDelta: number | bigint = 0;
  for (let i = 0; i < count; i++) {
    reader.limit = bytes.length;
    const length = reader.varint();
    const end = reader.position + length;
    if (length < 0 || end > bytes.length) {
      throw new CorruptRecordException(
        `Record ${i} claims ${length} bytes, ${bytes.length - reader.position} are left in its batch`,
      );
    }
    reader.limit = end;
    reader.skip(1); // attributes: unused by Kafka
    const delta = reader.varlong();
    // Most records of a batch have the same delta as the one before: no new bigint for those.
    if (delta !== lastDelta) {
      timestamp = BigInt.asIntN(64, baseTimestamp + BigInt(delta));
      lastDelta = delta;
    }
    const offset = baseOffset + BigInt(reader.varint());
    const key = reader.bytes();
    const value = reader.bytes();
    const headers = readHeaders(reader);
    if (reader.position !== end) {
      throw new CorruptRecordException(
        `Record ${i} claims ${length} bytes, its fields take ${length - end + reader.position}`,
      );
    }
    records.push({ offset, timestamp: appendTime ?? timestamp, key, value, headers });
  }
  if (reader.position !== bytes.length) {
    throw new CorruptRecordException(`${bytes.length - reader.position} bytes follow the ${count} records of a batch`);
  }
  return records;
}

function readHeaders(reader: RecordReader): readonly RecordHeader[] {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  // A header takes two bytes at least.
  if (count < 0 || count * 2 > reader.limit - reader.position) {
    throw new CorruptRecordException(`A record claims ${count} headers in ${reader.limit - reader.position} bytes`);
  }
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.bytes();
    if (key === null) throw new CorruptRecordException('A record has a header without a key');
    headers.push({ key, value: reader.bytes() });
  }
  return headers;
}
