import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem, LogFile, OpenMode } from '../../../main/broker/log/file-system.ts';
import { NodeFileSystem } from '../../../main/broker/log/node-file-system.ts';

/** The real file system, which notes in `journal` how much of each file was synced. */
export function journalingFileSystem(journal: string): FileSystem {
  const descriptor = openSync(journal, 'a');
  const real = new NodeFileSystem();
  const noted = (file: LogFile): LogFile => {
    const note = (size: number) => writeSync(descriptor, `${size} ${file.path}\n`);
    return {
      path: file.path,
      size: () => file.size(),
      modified: () => file.modified(),
      read: (target, position) => file.read(target, position),
      write: (chunks, position) => file.write(chunks, position),
      truncate: (size) => file.truncate(size),
      async sync() {
        const size = file.size();
        await file.sync();
        note(size);
      },
      syncNow() {
        file.syncNow();
        note(file.size());
      },
      close: () => file.close(),
    };
  };
  return new Proxy(real, {
    get(target, key) {
      if (key === 'open') return (path: string, mode: OpenMode) => noted(target.open(path, mode));
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** What a loss of power leaves of the logs: of every segment no more than was synced. */
export function losePower(dataDir: string, journal: string): void {
  const synced = new Map<string, number>();
  if (existsSync(journal)) {
    for (const line of readFileSync(journal, 'utf8').split('\n')) {
      const space = line.indexOf(' ');
      if (space > 0) synced.set(line.slice(space + 1), Number(line.slice(0, space)));
    }
  }
  for (const folder of readdirSync(dataDir)) {
    if (!statSync(join(dataDir, folder)).isDirectory()) continue;
    for (const name of readdirSync(join(dataDir, folder))) {
      if (!name.endsWith('.log')) continue;
      const path = join(dataDir, folder, name);
      const durable = synced.get(path) ?? 0;
      if (statSync(path).size > durable) truncateSync(path, durable);
    }
  }
  // The next life begins with what is there: everything of it is durable now.
  closeSync(openSync(journal, 'w'));
  const descriptor = openSync(journal, 'a');
  for (const folder of readdirSync(dataDir)) {
    if (!statSync(join(dataDir, folder)).isDirectory()) continue;
    for (const name of readdirSync(join(dataDir, folder))) {
      const path = join(dataDir, folder, name);
      if (name.endsWith('.log')) writeSync(descriptor, `${statSync(path).size} ${path}\n`);
    }
  }
  closeSync(descriptor);
}
