import type { ConfigProvider } from '../api/config-provider.ts';
import type { ConfigMap } from '../api/connector.ts';
import { HiddenValues } from './hidden-values.ts';

/** `${provider:key}` or `${provider:path:key}`. Java: `ConfigTransformer.DEFAULT_PATTERN`. */
const VARIABLE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/gs;

/**
 * Puts the values of config providers in the place of their variables. What no provider knows stays as it is written,
 * and values are not looked through again. Java: `ConfigTransformer`.
 */
export class ConfigTransformer {
  readonly #providers: ReadonlyMap<string, ConfigProvider>;
  readonly #hidden: HiddenValues;

  /** Every value that is put in is told to `hidden`. */
  constructor(providers: ReadonlyMap<string, ConfigProvider>, hidden = new HiddenValues()) {
    this.#providers = providers;
    this.#hidden = hidden;
  }

  /** Throws ConfigException when a provider can't read a path. */
  transform(config: ConfigMap): ConfigMap {
    const values = this.#lookUp(config);
    if (values.size === 0) return config;
    return Object.fromEntries(
      Object.entries(config).map(([key, text]) => [
        key,
        text.replaceAll(VARIABLE, (variable, provider: string, path: string | undefined, name: string) => {
          const value = values.get(lookupKey(provider, path ?? ''))?.get(name);
          if (value !== undefined) this.#hidden.add(value, variable);
          return value ?? variable;
        }),
      ]),
    );
  }

  /** Whether the text holds a variable of a provider that there is: then the text itself is no secret. */
  hasVariable(text: string): boolean {
    for (const [, provider] of text.matchAll(VARIABLE)) if (this.#providers.has(provider as string)) return true;
    return false;
  }

  /** Each provider and path is asked once. */
  #lookUp(config: ConfigMap): Map<string, ReadonlyMap<string, string>> {
    const wanted = new Map<string, { provider: ConfigProvider; path: string; keys: Set<string> }>();
    for (const text of Object.values(config)) {
      for (const [, name, path = '', key] of text.matchAll(VARIABLE)) {
        const provider = this.#providers.get(name as string);
        if (provider === undefined) continue;
        const at = lookupKey(name as string, path);
        const entry = wanted.get(at) ?? { provider, path, keys: new Set<string>() };
        entry.keys.add(key as string);
        wanted.set(at, entry);
      }
    }
    return new Map([...wanted].map(([at, { provider, path, keys }]) => [at, provider.get(path, keys)]));
  }
}

function lookupKey(provider: string, path: string): string {
  return JSON.stringify([provider, path]);
}
