import { ConfigException } from '../../../common/errors.ts';
import type { ConfigProvider, ConfigProviderPlugin } from '../api/config-provider.ts';
import type { ConfigMap } from '../api/connector.ts';
import { directoryConfigProvider } from './directory-config-provider.ts';
import { envVarConfigProvider } from './env-var-config-provider.ts';
import { fileConfigProvider } from './file-config-provider.ts';

const PROVIDERS: readonly ConfigProviderPlugin[] = [envVarConfigProvider, fileConfigProvider, directoryConfigProvider];

/** Those that `config.providers` of the worker names, by that name. None unless it is set: nothing is read unasked. */
export function configProviders(worker: ConfigMap): Map<string, ConfigProvider> {
  const names = (worker['config.providers'] ?? '').split(',').map((name) => name.trim());
  return new Map(
    names
      .filter((name) => name !== '')
      .map((name) => {
        const key = `config.providers.${name}.class`;
        const plugin = PROVIDERS.find(({ className }) => className === worker[key]?.trim());
        if (plugin === undefined) {
          throw ConfigException.invalidValue(
            key,
            worker[key] ?? null,
            `Known are ${PROVIDERS.map((it) => it.className).join(', ')}`,
          );
        }
        return [name, plugin.create(params(worker, `config.providers.${name}.param.`))];
      }),
  );
}

function params(worker: ConfigMap, prefix: string): Map<string, string> {
  return new Map(
    Object.entries(worker)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
