import { dirname } from 'node:path';
import type { FileSystem, LogFile, OpenMode } from '../../main/broker/log/file-system.ts';

/** A file system with Windows's rules: what is open, or has something open in it, can't be renamed or removed. */
export class StrictFileSystem implements FileSystem {
  readonly #inner: FileSystem;
  readonly #open = new Map<string, number>();

  constructor(inner: FileSystem) {
    this.#inner = inner;
  }

  get openFiles(): string[] {
    return [...this.#open.keys()];
  }

  open(path: string, mode: OpenMode): LogFile {
    const file = this.#inner.open(path, mode);
    this.#open.set(path, (this.#open.get(path) ?? 0) + 1);
    const close = () => {
      file.close();
      const left = (this.#open.get(path) ?? 1) - 1;
      if (left === 0) this.#open.delete(path);
      else this.#open.set(path, left);
    };
    return {
      path,
      size: () => file.size(),
      modified: () => file.modified(),
      read: (target, position) => file.read(target, position),
      write: (chunks, position) => file.write(chunks, position),
      truncate: (size) => file.truncate(size),
      sync: () => file.sync(),
      syncNow: () => file.syncNow(),
      close,
    };
  }

  exists(path: string): boolean {
    return this.#inner.exists(path);
  }

  isDirectory(path: string): boolean {
    return this.#inner.isDirectory(path);
  }

  list(path: string): string[] {
    return this.#inner.list(path);
  }

  makeDirectory(path: string): void {
    this.#inner.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.#assertClosed(from, 'rename');
    this.#assertClosed(to, 'rename over');
    this.#inner.rename(from, to);
  }

  removeFile(path: string): void {
    this.#assertClosed(path, 'remove');
    this.#inner.removeFile(path);
  }

  removeDirectory(path: string): void {
    this.#assertClosed(path, 'remove');
    this.#inner.removeDirectory(path);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#inner.syncDirectory(path);
  }

  syncDirectoryNow(path: string): void {
    this.#inner.syncDirectoryNow(path);
  }

  #assertClosed(path: string, doing: string): void {
    for (const open of this.#open.keys()) {
      if (open === path || isInside(open, path)) throw new Error(`EBUSY: can't ${doing} ${path}: ${open} is open`);
    }
  }
}

function isInside(path: string, directory: string): boolean {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) if (at === directory) return true;
  return false;
}
