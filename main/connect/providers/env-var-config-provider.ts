import { ConfigException } from '../../../common/errors.ts';
import type { ConfigProviderPlugin } from '../api/config-provider.ts';
import { compilePattern } from '../api/regex/regex-validator.ts';

/** `${env:NAME}`. Java: `EnvVarConfigProvider` (KIP-887). */
export const envVarConfigProvider: ConfigProviderPlugin = {
  className: 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  summary: "Variables of the worker's environment.",
  create(params) {
    const allowed = params.get('allowlist.pattern');
    const pattern = allowed === undefined ? null : compilePattern('allowlist.pattern', allowed);
    return {
      get(path, keys) {
        if (path !== '')
          throw new ConfigException(`Path is not supported for EnvVarConfigProvider, invalid value '${path}'`, {
            key: path,
            hint: `Write \${env:NAME}.`,
          });
        const values = new Map<string, string>();
        for (const key of keys) {
          const value = pattern === null || pattern.matches(key) ? process.env[key] : undefined;
          if (value !== undefined) values.set(key, value);
        }
        return values;
      },
    };
  },
};
