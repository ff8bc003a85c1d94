import { join } from 'node:path';
import { type FileSystem, readWholeFile, replaceFileNow } from '../log/file-system.ts';

/** Small files of Kafka's: `key=value` (meta.properties) or `key: value` (partition.metadata) lines. */
export function readKeyValueFile(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  separator: '=' | ':',
): ReadonlyMap<string, string> | undefined {
  const path = join(directory, name);
  if (!fileSystem.exists(path)) return undefined;
  const lines = readWholeFile(fileSystem, path).toString('utf8').split('\n');
  return new Map(
    lines
      .filter((line) => line.includes(separator) && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(separator)).trim(), line.slice(line.indexOf(separator) + 1).trim()]),
  );
}

export function writeKeyValueFile(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  separator: '=' | ': ',
  values: Readonly<Record<string, string>>,
): void {
  const content = Object.entries(values)
    .map(([key, value]) => `${key}${separator}${value}\n`)
    .join('');
  replaceFileNow(fileSystem, directory, name, Buffer.from(content));
}
