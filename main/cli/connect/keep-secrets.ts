import { ConfigException } from '../../../common/errors.ts';
import type { Config } from './config-diff.ts';
import { HIDDEN } from './secrets.ts';

/** `[hidden]` stands for the value that the worker has: what was shown can be given back as it is. */
export function keepSecrets(config: Config, present: Config | null): Map<string, string> {
  return new Map(
    [...config].map(([key, value]) => {
      if (value !== HIDDEN) return [key, value];
      const kept = present?.get(key);
      if (kept === undefined)
        throw new ConfigException(`The value of ${key} is ${HIDDEN}, and the worker has none to keep`, {
          key,
          hint: 'Write the secret itself, or a reference to one of a config provider.',
        });
      return [key, kept];
    }),
  );
}
