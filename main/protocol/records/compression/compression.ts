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
