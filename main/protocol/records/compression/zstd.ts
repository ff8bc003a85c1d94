import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { UnsupportedCompressionTypeException } from '../../exceptions.ts';
import { CHUNK_BYTES, gather, zlibError } from './gzip.ts';
import { Output, tooLarge } from './output.ts';
import { zstdFrames } from './zstd-frame.ts';

/**
 * Zstandard by Node where Node has it (22.15, 23.8 and later), else by WebAssembly, whose module must be loaded
 * first: `prepare()`.
 */
type Wasm = typeof import('@bokuweb/zstd-wasm');

const native = typeof zlib.zstdCompressSync === 'function' && typeof zlib.zstdDecompressSync === 'function';
let wasm: Wasm | undefined;

/** Loads the WebAssembly build when Node lacks zstd, or when `force` asks for it (tests). */
export async function prepare(force = false): Promise<void> {
  if ((native && !force) || wasm) return;
  const module = await import('@bokuweb/zstd-wasm');
  await module.init();
  wasm = module;
}

export function compress(data: Uint8Array, level = 3): Buffer {
  if (native) return zlib.zstdCompressSync(data, optionsOf(data, level));
  return compressByWasm(data, level);
}

/** In a thread of Node's pool, where Node has zstd; else at once. */
export async function compressAsync(data: Uint8Array, level = 3): Promise<Buffer> {
  if (native) return promisify(zlib.zstdCompress)(data, optionsOf(data, level));
  return compressByWasm(data, level);
}

/** Told the size, the encoder takes no more memory than it needs: at the highest levels else hundreds of MiB. */
function optionsOf({ length }: Uint8Array, level: number): zlib.ZstdOptions {
  return { params: { [zlib.constants.ZSTD_c_compressionLevel]: level }, pledgedSrcSize: length };
}

export function decompress(data: Buffer, limit: number): Buffer {
  if (!native) return decompressByWasm(data, limit);
  return joined(data, limit, (frame, left) => zlib.zstdDecompressSync(frame, { maxOutputLength: Math.max(1, left) }));
}

/** In a thread of Node's pool, where Node has zstd; else at once. */
export async function decompressAsync(data: Buffer, limit: number): Promise<Buffer> {
  if (!native) return decompressByWasm(data, limit);
  const output = new Output(0, limit);
  // Node reads the first frame and is silent about those that follow it.
  for (const { start, end, bound, exact } of zstdFrames(data)) {
    if (exact && bound > limit - output.length) throw tooLarge(limit);
    const frame = data.subarray(start, end);
    try {
      await gather(zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES }), frame, output);
    } catch (error) {
      throw zlibError(error, 'zstd', limit);
    }
  }
  return output.written();
}

export function decompressByWasm(data: Buffer, limit: number): Buffer {
  const { decompress: decompressFrame } = loaded();
  return joined(data, limit, (frame, left, bound) =>
    // Without a claimed size the blocks may hold less than their bound: one byte over the limit proves a bomb.
    decompressFrame(frame, { defaultHeapSize: Math.min(bound, left + 1) }),
  );
}

/** Frame by frame, as Node and the WebAssembly build read one each. */
function joined(
  data: Buffer,
  limit: number,
  decompressFrame: (frame: Buffer, left: number, bound: number) => Uint8Array,
): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { start, end, bound, exact } of zstdFrames(data)) {
    const left = limit - total;
    if (exact && bound > left) throw tooLarge(limit);
    let part: Uint8Array;
    try {
      part = decompressFrame(data.subarray(start, end), left, bound);
    } catch (error) {
      throw bound > left ? tooLarge(limit) : zlibError(error, 'zstd', limit);
    }
    total += part.length;
    if (total > limit) throw tooLarge(limit);
    parts.push(part);
  }
  const only = parts.length === 1 ? parts[0]! : undefined;
  return only ? Buffer.from(only.buffer, only.byteOffset, only.length) : Buffer.concat(parts, total);
}

export function compressByWasm(data: Uint8Array, level = 3): Buffer {
  const bytes = loaded().compress(data as Buffer, level);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function loaded(): Wasm {
  if (wasm) return wasm;
  throw new UnsupportedCompressionTypeException('zstd is not loaded', {
    hint: 'Call prepareCompression() before the first batch on a Node without zlib.zstdCompress.',
  });
}
