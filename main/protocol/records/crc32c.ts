import { Crc32cFolding, MAX_FOLD_BYTES } from './crc32c-folding.ts';
import { STEP_BYTES, type Steps } from './steps.ts';

/**
 * CRC-32C (Castagnoli), the checksum of record batches. Long ones are folded to a rest of 1.7 KiB first (5 GB/s where it
 * was measured); short ones and the rest go by tables, sliced by 16: sixteen tables take sixteen bytes a step, read as
 * four words (1.2 GB/s, a third faster than byte by byte).
 *
 * The words are little-endian, as every processor that Node and Electron are built for today.
 */
const POLYNOMIAL = 0x82f63b78 | 0;
const SLICES = 16;
/** Shorter ones don't earn the view of words. */
const WORDS_FROM_BYTES = 64;
/** Shorter ones are not worth the copy into another memory. */
const FOLD_FROM_BYTES = 4096;

function slicingTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const previous = tables[i - 256]!;
    tables[i] = (previous >>> 8) ^ tables[previous & 0xff]!;
  }
  return tables;
}

const T = slicingTables();

/** Made when the first long message comes. */
let folding: Crc32cFolding | undefined;

/**
 * Checksum of `bytes[start, end)` as an unsigned 32-bit number; `seed` is the checksum of what came before.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  let register = ~seed;
  let at = start;
  while (end - at >= FOLD_FROM_BYTES) {
    folding ??= new Crc32cFolding();
    const pieceEnd = Math.min(end, at + MAX_FOLD_BYTES);
    const rest = folding.fold(bytes, at, pieceEnd, register);
    register = byTables(rest, 0, rest.length, 0);
    at = pieceEnd;
  }
  return ~byTables(bytes, at, end, register) >>> 0;
}

/** As `crc32c`, from `start` to the end. */
export function* crc32cInSteps(bytes: Uint8Array, start: number): Steps<number> {
  let crc = 0;
  for (let at = start; at < bytes.length; at += STEP_BYTES) {
    crc = crc32c(bytes, at, Math.min(bytes.length, at + STEP_BYTES), crc);
    yield at;
  }
  return crc;
}

function byTables(bytes: Uint8Array, start: number, end: number, register: number): number {
  let crc = register;
  let i = start;
  if (end - start >= WORDS_FROM_BYTES) {
    for (; (bytes.byteOffset + i) % 4 !== 0; i++) crc = (crc >>> 8) ^ T[(crc ^ bytes[i]!) & 0xff]!;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, ((end - i) >>> 4) * 4);
    for (let j = 0; j < words.length; j += 4) {
      const a = crc ^ words[j]!;
      const b = words[j + 1]!;
      const c = words[j + 2]!;
      const d = words[j + 3]!;
      crc =
        T[3840 + (a & 0xff)]! ^
        T[3584 + ((a >>> 8) & 0xff)]! ^
        T[3328 + ((a >>> 16) & 0xff)]! ^
        T[3072 + (a >>> 24)]! ^
        T[2816 + (b & 0xff)]! ^
        T[2560 + ((b >>> 8) & 0xff)]! ^
        T[2304 + ((b >>> 16) & 0xff)]! ^
        T[2048 + (b >>> 24)]! ^
        T[1792 + (c & 0xff)]! ^
        T[1536 + ((c >>> 8) & 0xff)]! ^
        T[1280 + ((c >>> 16) & 0xff)]! ^
        T[1024 + (c >>> 24)]! ^
        T[768 + (d & 0xff)]! ^
        T[512 + ((d >>> 8) & 0xff)]! ^
        T[256 + ((d >>> 16) & 0xff)]! ^
        T[d >>> 24]!;
    }
    i += words.length * 4;
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ T[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}
