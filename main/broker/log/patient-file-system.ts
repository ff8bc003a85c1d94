import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { FileSystem, LogFile, OpenMode } from './file-system.ts';
import { LOG_SUFFIX } from './segment-files.ts';
import { isDeviceError, UnreadableError } from './storage-errors.ts';

/** So long, and so often, a place must have failed before it counts as lost. */
const PATIENCE_MS = 30_000;
const LEAST_TRIES = 5;
/** What a device gives or fails to give as a whole: a sector, or a page of the system's cache. */
const PIECE_BYTES = 4096;
const MAX_PLACES = 1000;

/** A stretch of a file that could not be read, until it can. */
interface FailingPlace {
  readonly path: string;
  /** bytes, `[start, end)` */
  readonly start: number;
  readonly end: number;
  /** monotonic, ms */
  readonly since: number;
  tries: number;
}

/**
 * A disk whose read errors (EIO) are thought to pass: whoever reads gets the error and comes again. A place that stays
 * unreadable for half a minute while most of its file can be read is a bad sector: from then on its error is an
 * `UnreadableError`, and readers may take it for damage. Of a file of which most can't be read the whole disk is
 * away, and comes back with all that is on it: nothing of it is ever given up.
 */
export class PatientFileSystem implements FileSystem {
  readonly #disk: FileSystem;
  readonly #time: Time;
  readonly #logger: Logger;
  #failing: FailingPlace[] = [];
  readonly #givenUp = new Set<string>();

  constructor(disk: FileSystem, time: Time, logger: Logger) {
    this.#disk = disk;
    this.#time = time;
    this.#logger = logger;
  }

  get whenFull(): string | undefined {
    return this.#disk.whenFull;
  }

  open(path: string, mode: OpenMode): LogFile {
    return new PatientFile(this, this.#disk.open(path, mode));
  }

  exists(path: string): boolean {
    return this.#disk.exists(path);
  }

  isDirectory(path: string): boolean {
    return this.#disk.isDirectory(path);
  }

  list(path: string): string[] {
    return this.#disk.list(path);
  }

  makeDirectory(path: string): void {
    this.#disk.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.#disk.rename(from, to);
    this.#forget(from);
    this.#forget(to);
  }

  removeFile(path: string): void {
    this.#disk.removeFile(path);
    this.#forget(path);
  }

  removeDirectory(path: string): void {
    this.#disk.removeDirectory(path);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#disk.syncDirectory(path);
  }

  syncDirectoryNow(path: string): void {
    this.#disk.syncDirectoryNow(path);
  }

  #forget(path: string): void {
    this.#givenUp.delete(path);
    this.#failing = this.#failing.filter((place) => place.path !== path);
  }

  /** Used by the files: `[start, end)` was read. */
  succeeded(path: string, start: number, end: number): void {
    if (this.#failing.length === 0) return;
    const healed = this.#failing.filter((place) => place.path === path && start <= place.start && place.end <= end);
    if (healed.length === 0) return;
    this.#failing = this.#failing.filter((place) => !healed.includes(place));
    this.#logger.info(`${path} can be read again at byte ${healed[0]!.start}.`);
  }

  /** Used by the files: what to throw for a piece, `[start, end)`, that the device could not read. */
  failed(file: LogFile, start: number, end: number, error: Error): Error {
    const { path } = file;
    if (this.#givenUp.has(path)) return new UnreadableError(path, error);
    const now = this.#time.hiResMilliseconds();
    const known = this.#failing.find((place) => place.path === path && place.start < end && start < place.end);
    if (!known) {
      this.#failing.push({ path, start, end, since: now, tries: 1 });
      if (this.#failing.length > MAX_PLACES) this.#failing.shift();
      this.#logger.error(
        `${path} can't be read at byte ${start} (${error.message}): whoever asks for it is told to try again ` +
          '(KAFKA_STORAGE_ERROR). Check that disk; reading goes on by itself.',
      );
      return error;
    }
    known.tries++;
    if (known.tries < LEAST_TRIES || now - known.since < PATIENCE_MS) return error;
    // Whatever else there is can be made again from the log.
    if (path.endsWith(LOG_SUFFIX) && !mostIsReadable(file)) return error;
    this.#forget(path);
    this.#givenUp.add(path);
    this.#logger.error(
      `${path} could not be read at byte ${start} for ${Math.round((now - known.since) / 1000)} seconds, while most of it ` +
        'can be: that place counts as damaged until the next start.',
    );
    return new UnreadableError(path, error);
  }
}

function mostIsReadable(file: LogFile): boolean {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let balance = 0;
  for (let at = 0, size = file.size(); at < size; at += PIECE_BYTES) {
    try {
      file.read(piece, at);
      balance++;
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      balance--;
    }
  }
  return balance >= 0;
}

class PatientFile implements LogFile {
  readonly path: string;
  readonly #system: PatientFileSystem;
  readonly #file: LogFile;

  constructor(system: PatientFileSystem, file: LogFile) {
    this.#system = system;
    this.#file = file;
    this.path = file.path;
  }

  size(): number {
    return this.#file.size();
  }

  modified(): number {
    return this.#file.modified();
  }

  read(target: Uint8Array, position: number): number {
    try {
      return this.#read(target, position);
    } catch (error) {
      if (!isDeviceError(error)) throw error;
    }
    // Once more, to find the piece that fails.
    let total = 0;
    while (total < target.length) {
      const at = position + total;
      const piece = target.subarray(total, total + PIECE_BYTES - (at % PIECE_BYTES));
      try {
        const count = this.#read(piece, at);
        total += count;
        if (count < piece.length) break;
      } catch (error) {
        throw isDeviceError(error) ? this.#system.failed(this.#file, at, at + piece.length, error as Error) : error;
      }
    }
    return total;
  }

  #read(target: Uint8Array, position: number): number {
    const count = this.#file.read(target, position);
    if (count < target.length && position + count < this.#file.size()) {
      throw Object.assign(new Error(`EIO: only ${count} of ${target.length} bytes came, read`), { code: 'EIO' });
    }
    this.#system.succeeded(this.path, position, position + target.length);
    return count;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    this.#file.write(chunks, position);
  }

  truncate(size: number): void {
    this.#file.truncate(size);
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  syncNow(): void {
    this.#file.syncNow();
  }

  close(): void {
    this.#file.close();
  }
}
