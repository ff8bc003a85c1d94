import type { RecordHeader } from '../../../common/kafka/records.ts';
import { compress } from './compression/compression.ts';
import { type CompressionType, compressionId } from './compression/compression-type.ts';
import { crc32c } from './crc32c.ts';
import { Attributes, BatchLayout, LOG_OVERHEAD, MAGIC, RECORD_BATCH_OVERHEAD } from './record-batch.ts';
import { delta64, sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

export interface RecordToEncode {
  /** ms since 1970 UTC; -1 for none */
  timestamp: bigint;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: readonly RecordHeader[];
  /** Absent: one more than the record before it. Given when a compacted batch is written again. */
  offset?: bigint;
}

export interface RecordBatchOptions {
  /** Default 0: the broker puts the real one in. */
  baseOffset?: bigint;
  /** Default -1. */
  partitionLeaderEpoch?: number;
  compression?: CompressionType;
  /** The codec's own scale; absent: its default. */
  compressionLevel?: number;
  producerId?: bigint;
  producerEpoch?: number;
  baseSequence?: number;
  transactional?: boolean;
  control?: boolean;
  /** Makes the batch LogAppendTime with this time, ms. */
  logAppendTime?: bigint;
  /** Absent: the last record's. Given when compaction removed the last records of a batch. */
  lastOffsetDelta?: number;
  /** KIP-534: when the tombstones of the batch may go, ms. */
  deleteHorizonMs?: bigint;
}

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * One batch (magic 2) with its CRC. Without compression it is written in one pass into one buffer of exact size.
 *
 * @throws RangeError when a batch without records has no `lastOffsetDelta`
 */
export function encodeRecordBatch(records: readonly RecordToEncode[], options: RecordBatchOptions = {}): Buffer {
  const baseOffset = options.baseOffset ?? 0n;
  const first = records[0];
  if (!first && options.lastOffsetDelta === undefined) {
    throw new RangeError('A record batch without records needs lastOffsetDelta');
  }
  const baseTimestamp = options.deleteHorizonMs ?? first?.timestamp ?? -1n;
  let maxTimestamp = -1n;
  let size = 0;
  let offsetDelta = -1;
  const bodySizes = new Array<number>(records.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    offsetDelta = record.offset === undefined ? offsetDelta + 1 : Number(record.offset - baseOffset);
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp;
    const body = sizeOfRecord(record, delta64(record.timestamp, baseTimestamp), offsetDelta);
    bodySizes[i] = body;
    size += sizeOfVarint(body) + body;
  }
  const type = options.compression ?? 'none';
  const plain = type === 'none';
  const payloadStart = plain ? RECORD_BATCH_OVERHEAD : 0;
  const target = Buffer.allocUnsafe(payloadStart + size);
  let position = payloadStart;
  let delta = -1;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    delta = record.offset === undefined ? delta + 1 : Number(record.offset - baseOffset);
    position = writeVarint(target, position, bodySizes[i]!);
    position = writeRecord(target, position, record, delta64(record.timestamp, baseTimestamp), delta);
  }
  let batch = target;
  if (!plain) {
    const payload = compress(type, target, options.compressionLevel);
    batch = Buffer.allocUnsafe(RECORD_BATCH_OVERHEAD + payload.length);
    batch.set(payload, RECORD_BATCH_OVERHEAD);
  }
  const attributes =
    compressionId(type) |
    (options.logAppendTime === undefined ? 0 : Attributes.logAppendTime) |
    (options.transactional ? Attributes.transactional : 0) |
    (options.control ? Attributes.control : 0) |
    (options.deleteHorizonMs === undefined ? 0 : Attributes.deleteHorizon);
  batch.writeBigInt64BE(baseOffset, BatchLayout.baseOffset);
  batch.writeInt32BE(batch.length - LOG_OVERHEAD, BatchLayout.batchLength);
  batch.writeInt32BE(options.partitionLeaderEpoch ?? -1, BatchLayout.partitionLeaderEpoch);
  batch.writeInt8(MAGIC, BatchLayout.magic);
  batch.writeInt16BE(attributes, BatchLayout.attributes);
  batch.writeInt32BE(options.lastOffsetDelta ?? offsetDelta, BatchLayout.lastOffsetDelta);
  batch.writeBigInt64BE(baseTimestamp, BatchLayout.baseTimestamp);
  batch.writeBigInt64BE(options.logAppendTime ?? maxTimestamp, BatchLayout.maxTimestamp);
  batch.writeBigInt64BE(options.producerId ?? -1n, BatchLayout.producerId);
  batch.writeInt16BE(options.producerEpoch ?? -1, BatchLayout.producerEpoch);
  batch.writeInt32BE(options.baseSequence ?? -1, BatchLayout.baseSequence);
  batch.writeInt32BE(records.length, BatchLayout.recordCount);
  batch.writeUInt32BE(crc32c(batch, BatchLayout.attributes), BatchLayout.crc);
  return batch;
}

/** How much a record may add to an uncompressed batch, at most: for deciding whether it still fits. */
export function recordSizeUpperBound(record: Omit<RecordToEncode, 'timestamp' | 'offset'>): number {
  // Record length, attributes, timestamp delta, offset delta: 5 + 1 + 10 + 5.
  return 21 + sizeOfContent(record.key, record.value, record.headers ?? NO_HEADERS);
}

function sizeOfRecord(record: RecordToEncode, timestampDelta: bigint | number, offsetDelta: number): number {
  return (
    1 +
    sizeOfVarlong(timestampDelta) +
    sizeOfVarint(offsetDelta) +
    sizeOfContent(record.key, record.value, record.headers ?? NO_HEADERS)
  );
}

function sizeOfContent(key: Uint8Array | null, value: Uint8Array | null, headers: readonly RecordHeader[]): number {
  let size = sizeOfBytes(key) + sizeOfBytes(value) + sizeOfVarint(headers.length);
  for (const header of headers) size += sizeOfBytes(header.key) + sizeOfBytes(header.value);
  return size;
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeRecord(
  target: Buffer,
  position: number,
  record: RecordToEncode,
  timestampDelta: bigint | number,
  offsetDelta: number,
): number {
  let at = position;
  target[at++] = 0; // attributes: unused by Kafka
  at = writeVarlong(target, at, timestampDelta);
  at = writeVarint(target, at, offsetDelta);
  at = writeBytes(target, at, record.key);
  at = writeBytes(target, at, record.value);
  const headers = record.headers ?? NO_HEADERS;
  at = writeVarint(target, at, headers.length);
  for (const header of headers) {
    at = writeBytes(target, at, header.key);
    at = writeBytes(target, at, header.value);
  }
  return at;
}

function writeBytes(target: Buffer, position: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, position, -1);
  const at = writeVarint(target, position, bytes.length);
  // A typed array's set() costs more than it saves for short ones.
  if (bytes.length <= 24) for (let i = 0; i < bytes.length; i++) target[at + i] = bytes[i]!;
  else target.set(bytes, at);
  return at + bytes.length;
}
