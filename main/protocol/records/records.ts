import type { RecordHeader } from '../../../common/kafka/records.ts';
import { CorruptRecordException, RecordBatchTooLargeException } from '../exceptions.ts';
import { decompress, decompressAsync, MAX_UNCOMPRESSED_BYTES } from './compression/compression.ts';
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
/**
 * Records that `decodeRecords` makes at once. A record takes some 200 bytes as an object and 7 in a batch: without
 * a bound 128 MiB of empty ones would be 4 GB. Who must read larger batches takes `BatchRecords` one by one.
 */
export const MAX_DECODED_RECORDS = 1_000_000;
/** Each takes as much as a record does, and 2 bytes in a batch. */
const MAX_HEADERS_OF_A_RECORD = 100_000;

export interface DecodeOptions {
  /** Bytes that the records may take when decompressed. */
  maxBytes?: number;
}

/**
 * The records of a batch, in order. Decompresses; the CRC is not looked at (`RecordBatch.ensureValid`).
 *
 * @throws CorruptRecordException when the records are not what the header says, RecordBatchTooLargeException beyond
 *   `maxBytes` or a million records, UnsupportedCompressionTypeException
 */
export function decodeRecords(batch: RecordBatch, options: DecodeOptions = {}): Record[] {
  return BatchRecords.open(batch, options).all();
}

/** The records of a batch one by one: what is not asked for is not decoded. */
export class BatchRecords implements Iterable<Record> {
  /** What the header says. */
  readonly count: number;
  readonly #reader: RecordReader;
  readonly #size: number;
  readonly #baseOffset: bigint;
  readonly #baseTimestamp: bigint;
  readonly #appendTime: bigint | null;
  #read = 0;
  #headers = 0;
  #timestamp: bigint;
  #timestampDelta: number | bigint = 0;

  /** Decompresses at once. Throws as `decodeRecords` does. */
  static open(batch: RecordBatch, options: DecodeOptions = {}): BatchRecords {
    return new BatchRecords(batch, decompress(batch.compression, batch.records, maxBytes(options)));
  }

  /** Decompresses without holding up the event loop: for batches from strangers, or of many MiB. */
  static async openAsync(batch: RecordBatch, options: DecodeOptions = {}): Promise<BatchRecords> {
    return new BatchRecords(batch, await decompressAsync(batch.compression, batch.records, maxBytes(options)));
  }

  /** Of `bytes`, decompressed already. @throws CorruptRecordException */
  static of(batch: RecordBatch, bytes: Buffer): BatchRecords {
    return new BatchRecords(batch, bytes);
  }

  private constructor(batch: RecordBatch, bytes: Buffer) {
    this.count = batch.recordCount;
    // The count is a claim: it is checked against the bytes before anything is made by it.
    if (this.count < 0 || this.count * MIN_RECORD_BYTES > bytes.length) {
      throw new CorruptRecordException(`Record batch claims ${this.count} records in ${bytes.length} bytes`);
    }
    this.#reader = new RecordReader(bytes);
    this.#size = bytes.length;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestamp = batch.baseTimestamp;
    this.#timestamp = this.#baseTimestamp;
    this.#appendTime = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : null;
  }

  /** undefined after the last. @throws CorruptRecordException */
  next(): Record | undefined {
    const reader = this.#reader;
    if (this.#read === this.count) {
      const left = this.#size - reader.position;
      if (left > 0) throw new CorruptRecordException(`${left} bytes follow the ${this.count} records of a batch`);
      return undefined;
    }
    reader.limit = this.#size;
    const length = reader.varint();
    const end = reader.position + length;
    if (length < 0 || end > this.#size) {
      const left = this.#size - reader.position;
      throw new CorruptRecordException(`Record ${this.#read} claims ${length} bytes, ${left} are left in its batch`);
    }
    reader.limit = end;
    reader.skip(1); // attributes: unused by Kafka
    const delta = reader.varlong();
    const timestamp = this.#appendTime ?? this.#timestampOf(delta);
    const offset = this.#baseOffset + BigInt(reader.varint());
    const key = reader.bytes();
    const value = reader.bytes();
    const headers = readHeaders(reader);
    this.#headers += headers.length;
    if (reader.position !== end) {
      const taken = length - end + reader.position;
      throw new CorruptRecordException(`Record ${this.#read} claims ${length} bytes, its fields take ${taken}`);
    }
    this.#read++;
    return { offset, timestamp, key, value, headers };
  }

  /** Those that are left. @throws RecordBatchTooLargeException beyond a million, or a million headers */
  all(): Record[] {
    if (this.count > MAX_DECODED_RECORDS) throw tooMany('records', this.count, MAX_DECODED_RECORDS);
    const records: Record[] = [];
    for (let record = this.next(); record; record = this.next()) {
      records.push(record);
      if (this.#headers > MAX_DECODED_RECORDS) throw tooMany('headers', this.#headers, MAX_DECODED_RECORDS);
    }
    return records;
  }

  *[Symbol.iterator](): Generator<Record, void, void> {
    for (let record = this.next(); record; record = this.next()) yield record;
  }

  /** Most records of a batch have the same delta as the one before: no new bigint for those. */
  #timestampOf(delta: number | bigint): bigint {
    if (delta !== this.#timestampDelta) {
      this.#timestamp = BigInt.asIntN(64, this.#baseTimestamp + BigInt(delta));
      this.#timestampDelta = delta;
    }
    return this.#timestamp;
  }
}

function maxBytes(options: DecodeOptions): number {
  return options.maxBytes ?? MAX_UNCOMPRESSED_BYTES;
}

function tooMany(what: string, count: number, limit: number): RecordBatchTooLargeException {
  return new RecordBatchTooLargeException(`A batch has ${count} ${what}, more than ${limit}`);
}

function readHeaders(reader: RecordReader): readonly RecordHeader[] {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  // A header takes two bytes at least.
  if (count < 0 || count * 2 > reader.limit - reader.position) {
    throw new CorruptRecordException(`A record claims ${count} headers in ${reader.limit - reader.position} bytes`);
  }
  if (count > MAX_HEADERS_OF_A_RECORD) throw tooMany('headers', count, MAX_HEADERS_OF_A_RECORD);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.bytes();
    if (key === null) throw new CorruptRecordException('A record has a header without a key');
    headers.push({ key, value: reader.bytes() });
  }
  return headers;
}
