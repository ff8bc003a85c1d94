import { RecordBatchTooLargeException } from '../../protocol/exceptions.ts';
import { decompress } from '../../protocol/records/compression/compression.ts';
import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import type { RecordBatch } from '../../protocol/records/record-batch.ts';
import { BatchRecords } from '../../protocol/records/records.ts';

const MIB = 1024 * 1024;

/** What is looked at in passing, also when it is decompressed: a few ms of the slowest codec and the smallest records. */
export const IN_PASSING_BYTES = MIB;
/** So much of it in one turn of the event loop, from all clients together. */
const TURN_BYTES = 4 * MIB;

/**
 * Sees to it that the batches of clients, which are small and may open to 128 MiB, hold up nobody: what is small is
 * opened in passing as far as the turn of the event loop has room for it, what is large aside and one at a time, as it
 * takes memory.
 */
export class BatchOpener {
  #left = TURN_BYTES;
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;
  #alone: Promise<unknown> = Promise.resolve();

  /** Calls `look` in this turn while that has room, else in a later one; in the order of the calls. It looks at so many bytes. */
  inPassing<T>(bytes: number, look: () => T): T | Promise<T> {
    if (this.#left > 0 && this.#waiting.length === 0) {
      this.#spend(bytes);
      return look();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        this.#spend(bytes);
        try {
          resolve(look());
        } catch (error) {
          reject(error);
        }
      });
      this.#schedule();
    });
  }

  /** For `look`: undefined when it is larger than `IN_PASSING_BYTES`. Throws as `decompress` does. */
  open(type: CompressionType, data: Buffer): Buffer | undefined {
    if (type === 'none') return data;
    try {
      const opened = decompress(type, data, IN_PASSING_BYTES);
      this.#spend(opened.length);
      return opened;
    } catch (error) {
      this.#spend(IN_PASSING_BYTES);
      if (error instanceof RecordBatchTooLargeException) return undefined;
      throw error;
    }
  }

  /** The records of a batch of the log; while a large one is used, no other is open. Rejects as `BatchRecords.open` does. */
  async records<T>(batch: RecordBatch, use: (records: BatchRecords) => Promise<T>): Promise<T> {
    const small = await this.inPassing(batch.sizeInBytes, () => {
      const payload = this.open(batch.compression, batch.records);
      return payload && BatchRecords.of(batch, payload);
    });
    return small ? use(small) : this.alone(async () => use(await BatchRecords.openAsync(batch)));
  }

  /** One after another, in the order of the calls. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#alone.then(work);
    // Whoever asked learns how it went.
    this.#alone = done.catch(() => undefined);
    return done;
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#left = TURN_BYTES;
      while (this.#left > 0 && this.#waiting.length > 0) this.#waiting.shift()!();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
