import zlib from 'node:zlib';
import { UnsupportedCompressionTypeException } from '../../exceptions.ts';
import { zlibError } from './gzip.ts';
import { tooLarge } from './output.ts';
import { broken, zstdFrames } from './zstd-frame.ts';

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
  if (native) return zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } });
  return compressByWasm(data, level);
}

export function decompress(data: Buffer, limit: number): Buffer {
  if (!native) return decompressByWasm(data, limit);
  try {
    return zlib.zstdDecompressSync(data, { maxOutputLength: limit });
  } catch (error) {
    throw zlibError(error, 'zstd', limit);
  }
}

export function compressByWasm(data: Uint8Array, level = 3): Buffer {
  const bytes = loaded().compress(data as Buffer, level);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function decompressByWasm(data: Buffer, limit: number): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { start, end, bound, exact } of zstdFrames(data)) {
    const left = limit - total;
    if (exact && bound > left) throw tooLarge(limit);
    let part: Uint8Array;
    try {
      // Without a claimed size the blocks may hold less than their bound: one byte over the limit proves a bomb.
      part = loaded().decompress(data.subarray(start, end), { defaultHeapSize: Math.min(bound, left + 1) });
    } catch (error) {
      throw bound > left ? tooLarge(limit) : broken((error as Error).message, error);
    }
    parts.push(part);
    total += part.length;
    if (total > limit) throw tooLarge(limit);
  }
  return Buffer.concat(parts, total);
}

function loaded(): Wasm {
  if (wasm) return wasm;
  throw new UnsupportedCompressionTypeException('zstd is not loaded', {
    hint: 'Call prepareCompression() before the first batch on a Node without zlib.zstdCompress.',
  });
}
