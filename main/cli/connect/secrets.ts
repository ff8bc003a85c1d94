import type { ConfigKeyInfo } from '../../../common/connect/config-infos.ts';
import type { Config } from './config-diff.ts';
import { type ConnectClient, segment } from './connect-client.ts';
import { ConnectRestException } from './connect-errors.ts';

/** What Kafka shows in place of a password. Java: `Password.HIDDEN`. */
export const HIDDEN = '[hidden]';

/** PASSWORD keys of Kafka's clients, as they stand behind `producer.override.` and in plugins' own client settings. */
const CLIENT_SECRETS =
  /(?:^|\.)(?:sasl\.jaas\.config|sasl\.oauthbearer\.client\.credentials\.client\.secret|sasl\.login\.connect\.password|ssl\.(?:key|keystore|truststore)\.password|ssl\.keystore\.key|ssl\.keystore\.certificate\.chain|ssl\.truststore\.certificates)$/;

/** Names of what is most likely a secret, for keys of which the worker has no definition. */
const LIKELY =
  /passw(?:or)?d|passphrase|secret(?!s?\.(?:id|name))|token(?!\.?(?:url|uri|endpoint))|credential|api\.?key|private\.?key|jaas\.config|auth\.user\.info/i;

/** Nothing is hidden in a reference to a secret that lies elsewhere: `${file:/run/secrets:password}`. */
const REFERENCE = /^\$\{[^}]*\}$/;

/**
 * Knows which values of a connector's configuration are secrets, by the definitions of the plugins that it names: the
 * connector, its converters, transformations and predicates (type PASSWORD). Each plugin is asked for once.
 */
export class Secrets {
  readonly #client: ConnectClient;
  /** null: the worker has no definition of it */
  readonly #keys = new Map<string, Promise<ReadonlyMap<string, ConfigKeyInfo['type']> | null>>();

  constructor(client: ConnectClient) {
    this.#client = client;
  }

  /** The keys whose values are not to be shown. */
  async keysIn(config: Config): Promise<Set<string>> {
    const plugins = pluginsOf(config);
    const types = await Promise.all(
      plugins.map(async ({ prefix, plugin }) => ({ prefix, keys: await this.#typesOf(plugin) })),
    );
    const secret = new Set<string>();
    for (const [key, value] of config) {
      if (REFERENCE.test(value) || value === '') continue;
      const known = types.flatMap(({ prefix, keys }) =>
        key.startsWith(prefix) ? (keys?.get(key.slice(prefix.length)) ?? []) : [],
      );
      const isSecret = known.length > 0 ? known.includes('PASSWORD') : CLIENT_SECRETS.test(key) || LIKELY.test(key);
      if (isSecret) secret.add(key);
    }
    return secret;
  }

  /** The configuration with `[hidden]` where a secret stands. */
  async masked(config: Config): Promise<Map<string, string>> {
    const secret = await this.keysIn(config);
    return new Map([...config].map(([key, value]) => [key, secret.has(key) ? HIDDEN : value]));
  }

  #typesOf(plugin: string): Promise<ReadonlyMap<string, ConfigKeyInfo['type']> | null> {
    const known = this.#keys.get(plugin) ?? this.#ask(plugin);
    this.#keys.set(plugin, known);
    return known;
  }

  async #ask(plugin: string): Promise<ReadonlyMap<string, ConfigKeyInfo['type']> | null> {
    try {
      const keys = await this.#client.get<ConfigKeyInfo[]>(`/connector-plugins/${segment(plugin)}/config`);
      return new Map(keys.map(({ name, type }) => [name, type]));
    } catch (error) {
      // A plugin that is not installed any more, or a worker older than this request (KIP-769): names have to tell.
      if (error instanceof ConnectRestException && error.status !== 401 && error.status !== 403) return null;
      throw error;
    }
  }
}

/** The plugins that a configuration names, with the prefix of their keys. */
function pluginsOf(config: Config): { prefix: string; plugin: string }[] {
  const plugins: { prefix: string; plugin: string }[] = [];
  const add = (key: string, prefix: string) => {
    const plugin = config.get(key);
    if (plugin !== undefined && !REFERENCE.test(plugin)) plugins.push({ prefix, plugin });
  };
  add('connector.class', '');
  for (const key of ['key.converter', 'value.converter', 'header.converter']) add(key, `${key}.`);
  for (const list of ['transforms', 'predicates'])
    for (const alias of (config.get(list) ?? '').split(','))
      if (alias.trim() !== '') add(`${list}.${alias.trim()}.type`, `${list}.${alias.trim()}.`);
  return plugins;
}
