import type { BigIntStats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ConnectException } from '../../../common/errors.ts';
import { pathProblem, READ_FLAGS, refusal } from './file-kind.ts';
import { formatFingerprint, HEAD_LIMIT, headCrc, readTail, TAIL_LENGTH } from './fingerprint.ts';

/** The bytes before the place of reading are not those that were read there: somebody wrote the file anew. */
export const REWRITTEN = Symbol('rewritten');

/** One open file or named pipe that grows, read from a position on. Renaming or deleting it changes nothing here. */
export class FollowedFile {
  readonly path: string;
  readonly inode: bigint;
  readonly device: bigint;
  readonly isPipe: boolean;
  readonly #handle: FileHandle;
  #position: number;
  /** Checksum of the first min(position, HEAD_LIMIT) bytes. */
  #headCrc: number;
  /** The last bytes before the position, read again with the next ones: they tell whether the file is still the same. */
  #tail: Buffer;
  #fingerprint = '';

  private constructor(
    path: string,
    handle: FileHandle,
    stats: BigIntStats,
    position: number,
    head: number,
    tail: Buffer,
  ) {
    this.path = path;
    this.#handle = handle;
    this.inode = stats.ino;
    this.device = stats.dev;
    this.isPipe = stats.isFIFO();
    this.#position = position;
    this.#headCrc = head;
    this.#tail = tail;
    if (!this.isPipe) this.#takeFingerprint();
  }

  /** Null when nothing is at the path. Throws ConnectException for what isn't read as lines. */
  static async openHandle(path: string): Promise<{ handle: FileHandle; stats: BigIntStats } | null> {
    let handle: FileHandle;
    try {
      handle = await open(path, READ_FLAGS);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      // A socket can't be opened at all; Linux says so in these words.
      if (code === 'ENXIO' || code === 'EOPNOTSUPP')
        throw new ConnectException(`${path} is a socket: only regular files and named pipes are read`, { key: 'file' });
      throw pathProblem(path, error);
    }
    const stats = await handle.stat({ bigint: true });
    const reason = refusal(stats, true) ?? (stats.size === 0n && stats.isFile() ? await sizeless(path, handle) : null);
    if (reason === null) return { handle, stats };
    await handle.close();
    throw new ConnectException(`${path} ${reason}`, { key: 'file' });
  }

  /** Takes over the handle. A position past the file's end is the caller's mistake. A pipe only counts from there. */
  static async from(
    path: string,
    opened: { handle: FileHandle; stats: BigIntStats },
    position: number,
  ): Promise<FollowedFile> {
    const { handle, stats } = opened;
    if (stats.isFIFO()) return new FollowedFile(path, handle, stats, position, 0, EMPTY);
    const head = await headCrc(handle, Math.min(position, HEAD_LIMIT));
    const tail = await readTail(handle, position);
    if (head === null || tail === null) return FollowedFile.from(path, opened, 0);
    return new FollowedFile(path, handle, stats, position, head, tail);
  }

  /** Bytes from the start that were read. */
  get position(): number {
    return this.#position;
  }

  /** Of the file up to the last line's end that was read; empty for a pipe. */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /** The next bytes, in `buffer`; null when there are none now. */
  async read(buffer: Buffer): Promise<Buffer | null | typeof REWRITTEN> {
    const overlap = this.#tail.length;
    const bytesRead = await this.#readInto(buffer, this.#position - overlap);
    if (bytesRead < overlap || !buffer.subarray(0, overlap).equals(this.#tail)) return REWRITTEN;
    if (bytesRead === overlap) return null;
    const bytes = buffer.subarray(overlap, bytesRead);
    if (this.isPipe) this.#position += bytes.length;
    else {
      const lines = Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(13)) + 1;
      this.#advance(bytes.subarray(0, lines));
      if (lines > 0) this.#takeFingerprint();
      this.#advance(bytes.subarray(lines));
    }
    return bytes;
  }

  async size(): Promise<number> {
    return Number((await this.#handle.stat()).size);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readInto(buffer: Buffer, from: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, 0, buffer.length, this.isPipe ? null : from)).bytesRead;
    } catch (error) {
      // A pipe whose writer has nothing for us.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw pathProblem(this.path, error);
    }
  }

  #advance(bytes: Buffer): void {
    const inHead = Math.max(0, Math.min(bytes.length, HEAD_LIMIT - this.#position));
    if (inHead > 0) this.#headCrc = crc32(bytes.subarray(0, inHead), this.#headCrc);
    this.#tail =
      bytes.length >= TAIL_LENGTH
        ? Buffer.from(bytes.subarray(bytes.length - TAIL_LENGTH))
        : Buffer.concat([this.#tail, bytes]).subarray(-TAIL_LENGTH);
    this.#position += bytes.length;
  }

  #takeFingerprint(): void {
    this.#fingerprint = formatFingerprint({
      inode: this.inode,
      headLength: Math.min(this.#position, HEAD_LIMIT),
      headCrc: this.#headCrc,
      end: this.#position,
      tailCrc: crc32(this.#tail),
    });
  }
}

/** Files below /proc say that they are empty and yet have bytes: how far one was read can't be known. */
async function sizeless(path: string, handle: FileHandle): Promise<string | null> {
  try {
    const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0);
    const { size } = await handle.stat();
    return bytesRead > 0 && size === 0
      ? 'has bytes but no size, as files of the system do: copy it and read the copy'
      : null;
  } catch (error) {
    await handle.close();
    throw pathProblem(path, error);
  }
}

const EMPTY = Buffer.alloc(0);
