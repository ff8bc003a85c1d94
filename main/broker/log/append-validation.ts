import { RecordBatchTooLargeException } from '../../protocol/exceptions.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import { decompressAsync } from '../../protocol/records/compression/compression.ts';
import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import { crc32cInSteps } from '../../protocol/records/crc32c.ts';
import {
  BatchLayout,
  LOG_OVERHEAD,
  MAGIC,
  RECORD_BATCH_OVERHEAD,
  RecordBatch,
} from '../../protocol/records/record-batch.ts';
import { inTurns } from '../../protocol/records/steps.ts';
import { type WalkedRecords, type WalkOptions, walkInSteps, walkRecords } from '../../protocol/records/walk-records.ts';
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

/** What a log takes, and from whom it is asked. */
export interface AppendRules {
  readonly config: LogConfig;
  /** Of the partition: `tweets-0` */
  readonly name: string;
  /** Wall clock, ms. */
  readonly nowMs: number;
  /** How many records the answer may still say something about, of all batches of a request. */
  readonly recordErrors: { left: number };
}

/** A batch that may be appended, and its records as they are without compression. */
export interface OpenedBatch {
  readonly batch: RecordBatch;
  readonly payload: Buffer;
}

/**
 * Checks what a client wants to append: exactly one batch, whole, as its CRC and its header say, with records that
 * are what they claim to be. A largest timestamp that is a lie is put right. Java: `UnifiedLog.append`, `LogValidator`.
 *
 * @param open decompresses; undefined ends the check
 * @throws ApiException INVALID_RECORD, INVALID_TIMESTAMP, CORRUPT_MESSAGE, MESSAGE_TOO_LARGE,
 *   UNSUPPORTED_COMPRESSION_TYPE
 */
export function validateClientBatch(
  records: Buffer,
  rules: AppendRules,
  open: (type: CompressionType, data: Buffer) => Buffer | undefined,
): OpenedBatch | undefined {
  const batch = uncheckedBatch(records, rules);
  ensureCrc(batch, batch.computeCrc());
  validateHeader(batch);
  const compression = compressionOf(batch);
  const payload = ofRecords(() => open(compression, batch.records));
  if (!payload) return undefined;
  const options = walkOptions(rules);
  judge(
    batch,
    ofRecords(() => walkRecords(batch, payload, options)),
    options,
    rules,
  );
  return { batch, payload };
}

/** As `validateClientBatch`, with turns of the event loop between: for batches of many MiB. */
export async function validateInTurns(records: Buffer, rules: AppendRules): Promise<OpenedBatch> {
  const batch = uncheckedBatch(records, rules);
  ensureCrc(batch, await inTurns(crc32cInSteps(batch.bytes, BatchLayout.attributes)));
  validateHeader(batch);
  const options = walkOptions(rules);
  try {
    const payload = await decompressAsync(compressionOf(batch), batch.records);
    judge(batch, await inTurns(walkInSteps(batch, payload, options)), options, rules);
    return { batch, payload };
  } catch (error) {
    throw recordsError(error);
  }
}

/** With its size and its place looked at, nothing else. */
function uncheckedBatch(records: Buffer, { config, name }: AppendRules): RecordBatch {
  const bytes = soleBatch(records);
  if (bytes.length < RECORD_BATCH_OVERHEAD) {
    throw new ApiException(Errors.CORRUPT_MESSAGE, `A record batch of ${bytes.length} bytes has no whole header`);
  }
  const batch = new RecordBatch(bytes);
  if (batch.baseOffset !== 0n) {
    throw invalidRecord(`The baseOffset of a record batch for ${name} should be 0, but it is ${batch.baseOffset}`);
  }
  checkSize(batch, config);
  return batch;
}

/** @throws ApiException MESSAGE_TOO_LARGE */
export function checkSize({ sizeInBytes }: RecordBatch, { maxMessageBytes }: LogConfig): void {
  if (sizeInBytes <= maxMessageBytes) return;
  throw new ApiException(
    Errors.MESSAGE_TOO_LARGE,
    `The record batch size of ${sizeInBytes} bytes exceeds max.message.bytes, which is ${maxMessageBytes}`,
  );
}

function ensureCrc(batch: RecordBatch, computed: number): void {
  if (batch.crc === computed) return;
  throw new ApiException(
    Errors.CORRUPT_MESSAGE,
    `Record is corrupt (stored crc = ${batch.crc}, computed crc = ${computed})`,
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

/** Says so for the ids that no codec has. */
function compressionOf(batch: RecordBatch): CompressionType {
  try {
    return batch.compression;
  } catch (error) {
    throw new ApiException(Errors.UNSUPPORTED_COMPRESSION_TYPE, (error as Error).message, { cause: error });
  }
}

function walkOptions({ config, nowMs }: AppendRules): WalkOptions {
  const { timestampType, timestampBeforeMaxMs, timestampAfterMaxMs, isCompacted } = config;
  const now = BigInt(nowMs);
  const bounds =
    timestampType === 'CreateTime' ? { least: now - timestampBeforeMaxMs, most: now + timestampAfterMaxMs } : null;
  return { bounds, keysNeeded: isCompacted };
}

function judge(batch: RecordBatch, seen: WalkedRecords, { bounds }: WalkOptions, rules: AppendRules): void {
  const { name, recordErrors } = rules;
  if (seen.faults > 0) {
    const errors = [
      ...seen.withoutKey.map((batchIndex) => ({
        batchIndex,
        batchIndexErrorMessage: `Compacted topic cannot accept message without key in topic partition ${name}`,
      })),
      ...seen.outOfRange.map(({ index, timestamp }) => ({
        batchIndex: index,
        batchIndexErrorMessage: `Timestamp ${timestamp} of message with offset ${index} is out of range. The timestamp should be within [${bounds?.least}, ${bounds?.most}]`,
      })),
    ].sort((a, b) => a.batchIndex - b.batchIndex);
    const told = errors.slice(0, recordErrors.left);
    recordErrors.left -= told.length;
    throw refusedRecords(told, seen);
  }
  if (bounds && (batch.timestampType !== 'CreateTime' || batch.maxTimestamp !== seen.maxTimestamp)) {
    batch.setCreateTime(seen.maxTimestamp);
  }
}

/** Kafka's words: `LogValidator.processRecordErrors`. */
function refusedRecords(errors: readonly RecordError[], seen: WalkedRecords): RecordValidationException {
  if (seen.outOfRange.length > 0) {
    const message = 'One or more records have been rejected due to invalid timestamp';
    return new RecordValidationException(Errors.INVALID_TIMESTAMP, message, errors);
  }
  const shown = errors
    .slice(0, 3)
    .map((each) => `RecordError(batchIndex=${each.batchIndex}, message='${each.batchIndexErrorMessage}')`);
  const message = `One or more records have been rejected due to ${seen.faults} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`;
  return new RecordValidationException(Errors.INVALID_RECORD, message, errors);
}

function ofRecords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw recordsError(error);
  }
}

/** Of records that can't be read. Those that open to more than anybody sends are too large: a producer may split them. */
function recordsError(error: unknown): unknown {
  if (error instanceof ApiException) return error;
  const code = error instanceof RecordBatchTooLargeException ? Errors.MESSAGE_TOO_LARGE : Errors.INVALID_RECORD;
  return new ApiException(code, (error as Error).message, { cause: error });
}
