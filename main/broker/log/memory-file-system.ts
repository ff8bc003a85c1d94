import { basename, dirname } from 'node:path';
import type { Time } from '../../../common/time.ts';
import type { FileSystem, LogFile, OpenMode } from './file-system.ts';
import { MemoryFile } from './memory-file.ts';

type Directory = Map<string, MemoryFile | 'directory'>;

/**
 * Files in memory, for as long as the process lives: nothing is ever on a disk. Their sizes together have a bound;
 * beyond it writing fails as on a full disk (ENOSPC), and there is room again when something is removed.
 */
export class MemoryFileSystem implements FileSystem {
  readonly whenFull =
    'It is in memory, up to runnel.memory.max.bytes: delete topics or records, lower log.retention.bytes, or raise that bound.';
  readonly #time: Time;
  readonly #maxBytes: number;
  readonly #directories = new Map<string, Directory>();
  #usedBytes = 0;

  constructor(time: Time, maxBytes: number) {
    this.#time = time;
    this.#maxBytes = maxBytes;
  }

  /** The sizes of all files that are there. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  open(path: string, mode: OpenMode): LogFile {
    const directory = this.#directory(dirname(path));
    const known = directory.get(basename(path));
    if (known === 'directory') throw failure('EISDIR', path);
    if (!known && mode !== 'create') throw failure('ENOENT', path);
    const file = known ?? new MemoryFile(this.#time.milliseconds());
    if (!known) directory.set(basename(path), file);
    return new MemoryLogFile(path, file, (bytes) => this.#resize(path, file, bytes), this.#time);
  }

  exists(path: string): boolean {
    return this.#directories.has(path) || (this.#directories.get(dirname(path))?.has(basename(path)) ?? false);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  list(path: string): string[] {
    return [...this.#directory(path).keys()];
  }

  makeDirectory(path: string): void {
    if (this.#directories.has(path)) return;
    const parent = dirname(path);
    if (parent !== path) {
      this.makeDirectory(parent);
      const directory = this.#directory(parent);
      if (directory.has(basename(path))) throw failure('EEXIST', path);
      directory.set(basename(path), 'directory');
    }
    this.#directories.set(path, new Map());
  }

  rename(from: string, to: string): void {
    const source = this.#directory(dirname(from));
    const target = this.#directory(dirname(to));
    const entry = source.get(basename(from));
    if (!entry) throw failure('ENOENT', from);
    const replaced = target.get(basename(to));
    if (replaced !== undefined && (entry === 'directory' || replaced === 'directory')) throw failure('EEXIST', to);
    if (replaced instanceof MemoryFile && replaced !== entry) this.#usedBytes -= replaced.size;
    source.delete(basename(from));
    target.set(basename(to), entry);
    if (entry !== 'directory') return;
    const inside = [...this.#directories].filter(([path]) => path === from || isInside(path, from));
    for (const [path, directory] of inside) {
      this.#directories.delete(path);
      this.#directories.set(to + path.slice(from.length), directory);
    }
  }

  removeFile(path: string): void {
    const directory = this.#directory(dirname(path));
    const file = directory.get(basename(path));
    if (!file) throw failure('ENOENT', path);
    if (file === 'directory') throw failure('EISDIR', path);
    directory.delete(basename(path));
    this.#usedBytes -= file.size;
  }

  removeDirectory(path: string): void {
    if (this.#directory(path).size > 0) throw failure('ENOTEMPTY', path);
    this.#directories.delete(path);
    this.#directories.get(dirname(path))?.delete(basename(path));
  }

  syncDirectory(): Promise<void> {
    return Promise.resolve();
  }

  syncDirectoryNow(): void {}

  /** Throws when all files together would be too large. One that was removed while it is open counts no more. */
  #resize(path: string, file: MemoryFile, size: number): void {
    if (this.#directories.get(dirname(path))?.get(basename(path)) !== file) return;
    const used = this.#usedBytes - file.size + size;
    if (size > file.size && used > this.#maxBytes) throw failure('ENOSPC', path);
    this.#usedBytes = used;
  }

  #directory(path: string): Directory {
    const directory = this.#directories.get(path);
    if (!directory) throw failure('ENOENT', path);
    return directory;
  }
}

class MemoryLogFile implements LogFile {
  readonly path: string;
  readonly #file: MemoryFile;
  readonly #resize: (size: number) => void;
  readonly #time: Time;

  constructor(path: string, file: MemoryFile, resize: (size: number) => void, time: Time) {
    this.path = path;
    this.#file = file;
    this.#resize = resize;
    this.#time = time;
  }

  size(): number {
    return this.#file.size;
  }

  modified(): number {
    return this.#file.modified;
  }

  read(target: Uint8Array, position: number): number {
    return this.#file.read(target, position);
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    const end = position + chunks.reduce((sum, { length }) => sum + length, 0);
    this.#resize(Math.max(this.#file.size, end));
    let at = position;
    for (const chunk of chunks) {
      this.#file.write(chunk, at);
      at += chunk.length;
    }
    this.#file.modified = this.#time.milliseconds();
  }

  truncate(size: number): void {
    this.#resize(size);
    this.#file.truncate(size);
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  syncNow(): void {}

  close(): void {}
}

function isInside(path: string, directory: string): boolean {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) if (at === directory) return true;
  return false;
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path} (in memory)`), { code });
}
