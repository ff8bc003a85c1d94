import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import { decompress } from '../../protocol/records/compression/compression.ts';
import { encodeRecordBatch } from '../../protocol/records/encode-records.ts';
import {
  BatchLayout,
  LOG_OVERHEAD,
  MAGIC,
  RECORD_BATCH_OVERHEAD,
  RecordBatch,
} from '../../protocol/records/record-batch.ts';
import { decodeRecords } from '../../protocol/records/records.ts';
import { walkRecords } from '../../protocol/records/walk-records.ts';
import type { LogConfig } from './log-config.ts';

/** A record of a batch that can't be accepted, for Produce v8+ (KIP-467). */
export interface RecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string;
}

/** INVALID_RECORD or INVALID_TIMESTAMP that names the records. Java: `RecordValidationException`. */
export class RecordValidationException extends ApiException {
  readonly recordErrors: readonly RecordError[];

  constructor(errorCode: number, message: string, recordErrors: readonly RecordError[]) {
    super(errorCode, message);
    this.recordErrors = recordErrors;
  }
}

const invalidRecord = (message: string) => new ApiException(Errors.INVALID_RECORD, message);

/** Of the oldest message format: what Kafka takes for the smallest thing that a log may hold. */
const MIN_RECORD_OVERHEAD = 14;
/** Where the magic ends: with fewer bytes nothing can be said of a batch. */
const HEADER_UP_TO_MAGIC = BatchLayout.magic + 1;

/**
 * The one batch that a request may have for a partition; bytes behind it that are no whole batch are left out. Java:
 * `ProduceRequest.validateRecords`, `ByteBufferLogInputStream`.
 *
 * @throws ApiException INVALID_RECORD, CORRUPT_MESSAGE
 */
export function soleBatch(records: Buffer): Buffer {
  const size = wholeBatchAt(records, 0);
  if (size === undefined) throw invalidRecord('Produce requests must have at least one record batch per partition');
  const magic = records[BatchLayout.magic]!;
  if (magic < MAGIC) {
    throw invalidRecord(`Produce requests may only have record batches with magic ${MAGIC}, this one has ${magic}`);
  }
  if (wholeBatchAt(records, size) !== undefined) {
    throw invalidRecord('Produce requests must have exactly one record batch per partition');
  }
  return records.subarray(0, size);
}

/** Bytes of the batch at `at`; undefined when it is not there as a whole. */
function wholeBatchAt(records: Buffer, at: number): number | undefined {
  const left = records.length - at;
  if (left < LOG_OVERHEAD) return undefined;
  const length = records.readInt32BE(at + BatchLayout.batchLength);
  if (length < MIN_RECORD_OVERHEAD) {
    throw new ApiException(
      Errors.CORRUPT_MESSAGE,
      `Record size ${length} is less than the minimum record overhead (${MIN_RECORD_OVERHEAD})`,
    );
  }
  if (left < HEADER_UP_TO_MAGIC) return undefined;
  const magic = records.readInt8(at + BatchLayout.magic);
  if (magic < 0 || magic > MAGIC) {
    throw new ApiException(Errors.CORRUPT_MESSAGE, `Invalid magic found in record: ${magic}`);
  }
  return left < LOG_OVERHEAD + length ? undefined : LOG_OVERHEAD + length;
}

/**
 * Checks what a client wants to append: exactly one batch, whole, as its CRC and its header say, with records that
 * are what they claim to be. A largest timestamp that is a lie is put right. Java: `UnifiedLog.append`, `LogValidator`.
 *
 * @param name of the partition: `tweets-0`
 * @param nowMs wall clock
 * @throws ApiException INVALID_RECORD, INVALID_TIMESTAMP, CORRUPT_MESSAGE, MESSAGE_TOO_LARGE,
 *   UNSUPPORTED_COMPRESSION_TYPE
 */
export function validateClientBatch(records: Buffer, config: LogConfig, name: string, nowMs: number): RecordBatch {
  const bytes = soleBatch(records);
  if (bytes.length < RECORD_BATCH_OVERHEAD) {
    throw new ApiException(Errors.CORRUPT_MESSAGE, `A record batch of ${bytes.length} bytes has no whole header`);
  }
  const batch = new RecordBatch(bytes);
  if (batch.baseOffset !== 0n) {
    throw invalidRecord(`The baseOffset of a record batch for ${name} should be 0, but it is ${batch.baseOffset}`);
  }
  checkSize(batch, config);
  if (!batch.isValid) {
    throw new ApiException(
      Errors.CORRUPT_MESSAGE,
      `Record is corrupt (stored crc = ${batch.crc}, computed crc = ${batch.computeCrc()})`,
    );
  }
  validateHeader(batch);
  validateRecords(batch, config, name, BigInt(nowMs));
  return batch;
}

/** @throws ApiException MESSAGE_TOO_LARGE */
function checkSize({ sizeInBytes }: RecordBatch, { maxMessageBytes }: LogConfig): void {
  if (sizeInBytes <= maxMessageBytes) return;
  throw new ApiException(
    Errors.MESSAGE_TOO_LARGE,
    `The record batch size of ${sizeInBytes} bytes exceeds max.message.bytes, which is ${maxMessageBytes}`,
  );
}

function validateHeader(batch: RecordBatch): void {
  const { recordCount, lastOffsetDelta } = batch;
  if (recordCount <= 0 || lastOffsetDelta !== recordCount - 1) {
    throw invalidRecord(
      `Inconsistent batch: last offset delta is ${lastOffsetDelta}, number of records is ${recordCount}`,
    );
  }
  if (batch.isControlBatch) throw invalidRecord('Clients are not allowed to write control records');
  if (batch.hasProducerId && (batch.baseSequence < 0 || batch.producerEpoch < 0)) {
    throw invalidRecord(
      `Invalid sequence number ${batch.baseSequence} (epoch ${batch.producerEpoch}) in record batch with producerId ${batch.producerId}`,
    );
  }
  if (batch.isTransactional && !batch.hasProducerId) {
    throw invalidRecord('Transactional messages require a valid producer id');
  }
}

function validateRecords(batch: RecordBatch, config: LogConfig, name: string, now: bigint): void {
  // Says so for the ids that no codec has.
  const compression = asApiException(Errors.UNSUPPORTED_COMPRESSION_TYPE, () => batch.compression);
  const { timestampType, timestampBeforeMaxMs, timestampAfterMaxMs, isCompacted } = config;
  const [least, most] = [now - timestampBeforeMaxMs, now + timestampAfterMaxMs];
  const bounds = timestampType === 'CreateTime' ? { least, most } : null;
  const seen = asApiException(Errors.INVALID_RECORD, () =>
    walkRecords(batch, decompress(compression, batch.records), { bounds, keysNeeded: isCompacted }),
  );
  if (seen.withoutKey.length > 0 || seen.outOfRange.length > 0) {
    throw recordErrors(
      [
        ...seen.withoutKey.map((batchIndex) => ({
          batchIndex,
          batchIndexErrorMessage: `Compacted topic cannot accept message without key in topic partition ${name}`,
        })),
        ...seen.outOfRange.map(({ index, timestamp }) => ({
          batchIndex: index,
          batchIndexErrorMessage: `Timestamp ${timestamp} of message with offset ${index} is out of range. The timestamp should be within [${least}, ${most}]`,
        })),
      ].sort((a, b) => a.batchIndex - b.batchIndex),
      seen.outOfRange.length > 0,
    );
  }
  if (bounds && (batch.timestampType !== 'CreateTime' || batch.maxTimestamp !== seen.maxTimestamp)) {
    batch.setCreateTime(seen.maxTimestamp);
  }
}

/** Kafka's words: `LogValidator.processRecordErrors`. */
function recordErrors(errors: readonly RecordError[], ofTime: boolean): RecordValidationException {
  if (ofTime) {
    const message = 'One or more records have been rejected due to invalid timestamp';
    return new RecordValidationException(Errors.INVALID_TIMESTAMP, message, errors);
  }
  const shown = errors
    .slice(0, 3)
    .map((each) => `RecordError(batchIndex=${each.batchIndex}, message='${each.batchIndexErrorMessage}')`);
  const message = `One or more records have been rejected due to ${errors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`;
  return new RecordValidationException(Errors.INVALID_RECORD, message, errors);
}

/**
 * The batch with the topic's compression, where the topic has one of its own and the producer used another.
 *
 * @throws ApiException MESSAGE_TOO_LARGE when it has become that
 */
export function recompress(batch: RecordBatch, config: LogConfig): RecordBatch {
  const compression = config.compressionType;
  if (compression === null || batch.compression === compression) return batch;
  const records = asApiException(Errors.INVALID_RECORD, () => decodeRecords(batch));
  const bytes = encodeRecordBatch(records, {
    baseOffset: batch.baseOffset,
    compression,
    compressionLevel: config.compressionLevel,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    transactional: batch.isTransactional,
    lastOffsetDelta: batch.lastOffsetDelta,
  });
  const repacked = new RecordBatch(bytes);
  checkSize(repacked, config);
  return repacked;
}

function asApiException<T>(errorCode: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ApiException(errorCode, (error as Error).message, { cause: error });
  }
}
