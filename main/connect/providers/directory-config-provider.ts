import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigException } from '../../../common/errors.ts';
import type { ConfigProviderPlugin } from '../api/config-provider.ts';
import { AllowedPaths } from './allowed-paths.ts';

/** `${directory:/path/to/folder:file}`, as Kubernetes mounts secrets. Java: `DirectoryConfigProvider`. */
export const directoryConfigProvider: ConfigProviderPlugin = {
  className: 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  summary: 'The contents of the files of a folder.',
  create(params) {
    const allowed = new AllowedPaths(params.get('allowed.paths'));
    return {
      get(path, keys) {
        const values = new Map<string, string>();
        if (path === '' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return values;
        const folder = allowed.check(path);
        for (const key of keys) {
          const file = join(folder, key);
          if (key === '' || basename(file) !== key || !statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
          values.set(key, read(allowed.check(file)));
        }
        return values;
      },
    };
  },
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigException(`Could not read file ${file}: ${(error as Error).message}`, { key: file, cause: error });
  }
}
