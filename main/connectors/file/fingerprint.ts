import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Bytes at a file's start that its fingerprint covers: enough to know it, few enough to read again at every start. */
export const HEAD_LIMIT = 16 << 20;
/** Bytes before the place of reading that it covers too. */
export const TAIL_LENGTH = 64;

/**
 * Tells a file from another one at the same path: its inode, a checksum of its first bytes, and one of the bytes
 * before the place up to which it was read. Stored beside Connect's `position` as text; an offset without it (from
 * Kafka Connect, or written by hand) is used as Connect uses it.
 */
export interface Fingerprint {
  inode: bigint;
  /** At most HEAD_LIMIT. */
  headLength: number;
  headCrc: number;
  /** The file was at least this long; the tail ends here. */
  end: number;
  tailCrc: number;
}

/** `inode:headLength:headCrc:end:tailCrc`, checksums in hexadecimal. */
export function formatFingerprint(f: Fingerprint): string {
  return `${f.inode}:${f.headLength}:${f.headCrc.toString(16)}:${f.end}:${f.tailCrc.toString(16)}`;
}

/** Null for what is no fingerprint: then the position alone counts. */
export function parseFingerprint(text: unknown): Fingerprint | null {
  const match =
    typeof text === 'string' ? /^(\d{1,20}):(\d{1,8}):([0-9a-f]{1,8}):(\d{1,15}):([0-9a-f]{1,8})$/.exec(text) : null;
  if (!match) return null;
  const [, inode, headLength, headCrc, end, tailCrc] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (Number(headLength) > HEAD_LIMIT) return null;
  return {
    inode: BigInt(inode),
    headLength: Number(headLength),
    headCrc: Number.parseInt(headCrc, 16),
    end: Number(end),
    tailCrc: Number.parseInt(tailCrc, 16),
  };
}

/** Whether the open file holds the bytes that the fingerprint was taken of, whatever its inode is. */
export async function holds(handle: FileHandle, f: Fingerprint): Promise<boolean> {
  const tail = await readTail(handle, f.end);
  if (tail === null || crc32(tail) !== f.tailCrc) return false;
  return (await headCrc(handle, f.headLength)) === f.headCrc;
}

/** The checksum of the first `length` bytes; null when there are not so many. */
export async function headCrc(handle: FileHandle, length: number): Promise<number | null> {
  const buffer = Buffer.allocUnsafe(Math.min(length, 1 << 20));
  let crc = 0;
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) return null;
    crc = crc32(buffer.subarray(0, bytesRead), crc);
    at += bytesRead;
  }
  return crc;
}

/** The last bytes before `end`; null when the file is shorter. */
export async function readTail(handle: FileHandle, end: number): Promise<Buffer | null> {
  const tail = Buffer.alloc(Math.min(TAIL_LENGTH, end));
  let filled = 0;
  while (filled < tail.length) {
    const { bytesRead } = await handle.read(tail, filled, tail.length - filled, end - tail.length + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return tail;
}
