import { ConfigException } from '../../common/errors.ts';
import type { ClientConfig } from './api.ts';
import { stickyOnly } from './group/assignors.ts';
import { unusedSecurity } from './security/security.ts';
import { type ClientOptions, SETTINGS } from './settings/client-settings.ts';
import { AS_IT_IS, IDLE_SETTINGS } from './settings/idle-settings.ts';
import { parseSetting } from './settings/parse-setting.ts';
import type { Client, Setting } from './settings/setting.ts';

const STRATEGY = 'partition.assignment.strategy';

/** A given setting that changes nothing here: to be told once, by name. */
export interface Notice {
  name: string;
  reason: string;
  /** A person may miss what it does elsewhere. */
  isWarning: boolean;
}

export interface ParsedConfig<C extends Client> {
  options: ClientOptions<C>;
  notices: Notice[];
}

/**
 * Java client settings as typed options. Throws `ConfigException` in Kafka's words for a value that can't be read, and for
 * one whose meaning would be lost if it were passed over (transactions).
 */
export function parseClientConfig<C extends Client>(client: C, config: ClientConfig): ParsedConfig<C> {
  const options: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    if (!setting.clients.includes(client)) continue;
    const text = Object.hasOwn(config, name) ? config[name] : undefined;
    if (text === undefined && setting.type === 'LIST' && setting.required) {
      throw new ConfigException(`Missing required configuration "${name}" which has no default value.`, { key: name });
    }
    options[name] =
      text === undefined ? (setting.defaultOf?.[client] ?? setting.default) : parseSetting(name, setting, text);
  }
  const notices = Object.entries(config).flatMap(([name, value]) => {
    if (!Object.hasOwn(options, name)) return notice(client, name, value) ?? [];
    const reason = unusedSecurity(name, options as ClientOptions<Client>);
    return reason === null ? [] : { name, reason, isWarning: false };
  });
  const insteadOf = client === 'consumer' ? stickyOnly((options as ClientOptions<'consumer'>)[STRATEGY]) : null;
  if (insteadOf !== null) {
    const reason = `${insteadOf} is not here, RangeAssignor is used; members of Java in the same group need it in their list as well`;
    notices.push({ name: STRATEGY, reason, isWarning: true });
  }
  if (options['transactional.id'] !== undefined && options['transactional.id'] !== null) {
    throw new ConfigException("transactional.id can't be used: Runnel's producer has no transactions", {
      key: 'transactional.id',
      hint: 'Remove transactional.id; the producer is idempotent by itself.',
    });
  }
  return { options: options as ClientOptions<C>, notices };
}

/** Whether Java's client of this kind has such a setting, whatever it does here. */
export function isClientSetting(client: Client, name: string): boolean {
  const setting = Object.hasOwn(SETTINGS, name) ? (SETTINGS as Readonly<Record<string, Setting>>)[name] : undefined;
  if (setting?.clients.includes(client)) return true;
  return Object.hasOwn(IDLE_SETTINGS, name) && IDLE_SETTINGS[name]?.clients.includes(client) === true;
}

function notice(client: Client, name: string, value: string): Notice | undefined {
  const idle = Object.hasOwn(IDLE_SETTINGS, name) ? IDLE_SETTINGS[name] : undefined;
  if (!idle?.clients.includes(client)) {
    const known = idle !== undefined || Object.hasOwn(SETTINGS, name);
    const reason = known ? `not a setting of a ${client}` : `not a setting of Kafka's ${client}`;
    return { name, reason, isWarning: true };
  }
  const parsed = parseSetting(name, idle, value);
  if (Object.hasOwn(AS_IT_IS, name) && parsed === AS_IT_IS[name]) return undefined;
  return 'warned' in idle
    ? { name, reason: idle.warned, isWarning: true }
    : { name, reason: idle.accepted, isWarning: false };
}
