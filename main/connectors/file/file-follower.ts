import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { statOrNull } from './file-kind.ts';
import { type Fingerprint, holds, parseFingerprint } from './fingerprint.ts';
import { FollowedFile, REWRITTEN } from './followed-file.ts';

/**
 * What reading on brought: bytes, nothing for now, or that the next bytes begin at `position` of other contents. An
 * unfinished line of the old ones is then complete as it is, unless it is read `again`.
 */
export type Step =
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'idle' }
  | { kind: 'restart'; position: number; again: boolean };

/** A renamed file's writer may still hold it: the new one is turned to when the old one was quiet for so long. */
const ROTATION_QUIET_MS = 2_000;
/** Files of a folder that are looked at to find the one that was renamed while nobody read. */
const RENAMED_LIMIT = 10_000;
const BUFFER_BYTES = 256 << 10;

/**
 * Reads whatever is at a path, for ever: waits for the file to appear and to grow, reads a renamed or deleted file to
 * its end before its successor from 0, and begins again when the file was cut or written anew. Every such choice is
 * logged once. Nothing is skipped in silence.
 */
export class FileFollower {
  readonly #path: string;
  readonly #time: Time;
  readonly #logger: Logger;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #file: FollowedFile | null = null;
  /** What was stored of the last run; used when the file is first opened. */
  #resume: { position: number; fingerprint: Fingerprint | null } | null;
  #missingSince: number | null = null;
  #replacedSince: number | null = null;
  /** A renamed file is read to its end; then the path's own file from 0. */
  #finishing = false;

  constructor(
    path: string,
    resume: { position: number; fingerprint: Fingerprint | null } | null,
    time: Time,
    logger: Logger,
  ) {
    this.#path = path;
    this.#resume = resume;
    this.#time = time;
    this.#logger = logger;
  }

  /** Of the file that is being read; empty where it has none. */
  get fingerprint(): string {
    return this.#file?.fingerprint ?? '';
  }

  /** `lineStart`: where the first line begins that was not delivered. Bytes stay valid until the next call. */
  async next(lineStart: number): Promise<Step> {
    if (this.#file === null) return this.#openFirst();
    const read = await this.#file.read(this.#buffer);
    if (read === REWRITTEN) return this.#rewritten(this.#file);
    if (read !== null) {
      this.#replacedSince = null;
      return { kind: 'bytes', bytes: read };
    }
    return this.#atEnd(this.#file, lineStart);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #openFirst(): Promise<Step> {
    const opened = await FollowedFile.openHandle(this.#path);
    if (opened === null) {
      const renamed = await this.#findRenamed();
      if (renamed) return renamed;
      if (this.#missingSince === null) {
        this.#missingSince = this.#time.hiResMilliseconds();
        this.#logger.warn(
          `Couldn't find file ${this.#path} for FileStreamSourceTask, sleeping to wait for it to be created`,
        );
      }
      return { kind: 'idle' };
    }
    this.#missingSince = null;
    const resume = this.#resume;
    let position = 0;
    if (resume !== null && resume.position > 0 && opened.stats.isFile()) {
      const size = Number(opened.stats.size);
      const { fingerprint } = resume;
      if (size < resume.position || (fingerprint !== null && !(await holds(opened.handle, fingerprint)))) {
        const renamed = await this.#findRenamed();
        if (renamed) {
          await opened.handle.close();
          return renamed;
        }
        this.#logger.warn(
          `${this.#path} isn't the file that was read up to byte ${resume.position} (it has ${size} bytes${size < resume.position ? '' : ' and other contents'}): it is read from its beginning, and what the old one may have had after that byte can't be found`,
        );
      } else position = resume.position;
    } else if (resume !== null && opened.stats.isFIFO()) position = resume.position;
    this.#resume = null;
    this.#file = await FollowedFile.from(this.#path, opened, position);
    return { kind: 'restart', position, again: false };
  }

  /** The file that the stored fingerprint was taken of, under another name in the same folder. */
  async #findRenamed(): Promise<Step | null> {
    const fingerprint = this.#resume?.fingerprint;
    if (!this.#resume || !fingerprint) return null;
    const folder = dirname(this.#path);
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      this.#logger.warn(`${folder} can't be searched for the renamed ${basename(this.#path)}: ${error.message}`);
      return [];
    });
    const own = basename(this.#path);
    // `app.log` is most often renamed to `app.log.1` or `app-2026.log`.
    const stem = own.replace(/\.[^.]*$/, '');
    names.sort((a, b) => Number(b.startsWith(stem)) - Number(a.startsWith(stem)));
    for (const name of names.slice(0, RENAMED_LIMIT)) {
      if (name === own) continue;
      const path = join(folder, name);
      // One that can't even be looked at is not taken for the renamed file.
      const stats = await statOrNull(path).catch(() => null);
      if (!stats?.isFile() || stats.ino !== fingerprint.inode || stats.size < BigInt(fingerprint.end)) continue;
      const opened = await FollowedFile.openHandle(path);
      if (opened === null) continue;
      if (!(await holds(opened.handle, fingerprint))) {
        await opened.handle.close();
        continue;
      }
      const { position } = this.#resume;
      this.#logger.info(`${this.#path} was renamed to ${path} at byte ${position}: its rest is read first`);
      this.#resume = null;
      this.#file = await FollowedFile.from(path, opened, position);
      this.#finishing = true;
      return { kind: 'restart', position, again: false };
    }
    return null;
  }

  /** There is nothing more now: what has become of the path? */
  async #atEnd(file: FollowedFile, lineStart: number): Promise<Step> {
    const stats = await statOrNull(this.#path);
    const same = stats !== null && stats.ino === file.inode && stats.dev === file.device;
    if (same && !this.#finishing) {
      this.#missingSince = null;
      this.#replacedSince = null;
      return !file.isPipe && (await file.size()) < file.position ? this.#rewritten(file) : { kind: 'idle' };
    }
    if (stats === null) {
      if (this.#missingSince === null) {
        this.#missingSince = this.#time.hiResMilliseconds();
        this.#logger.info(`${this.#path} was renamed or deleted at byte ${file.position}: waiting for its successor`);
      }
      this.#replacedSince = null;
      return { kind: 'idle' };
    }
    this.#replacedSince ??= this.#time.hiResMilliseconds();
    if (this.#time.hiResMilliseconds() - this.#replacedSince < ROTATION_QUIET_MS) return { kind: 'idle' };
    return this.#turnToSuccessor(file, lineStart);
  }

  async #turnToSuccessor(file: FollowedFile, lineStart: number): Promise<Step> {
    const opened = await FollowedFile.openHandle(this.#path);
    if (opened === null) return { kind: 'idle' };
    const fingerprint = this.#finishing ? null : parseFingerprint(file.fingerprint);
    // An editor saves by writing a new file: when that begins as the old one did, only what is new is read.
    const continues = fingerprint !== null && opened.stats.isFile() && (await holds(opened.handle, fingerprint));
    const position = continues ? lineStart : 0;
    this.#logger.info(
      continues
        ? `${this.#path} was replaced by a file that begins with the same ${lineStart} bytes: reading goes on there`
        : `${this.#path} was replaced by another file: the old one was read to its end at byte ${file.position}, the new one is read from its beginning`,
    );
    await file.close();
    this.#file = await FollowedFile.from(this.#path, opened, position);
    this.#missingSince = null;
    this.#replacedSince = null;
    this.#finishing = false;
    return { kind: 'restart', position, again: continues };
  }

  async #rewritten(file: FollowedFile): Promise<Step> {
    const size = await file.size();
    this.#logger.warn(
      `${file.path} was ${size < file.position ? `cut to ${size} bytes` : 'written anew'} after it was read up to byte ${file.position}: it is read from its beginning; lines that came and went between two looks are not known`,
    );
    const opened = await FollowedFile.openHandle(this.#path);
    if (opened === null) return { kind: 'idle' };
    await file.close();
    this.#file = await FollowedFile.from(this.#path, opened, 0);
    this.#finishing = false;
    return { kind: 'restart', position: 0, again: false };
  }
}
