/**
 * Where the values of `${provider:path:key}` come from. Java: `org.apache.kafka.common.config.provider.ConfigProvider`.
 */
export interface ConfigProvider {
  /**
   * The values of those keys that there are; a key that is missing stays as it is written. `path` is empty for
   * `${provider:key}`. Throws ConfigException when the path itself can't be read.
   */
  get(path: string, keys: ReadonlySet<string>): ReadonlyMap<string, string>;
}

/** A kind of provider, named in a worker's `config.providers.<name>.class`. */
export interface ConfigProviderPlugin {
  className: string;
  summary: string;
  /** The options under `config.providers.<name>.param.`. */
  create(params: ReadonlyMap<string, string>): ConfigProvider;
}
