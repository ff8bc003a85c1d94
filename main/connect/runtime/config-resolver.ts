import { ConfigException } from '../../../common/errors.ts';
import type { ConfigProvider } from '../api/config-provider.ts';
import type { ConfigMap } from '../api/connector.ts';
import { type ConfigBackingStore, secretPlaceholder } from '../storage/config-backing-store.ts';
import { ConfigTransformer } from './config-transformer.ts';
import { HiddenValues } from './hidden-values.ts';

/** From a stored configuration to the one that runs: values of config providers, then the connector's own secrets. */
export class ConfigResolver {
  readonly #transformer: ConfigTransformer;
  readonly #configs: ConfigBackingStore;
  readonly #hidden: HiddenValues;

  constructor(
    providers: ReadonlyMap<string, ConfigProvider>,
    configs: ConfigBackingStore,
    hidden = new HiddenValues(),
  ) {
    this.#transformer = new ConfigTransformer(providers, hidden);
    this.#hidden = hidden;
    this.#configs = configs;
  }

  /**
   * A placeholder is replaced at its own connector and key only, never one that stands for another. Throws
   * ConfigException when a provider can't read its path or no secret is stored, ConnectException when one can't be
   * decrypted.
   */
  resolve(name: string, config: ConfigMap): ConfigMap {
    const entries = Object.entries(this.#transformer.transform(config)).map(([key, value]): [string, string] => {
      if (value !== secretPlaceholder(name, key)) return [key, value];
      const secret = this.#configs.secret(name, key);
      if (secret !== null) {
        this.#hidden.add(secret, value);
        return [key, secret];
      }
      throw new ConfigException(`Invalid value ${value} for configuration ${key}: no secret is stored under it`, {
        code: 'SECRET_MISSING',
        key,
        hint: `Enter ${key} itself.`,
      });
    });
    return Object.fromEntries(entries);
  }

  /** Of these keys, those whose text is the secret itself, not a variable of a provider. */
  inlineSecrets(config: ConfigMap, secretKeys: Iterable<string>): Set<string> {
    return new Set(
      [...secretKeys].filter((key) => {
        const text = Object.hasOwn(config, key) ? config[key] : undefined;
        return text !== undefined && !this.#transformer.hasVariable(text);
      }),
    );
  }
}
