/** xxHash32, the checksum of LZ4 frames. */
const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

export function xxh32(bytes: Buffer, start: number, end: number, seed = 0): number {
  const length = end - start;
  let at = start;
  let hash: number;
  if (length >= 16) {
    let a = (seed + P1 + P2) | 0;
    let b = (seed + P2) | 0;
    let c = seed | 0;
    let d = (seed - P1) | 0;
    for (; at + 16 <= end; at += 16) {
      a = Math.imul(rotate((a + Math.imul(bytes.readInt32LE(at), P2)) | 0, 13), P1);
      b = Math.imul(rotate((b + Math.imul(bytes.readInt32LE(at + 4), P2)) | 0, 13), P1);
      c = Math.imul(rotate((c + Math.imul(bytes.readInt32LE(at + 8), P2)) | 0, 13), P1);
      d = Math.imul(rotate((d + Math.imul(bytes.readInt32LE(at + 12), P2)) | 0, 13), P1);
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else {
    hash = (seed + P5) | 0;
  }
  hash = (hash + length) | 0;
  for (; at + 4 <= end; at += 4) hash = Math.imul(rotate((hash + Math.imul(bytes.readInt32LE(at), P3)) | 0, 17), P4);
  for (; at < end; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at]!, P5)) | 0, 11), P1);
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}
