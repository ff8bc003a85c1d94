/// <reference path="./snappyjs.d.ts" />
import snappyjs from 'snappyjs';
import { CorruptRecordException } from '../../exceptions.ts';
import { STEP_BYTES, type Steps } from '../steps.ts';
import { copyMatch, Output } from './output.ts';

/**
 * Snappy as Kafka has it: Java wraps raw blocks in snappy-java's ("xerial") stream, librdkafka does too, some other
 * clients send one raw block. Both are read; the stream is written. The reader is ours, as snappyjs takes a cut
 * block for zeros and trusts the claimed length.
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER_BYTES = 16;
/** snappy-java's default block. */
const BLOCK_BYTES = 32 * 1024;

export function* compress(data: Uint8Array): Steps<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeInt32BE(1, 8); // version
  header.writeInt32BE(1, 12); // lowest version that can read it
  const parts: Uint8Array[] = [header];
  for (let at = 0; at < data.length; at += BLOCK_BYTES) {
    const block = snappyjs.compress(data.subarray(at, at + BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
    yield at;
  }
  return Buffer.concat(parts);
}

export function* decompress(data: Buffer, limit: number): Steps<Buffer> {
  const output = new Output(data.length * 3, limit);
  for (const { start, end } of blocks(data)) {
    yield* decompressBlock(data.subarray(start, end), output);
    yield end + output.length;
  }
  return output.written();
}

/** Where the raw blocks are. */
function* blocks(data: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  if (data.length < HEADER_BYTES || data.compare(MAGIC, 0, MAGIC.length, 0, MAGIC.length) !== 0) {
    yield { start: 0, end: data.length };
    return;
  }
  for (let at = HEADER_BYTES; at < data.length; ) {
    if (at + 4 > data.length) throw broken('a block length is cut short');
    const length = data.readInt32BE(at);
    at += 4;
    // snappy-java lets streams be joined: a new header may stand where a block length would.
    if (length === MAGIC.readInt32BE(0) && at + 12 <= data.length) {
      at += 12;
      continue;
    }
    if (length < 0 || at + length > data.length) throw broken(`a block claims ${length} bytes`);
    yield { start: at, end: at + length };
    at += length;
  }
}

/** The varint in front of a block: what it holds decompressed, and where the block goes on. */
function claimedLength(block: Uint8Array): { claimed: number; at: number } {
  let at = 0;
  let claimed = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= block.length || shift > 28) throw broken('the block has no length');
    const byte = block[at++]!;
    claimed += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  // A three byte copy yields 64 bytes at most; a larger claim is a lie, and nothing is allocated for it.
  if (claimed > Math.ceil(block.length / 3) * 64 + 64) throw broken(`${block.length} bytes can't hold ${claimed}`);
  return { claimed, at };
}

/** One raw block: its length, then literals and copies. Other clients than Java's send all in one. */
function* decompressBlock(block: Uint8Array, output: Output): Steps<void> {
  let { claimed, at } = claimedLength(block);
  output.reserve(claimed);
  const bytes = output.bytes;
  const start = output.length;
  const end = start + claimed;
  let position = start;
  let pause = start + STEP_BYTES;
  while (at < block.length) {
    if (position >= pause) {
      yield position;
      pause = position + STEP_BYTES;
    }
    const tag = block[at++]!;
    let length: number;
    let distance: number;
    switch (tag & 3) {
      case 0: {
        length = (tag >>> 2) + 1;
        if (length > 60) {
          const extra = length - 60;
          if (at + extra > block.length) throw broken('a literal is cut short');
          length = 1;
          for (let i = 0; i < extra; i++) length += block[at + i]! * 2 ** (8 * i);
          at += extra;
        }
        if (at + length > block.length || position + length > end) throw broken('a literal runs past the end');
        if (length <= 16) for (let i = 0; i < length; i++) bytes[position + i] = block[at + i]!;
        else bytes.set(block.subarray(at, at + length), position);
        at += length;
        position += length;
        continue;
      }
      case 1:
        if (at >= block.length) throw broken('a copy is cut short');
        length = ((tag >>> 2) & 7) + 4;
        distance = ((tag >>> 5) << 8) | block[at]!;
        at += 1;
        break;
      case 2:
        if (at + 2 > block.length) throw broken('a copy is cut short');
        length = (tag >>> 2) + 1;
        distance = block[at]! | (block[at + 1]! << 8);
        at += 2;
        break;
      default:
        if (at + 4 > block.length) throw broken('a copy is cut short');
        length = (tag >>> 2) + 1;
        distance = (block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16) | (block[at + 3]! << 24)) >>> 0;
        at += 4;
    }
    if (distance === 0 || distance > position - start) throw broken('a copy points before the block');
    if (position + length > end) throw broken('a copy runs past the end');
    copyMatch(bytes, position, distance, length);
    position += length;
  }
  if (position !== end) throw broken(`the block claims ${claimed} bytes and holds ${position - start}`);
  output.length = end;
}

function broken(what: string): CorruptRecordException {
  return new CorruptRecordException(`Broken snappy data in a record batch: ${what}`);
}
