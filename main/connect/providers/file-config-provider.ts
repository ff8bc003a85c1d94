import { readFileSync } from 'node:fs';
import { Properties } from 'properties-file/parser';
import { ConfigException } from '../../../common/errors.ts';
import type { ConfigProviderPlugin } from '../api/config-provider.ts';
import { AllowedPaths } from './allowed-paths.ts';

/** `${file:/path/to/file.properties:key}`. Java: `FileConfigProvider`. */
export const fileConfigProvider: ConfigProviderPlugin = {
  className: 'org.apache.kafka.common.config.provider.FileConfigProvider',
  summary: 'Values of a properties file.',
  create(params) {
    const allowed = new AllowedPaths(params.get('allowed.paths'));
    return {
      get(path, keys) {
        if (path === '') return new Map();
        const values = new Map<string, string>();
        for (const { key, value } of read(path, allowed)) if (keys.has(key)) values.set(key, value);
        return values;
      },
    };
  },
};

function read(path: string, allowed: AllowedPaths): { key: string; value: string }[] {
  try {
    return new Properties(readFileSync(allowed.check(path), 'utf8')).getProperties();
  } catch (error) {
    if (error instanceof ConfigException) throw error;
    throw new ConfigException(`Could not read properties from file ${path}: ${(error as Error).message}`, {
      key: path,
      cause: error,
    });
  }
}
