import { join } from 'node:path';
import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import type { FileSystem } from './file-system.ts';
import { isNoSpace, storageError } from './storage-errors.ts';

export const RESERVE_FILE = 'disk-reserve';
const RESERVE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Everything resumes within five seconds after there is space again. */
const PROBE_MS = 1000;

/**
 * What happens when the disk is full. A reserve of 16 MiB is given up, from which groups and topics go on storing
 * what they must, while producers are refused; when the reserve can be made again, they are welcome again.
 */
export class DiskSpace {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #reserveBytes: number;
  #isFull = false;
  #timer: Timer | undefined;
  #closed = false;

  constructor(fileSystem: FileSystem, directory: string, time: Time, logger: Logger, reserveBytes = RESERVE_BYTES) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#time = time;
    this.#logger = logger;
    this.#reserveBytes = reserveBytes;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Makes the reserve. Without room for it the disk counts as full from the start. */
  open(): void {
    if (!this.#makeReserve()) this.reportFull();
  }

  /** Somebody got ENOSPC. */
  reportFull(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#logger.error(
      `No space is left on the disk of ${this.#directory}. Producers are refused (KAFKA_STORAGE_ERROR) and try again; ` +
        `reading and committing offsets go on. ${this.#fileSystem.whenFull ?? 'Free some space: writing goes on by itself.'}`,
    );
    try {
      this.#removeReserve();
    } catch (error) {
      this.#logger.error(
        `The reserve for a full disk could not be given up (${join(this.#directory, RESERVE_FILE)})`,
        error,
      );
    }
    this.#probeLater();
  }

  /** @throws ApiException KAFKA_STORAGE_ERROR while the disk is full */
  assertSpace(): void {
    if (this.#isFull) throw storageError(`No space is left on the disk of ${this.#directory}`);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #probeLater(): void {
    if (this.#closed) return;
    this.#timer = this.#time.timer(PROBE_MS, () => {
      try {
        if (this.#makeReserve()) {
          this.#isFull = false;
          this.#logger.info(`There is space on the disk of ${this.#directory} again: producers are accepted.`);
          return;
        }
        this.#removeReserve();
      } catch (error) {
        this.#logger.error(
          `Whether there is space on the disk of ${this.#directory} again could not be found out`,
          error,
        );
      }
      this.#probeLater();
    });
  }

  #makeReserve(): boolean {
    const path = join(this.#directory, RESERVE_FILE);
    try {
      const file = this.#fileSystem.open(path, 'create');
      try {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        for (let at = file.size(); at < this.#reserveBytes; at += chunk.length) {
          file.write([chunk.subarray(0, Math.min(chunk.length, this.#reserveBytes - at))], at);
        }
      } finally {
        file.close();
      }
      return true;
    } catch (error) {
      if (isNoSpace(error)) return false;
      throw error;
    }
  }

  #removeReserve(): void {
    const path = join(this.#directory, RESERVE_FILE);
    if (this.#fileSystem.exists(path)) this.#fileSystem.removeFile(path);
  }
}
