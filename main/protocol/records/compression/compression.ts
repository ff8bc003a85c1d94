import { atOnce, inTurns } from '../steps.ts';
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
      return atOnce(snappy.compress(data));
    case 'lz4':
      return atOnce(lz4.compress(data));
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
      return atOnce(snappy.decompress(data, limit));
    case 'lz4':
      return atOnce(lz4.decompress(data, limit));
    case 'zstd':
      return zstd.decompress(data, limit);
  }
}

/** As `compress`, without holding up the event loop: gzip and zstd run in Node's thread pool, snappy and lz4 in steps. */
export async function compressAsync(type: CompressionType, data: Uint8Array, level?: number): Promise<Uint8Array> {
  switch (type) {
    case 'none':
      return data;
    case 'gzip':
      return gzip.compressAsync(data, level);
    case 'snappy':
      return inTurns(snappy.compress(data));
    case 'lz4':
      return inTurns(lz4.compress(data));
    case 'zstd':
      return zstd.compressAsync(data, level);
  }
}

/** As `decompress`, without holding up the event loop: a batch of 128 MiB takes a few hundred ms. */
export async function decompressAsync(
  type: CompressionType,
  data: Buffer,
  limit = MAX_UNCOMPRESSED_BYTES,
): Promise<Buffer> {
  switch (type) {
    case 'none':
      return data;
    case 'gzip':
      return gzip.decompressAsync(data, limit);
    case 'snappy':
      return inTurns(snappy.decompress(data, limit));
    case 'lz4':
      return inTurns(lz4.decompress(data, limit));
    case 'zstd':
      return zstd.decompressAsync(data, limit);
  }
}
