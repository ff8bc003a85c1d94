import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import {
  BatchLayout,
  LOG_OVERHEAD,
  MAGIC,
  RECORD_BATCH_OVERHEAD,
  RecordBatch,
} from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';
import type { LogConfig } from './log-config.ts';

/** A record of a batch that can't be accepted, for Produce v8+ (KIP-467). */
export interface RecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** INVALID_RECORD that names the records. */
export class InvalidRecordException extends ApiException {
  readonly recordErrors: readonly RecordError[];

  constructor(message: string, recordErrors: readonly RecordError[] = []) {
    super(Errors.INVALID_RECORD, message);
    this.recordErrors = recordErrors;
  }
}

/**
 * Checks what a client wants to append: exactly one batch, whole, as its CRC and its header say. Java:
 * `ProduceRequest.validateRecords`, `LogValidator`.
 *
 * @throws ApiException INVALID_RECORD, CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, UNSUPPORTED_COMPRESSION_TYPE
 */
export function validateClientBatch(records: Buffer, config: LogConfig): RecordBatch {
  if (records.length < RECORD_BATCH_OVERHEAD) {
    throw new InvalidRecordException('Produce requests must have exactly one record batch per partition');
  }
  const magic = records[BatchLayout.magic]!;
  if (magic < MAGIC) {
    throw new InvalidRecordException(
      `Produce requests may only have record batches with magic 2, this one has ${magic}`,
    );
  }
  const claimed = LOG_OVERHEAD + records.readInt32BE(BatchLayout.batchLength);
  if (magic > MAGIC || claimed < RECORD_BATCH_OVERHEAD) {
    throw new ApiException(Errors.CORRUPT_MESSAGE, `Not a record batch: magic ${magic}, ${claimed} bytes`);
  }
  if (claimed !== records.length) {
    throw new InvalidRecordException(
      `Produce requests must have exactly one record batch per partition: ${claimed} bytes are claimed, there are ${records.length}`,
    );
  }
  if (records.length > config.maxMessageBytes) {
    throw new ApiException(
      Errors.MESSAGE_TOO_LARGE,
      `The record batch size of ${records.length} bytes exceeds max.message.bytes, which is ${config.maxMessageBytes}`,
    );
  }
  const batch = new RecordBatch(records);
  if (!batch.isValid) {
    throw new ApiException(
      Errors.CORRUPT_MESSAGE,
      `Record is corrupt (stored crc = ${batch.crc}, computed crc = ${batch.computeCrc()})`,
    );
  }
  validateHeader(batch);
  validateRecords(batch, config);
  return batch;
}

function validateHeader(batch: RecordBatch): void {
  const { recordCount, lastOffsetDelta } = batch;
  if (recordCount <= 0 || lastOffsetDelta !== recordCount - 1) {
    throw new InvalidRecordException(
      `Inconsistent batch: last offset delta is ${lastOffsetDelta}, number of records is ${recordCount}`,
    );
  }
  if (batch.isControlBatch) throw new InvalidRecordException('Clients are not allowed to write control records');
  if (batch.hasProducerId && (batch.baseSequence < 0 || batch.producerEpoch < 0)) {
    throw new InvalidRecordException(
      `Invalid sequence number ${batch.baseSequence} in record batch with producerId ${batch.producerId}`,
    );
  }
  if (batch.isTransactional && !batch.hasProducerId) {
    throw new InvalidRecordException('Transactional messages require a valid producer id');
  }
  if (batch.timestampType === 'LogAppendTime') {
    throw new ApiException(Errors.INVALID_TIMESTAMP, 'A producer may not set the timestamp type to LogAppendTime');
  }
}

function validateRecords(batch: RecordBatch, config: LogConfig): void {
  // Says so for the ids that no codec has.
  const compression = asApiException(Errors.UNSUPPORTED_COMPRESSION_TYPE, () => batch.compression);
  if (config.isCompacted) {
    const records = asApiException(Errors.INVALID_RECORD, () => decodeRecords(batch));
    const withoutKey = records.flatMap((record, i) => (record.key === null ? [i] : []));
    if (withoutKey.length > 0) {
      throw new InvalidRecordException(
        'One or more records have been rejected due to record errors: a compacted topic needs a key in each',
        withoutKey.map((i) => ({
          batchIndex: i,
          batchIndexErrorMessage: 'Compacted topic cannot accept message without key in topic partition.',
        })),
      );
    }
  } else if (compression === 'none') {
    const found = countRecords(batch.records);
    if (found !== batch.recordCount) {
      throw new InvalidRecordException(
        `Record batch claims ${batch.recordCount} records, it holds ${found ?? 'others'}`,
      );
    }
  }
}

/** How many records there are, by their lengths; undefined when these don't end with the bytes. */
function countRecords(bytes: Buffer): number | undefined {
  let at = 0;
  let count = 0;
  while (at < bytes.length) {
    let zigzag = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (shift > 28 || at >= bytes.length) return undefined;
      byte = bytes[at++]!;
      zigzag |= (byte & 0x7f) << shift;
    }
    // A record has at least attributes, timestamp, offset, key, value and headers: a byte each.
    const length = (zigzag >>> 1) ^ -(zigzag & 1);
    if (length < 6) return undefined;
    at += length;
    count++;
  }
  return at === bytes.length ? count : undefined;
}

/**
 * Puts the topic's kind of timestamp into the batch. By the header alone: its first and its largest timestamp stand
 * for those between.
 *
 * @throws ApiException INVALID_TIMESTAMP
 */
export function applyTimestamps(batch: RecordBatch, config: LogConfig, nowMs: number): void {
  const now = BigInt(nowMs);
  if (config.timestampType === 'LogAppendTime') {
    batch.setLogAppendTime(now);
    return;
  }
  const [first, largest] = [batch.baseTimestamp, batch.maxTimestamp];
  if (first >= 0n && now - first > config.timestampBeforeMaxMs) throw outOfRange(first, now, config);
  if (largest - now > config.timestampAfterMaxMs) throw outOfRange(largest, now, config);
}

function outOfRange(timestamp: bigint, now: bigint, config: LogConfig): ApiException {
  return new ApiException(
    Errors.INVALID_TIMESTAMP,
    `Timestamp ${timestamp} of message is out of range. The timestamp should be within [${now - config.timestampBeforeMaxMs}, ${now + config.timestampAfterMaxMs}]`,
  );
}

/** The batch with the topic's compression, where the topic has one of its own and the producer used another. */
export function recompress(batch: RecordBatch, config: LogConfig): RecordBatch {
  const compression = config.compressionType;
  if (compression === null || batch.compression === compression) return batch;
  const records = asApiException(Errors.INVALID_RECORD, () => decodeRecords(batch));
  const bytes = encodeRecordBatch(records, {
    baseOffset: batch.baseOffset,
    compression,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.isTransactional,
    lastOffsetDelta: batch.lastOffsetDelta,
  });
  return new RecordBatch(bytes);
}

function asApiException<T>(errorCode: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ApiException(errorCode, (error as Error).message, { cause: error });
  }
}
