import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { CorruptRecordException, RecordBatchTooLargeException } from '../../exceptions.ts';
import { Output, tooLarge } from './output.ts';

/** Of a decompressor's output; each costs a way to a thread and back. */
export const CHUNK_BYTES = 256 * 1024;

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

export function compressAsync(data: Uint8Array, level?: number): Promise<Buffer> {
  return promisify(gzip)(data, level === undefined ? {} : { level });
}

/** In a thread of Node's pool. */
export async function decompressAsync(data: Uint8Array, limit: number): Promise<Buffer> {
  const output = new Output(0, limit);
  try {
    await gather(createGunzip({ chunkSize: CHUNK_BYTES }), data, output);
  } catch (error) {
    throw zlibError(error, 'gzip', limit);
  }
  return output.written();
}

/** All that a decompressor makes of `data`, chunk by chunk: what Node's own functions give they first copy in one go. */
export async function gather(decompressor: Transform, data: Uint8Array, output: Output): Promise<void> {
  decompressor.end(data);
  for await (const chunk of decompressor) output.append(chunk as Buffer);
}

/** Node's zlib errors in our words: over the limit, or broken. */
export function zlibError(error: unknown, format: string, limit: number): Error {
  if (error instanceof RecordBatchTooLargeException) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limit);
  return new CorruptRecordException(`Broken ${format} data in a record batch: ${(error as Error).message}`, {
    cause: error,
  });
}
