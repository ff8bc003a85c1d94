import type { Steps } from '../steps.ts';
import { broken, compressBlock, compressBound, decompressBlock } from './lz4-block.ts';
import { Output } from './output.ts';
import { xxh32 } from './xxh32.ts';

/**
 * The LZ4 frame as Kafka writes it for magic 2: independent blocks of 64 KiB, no content size, no checksums but the
 * header's. Reading accepts everything that the frame format allows and other clients send: content size, block and
 * content checksums, linked blocks, several frames.
 */
const MAGIC = 0x184d2204;
const VERSION = 0x40;
const INDEPENDENT = 0x20;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const UNCOMPRESSED = 0x80000000;
const BLOCK_BYTES = 64 * 1024;
/** By the id in the frame's descriptor. */
const BLOCK_SIZES = new Map([
  [4, 0x1_0000],
  [5, 0x4_0000],
  [6, 0x10_0000],
  [7, 0x40_0000],
]);

export function* compress(data: Uint8Array): Steps<Buffer> {
  const blocks = Math.ceil(data.length / BLOCK_BYTES);
  const frame = Buffer.allocUnsafe(7 + 4 + blocks * 4 + compressBound(data.length) + blocks * 16);
  frame.writeUInt32LE(MAGIC, 0);
  frame[4] = VERSION | INDEPENDENT;
  frame[5] = 4 << 4;
  frame[6] = (xxh32(frame, 4, 6) >>> 8) & 0xff;
  let to = 7;
  for (let at = 0; at < data.length; at += BLOCK_BYTES) {
    const block = data.subarray(at, at + BLOCK_BYTES);
    const length = compressBlock(block, frame, to + 4);
    if (length < block.length) {
      frame.writeUInt32LE(length, to);
      to += 4 + length;
    } else {
      frame.writeUInt32LE((block.length | UNCOMPRESSED) >>> 0, to);
      frame.set(block, to + 4);
      to += 4 + block.length;
    }
    yield at;
  }
  frame.writeUInt32LE(0, to);
  return frame.subarray(0, to + 4);
}

export function* decompress(data: Buffer, limit: number): Steps<Buffer> {
  const output = new Output(Math.max(64, data.length * 3), limit);
  let at = 0;
  do {
    at = yield* decompressFrame(data, at, output);
    yield at + output.length;
  } while (at < data.length);
  return output.written();
}

/** Returns the position after the frame. */
function* decompressFrame(data: Buffer, start: number, output: Output): Steps<number> {
  let at = start;
  const need = (count: number) => {
    if (at + count > data.length) throw broken('the frame is cut short');
  };
  need(7);
  if (data.readUInt32LE(at) !== MAGIC) throw broken('the frame does not start with its magic number');
  const flags = data[at + 4]!;
  const maxBlock = BLOCK_SIZES.get((data[at + 5]! >>> 4) & 7);
  if ((flags & 0xc0) !== VERSION || maxBlock === undefined) throw broken('the frame has an unknown version');
  if (flags & DICTIONARY) throw broken('the frame needs a dictionary');
  const header = at + 4;
  at += 6 + (flags & CONTENT_SIZE ? 8 : 0);
  need(1);
  // Before magic 2, Kafka summed the magic number too; no client of today does.
  if (data[at] !== ((xxh32(data, header, at) >>> 8) & 0xff)) throw broken('the frame header fails its checksum');
  at += 1;
  const contentStart = output.length;
  for (;;) {
    need(4);
    const word = data.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const length = word & 0x7fffffff;
    if (length > maxBlock) throw broken(`a block claims ${length} bytes, more than its frame allows`);
    need(length + (flags & BLOCK_CHECKSUM ? 4 : 0));
    if (flags & BLOCK_CHECKSUM && xxh32(data, at, at + length) !== data.readUInt32LE(at + length)) {
      throw broken('a block fails its checksum');
    }
    if (word & UNCOMPRESSED) {
      output.reserve(length);
      data.copy(output.bytes, output.length, at, at + length);
      output.length += length;
    } else {
      const reach = flags & INDEPENDENT ? output.length : contentStart;
      decompressBlock(data, at, at + length, output, reach, maxBlock);
    }
    at += length + (flags & BLOCK_CHECKSUM ? 4 : 0);
    yield at + output.length;
  }
  if (flags & CONTENT_SIZE && data.readBigUInt64LE(header + 2) !== BigInt(output.length - contentStart)) {
    throw broken('the content is not as long as the frame claims');
  }
  if (flags & CONTENT_CHECKSUM) {
    need(4);
    if (xxh32(output.bytes, contentStart, output.length) !== data.readUInt32LE(at)) {
      throw broken('the content fails its checksum');
    }
    at += 4;
  }
  return at;
}
