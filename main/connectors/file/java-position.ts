import { isAscii, isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import type { Logger } from '../../../common/logger.ts';
import type { SourceMap } from '../../connect/api/records.ts';
import { statOrNull } from './file-kind.ts';

/**
 * Java's FileStreamSource counts its position in UTF-16 units, but skips so many bytes when it starts again: up to the
 * first character beyond ASCII both are the same, after it lines come again in part. Here positions are bytes, so one
 * of Java's is looked up in the file: it is the end of the line at which the units are so many. When no line ends
 * there, Java itself has started again in the middle, and reading goes on at the line that holds that byte, as Java
 * would do but for the torn line; lines may come again, none is left out.
 */
export async function offsetOfJava(partition: SourceMap, offset: SourceMap, logger: Logger): Promise<SourceMap | null> {
  const { filename, ...others } = partition;
  const { position, ...more } = offset;
  if (typeof filename !== 'string' || Object.keys(others).length + Object.keys(more).length > 0) return null;
  if (typeof position !== 'bigint' || position <= 0n || position > BigInt(Number.MAX_SAFE_INTEGER)) return offset;
  const units = Number(position);
  const bytes = await inBytes(filename, units);
  if (typeof bytes === 'number') return offset;
  const what = `${filename}: Kafka Connect stored position ${units}, which counts characters`;
  if (bytes === null) {
    logger.warn(`${what} and can't be looked up in the file: it is taken for bytes`);
    return offset;
  }
  if (bytes.exact) logger.info(`${what}; in bytes it is ${bytes.position}`);
  else logger.warn(`${what} and at which no line ends: it goes on at byte ${bytes.position}, and lines may come again`);
  return { position: BigInt(bytes.position) };
}

type Bytes = { position: number; exact: boolean };

/** The position itself where bytes and units are the same; null when the file is gone, shorter or no file. */
async function inBytes(path: string, units: number): Promise<number | Bytes | null> {
  const stats = await statOrNull(path).catch(() => null);
  if (!stats?.isFile() || stats.size < BigInt(units)) return null;
  const handle = await open(path, 'r');
  try {
    return (await allAscii(handle, units)) ? units : await lookUp(handle, units);
  } finally {
    await handle.close();
  }
}

const CHUNK = 1 << 20;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

async function allAscii(handle: FileHandle, length: number): Promise<boolean> {
  for (let at = 0; at < length; at += CHUNK)
    if (!isAscii(await read(handle, at, Math.min(CHUNK, length - at)))) return false;
  return true;
}

async function lookUp(handle: FileHandle, units: number): Promise<Bytes> {
  let [at, counted] = [0, 0];
  for (;;) {
    const chunk = await read(handle, at, CHUNK);
    // Cut behind an ASCII byte, so that no character is in two chunks.
    const whole = chunk.subarray(0, chunk.findLastIndex((byte) => byte < 0x80) + 1);
    if (whole.length === 0) break;
    const text = whole.toString('utf8');
    if (counted + text.length >= units) {
      const position = at + Buffer.byteLength(text.slice(0, units - counted));
      // Where bytes are no UTF-8 their characters can't be told from their number.
      if (isUtf8(whole) && (await lineEndsAt(handle, position))) return { position, exact: true };
      break;
    }
    counted += text.length;
    at += whole.length;
  }
  return { position: await startOfLine(handle, units), exact: false };
}

async function lineEndsAt(handle: FileHandle, position: number): Promise<boolean> {
  const [before, after] = await read(handle, position - 1, 2);
  return before === LINE_FEED || (before === CARRIAGE_RETURN && after !== LINE_FEED);
}

/** Of the line that holds this byte. */
async function startOfLine(handle: FileHandle, position: number): Promise<number> {
  for (let end = position; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    const chunk = await read(handle, start, end - start);
    for (let i = chunk.length; i > 0; i--) {
      const byte = chunk[i - 1];
      if ((byte === LINE_FEED || byte === CARRIAGE_RETURN) && (await lineEndsAt(handle, start + i))) return start + i;
    }
  }
  return 0;
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
