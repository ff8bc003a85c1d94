import type { TimestampType } from '../../../common/kafka/records.ts';
import {
  CorruptRecordException,
  UnsupportedCompressionTypeException,
  UnsupportedForMessageFormatException,
} from '../exceptions.ts';
import { type CompressionType, compressionTypeOf } from './compression/compression-type.ts';
import { crc32c } from './crc32c.ts';

/** Bytes before the records of a batch. */
export const RECORD_BATCH_OVERHEAD = 61;
/** Base offset and length: what stands before the part that `batchLength` counts. */
export const LOG_OVERHEAD = 12;
export const MAGIC = 2;

/** Where the fields of a magic 2 batch lie (Java: `DefaultRecordBatch`). All big-endian. */
export const BatchLayout = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  /** The CRC covers everything from here on: base offset and leader epoch can be changed without touching it. */
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

export const Attributes = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const;

/**
 * A view of one record batch (magic 2) inside a buffer; nothing is copied. The header's 61 bytes must be there, the
 * records only when `bytes`, `records` or the CRC are asked for, so that a log can be scanned by its headers.
 */
export class RecordBatch {
  readonly #buffer: Buffer;
  readonly #start: number;

  /** @throws CorruptRecordException when the header is cut short or its length is below the minimum */
  constructor(buffer: Buffer, start = 0) {
    if (start < 0 || start + RECORD_BATCH_OVERHEAD > buffer.length) {
      throw new CorruptRecordException(
        `A record batch needs ${RECORD_BATCH_OVERHEAD} bytes, ${Math.max(0, buffer.length - start)} are left`,
      );
    }
    this.#buffer = buffer;
    this.#start = start;
    const magic = this.magic;
    if (magic !== MAGIC) {
      throw magic === 0 || magic === 1
        ? new UnsupportedForMessageFormatException(`Message format ${magic} is not supported, only ${MAGIC} is`)
        : new CorruptRecordException(`Record batch has the unknown magic ${magic}`);
    }
    if (this.batchLength < RECORD_BATCH_OVERHEAD - LOG_OVERHEAD) {
      throw new CorruptRecordException(
        `Record batch claims ${this.batchLength} bytes, the minimum is ${RECORD_BATCH_OVERHEAD - LOG_OVERHEAD}`,
      );
    }
  }

  get baseOffset(): bigint {
    return this.#buffer.readBigInt64BE(this.#start + BatchLayout.baseOffset);
  }

  /** Bytes after the length field itself. */
  get batchLength(): number {
    return this.#buffer.readInt32BE(this.#start + BatchLayout.batchLength);
  }

  get sizeInBytes(): number {
    return LOG_OVERHEAD + this.batchLength;
  }

  get partitionLeaderEpoch(): number {
    return this.#buffer.readInt32BE(this.#start + BatchLayout.partitionLeaderEpoch);
  }

  get magic(): number {
    return this.#buffer.readInt8(this.#start + BatchLayout.magic);
  }

  /** The stored checksum, unsigned. */
  get crc(): number {
    return this.#buffer.readUInt32BE(this.#start + BatchLayout.crc);
  }

  get attributes(): number {
    return this.#buffer.readUInt16BE(this.#start + BatchLayout.attributes);
  }

  /** @throws UnsupportedCompressionTypeException for the ids 5 to 7 */
  get compression(): CompressionType {
    const id = this.attributes & Attributes.compression;
    const type = compressionTypeOf(id);
    if (!type) throw new UnsupportedCompressionTypeException(`Unknown compression type id: ${id}`);
    return type;
  }

  get timestampType(): TimestampType {
    return this.attributes & Attributes.logAppendTime ? 'LogAppendTime' : 'CreateTime';
  }

  get isTransactional(): boolean {
    return (this.attributes & Attributes.transactional) !== 0;
  }

  /** A control batch holds the commit or abort marker of a transaction instead of records. */
  get isControlBatch(): boolean {
    return (this.attributes & Attributes.control) !== 0;
  }

  /** When tombstones of this batch may go (KIP-534), ms; null when compaction has not set it. */
  get deleteHorizonMs(): bigint | null {
    return this.attributes & Attributes.deleteHorizon ? this.baseTimestamp : null;
  }

  get lastOffsetDelta(): number {
    return this.#buffer.readInt32BE(this.#start + BatchLayout.lastOffsetDelta);
  }

  get lastOffset(): bigint {
    return this.baseOffset + BigInt(this.lastOffsetDelta);
  }

  get nextOffset(): bigint {
    return this.lastOffset + 1n;
  }

  get baseTimestamp(): bigint {
    return this.#buffer.readBigInt64BE(this.#start + BatchLayout.baseTimestamp);
  }

  get maxTimestamp(): bigint {
    return this.#buffer.readBigInt64BE(this.#start + BatchLayout.maxTimestamp);
  }

  /** -1 for a producer without idempotence. */
  get producerId(): bigint {
    return this.#buffer.readBigInt64BE(this.#start + BatchLayout.producerId);
  }

  get producerEpoch(): number {
    return this.#buffer.readInt16BE(this.#start + BatchLayout.producerEpoch);
  }

  get baseSequence(): number {
    return this.#buffer.readInt32BE(this.#start + BatchLayout.baseSequence);
  }

  /** Sequence numbers wrap from 2^31-1 to 0. */
  get lastSequence(): number {
    const first = this.baseSequence;
    if (first < 0) return first;
    return Number((BigInt(first) + BigInt(this.lastOffsetDelta)) & 0x7fffffffn);
  }

  get hasProducerId(): boolean {
    return this.producerId >= 0n;
  }

  /** What the header says; `decodeRecords` finds out whether it is true. */
  get recordCount(): number {
    return this.#buffer.readInt32BE(this.#start + BatchLayout.recordCount);
  }

  /** Whether all of `sizeInBytes` is in the buffer. */
  get isComplete(): boolean {
    return this.#start + this.sizeInBytes <= this.#buffer.length;
  }

  /** The whole batch, header included; shares memory with the buffer. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end());
  }

  /** The records as they are stored, possibly compressed; shares memory with the buffer. */
  get records(): Buffer {
    return this.#buffer.subarray(this.#start + RECORD_BATCH_OVERHEAD, this.#end());
  }

  computeCrc(): number {
    return crc32c(this.#buffer, this.#start + BatchLayout.attributes, this.#end());
  }

  get isValid(): boolean {
    return this.isComplete && this.crc === this.computeCrc();
  }

  /** @throws CorruptRecordException when the batch is torn or its CRC is wrong */
  ensureValid(): void {
    const computed = this.computeCrc();
    if (computed !== this.crc) {
      throw new CorruptRecordException(`Record is corrupt (stored crc = ${this.crc}, computed crc = ${computed})`);
    }
  }

  /** In place; the CRC does not cover it. */
  setBaseOffset(offset: bigint): void {
    this.#buffer.writeBigInt64BE(offset, this.#start + BatchLayout.baseOffset);
  }

  /** In place; the CRC does not cover it. */
  setPartitionLeaderEpoch(epoch: number): void {
    this.#buffer.writeInt32BE(epoch, this.#start + BatchLayout.partitionLeaderEpoch);
  }

  /** Makes `timestamp` (ms) the time of every record, in place, and writes the CRC anew. */
  setLogAppendTime(timestamp: bigint): void {
    this.#buffer.writeUInt16BE(this.attributes | Attributes.logAppendTime, this.#start + BatchLayout.attributes);
    this.#buffer.writeBigInt64BE(timestamp, this.#start + BatchLayout.maxTimestamp);
    this.#buffer.writeUInt32BE(this.computeCrc(), this.#start + BatchLayout.crc);
  }

  /** Takes the broker's time away and makes `maxTimestamp` (ms) the largest one, in place; writes the CRC anew. */
  setCreateTime(maxTimestamp: bigint): void {
    this.#buffer.writeUInt16BE(this.attributes & ~Attributes.logAppendTime, this.#start + BatchLayout.attributes);
    this.#buffer.writeBigInt64BE(maxTimestamp, this.#start + BatchLayout.maxTimestamp);
    this.#buffer.writeUInt32BE(this.computeCrc(), this.#start + BatchLayout.crc);
  }

  #end(): number {
    const end = this.#start + this.sizeInBytes;
    if (end > this.#buffer.length) {
      throw new CorruptRecordException(
        `Record batch claims ${this.sizeInBytes} bytes, ${this.#buffer.length - this.#start} are left`,
      );
    }
    return end;
  }
}

/**
 * The whole batches of a fetched or stored stretch of log, in order. A torn last one (a fetch is cut by bytes, a
 * crash cuts where it likes) ends the walk quietly; the return value is the number of bytes of whole batches.
 *
 * @throws CorruptRecordException, UnsupportedForMessageFormatException at a header that can't be a batch's
 */
export function* recordBatches(buffer: Buffer, start = 0): Generator<RecordBatch, number, void> {
  let position = start;
  while (position + RECORD_BATCH_OVERHEAD <= buffer.length) {
    const batch = new RecordBatch(buffer, position);
    if (!batch.isComplete) break;
    // Read before the caller has it: base offset patches don't move it, but nothing else may either.
    const size = batch.sizeInBytes;
    yield batch;
    position += size;
  }
  return position - start;
}
