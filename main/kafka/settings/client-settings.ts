import { BASIC_SETTINGS } from './basic-settings.ts';
import { CONSUMER_SETTINGS } from './consumer-settings.ts';
import { PRODUCER_SETTINGS } from './producer-settings.ts';
import { SECURITY_SETTINGS } from './security-settings.ts';
import type { Client } from './setting.ts';

/**
 * Settings of Kafka's Java clients that change what ours do. Option types, parsing and defaults derive from these tables;
 * add a line there and the setting exists.
 */
export const SETTINGS = {
  ...BASIC_SETTINGS,
  ...SECURITY_SETTINGS,
  ...PRODUCER_SETTINGS,
  ...CONSUMER_SETTINGS,
} as const;

type SettingName = keyof typeof SETTINGS;
type NamesOf<C extends Client> = {
  [N in SettingName]: C extends (typeof SETTINGS)[N]['clients'][number] ? N : never;
}[SettingName];
type NullOf<N extends SettingName> = Extract<(typeof SETTINGS)[N]['default'], null>;
type ValueOf<N extends SettingName> = (typeof SETTINGS)[N] extends { type: 'SHORT' | 'INT' | 'LONG' | 'DOUBLE' }
  ? number | NullOf<N>
  : (typeof SETTINGS)[N] extends { type: 'BOOLEAN' }
    ? boolean
    : (typeof SETTINGS)[N] extends { type: 'LIST' }
      ? readonly string[]
      : (typeof SETTINGS)[N] extends { values: readonly (infer V)[] }
        ? V | NullOf<N>
        : string | NullOf<N>;

/** Parsed settings of a client, under their Java names: `options['linger.ms']`. */
export type ClientOptions<C extends Client> = { readonly [N in NamesOf<C>]: ValueOf<N> };
