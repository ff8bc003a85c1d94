import type { BigIntStats } from 'node:fs';
import { appendFile, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectException, RetriableException } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time } from '../../../common/time.ts';
import { pathProblem, refusal, statOrNull } from './file-kind.ts';

const LINE_FEED = 10;
/** A file that ends in more bytes than this without a line feed is no file of lines: it is left alone. */
const UNFINISHED_LIMIT = 16 << 20;
/** Another writer that is in the middle of a line has finished it after so long. */
const SETTLE_MS = 200;
/** The disk is kept busy while lines still come: a flush that had a whole second's to write would hold them up. */
const SYNC_EVERY_BYTES = 8 << 20;

/**
 * Appends whole lines to a regular file. `append` writes all of its bytes or none; `flush` returns when they are on the
 * disk. A crash can leave the beginning of a line at the end of the file: `open` moves it out to `<file>.unfinished`,
 * so that it never passes for a line (its record was not committed and comes again).
 */
export class LineAppender {
  readonly path: string;
  readonly #time: Time;
  readonly #logger: Logger;
  #handle: FileHandle;
  #inode: bigint;
  #device: bigint;
  /** Bytes in the file as far as we know: what to cut back to when a write fails half-way. */
  #size: number;
  #unsynced = 0;
  #syncing: Promise<void> | null = null;
  /** A failed sync is never believed again: what was written since the one before may be gone. */
  #syncFailure: ConnectException | null = null;
  #othersTold = false;

  private constructor(path: string, time: Time, logger: Logger, opened: Opened) {
    this.path = path;
    this.#time = time;
    this.#logger = logger;
    this.#handle = opened.handle;
    this.#inode = opened.stats.ino;
    this.#device = opened.stats.dev;
    this.#size = opened.size;
  }

  /** Throws ConnectException naming the path when it can't be written or isn't a regular file. */
  static async open(path: string, time: Time, logger: Logger): Promise<LineAppender> {
    return new LineAppender(path, time, logger, await openAtLineEnd(path, time, logger));
  }

  /** Throws RetriableException when the disk is full, ConnectException otherwise; nothing of `lines` is in the file then. */
  async append(lines: Buffer): Promise<void> {
    if (this.#syncFailure !== null) throw this.#syncFailure;
    let written = 0;
    try {
      while (written < lines.length)
        written += (await this.#handle.write(lines, written, lines.length - written)).bytesWritten;
    } catch (error) {
      await this.#takeBack(written);
      const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
      const problem = pathProblem(this.path, error);
      throw full ? new RetriableException(problem.message, { code: problem.code, key: 'file', cause: error }) : problem;
    }
    this.#size += lines.length;
    this.#unsynced += lines.length;
    if (this.#unsynced >= SYNC_EVERY_BYTES) this.#syncing ??= this.#sync();
  }

  /** All that was appended is on the disk. That it could not be synced is final. */
  async flush(): Promise<void> {
    await this.#syncing;
    await this.#sync();
    if (this.#syncFailure !== null) throw this.#syncFailure;
    await this.#noticeOthers();
  }

  async close(): Promise<void> {
    await this.#syncing;
    await this.#handle.close();
  }

  /** Never rejects: whoever appends or flushes next is told. */
  async #sync(): Promise<void> {
    this.#unsynced = 0;
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#syncFailure ??= pathProblem(this.path, error);
    }
    this.#syncing = null;
  }

  async #takeBack(written: number): Promise<void> {
    if (written === 0) return;
    const { size } = await this.#handle.stat();
    if (size === this.#size + written) await this.#handle.truncate(this.#size);
    else
      this.#logger.error(`${this.path} may hold the beginning of a line at its end: another program writes it as well`);
  }

  async #noticeOthers(): Promise<void> {
    const own = await this.#handle.stat();
    if (own.size !== this.#size) {
      if (!this.#othersTold && own.size > this.#size)
        this.#logger.warn(
          `Somebody else appends to ${this.path} as well, another sink perhaps: their lines and ours are mixed (said once)`,
        );
      else if (own.size < this.#size)
        this.#logger.warn(`${this.path} was cut from ${this.#size} to ${own.size} bytes by another program`);
      this.#othersTold ||= own.size > this.#size;
      this.#size = own.size;
    }
    const there = await statOrNull(this.path);
    if (there !== null && there.ino === this.#inode && there.dev === this.#device) return;
    this.#logger.warn(
      `${this.path} was ${own.nlink === 0 ? 'deleted; the lines that were in it are gone' : 'renamed; the lines so far are in it'}: a new file is made for what follows`,
    );
    const opened = await openAtLineEnd(this.path, this.#time, this.#logger);
    await this.#handle.close();
    this.#handle = opened.handle;
    this.#inode = opened.stats.ino;
    this.#device = opened.stats.dev;
    this.#size = opened.size;
  }
}

interface Opened {
  handle: FileHandle;
  stats: BigIntStats;
  size: number;
}

async function openAtLineEnd(path: string, time: Time, logger: Logger): Promise<Opened> {
  const before = await statOrNull(path);
  const reason = before === null ? null : refusal(before, false);
  if (reason !== null) throw new ConnectException(`${path} ${reason}`, { key: 'file' });
  let handle: FileHandle;
  try {
    handle = await open(path, 'a+');
  } catch (error) {
    throw pathProblem(path, error);
  }
  try {
    if (before === null) await syncFolder(path);
    const size = await moveUnfinishedOut(path, handle, time, logger);
    return { handle, stats: await handle.stat({ bigint: true }), size };
  } catch (error) {
    await handle.close();
    throw error instanceof ConnectException ? error : pathProblem(path, error);
  }
}

/** The file's size when it ends in a whole line. */
async function moveUnfinishedOut(path: string, handle: FileHandle, time: Time, logger: Logger): Promise<number> {
  let size = await settledSize(handle, time);
  const unfinished = await lastLine(path, handle, size);
  if (unfinished.length === 0) return size;
  const aside = `${path}.unfinished`;
  await appendFile(aside, Buffer.concat([unfinished, Buffer.from('\n')]), { flush: true });
  size -= unfinished.length;
  await handle.truncate(size);
  logger.warn(
    `${path} ended in ${unfinished.length} bytes without a line end, as a write that was cut short leaves them: they were moved to ${aside}; if they are a record's, it comes again`,
  );
  return size;
}

async function settledSize(handle: FileHandle, time: Time): Promise<number> {
  const { size } = await handle.stat();
  if (size === 0 || (await byteAt(handle, size - 1)) === LINE_FEED) return size;
  await sleep(time, SETTLE_MS);
  return (await handle.stat()).size;
}

/** What stands after the last line feed. */
async function lastLine(path: string, handle: FileHandle, size: number): Promise<Buffer> {
  if (size === 0 || (await byteAt(handle, size - 1)) === LINE_FEED) return Buffer.alloc(0);
  const length = Math.min(size, UNFINISHED_LIMIT + 1);
  const end = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(end, at, length - at, size - length + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  const line = end.subarray(end.lastIndexOf(LINE_FEED) + 1);
  if (line.length > UNFINISHED_LIMIT)
    throw new ConnectException(
      `${path} ends in more than ${UNFINISHED_LIMIT} bytes without a line end, so it is no file of lines: name another file`,
      { key: 'file' },
    );
  return line;
}

async function byteAt(handle: FileHandle, position: number): Promise<number | undefined> {
  const byte = Buffer.alloc(1);
  const { bytesRead } = await handle.read(byte, 0, 1, position);
  return bytesRead === 1 ? byte[0] : undefined;
}

/** The name of a new file is on the disk too. Windows has no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
