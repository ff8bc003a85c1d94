import { ConfigException } from '../../../common/errors.ts';
import type { LogConfig } from '../log/log-config.ts';
import { BROKER_PROPERTIES, type BrokerPropertyName, TOPIC_DEFAULTS } from './broker-properties.ts';
import { CONFIG_SOURCES, checkProperty } from './property.ts';
import { logConfigOf, TOPIC_PROPERTIES, type TopicPropertyName } from './topic-properties.ts';

/** A value that holds, and the name and place that gave it. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** The broker's settings, and through them the defaults of every topic's. */
export class BrokerConfig {
  readonly #overrides: ReadonlyMap<string, string>;

  /** Throws ConfigException for a name that is not known or a value that can't be. */
  constructor(overrides: Readonly<Record<string, string>> = {}) {
    const given = new Map(Object.entries(overrides));
    for (const [name, value] of given) {
      if (!Object.hasOwn(BROKER_PROPERTIES, name)) {
        throw new ConfigException(`The broker property ${name} is not known here`, {
          key: name,
          code: 'UNKNOWN_PROPERTY',
          hint: `Known are ${Object.keys(BROKER_PROPERTIES).join(', ')}.`,
        });
      }
      checkProperty(name, BROKER_PROPERTIES[name as BrokerPropertyName], value);
    }
    this.#overrides = given;
  }

  get(name: BrokerPropertyName): string {
    return (this.#overrides.get(name) ?? BROKER_PROPERTIES[name].default).trim();
  }

  number(name: BrokerPropertyName): number {
    return Number(this.get(name));
  }

  boolean(name: BrokerPropertyName): boolean {
    return this.get(name).toLowerCase() === 'true';
  }

  /** Where a broker property's value comes from. */
  source(name: BrokerPropertyName): number {
    return this.#overrides.has(name) ? CONFIG_SOURCES.staticBroker : CONFIG_SOURCES.default;
  }

  /** Every place that has a say in a topic's setting, the one that holds first (KIP-226's synonyms). */
  topicSettings(name: TopicPropertyName, ofTopic: ReadonlyMap<string, string>): Setting[] {
    const settings: Setting[] = [];
    const own = ofTopic.get(name);
    if (own !== undefined) settings.push({ name, value: own.trim(), source: CONFIG_SOURCES.topic });
    const places = (TOPIC_DEFAULTS[name] ?? []).filter((place) => this.get(place.name) !== '');
    const given = places.filter((place) => this.#overrides.has(place.name));
    for (const { name: place, factor } of given) {
      settings.push({ name: place, value: this.#inUnit(place, factor), source: CONFIG_SOURCES.staticBroker });
    }
    const byDefault = places.at(-1);
    settings.push(
      byDefault && given.length === 0
        ? {
            name: byDefault.name,
            value: this.#inUnit(byDefault.name, byDefault.factor),
            source: CONFIG_SOURCES.default,
          }
        : { name: byDefault?.name ?? name, value: TOPIC_PROPERTIES[name].default, source: CONFIG_SOURCES.default },
    );
    return settings;
  }

  #inUnit(name: BrokerPropertyName, factor = 1): string {
    const value = this.get(name);
    // -1 means "no limit" in every unit.
    return factor === 1 || Number(value) < 0 ? value : String(Number(value) * factor);
  }

  logConfig(ofTopic: ReadonlyMap<string, string>): LogConfig {
    return logConfigOf((name) => (this.topicSettings(name, ofTopic)[0] as Setting).value);
  }
}

/** Throws ConfigException for a name that no topic has or a value that can't be. */
export function checkTopicConfig(name: string, value: string): void {
  if (!Object.hasOwn(TOPIC_PROPERTIES, name)) {
    throw new ConfigException(`Unknown topic config name: ${name}`, {
      key: name,
      code: 'UNKNOWN_PROPERTY',
      hint: `Known are ${Object.keys(TOPIC_PROPERTIES).join(', ')}.`,
    });
  }
  checkProperty(name, TOPIC_PROPERTIES[name as TopicPropertyName], value);
}
