import { CorruptRecordException } from '../../exceptions.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK = 128 * 1024;
/** Kafka's clients write one; each costs a call of the decompressor, so that many tiny ones would take seconds. */
const MAX_FRAMES = 1000;
/** Empty ones cost time too. A thousand full ones are 128 MiB. */
const MAX_BLOCKS = 500_000;

export interface ZstdFrame {
  start: number;
  end: number;
  /** Bytes that it yields at most; exactly as many when `exact`. */
  bound: number;
  exact: boolean;
}

/**
 * Walks the frames of zstd data by their headers (RFC 8878) without decompressing: where each ends, and how many
 * bytes it can yield at most. The WebAssembly build allocates by the content size that a frame claims, and can't do
 * frames without one (Java writes those) unless told a bound.
 */
export function* zstdFrames(data: Buffer): Generator<ZstdFrame> {
  let at = 0;
  const need = (count: number) => {
    if (at + count > data.length) throw broken('a frame is cut short');
  };
  let frames = 0;
  let blocks = 0;
  while (at < data.length) {
    if (++frames > MAX_FRAMES) throw broken(`it has more than ${MAX_FRAMES} frames`);
    const start = at;
    need(8);
    const magic = data.readUInt32LE(at);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      at += 8 + data.readUInt32LE(at + 4);
      need(0);
      continue;
    }
    if (magic !== MAGIC) throw broken('a frame does not start with its magic number');
    const descriptor = data[at + 4]!;
    const single = (descriptor & 0x20) !== 0;
    const checksum = (descriptor & 0x04) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
    at += 5 + (single ? 0 : 1) + dictionary;
    need(sizeBytes);
    let claimed = -1;
    if (sizeBytes === 1) claimed = data[at]!;
    else if (sizeBytes === 2) claimed = data.readUInt16LE(at) + 256;
    else if (sizeBytes === 4) claimed = data.readUInt32LE(at);
    else if (sizeBytes === 8) claimed = Number(data.readBigUInt64LE(at));
    at += sizeBytes;
    let bound = 0;
    for (let last = false; !last; ) {
      need(3);
      if (++blocks > MAX_BLOCKS) throw broken(`it has more than ${MAX_BLOCKS} blocks`);
      const header = data.readUIntLE(at, 3);
      at += 3;
      last = (header & 1) !== 0;
      const type = (header >>> 1) & 3;
      const size = header >>> 3;
      if (type === 3 || size > MAX_BLOCK) throw broken('a block header is wrong');
      bound += type === 2 ? MAX_BLOCK : size;
      at += type === 1 ? 1 : size;
      need(0);
    }
    if (checksum) {
      need(4);
      at += 4;
    }
    if (claimed > bound) throw broken(`a frame claims ${claimed} bytes, its blocks hold ${bound} at most`);
    yield { start, end: at, bound: claimed >= 0 ? claimed : bound, exact: claimed >= 0 };
  }
}

function broken(what: string): CorruptRecordException {
  return new CorruptRecordException(`Broken zstd data in a record batch: ${what}`);
}
