import { gzipSync } from 'node:zlib';
import type { CompressionType } from '../../main/protocol/records/compression/compression-type.ts';
import { xxh32 } from '../../main/protocol/records/compression/xxh32.ts';

const MIB = 1024 * 1024;

/** Compressed zeros, made by the rules of each format: a few kilobytes for a MiB, and without ever having the zeros. */
export const BOMBS: Readonly<Record<Exclude<CompressionType, 'none'>, (mebibytes: number) => Buffer>> = {
  /** Members, one after another. */
  gzip: (mebibytes) => repeated(gzipSync(Buffer.alloc(MIB), { level: 9 }), mebibytes),
  snappy: rawSnappy,
  lz4,
  zstd,
};

/** Blocks that repeat one byte. */
function zstd(mebibytes: number): Buffer {
  const count = mebibytes * 8;
  const blocks = Array.from({ length: count }, (_, i) => {
    const block = Buffer.alloc(4);
    // The last one says so; type 1, 128 KiB.
    block.writeUIntLE((i === count - 1 ? 1 : 0) | (1 << 1) | ((128 * 1024) << 3), 0, 3);
    return block;
  });
  // No content size; a window of 128 KiB.
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]), ...blocks]);
}

/** A zero, and a match that goes on for the rest of a block of 4 MiB. */
function lz4(mebibytes: number): Buffer {
  const size = Math.min(mebibytes, 4) * MIB;
  // One literal, a match, five literals at the end.
  const rest = size - 1 - 5 - 4 - 15;
  const block = Buffer.concat([
    Buffer.from([0x1f, 0, 1, 0]),
    Buffer.alloc(Math.floor(rest / 255), 255),
    Buffer.from([rest % 255, 0x50, 0, 0, 0, 0, 0]),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(block.length);
  const descriptor = Buffer.from([0x60, 7 << 4]);
  const header = Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18]),
    descriptor,
    Buffer.from([(xxh32(descriptor, 0, 2) >>> 8) & 0xff]),
  ]);
  return Buffer.concat([
    header,
    repeated(Buffer.concat([length, block]), mebibytes / Math.min(mebibytes, 4)),
    Buffer.alloc(4),
  ]);
}

/** One block of copies of 64 bytes, the most that one can say: 21 to one. */
function rawSnappy(mebibytes: number): Buffer {
  const bytes = mebibytes * MIB;
  const length: number[] = [];
  for (let left = bytes; ; left = Math.floor(left / 128)) {
    length.push(left < 128 ? left : (left % 128) | 0x80);
    if (left < 128) break;
  }
  // A literal of 64 zeros, then copies of what is 64 bytes before.
  return Buffer.concat([
    Buffer.from(length),
    Buffer.from([60 << 2, 63]),
    Buffer.alloc(64),
    repeated(Buffer.from([(63 << 2) | 2, 64, 0]), bytes / 64 - 1),
  ]);
}

function repeated(part: Buffer, count: number): Buffer {
  return Buffer.alloc(part.length * count, part);
}
