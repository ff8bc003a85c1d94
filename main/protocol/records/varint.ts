/**
 * Zigzag varints as records have them (KIP-98; Java: `ByteUtils.writeVarint`, `writeVarlong`). A varint is an int32
 * in at most 5 bytes, a varlong an int64 in at most 10.
 */
const MAX_FAST = 2 ** 52;

export function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

export function writeVarint(target: Uint8Array, position: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = position;
  while (zigzag >= 0x80) {
    target[at++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  target[at++] = zigzag;
  return at;
}

/** Whether `writeVarlong` can do it without bigint arithmetic. */
function isFast(value: bigint | number): value is number {
  return typeof value === 'number' && value < MAX_FAST && value > -MAX_FAST;
}

export function sizeOfVarlong(value: bigint | number): number {
  if (isFast(value)) {
    let zigzag = value >= 0 ? value * 2 : -value * 2 - 1;
    let size = 1;
    for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 128)) size++;
    return size;
  }
  let zigzag = zigzag64(BigInt(value));
  let size = 1;
  for (; zigzag >= 0x80n; zigzag >>= 7n) size++;
  return size;
}

export function writeVarlong(target: Uint8Array, position: number, value: bigint | number): number {
  let at = position;
  if (isFast(value)) {
    let zigzag = value >= 0 ? value * 2 : -value * 2 - 1;
    while (zigzag >= 0x80) {
      target[at++] = (zigzag % 128) | 0x80;
      zigzag = Math.floor(zigzag / 128);
    }
    target[at++] = zigzag;
    return at;
  }
  let zigzag = zigzag64(BigInt(value));
  while (zigzag >= 0x80n) {
    target[at++] = Number(zigzag & 0x7fn) | 0x80;
    zigzag >>= 7n;
  }
  target[at++] = Number(zigzag);
  return at;
}

function zigzag64(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

/** Difference of two int64, wrapped as Java's subtraction; a number where that is exact. */
export function delta64(value: bigint, base: bigint): bigint | number {
  if (value === base) return 0;
  const delta = BigInt.asIntN(64, value - base);
  const small = Number(delta);
  return small < MAX_FAST && small > -MAX_FAST ? small : delta;
}
