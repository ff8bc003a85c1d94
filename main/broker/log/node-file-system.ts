import {
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writevSync,
} from 'node:fs';
import type { FileSystem, LogFile, OpenMode } from './file-system.ts';

const FLAGS: Record<OpenMode, number> = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT,
};
/** Only the owner reads what goes through the sandbox. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** Windows has no way to sync a directory: NTFS keeps names in its own journal. */
const SYNCS_DIRECTORIES = process.platform !== 'win32';

class NodeLogFile implements LogFile {
  readonly path: string;
  readonly #descriptor: number;

  constructor(path: string, mode: OpenMode) {
    this.path = path;
    this.#descriptor = openSync(path, FLAGS[mode], FILE_MODE);
  }

  size(): number {
    return fstatSync(this.#descriptor).size;
  }

  modified(): number {
    return Math.floor(fstatSync(this.#descriptor).mtimeMs);
  }

  read(target: Uint8Array, position: number): number {
    let total = 0;
    while (total < target.length) {
      const count = readSync(this.#descriptor, target, total, target.length - total, position + total);
      if (count === 0) break;
      total += count;
    }
    return total;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    let rest = chunks;
    let at = position;
    while (rest.length > 0) {
      const written = writevSync(this.#descriptor, rest as Uint8Array[], at);
      at += written;
      rest = remaining(rest, written);
    }
  }

  truncate(size: number): void {
    ftruncateSync(this.#descriptor, size);
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) =>
      fdatasync(this.#descriptor, (error) => (error ? reject(error) : resolve())),
    );
  }

  syncNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** What is left of `chunks` after a write that was shorter than all of them (it is a rare thing on a disk). */
function remaining(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written;
  let index = 0;
  while (index < chunks.length && skip >= chunks[index]!.length) skip -= chunks[index++]!.length;
  const rest = chunks.slice(index);
  if (skip > 0) rest[0] = rest[0]!.subarray(skip);
  return rest;
}

/** The machine's own disk. */
export class NodeFileSystem implements FileSystem {
  open(path: string, mode: OpenMode): LogFile {
    return new NodeLogFile(path, mode);
  }

  exists(path: string): boolean {
    return existsSync(path);
  }

  isDirectory(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  list(path: string): string[] {
    return readdirSync(path);
  }

  makeDirectory(path: string): void {
    mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  removeFile(path: string): void {
    unlinkSync(path);
  }

  removeDirectory(path: string): void {
    rmdirSync(path);
  }

  syncDirectory(path: string): Promise<void> {
    if (!SYNCS_DIRECTORIES) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const descriptor = openSync(path, constants.O_RDONLY);
      fsync(descriptor, (error) => {
        closeSync(descriptor);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  syncDirectoryNow(path: string): void {
    if (!SYNCS_DIRECTORIES) return;
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}
