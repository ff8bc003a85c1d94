import { basename, dirname } from 'node:path';
import type { FileSystem, LogFile, OpenMode } from '../../main/broker/log/file-system.ts';

const SECTOR_BYTES = 512;

/** What has happened to a file since it was last synced, in order. */
type Change = { kind: 'write'; position: number; bytes: Buffer } | { kind: 'truncate'; size: number };

class SimFile {
  content: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
  changes: Change[] = [];
  modified = 0;
}

type SimDirectory = Map<string, SimFile | 'directory'>;

export type Operation = 'open' | 'read' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncDirectory';

/**
 * A disk in memory that can fail and lose power. What is not synced may be there afterwards or not: of each write some
 * sectors, of each directory some names, a grown file with zeros in it.
 */
export class SimFileSystem implements FileSystem {
  #directories = new Map<string, SimDirectory>([['/', new Map()]]);
  /** As of the last sync of each directory. */
  #durable = new Map<string, SimDirectory>([['/', new Map()]]);
  #now = 1_700_000_000_000;
  syncs = 0;
  /** Throws, or returns an error to be thrown, to make an operation fail. For `write`: how many bytes it gets to write first. */
  fault: (operation: Operation, path: string) => { error: Error; written?: number } | undefined = () => undefined;

  open(path: string, mode: OpenMode): LogFile {
    this.#fail('open', path);
    const directory = this.#directory(dirname(path));
    let file = directory.get(basename(path));
    if (file === 'directory') throw failure('EISDIR', path);
    if (!file) {
      if (mode !== 'create') throw failure('ENOENT', path);
      file = new SimFile();
      file.modified = this.tick();
      directory.set(basename(path), file);
    }
    return new SimLogFile(this, path, file);
  }

  exists(path: string): boolean {
    return this.#directories.has(path) || (this.#directories.get(dirname(path))?.has(basename(path)) ?? false);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  list(path: string): string[] {
    return [...this.#directory(path).keys()];
  }

  makeDirectory(path: string): void {
    if (this.#directories.has(path)) return;
    this.makeDirectory(dirname(path));
    this.#directory(dirname(path)).set(basename(path), 'directory');
    this.#directories.set(path, new Map());
    this.#durable.set(path, new Map());
  }

  rename(from: string, to: string): void {
    this.#fail('rename', from);
    const source = this.#directory(dirname(from));
    const entry = source.get(basename(from));
    if (!entry) throw failure('ENOENT', from);
    source.delete(basename(from));
    this.#directory(dirname(to)).set(basename(to), entry);
    if (entry !== 'directory') return;
    for (const map of [this.#directories, this.#durable]) {
      for (const path of [...map.keys()].filter((each) => each === from || each.startsWith(`${from}/`))) {
        map.set(to + path.slice(from.length), map.get(path)!);
        if (map === this.#directories) map.delete(path);
      }
    }
  }

  removeFile(path: string): void {
    this.#fail('remove', path);
    if (!this.#directory(dirname(path)).delete(basename(path))) throw failure('ENOENT', path);
  }

  removeDirectory(path: string): void {
    this.#fail('remove', path);
    if (this.#directory(path).size > 0) throw failure('ENOTEMPTY', path);
    this.#directories.delete(path);
    this.#directory(dirname(path)).delete(basename(path));
  }

  async syncDirectory(path: string): Promise<void> {
    this.syncDirectoryNow(path);
  }

  syncDirectoryNow(path: string): void {
    this.#fail('syncDirectory', path);
    this.#durable.set(path, new Map(this.#directory(path)));
  }

  /**
   * The disk as it may be after the power came back: `random` (0 to 1) decides for each name and each sector that was
   * not synced whether it made it.
   */
  afterPowerLoss(random: () => number): SimFileSystem {
    const after = new SimFileSystem();
    const made = new Map<SimFile, SimFile>();
    const keep = (path: string) => {
      const [now, before] = [this.#directories.get(path) ?? new Map(), this.#durable.get(path) ?? new Map()];
      const target: SimDirectory = new Map();
      after.#directories.set(path, target);
      for (const name of new Set([...now.keys(), ...before.keys()])) {
        const entry = now.get(name) === before.get(name) || random() < 0.5 ? now.get(name) : before.get(name);
        if (!entry) continue;
        if (entry === 'directory') {
          target.set(name, entry);
          keep(path === '/' ? `/${name}` : `${path}/${name}`);
          continue;
        }
        if (!made.has(entry)) {
          const file = new SimFile();
          file.content = file.durable = surviving(entry, random);
          made.set(entry, file);
        }
        target.set(name, made.get(entry)!);
      }
      after.#durable.set(path, new Map(target));
    };
    keep('/');
    return after;
  }

  /** Used by the files. */
  tick(): number {
    return this.#now++;
  }

  failFor(operation: Operation, path: string): { error: Error; written?: number } | undefined {
    return this.fault(operation, path);
  }

  #fail(operation: Operation, path: string): void {
    const fault = this.fault(operation, path);
    if (fault) throw fault.error;
  }

  #directory(path: string): SimDirectory {
    const directory = this.#directories.get(path);
    if (!directory) throw failure('ENOENT', path);
    return directory;
  }
}

class SimLogFile implements LogFile {
  readonly path: string;
  readonly #system: SimFileSystem;
  readonly #file: SimFile;

  constructor(system: SimFileSystem, path: string, file: SimFile) {
    this.#system = system;
    this.path = path;
    this.#file = file;
  }

  size(): number {
    return this.#file.content.length;
  }

  modified(): number {
    return this.#file.modified;
  }

  read(target: Uint8Array, position: number): number {
    const fault = this.#system.failFor('read', this.path);
    if (fault) throw fault.error;
    const bytes = this.#file.content.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    const fault = this.#system.failFor('write', this.path);
    const bytes = Buffer.concat(chunks).subarray(0, fault ? (fault.written ?? 0) : undefined);
    if (bytes.length > 0) {
      const change: Change = { kind: 'write', position, bytes: Buffer.from(bytes) };
      this.#file.content = applied(this.#file.content, change);
      this.#file.changes.push(change);
      this.#file.modified = this.#system.tick();
    }
    if (fault) throw fault.error;
  }

  truncate(size: number): void {
    const fault = this.#system.failFor('truncate', this.path);
    if (fault) throw fault.error;
    const change: Change = { kind: 'truncate', size };
    this.#file.content = applied(this.#file.content, change);
    this.#file.changes.push(change);
  }

  /** What is written while it waits is not covered. */
  async sync(): Promise<void> {
    const { content } = this.#file;
    const covered = this.#file.changes.length;
    await new Promise((resolve) => setImmediate(resolve));
    const fault = this.#system.failFor('sync', this.path);
    if (fault) throw fault.error;
    this.#system.syncs++;
    this.#file.durable = content;
    this.#file.changes.splice(0, covered);
  }

  syncNow(): void {
    const fault = this.#system.failFor('sync', this.path);
    if (fault) throw fault.error;
    this.#system.syncs++;
    this.#file.durable = this.#file.content;
    this.#file.changes = [];
  }

  close(): void {}
}

function applied(content: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') {
    const result = Buffer.alloc(change.size);
    content.copy(result, 0, 0, change.size);
    return result;
  }
  const result = Buffer.alloc(Math.max(content.length, change.position + change.bytes.length));
  content.copy(result);
  change.bytes.copy(result, change.position);
  return result;
}

function surviving(file: SimFile, random: () => number): Buffer {
  let content = file.durable;
  for (const change of file.changes) {
    if (change.kind === 'truncate') {
      if (random() < 0.5) content = applied(content, change);
      continue;
    }
    for (let at = 0; at < change.bytes.length; ) {
      const position = change.position + at;
      const end = Math.min(change.bytes.length, at + SECTOR_BYTES - (position % SECTOR_BYTES));
      const roll = random();
      if (roll < 0.6) content = applied(content, { kind: 'write', position, bytes: change.bytes.subarray(at, end) });
      // The file grew, what was written did not come.
      else if (roll < 0.7 && position + end - at > content.length)
        content = applied(content, { kind: 'truncate', size: position + end - at });
      at = end;
    }
  }
  return content;
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** An error as the disk gives it. */
export function diskError(code: 'EIO' | 'ENOSPC' | 'EROFS'): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
