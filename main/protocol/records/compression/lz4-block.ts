import { CorruptRecordException } from '../../exceptions.ts';
import { copyMatch, type Output } from './output.ts';

/**
 * The LZ4 block format, both ways. Ours instead of lz4js: that one writes past its bounds on broken input, and its
 * compressor ends a block with a match nearer than 12 bytes to the end, which liblz4 refuses in a full block.
 */
const MIN_MATCH = 4;
/** The last match starts at least this far from the end, and the last 5 bytes are literals (the format's rule). */
const MATCH_LIMIT = 12;
const LAST_LITERALS = 5;
const HASH_BITS = 14;

export function compressBound(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/** Reused between calls; everything here is synchronous. */
let hashTable: Int32Array | undefined;

/** Compresses `source` (at most 64 KiB, so that every match is in reach) into `target`; returns the length. */
export function compressBlock(source: Uint8Array, target: Uint8Array, targetStart: number): number {
  hashTable ??= new Int32Array(1 << HASH_BITS);
  const table = hashTable.fill(-1);
  const matchEnd = source.length - LAST_LITERALS;
  const searchEnd = source.length - MATCH_LIMIT;
  let to = targetStart;
  let anchor = 0;
  let at = 0;
  let misses = 0;
  while (at <= searchEnd) {
    const word = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot]!;
    table[slot] = at;
    if (
      candidate < 0 ||
      source[candidate] !== source[at] ||
      source[candidate + 1] !== source[at + 1] ||
      source[candidate + 2] !== source[at + 2] ||
      source[candidate + 3] !== source[at + 3]
    ) {
      // Steps grow over data that does not compress.
      at += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    let end = at + MIN_MATCH;
    for (let from = candidate + MIN_MATCH; end < matchEnd && source[end] === source[from]; from++) end++;
    const matchLength = end - at - MIN_MATCH;
    const token = to++;
    to = writeLiterals(source, anchor, at, target, token, to);
    target[to++] = (at - candidate) & 0xff;
    target[to++] = (at - candidate) >>> 8;
    if (matchLength < 15) {
      target[token]! |= matchLength;
    } else {
      target[token]! |= 15;
      to = writeLength(target, to, matchLength - 15);
    }
    at = end;
    anchor = end;
  }
  const token = to++;
  to = writeLiterals(source, anchor, source.length, target, token, to);
  return to - targetStart;
}

function writeLiterals(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  token: number,
  position: number,
): number {
  const length = end - start;
  let to = position;
  if (length < 15) {
    target[token] = length << 4;
  } else {
    target[token] = 15 << 4;
    to = writeLength(target, to, length - 15);
  }
  if (length <= 24) for (let i = start; i < end; i++) target[to++] = source[i]!;
  else {
    target.set(source.subarray(start, end), to);
    to += length;
  }
  return to;
}

function writeLength(target: Uint8Array, position: number, length: number): number {
  let to = position;
  let rest = length;
  for (; rest >= 255; rest -= 255) target[to++] = 255;
  target[to++] = rest;
  return to;
}

/**
 * Decompresses `source[start, end)` behind what `output` holds. `dictionaryStart` is how far back matches may
 * reach: the block's own start, or the frame's when its blocks are linked. `blockLimit` bounds the block's output.
 */
export function decompressBlock(
  source: Uint8Array,
  start: number,
  end: number,
  output: Output,
  dictionaryStart: number,
  blockLimit: number,
): void {
  const limit = output.length + blockLimit;
  let at = start;
  while (at < end) {
    const token = source[at++]!;
    let length = token >>> 4;
    if (length === 15) {
      for (let byte = 255; byte === 255; length += byte) {
        if (at >= end) throw broken('a length is cut short');
        byte = source[at++]!;
      }
    }
    if (at + length > end) throw broken('literals run past the end');
    if (output.length + length > limit) throw broken('a block is larger than its frame allows');
    output.reserve(length);
    if (length <= 16) for (let i = 0; i < length; i++) output.bytes[output.length + i] = source[at + i]!;
    else output.bytes.set(source.subarray(at, at + length), output.length);
    output.length += length;
    at += length;
    if (at === end) return; // the last sequence has literals alone
    if (at + 2 > end) throw broken('a match is cut short');
    const distance = source[at]! | (source[at + 1]! << 8);
    at += 2;
    length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      for (let byte = 255; byte === 255; length += byte) {
        if (at >= end) throw broken('a length is cut short');
        byte = source[at++]!;
      }
    }
    if (distance === 0 || distance > output.length - dictionaryStart) throw broken('a match points before the data');
    if (output.length + length > limit) throw broken('a block is larger than its frame allows');
    output.reserve(length);
    copyMatch(output.bytes, output.length, distance, length);
    output.length += length;
  }
  throw broken('a block ends with a match');
}

export function broken(what: string): CorruptRecordException {
  return new CorruptRecordException(`Broken lz4 data in a record batch: ${what}`);
}
