import { join } from 'node:path';
import { isUnreadable } from './storage-errors.ts';

/**
 * What the log needs of a disk. Calls that end in the page cache are synchronous (they take microseconds, and a queue
 * of pending writes would only hold memory); those that wait for the device are asynchronous. Errors are Node's, with
 * `code` (`ENOSPC`, `EIO`). Positions and lengths are bytes.
 *
 * Implementations: `NodeFileSystem`; `MemoryFileSystem` for a sandbox that keeps nothing; for tests one that keeps Windows's rules and one that fails and loses power.
 */
export interface FileSystem {
  /** What a person can do when no space is left, one sentence; absent: free some of the disk's. */
  readonly whenFull?: string;
  /** `read` and `write` want the file to be there, `create` makes it when it is not; nothing truncates. */
  open(path: string, mode: OpenMode): LogFile;
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  /** Names in a directory, in no order. */
  list(path: string): string[];
  /** With its parents; nothing happens when it is there. */
  makeDirectory(path: string): void;
  /** Of a file (replacing what is there) or a directory. The caller has closed every file in it. */
  rename(from: string, to: string): void;
  /** The caller has closed the file. */
  removeFile(path: string): void;
  /** An empty one. */
  removeDirectory(path: string): void;
  /** Makes the names in a directory durable: files that were made, renamed, removed. */
  syncDirectory(path: string): Promise<void>;
  /** The same, waiting for it: for the few files that must be there before anything goes on. */
  syncDirectoryNow(path: string): void;
}

export type OpenMode = 'read' | 'write' | 'create';

export interface LogFile {
  readonly path: string;
  size(): number;
  /** ms since 1970 UTC of the last write */
  modified(): number;
  /** Fills `target` from `position` on; returns how many bytes there were, less only at the end of the file. */
  read(target: Uint8Array, position: number): number;
  /** All the chunks, one after another. After an error any part of them may have been written. */
  write(chunks: readonly Uint8Array[], position: number): void;
  truncate(size: number): void;
  /** Resolves when the bytes written before the call, and the size, are on the disk. */
  sync(): Promise<void>;
  syncNow(): void;
  close(): void;
}

export function readWholeFile(fileSystem: FileSystem, path: string): Buffer {
  const file = fileSystem.open(path, 'read');
  try {
    const content = Buffer.allocUnsafe(file.size());
    return content.subarray(0, file.read(content, 0));
  } finally {
    file.close();
  }
}

/** The same; undefined when its place on the device is lost. For what can be made again. */
export function readWholeFileIfReadable(fileSystem: FileSystem, path: string): Buffer | undefined {
  try {
    return readWholeFile(fileSystem, path);
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Replaces a file so that after a crash either the old or the new content is there. Durable when it resolves. */
export async function replaceFile(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  content: Uint8Array,
): Promise<void> {
  const file = fileSystem.open(join(directory, `${name}.tmp`), 'create');
  try {
    file.truncate(0);
    file.write([content], 0);
    await file.sync();
  } finally {
    file.close();
  }
  fileSystem.rename(join(directory, `${name}.tmp`), join(directory, name));
  await fileSystem.syncDirectory(directory);
}

/** The same, waiting for it: for what must be there before anything else happens. */
export function replaceFileNow(fileSystem: FileSystem, directory: string, name: string, content: Uint8Array): void {
  const file = fileSystem.open(join(directory, `${name}.tmp`), 'create');
  try {
    file.truncate(0);
    file.write([content], 0);
    file.syncNow();
  } finally {
    file.close();
  }
  fileSystem.rename(join(directory, `${name}.tmp`), join(directory, name));
  fileSystem.syncDirectoryNow(directory);
}
