import { ConfigException } from '../../common/errors.ts';
import type { ClientConfig } from './api.ts';
import {
  BYTE_CLASSES,
  type Client,
  type ClientOptions,
  SETTINGS,
  type Setting,
  WITHOUT_EFFECT,
} from './client-settings.ts';

export interface ParsedConfig<C extends Client> {
  options: ClientOptions<C>;
  /** Given settings that change nothing here, with the reason: to be told once, by name. */
  unused: { name: string; reason: string }[];
}

/**
 * Java client settings as typed options. Throws `ConfigException` in Kafka's words for a value that can't be read,
 * and for one whose meaning would be lost if it were passed over (security, transactions).
 */
export function parseClientConfig<C extends Client>(client: C, config: ClientConfig): ParsedConfig<C> {
  const options: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    if (!setting.clients.includes(client)) continue;
    const text = Object.hasOwn(config, name) ? config[name] : undefined;
    options[name] = text === undefined ? setting.default : parse(name, setting, text);
    if (setting.type === 'LIST' && setting.required && (options[name] as readonly string[]).length === 0) {
      throw new ConfigException(`Missing required configuration "${name}" which has no default value.`, { key: name });
    }
  }
  const unused = Object.entries(config)
    .filter(([name]) => !Object.hasOwn(options, name))
    .flatMap(([name, value]) => {
      const reason = reasonUnused(client, name, value);
      return reason === undefined ? [] : [{ name, reason }];
    });
  refuse(config, options);
  return { options: options as ClientOptions<C>, unused };
}

function parse(name: string, setting: Setting, text: string): unknown {
  const value = text.trim();
  const invalid = (reason: string) => ConfigException.invalidValue(name, text, reason);
  switch (setting.type) {
    case 'INT':
    case 'LONG': {
      const limit = setting.type === 'INT' ? 2n ** 31n : 2n ** 63n;
      if (!/^[+-]?\d+$/.test(value)) throw invalid(`Not a number of type ${setting.type}`);
      const exact = BigInt(value.replace(/^\+/, ''));
      if (exact >= limit || exact < -limit) throw invalid(`Not a number of type ${setting.type}`);
      const number = Number(exact);
      if (number === setting.or) return number;
      if (setting.min !== undefined && number < setting.min) throw invalid(`Value must be at least ${setting.min}`);
      if (setting.max !== undefined && number > setting.max) throw invalid(`Value must be no more than ${setting.max}`);
      return number;
    }
    case 'BOOLEAN': {
      const lower = value.toLowerCase();
      if (lower !== 'true' && lower !== 'false') throw invalid('Expected value to be either true or false');
      return lower === 'true';
    }
    case 'LIST':
      return value === '' ? [] : value.split(/\s*,\s*/);
    case 'STRING': {
      if (!setting.values) return value;
      const found = setting.values.find((v) =>
        setting.anyCase ? v.toLowerCase() === value.toLowerCase() : v === value,
      );
      if (found === undefined) throw invalid(`String must be one of: ${setting.values.join(', ')}`);
      return found;
    }
  }
}

function reasonUnused(client: Client, name: string, value: string): string | undefined {
  if (Object.hasOwn(BYTE_CLASSES, name)) {
    return value.trim() === BYTE_CLASSES[name] ? undefined : 'keys and values are passed as bytes';
  }
  if (Object.hasOwn(SETTINGS, name)) return `not a setting of a ${client}`;
  const prefix = Object.keys(WITHOUT_EFFECT).find((key) => key === name || (key.endsWith('.') && name.startsWith(key)));
  return prefix === undefined ? `not a setting of Kafka's ${client}` : WITHOUT_EFFECT[prefix];
}

/** Whether this client knows a setting of that name, even if only to say that it has no effect. */
export function isClientSetting(client: Client, name: string): boolean {
  if (Object.hasOwn(SETTINGS, name))
    return (SETTINGS as Readonly<Record<string, Setting>>)[name]?.clients.includes(client) === true;
  return Object.keys(WITHOUT_EFFECT).some((key) => key === name || (key.endsWith('.') && name.startsWith(key)));
}

/** What can't be kept is refused, never ignored. */
function refuse(config: ClientConfig, options: Readonly<Record<string, unknown>>): void {
  const protocol = options['security.protocol'];
  if (protocol !== 'PLAINTEXT') {
    throw new ConfigException(
      `security.protocol=${protocol} can't be used yet: Runnel's clients speak PLAINTEXT only`,
      {
        key: 'security.protocol',
        hint: 'Use a PLAINTEXT listener of the cluster.',
      },
    );
  }
  if (config['transactional.id'] !== undefined) {
    throw new ConfigException("transactional.id can't be used: Runnel's producer has no transactions", {
      key: 'transactional.id',
      hint: 'Remove transactional.id; the producer is idempotent by itself.',
    });
  }
  if (options['group.protocol'] === 'consumer') {
    throw new ConfigException(
      "group.protocol=consumer can't be used: Runnel's consumer is a member by the classic protocol",
      {
        key: 'group.protocol',
        hint: 'Use group.protocol=classic; the same group may hold members of both kinds.',
      },
    );
  }
}
