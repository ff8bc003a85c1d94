import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { ConfigException } from '../../../common/errors.ts';

/** The parameter `allowed.paths`: where a provider may read. Java: `AllowedPaths` (KIP-993). */
export class AllowedPaths {
  readonly #paths: readonly string[] | null;

  /** Absent: everywhere, as in Kafka. */
  constructor(text: string | undefined) {
    const paths = (text ?? '').split(',').map((path) => path.trim());
    const named = paths.filter((path) => path !== '');
    this.#paths = text === undefined ? null : named.map(real);
  }

  /** The path with all its links followed. Throws ConfigException when it leads out of what is allowed. */
  check(path: string): string {
    const target = real(path);
    if (this.#paths !== null && !this.#paths.some((allowed) => within(target, allowed)))
      throw new ConfigException(`The path ${path} is not within allowed.paths of its config provider`, { key: path });
    return target;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new ConfigException(`Could not read ${path}: ${(error as Error).message}`, { key: path, cause: error });
  }
}

function within(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
