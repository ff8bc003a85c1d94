import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzipSync } from 'node:zlib';
import { CorruptRecordException } from '../../exceptions.ts';
import { tooLarge } from './output.ts';

export function compress(data: Uint8Array, level?: number): Buffer {
  return gzipSync(data, level === undefined ? {} : { level });
}

export function decompress(data: Uint8Array, limit: number): Buffer {
  try {
    return gunzipSync(data, { maxOutputLength: limit });
  } catch (error) {
    throw zlibError(error, 'gzip', limit);
  }
}

/** In a thread of Node's pool. */
export async function decompressAsync(data: Uint8Array, limit: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(data, { maxOutputLength: limit });
  } catch (error) {
    throw zlibError(error, 'gzip', limit);
  }
}

/** Node's zlib errors in our words: over the limit, or broken. */
export function zlibError(error: unknown, format: string, limit: number): Error {
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limit);
  return new CorruptRecordException(`Broken ${format} data in a record batch: ${(error as Error).message}`, {
    cause: error,
  });
}
