import { compress, compressAsync } from '../../protocol/records/compression/compression.ts';
import { type CompressionType, compressionId } from '../../protocol/records/compression/compression-type.ts';
import {
  Attributes,
  BatchLayout,
  LOG_OVERHEAD,
  RECORD_BATCH_OVERHEAD,
  RecordBatch,
} from '../../protocol/records/record-batch.ts';
import { checkSize, type OpenedBatch } from './append-validation.ts';
import type { LogConfig } from './log-config.ts';

/** The topic's compression, where it has one of its own and the producer used another; else undefined. */
export function otherCompression({ batch }: OpenedBatch, { compressionType }: LogConfig): CompressionType | undefined {
  return compressionType === null || batch.compression === compressionType ? undefined : compressionType;
}

/**
 * The batch with the topic's compression.
 *
 * @throws ApiException MESSAGE_TOO_LARGE when it has become that
 */
export function repack(opened: OpenedBatch, config: LogConfig): RecordBatch {
  const compression = otherCompression(opened, config);
  if (compression === undefined) return opened.batch;
  const records = compress(compression, opened.payload, config.compressionLevel);
  return checked(withRecords(opened.batch, compression, records), config);
}

/** As `repack`, aside: the highest levels take seconds. */
export async function repackAside(opened: OpenedBatch, config: LogConfig): Promise<RecordBatch> {
  const compression = otherCompression(opened, config);
  if (compression === undefined) return opened.batch;
  const records = await compressAsync(compression, opened.payload, config.compressionLevel);
  return checked(withRecords(opened.batch, compression, records), config);
}

function checked(batch: RecordBatch, config: LogConfig): RecordBatch {
  checkSize(batch, config);
  return batch;
}

/** The batch with its records compressed otherwise: all that its header says of that is how, and how long they are. */
export function withRecords(batch: RecordBatch, compression: CompressionType, records: Uint8Array): RecordBatch {
  const bytes = Buffer.concat([batch.bytes.subarray(0, RECORD_BATCH_OVERHEAD), records]);
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD, BatchLayout.batchLength);
  bytes.writeUInt16BE(
    (batch.attributes & ~Attributes.compression) | compressionId(compression),
    BatchLayout.attributes,
  );
  const made = new RecordBatch(bytes);
  bytes.writeUInt32BE(made.computeCrc(), BatchLayout.crc);
  return made;
}
