import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { SavedSandbox } from '../../../common/desktop/sandbox-archive.ts';
import { KafkaException } from '../../../common/errors.ts';
import { lockFolder, NOT_DATA } from './locked-folder.ts';
import { encodeTarHeader, padding, TAR_END } from './tar.ts';

const META_PROPERTIES = 'meta.properties';

/**
 * Everything that a sandbox keeps in `folder` as one file (tar.gz): topics, groups, transactions, cluster id. The file
 * is there whole and on the disk when this resolves, or not at all. Rejects with FILE_EXISTS, NO_DATA, DATA_LOCKED (it is
 * running) and FILE_UNWRITABLE. `replace`: a file that is there may be replaced.
 */
export async function saveSandbox(folder: string, file: string, replace = false): Promise<SavedSandbox> {
  checkPlaces(folder, file, replace);
  const lock = await lockFolder(folder);
  try {
    return await archiveFolder(folder, file, replace);
  } finally {
    lock.release();
  }
}

/** The same for who has the folder's lock and writes nothing meanwhile. */
export async function archiveFolder(folder: string, file: string, replace = false): Promise<SavedSandbox> {
  checkPlaces(folder, file, replace);
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    const saved = { file, files: 0, bytes: 0 };
    // Only its owner reads what went through the sandbox.
    const target = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.from(archived(folder, saved)), createGzip({ level: 6 }), target);
    renameSync(unfinished, file);
    syncDirectory(dirname(file));
    return saved;
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (error instanceof KafkaException) throw error;
    throw new KafkaException(`${file} can't be written: ${(error as Error).message}`, {
      code: 'FILE_UNWRITABLE',
      key: file,
      hint: 'Choose a folder with enough space that you may write to. The sandbox itself is as it was.',
      cause: error,
    });
  }
}

function checkPlaces(folder: string, file: string, replace: boolean): void {
  if (!replace && existsSync(file)) {
    throw new KafkaException(`${file} is there already`, {
      code: 'FILE_EXISTS',
      key: file,
      hint: 'Nothing is replaced: choose another name, or remove it first.',
    });
  }
  if (!relative(folder, file).startsWith('..')) {
    throw new KafkaException(`${file} is in the folder that is to be saved`, {
      code: 'INVALID_OPTION',
      key: file,
      hint: 'Choose a place outside of it.',
    });
  }
  if (!existsSync(join(folder, META_PROPERTIES))) {
    throw new KafkaException(`There is no sandbox in ${folder} that could be saved`, {
      code: 'NO_DATA',
      key: folder,
      hint: 'Name the data folder that it was started with (--data-dir).',
    });
  }
}

/** Whose data it is comes first: whoever reads the archive knows at once whether it is one. */
async function* archived(folder: string, saved: SavedSandbox): AsyncGenerator<Buffer> {
  yield* fileEntry(folder, META_PROPERTIES, saved);
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    if (NOT_DATA.has(entry.name) || entry.name === META_PROPERTIES) continue;
    if (!entry.isDirectory()) {
      yield* fileEntry(folder, entry.name, saved);
      continue;
    }
    const { mtimeMs } = statSync(join(folder, entry.name));
    yield encodeTarHeader({ name: `${entry.name}/`, type: 'directory', size: 0, modified: mtimeMs / 1000 });
    for (const inside of readdirSync(join(folder, entry.name), { withFileTypes: true }).sort(byName))
      if (inside.isFile()) yield* fileEntry(folder, `${entry.name}/${inside.name}`, saved);
  }
  yield TAR_END;
}

async function* fileEntry(folder: string, name: string, saved: SavedSandbox): AsyncGenerator<Buffer> {
  const path = join(folder, name);
  const { size, mtimeMs } = statSync(path);
  yield encodeTarHeader({ name, type: 'file', size, modified: mtimeMs / 1000 });
  let read = 0;
  if (size > 0) {
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 1024 * 1024 })) {
      read += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  }
  if (read !== size) throw new Error(`${path} has become shorter while it was read`);
  yield padding(size);
  saved.files++;
  saved.bytes += size;
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** Windows has no way to sync a directory: NTFS keeps names in its own journal. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
