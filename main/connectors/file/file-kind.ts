import { type BigIntStats, constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ConnectException } from '../../../common/errors.ts';

/**
 * Opening a named pipe must not wait for its other end, and a read must not hold one of Node's few file threads:
 * without bytes it answers EAGAIN. Regular files ignore the flag; Windows doesn't have it.
 */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Why this can't be read or appended to as lines, as the end of a sentence that begins with the path; else null. */
export function refusal(stats: BigIntStats, pipesAllowed: boolean): string | null {
  if (stats.isFile() || (pipesAllowed && stats.isFIFO())) return null;
  const kind = stats.isDirectory()
    ? 'a directory'
    : stats.isSocket()
      ? 'a socket'
      : stats.isFIFO()
        ? 'a named pipe'
        : stats.isCharacterDevice() || stats.isBlockDevice()
          ? 'a device'
          : 'neither a file nor a named pipe';
  return `is ${kind}: only ${pipesAllowed ? 'regular files and named pipes are read' : 'regular files are written'}`;
}

/** What the path leads to, through symbolic links; null when nothing is there (yet). Throws what `pathProblem` says. */
export async function statOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw pathProblem(path, error);
  }
}

/** A system's error as one sentence that names the path and the cure. */
export function pathProblem(path: string, error: unknown): ConnectException {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new ConnectException(`${path} ${REASONS.get(code) ?? `can't be used: ${(error as Error).message}`}`, {
    code: `FILE_${code || 'ERROR'}`,
    key: 'file',
    cause: error,
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ELOOP', 'leads through symbolic links that never end: point one of them at a file'],
  ['EACCES', "can't be opened: this user has no permission for it"],
  ['EPERM', "can't be opened: this user has no permission for it"],
  ['ENOTDIR', "can't exist: a part of the path is no folder"],
  ['ENOENT', "can't be made: its folder doesn't exist"],
  ['EISDIR', 'is a directory: name a file in it'],
  ['ENAMETOOLONG', 'is longer than a path may be'],
  ['EROFS', "can't be written: its file system is read-only"],
  ['EMFILE', "can't be opened: this process has too many open files (see ulimit -n)"],
  ['ENOSPC', "can't be written: its disk is full"],
  ['EDQUOT', "can't be written: this user's disk quota is used up"],
  ['EIO', "can't be read or written: its device reports an error"],
]);
