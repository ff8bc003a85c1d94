import { setImmediate } from 'node:timers/promises';
import type { CompressionType } from './compression-type.ts';
import * as gzip from './gzip.ts';
import * as lz4 from './lz4.ts';
import * as snappy from './snappy.ts';
import * as zstd from './zstd.ts';

/** A batch may not grow beyond this when it is decompressed: more is an attack or a mistake. */
export const MAX_UNCOMPRESSED_BYTES = 128 * 1024 * 1024;

/**
 * Loads what can only be loaded asynchronously (zstd as WebAssembly, where Node has none). Await it once before
 * batches are read or written; everything after it is synchronous. Cheap to repeat.
 */
export function prepareCompression(): Promise<void> {
  return zstd.prepare();
}

/** `level` is the codec's own scale (`compression.gzip.level`, `compression.zstd.level`); snappy and lz4 have none. */
export function compress(type: CompressionType, data: Uint8Array, level?: number): Uint8Array {
  switch (type) {
    case 'none':
      return data;
    case 'gzip':
      return gzip.compress(data, level);
    case 'snappy':
      return snappy.compress(data);
    case 'lz4':
      return lz4.compress(data);
    case 'zstd':
      return zstd.compress(data, level);
  }
}

/**
 * @throws CorruptRecordException for broken data, RecordBatchTooLargeException beyond `limit` bytes; memory stays
 *   within about twice the limit either way
 */
export function decompress(type: CompressionType, data: Buffer, limit = MAX_UNCOMPRESSED_BYTES): Buffer {
  switch (type) {
    case 'none':
      return data;
    case 'gzip':
      return gzip.decompress(data, limit);
    case 'snappy':
      return snappy.decompress(data, limit);
    case 'lz4':
      return lz4.decompress(data, limit);
    case 'zstd':
      return zstd.decompress(data, limit);
  }
}

/** Output that an asynchronous decompression makes between two turns of the event loop. */
const STEP_BYTES = 4 * 1024 * 1024;
/** Input that is decompressed at once even so: gzip makes at most 1 032 bytes of one, lz4 255. */
const SMALL_BYTES = 4 * 1024;

/**
 * As `decompress`, without holding up the event loop: a batch of 128 MiB takes a few hundred ms. gzip and zstd run
 * in Node's thread pool, snappy and lz4 in steps.
 */
export async function decompressAsync(
  type: CompressionType,
  data: Buffer,
  limit = MAX_UNCOMPRESSED_BYTES,
): Promise<Buffer> {
  if (type === 'zstd') return zstd.decompressAsync(data, limit);
  if (type === 'none' || data.length <= SMALL_BYTES) return decompress(type, data, limit);
  if (type === 'gzip') return gzip.decompressAsync(data, limit);
  const steps = (type === 'snappy' ? snappy : lz4).decompressInSteps(data, limit);
  let pause = STEP_BYTES;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (step.value.length < pause) continue;
    pause = step.value.length + STEP_BYTES;
    await setImmediate();
  }
}
