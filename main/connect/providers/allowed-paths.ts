import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { ConfigException } from '../../../common/errors.ts';

/** The parameter `allowed.paths`: where a provider may read. Java: `AllowedPaths` (KIP-993). */
export class AllowedPaths {
  readonly #paths: readonly string[] | null;

  /** Absent or empty: everywhere, as in Kafka. Throws ConfigException for a path that isn't there or not absolute. */
  constructor(text: string | undefined) {
    const named = (text ?? '').split(',').filter((path) => path.trim() !== '');
    this.#paths = named.length === 0 ? null : named.map((path) => allowed(path.trim()));
  }

  /** The path with all its links followed, which must be there. Throws ConfigException when that leads out of what is allowed. */
  check(path: string): string {
    const target = realpathSync(path);
    if (this.#paths !== null && !this.#paths.some((it) => within(target, it)))
      throw new ConfigException(`The path ${path} is not within allowed.paths of its config provider`, { key: path });
    return target;
  }
}

function allowed(path: string): string {
  if (!isAbsolute(path)) throw new ConfigException(`Path ${path} is not absolute`, { key: 'allowed.paths' });
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new ConfigException(`Path ${path} does not exist`, { key: 'allowed.paths', cause });
  }
}

function within(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
