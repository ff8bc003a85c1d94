import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { RestoredSandbox } from '../../../common/desktop/sandbox-archive.ts';
import { KafkaException } from '../../../common/errors.ts';
import type { Time } from '../../../common/time.ts';
import { NodeFileSystem } from '../../broker/log/node-file-system.ts';
import { readMetaProperties } from '../../broker/metadata/meta-properties.ts';
import { lockFolder, NOT_DATA } from './locked-folder.ts';
import { syncDirectory } from './save-sandbox.ts';
import { TarFormatError, type TarHeader, tarEntries } from './tar.ts';

export interface RestoreOptions {
  /** Sets what is there aside, under another name; else data that is there is an error. */
  replace: boolean;
  time: Time;
  /** Of the disk that a folder is on. */
  freeBytes?: (folder: string) => bigint;
}

/** As `log.segment.bytes` and one batch allow it. */
const MAX_FILE_BYTES = 2 ** 32;
const MAX_FILES = 1_000_000;
/** What is left free of the disk. */
const SPARE_BYTES = 64n * 1024n * 1024n;

/**
 * Makes `folder` what a saved sandbox was. What is there before is refused (DATA_EXISTS) or set aside; the folder is the
 * old one or the new one whole, never a mixture. Rejects with ARCHIVE_UNREADABLE, DATA_LOCKED (a sandbox runs there),
 * NO_SPACE, DATA_UNREADABLE.
 */
export async function restoreSandbox(
  folder: string,
  file: string,
  { replace, time, freeBytes = freeBytesOf }: RestoreOptions,
): Promise<RestoredSandbox> {
  if (!existsSync(file)) throw unreadable(file, 'there is no such file');
  const lock = await lockFolder(folder);
  const restoring = `${folder}.restoring`;
  try {
    const isEmpty = readdirSync(folder).every((name) => NOT_DATA.has(name));
    if (!isEmpty && !replace) {
      throw new KafkaException(`There is a sandbox in ${folder} already`, {
        code: 'DATA_EXISTS',
        key: folder,
        hint: 'Restore into another data folder (--data-dir), or set what is there aside (--replace).',
      });
    }
    // What an interrupted restore has left.
    rmSync(restoring, { recursive: true, force: true });
    mkdirSync(restoring, { mode: 0o700 });
    const { files, bytes } = await unpack(file, restoring, freeBytes(restoring) - SPARE_BYTES);
    const meta = readMetaProperties(new NodeFileSystem(), restoring);
    if (!meta) throw unreadable(file, 'it has no meta.properties: it is no saved sandbox');
    if (!existsSync(join(restoring, '__cluster_metadata-0'))) throw unreadable(file, 'it has no metadata log');
    const setAside = isEmpty ? null : freeName(folder, time);
    // Windows renames no folder in which a file is open.
    if (process.platform === 'win32') lock.release();
    if (setAside !== null) renameSync(folder, setAside);
    else removeEmpty(folder);
    renameSync(restoring, folder);
    syncDirectory(dirname(folder));
    return { file, files, bytes, clusterId: meta.clusterId, setAside };
  } catch (error) {
    rmSync(restoring, { recursive: true, force: true });
    if (error instanceof KafkaException) throw error;
    if (error instanceof TarFormatError || isZlibError(error)) throw unreadable(file, (error as Error).message, error);
    throw new KafkaException(`The sandbox can't be restored to ${folder}: ${(error as Error).message}`, {
      code: 'DATA_UNREADABLE',
      key: folder,
      hint: 'Choose a folder with enough space that you may write to (--data-dir).',
      cause: error,
    });
  } finally {
    lock.release();
  }
}

async function unpack(file: string, into: string, room: bigint): Promise<{ files: number; bytes: number }> {
  const source = createReadStream(file).on('error', (error) => unzipped.destroy(error));
  const unzipped = source.pipe(createGunzip());
  try {
    return await unpackFrom(unzipped, file, into, room);
  } finally {
    source.destroy();
    unzipped.destroy();
  }
}

async function unpackFrom(
  unzipped: AsyncIterable<Buffer>,
  file: string,
  into: string,
  room: bigint,
): Promise<{ files: number; bytes: number }> {
  const seen = { files: 0, bytes: 0 };
  const folders = new Set<string>();
  for await (const entry of tarEntries(unzipped)) {
    const [folder, name] = checkedName(entry, file);
    if (folder !== undefined && !folders.has(folder)) {
      mkdirSync(join(into, folder), { mode: 0o700 });
      folders.add(folder);
    }
    if (name === undefined) continue;
    seen.files++;
    seen.bytes += entry.size;
    if (entry.size > MAX_FILE_BYTES || seen.files > MAX_FILES) throw unreadable(file, `${entry.name} is too large`);
    if (BigInt(seen.bytes) > room) {
      throw new KafkaException(`There is no room for the saved sandbox: it has more than ${room} bytes`, {
        code: 'NO_SPACE',
        key: into,
        hint: 'Free some space, or choose a folder on another disk (--data-dir).',
      });
    }
    await writeEntry(join(into, folder ?? '', name), entry);
  }
  for (const folder of folders) syncDirectory(join(into, folder));
  syncDirectory(into);
  return seen;
}

/**
 * `file` or `folder/file`, of the letters that topics have: nothing else can be in a sandbox, and nothing leaves it. The
 * name of a folder alone has no file.
 */
function checkedName({ name, type }: TarHeader, file: string): [folder: string | undefined, name: string | undefined] {
  if (type === 'directory' && (name === '.' || name === './')) return [undefined, undefined];
  const parts = name.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  const sound = parts.every((part) => /^[\w.-]{1,255}$/.test(part) && part !== '.' && part !== '..');
  const [first, second] = parts;
  if (!sound || parts.length > 2 || (type === 'directory' && parts.length > 1) || NOT_DATA.has(first as string))
    throw unreadable(file, `it has a file that no sandbox has: ${name}`);
  return type === 'directory' ? [first, undefined] : second === undefined ? [undefined, first] : [first, second];
}

/** An existing file is an error: names are there once, also where upper and lower case are the same. */
async function writeEntry(path: string, entry: TarHeader & { content: AsyncIterable<Buffer> }): Promise<void> {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for await (const chunk of entry.content)
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
    // Retention counts from it where records have no time.
    futimesSync(descriptor, entry.modified, entry.modified);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function freeBytesOf(folder: string): bigint {
  const { bavail, bsize } = statfsSync(folder, { bigint: true });
  return bavail * bsize;
}

function freeName(folder: string, time: Time): string {
  const stamp = new Date(time.milliseconds()).toISOString().replace(/[:.]/g, '-');
  const name = `${folder}.before-${stamp}`;
  return existsSync(name) ? freeName(`${folder}.before`, time) : name;
}

function removeEmpty(folder: string): void {
  for (const name of NOT_DATA) rmSync(join(folder, name), { force: true });
  rmdirSync(folder);
}

function isZlibError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

function unreadable(file: string, reason: string, cause?: unknown): KafkaException {
  return new KafkaException(`${file} can't be restored: ${reason}`, {
    code: 'ARCHIVE_UNREADABLE',
    key: file,
    hint: 'A file that `runnel sandbox save` has written is needed. What is in the data folder is as it was.',
    cause,
  });
}
