import type { FileSystem, LogFile } from './file-system.ts';

interface Entry {
  readonly file: LogFile;
  pins: number;
}

/** So many files of the log are open at most. */
const MAX_OPEN_FILES = 512;

/**
 * Keeps at most `limit` files open, closing the one unused for longest. A pinned file stays open: one that is
 * being synced in another thread.
 */
export class OpenFiles {
  readonly fileSystem: FileSystem;
  readonly #limit: number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(fileSystem: FileSystem, limit = MAX_OPEN_FILES) {
    this.fileSystem = fileSystem;
    this.#limit = limit;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Opened for reading and writing if it is not yet. Not to be kept by the caller: it may be closed for another. */
  file(path: string): LogFile {
    return this.#entry(path, 'write').file;
  }

  /** As `file`, for one that may not be there yet. */
  create(path: string): LogFile {
    return this.#entry(path, 'create').file;
  }

  /** Keeps the file open until as many calls of `unpin`. */
  pin(path: string): LogFile {
    const entry = this.#entry(path, 'write');
    entry.pins++;
    return entry.file;
  }

  unpin(path: string): void {
    const entry = this.#entries.get(path);
    if (entry && entry.pins > 0) entry.pins--;
  }

  /** Before a file is renamed or removed. */
  close(path: string): void {
    const entry = this.#entries.get(path);
    if (!entry) return;
    this.#entries.delete(path);
    entry.file.close();
  }

  closeAll(): void {
    for (const path of [...this.#entries.keys()]) this.close(path);
  }

  #entry(path: string, mode: 'write' | 'create'): Entry {
    const known = this.#entries.get(path);
    if (known) {
      this.#entries.delete(path);
      this.#entries.set(path, known);
      return known;
    }
    if (this.#entries.size >= this.#limit) this.#closeOldest();
    const entry = { file: this.#open(path, mode), pins: 0 };
    this.#entries.set(path, entry);
    return entry;
  }

  /** The process's own limit may be lower than ours. */
  #open(path: string, mode: 'write' | 'create'): LogFile {
    for (;;) {
      try {
        return this.fileSystem.open(path, mode);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EMFILE' || !this.#closeOldest()) throw error;
      }
    }
  }

  #closeOldest(): boolean {
    for (const [path, entry] of this.#entries) {
      if (entry.pins > 0) continue;
      this.close(path);
      return true;
    }
    return false;
  }
}
