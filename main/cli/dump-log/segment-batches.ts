import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CorruptRecordException, UnsupportedForMessageFormatException } from '../../protocol/exceptions.ts';
import { LOG_OVERHEAD, RecordBatch } from '../../protocol/records/record-batch.ts';

/** Base offset, length, leader epoch and magic: the least that tells what follows. */
const HEADER_UP_TO_MAGIC = 17;
/** Java: `LegacyRecord.RECORD_OVERHEAD_V0`. */
const MIN_RECORD_BYTES = 14;

/** A segment's file, read batch by batch. Java: `FileRecords`. */
export class SegmentBatches implements Disposable {
  readonly #file: string;
  readonly #fd: number;
  /** Bytes that are read of it. */
  readonly size: number;

  constructor(file: string, maxBytes = Number.MAX_SAFE_INTEGER) {
    this.#file = file;
    this.#fd = openSync(file, 'r');
    this.size = Math.min(maxBytes, fstatSync(this.#fd).size);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  /**
   * The whole batches from `start` up to `end`; an incomplete one ends them. Throws `CorruptRecordException` at what is no
   * batch, `UnsupportedForMessageFormatException` at one of a format before Kafka 0.11.
   */
  *batches(start = 0, end = this.size): Generator<{ batch: RecordBatch; position: number }, void, void> {
    const limit = Math.min(end, this.size);
    for (let position = start; position + HEADER_UP_TO_MAGIC <= limit; ) {
      const header = this.#read(position, HEADER_UP_TO_MAGIC);
      const length = header.readInt32BE(8);
      if (length < MIN_RECORD_BYTES) {
        throw new CorruptRecordException(
          `Found record size ${length} smaller than minimum record overhead (${MIN_RECORD_BYTES}) in file ${this.#file}.`,
        );
      }
      if (position + LOG_OVERHEAD + length > limit) return;
      const magic = header.readInt8(16);
      if (magic === 0 || magic === 1) {
        throw new UnsupportedForMessageFormatException(
          `Message format ${magic} is not supported, only 2 is (position ${position} of ${this.#file})`,
        );
      }
      const batch = new RecordBatch(this.#read(position, LOG_OVERHEAD + length));
      yield { batch, position };
      position += batch.sizeInBytes;
    }
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#fd, bytes, 0, length, position);
    return bytes;
  }
}
