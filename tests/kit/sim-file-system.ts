import { basename, dirname } from 'node:path';
import { RESERVE_FILE } from '../../main/broker/log/disk-space.ts';
import type { FileSystem, LogFile, OpenMode } from '../../main/broker/log/file-system.ts';

const SECTOR_BYTES = 512;

/** What has happened to a file since it was last synced, in order. */
type Change = { kind: 'write'; position: number; bytes: Buffer } | { kind: 'truncate'; size: number };

/** Bytes that grow in place. */
class SimContent {
  #bytes = Buffer.alloc(0);
  size = 0;

  get view(): Buffer {
    return this.#bytes.subarray(0, this.size);
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      this.#reserve(change.size);
      if (change.size > this.size) this.#bytes.fill(0, this.size, change.size);
      this.size = change.size;
      return;
    }
    const end = change.position + change.bytes.length;
    this.#reserve(end);
    if (change.position > this.size) this.#bytes.fill(0, this.size, change.position);
    change.bytes.copy(this.#bytes, change.position);
    this.size = Math.max(this.size, end);
  }

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const grown = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.size);
    this.#bytes = grown;
  }
}

class SimFile {
  readonly content = new SimContent();
  /** As of the last sync; `changes` came after it. */
  readonly durable = new SimContent();
  changes: Change[] = [];
  modified = 0;

  change(change: Change): void {
    this.content.apply(change);
    this.changes.push(change);
  }

  sync(count: number): void {
    for (const change of this.changes.splice(0, count)) this.durable.apply(change);
  }

  /**
   * As Linux has it: the pages are clean afterwards, whatever became of them, and no later sync brings them to the disk
   * unless they are written again.
   */
  failSync(count: number): void {
    this.changes = [
      ...this.changes.slice(0, count).filter(({ kind }) => kind === 'truncate'),
      ...this.changes.slice(count),
    ];
  }
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
    return basename(path) === RESERVE_FILE ? new ReserveFile(this, path) : new SimLogFile(this, path, file);
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
          file.change({ kind: 'write', position: 0, bytes: surviving(entry, random) });
          file.sync(1);
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
    return this.#file.content.size;
  }

  modified(): number {
    return this.#file.modified;
  }

  read(target: Uint8Array, position: number): number {
    const fault = this.#system.failFor('read', this.path);
    if (fault) throw fault.error;
    const bytes = this.#file.content.view.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    const fault = this.#system.failFor('write', this.path);
    const bytes = Buffer.concat(chunks).subarray(0, fault ? (fault.written ?? 0) : undefined);
    if (bytes.length > 0) {
      this.#file.change({ kind: 'write', position, bytes });
      this.#file.modified = this.#system.tick();
    }
    if (fault) throw fault.error;
  }

  truncate(size: number): void {
    const fault = this.#system.failFor('truncate', this.path);
    if (fault) throw fault.error;
    this.#file.change({ kind: 'truncate', size });
  }

  /** What is written while it waits is not covered. */
  async sync(): Promise<void> {
    const covered = this.#file.changes.length;
    await new Promise((resolve) => setImmediate(resolve));
    this.#sync(covered);
  }

  syncNow(): void {
    this.#sync(this.#file.changes.length);
  }

  #sync(covered: number): void {
    const fault = this.#system.failFor('sync', this.path);
    if (fault) {
      this.#file.failSync(covered);
      throw fault.error;
    }
    this.#system.syncs++;
    this.#file.sync(covered);
  }

  close(): void {}
}

/** Megabytes that nobody reads: it has a size, and faults like any other. */
class ReserveFile extends SimLogFile {
  #bytes = 0;

  constructor(system: SimFileSystem, path: string) {
    super(system, path, new SimFile());
  }

  override size(): number {
    return this.#bytes;
  }

  override write(chunks: readonly Uint8Array[], position: number): void {
    super.write([], position);
    this.#bytes = position + chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

function surviving(file: SimFile, random: () => number): Buffer {
  const content = new SimContent();
  content.apply({ kind: 'write', position: 0, bytes: file.durable.view });
  for (const change of file.changes) {
    if (change.kind === 'truncate') {
      if (random() < 0.5) content.apply(change);
      continue;
    }
    for (let at = 0; at < change.bytes.length; ) {
      const position = change.position + at;
      const end = Math.min(change.bytes.length, at + SECTOR_BYTES - (position % SECTOR_BYTES));
      const roll = random();
      if (roll < 0.6) content.apply({ kind: 'write', position, bytes: change.bytes.subarray(at, end) });
      // The file grew, what was written did not come.
      else if (roll < 0.7 && position + end - at > content.size)
        content.apply({ kind: 'truncate', size: position + end - at });
      at = end;
    }
  }
  return content.view;
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** An error as the disk gives it. */
export function diskError(code: 'EIO' | 'ENOSPC' | 'EROFS'): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
