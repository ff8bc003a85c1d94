import { basename, dirname } from 'node:path';
import { type FileSystem, readWholeFile, replaceFileNow } from './file-system.ts';

/**
 * Tells those who find offsets missing before a segment that from `firstOffset` on no record was ever stored under
 * them: they were set aside, and passed over after a crash. Durable when it returns.
 */
export function noteUnused(fileSystem: FileSystem, path: string, firstOffset: bigint): void {
  replaceFileNow(fileSystem, dirname(path), basename(path), Buffer.from(String(firstOffset)));
}

/** The first offset that never had a record; undefined when none was passed over there, or the file can't be read as one. */
export function unusedFrom(fileSystem: FileSystem, path: string): bigint | undefined {
  if (!fileSystem.exists(path)) return undefined;
  const text = readWholeFile(fileSystem, path).toString('latin1');
  return /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}
