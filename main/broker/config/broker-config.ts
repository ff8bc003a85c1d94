import { closestName } from '../../../common/closest-name.ts';
import { ConfigException } from '../../../common/errors.ts';
import type { LogConfig } from '../log/log-config.ts';
import { BROKER_PROPERTIES, type BrokerPropertyName, TOPIC_DEFAULTS } from './broker-properties.ts';
import { IDLE_BROKER_PROPERTIES, type IdleProperty } from './idle-broker-properties.ts';
import { CONFIG_SOURCES, checkProperty } from './property.ts';
import { refusalOf } from './refused-broker-properties.ts';
import { logConfigOf, TOPIC_PROPERTIES, TOPIC_PROPERTY_GAPS, type TopicPropertyName } from './topic-properties.ts';

/** A value that holds, and the name and place that gave it. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** The broker's settings, and through them the defaults of every topic's. */
export class BrokerConfig {
  readonly #overrides: ReadonlyMap<string, string>;
  /** What was given and changes nothing, with the reason. */
  readonly idle: ReadonlyMap<string, string>;

  /**
   * Throws ConfigException for a name that is not known (UNKNOWN_PROPERTY), a property that can't be had here
   * (REFUSED_PROPERTY) and a value that can't be.
   */
  constructor(overrides: Readonly<Record<string, string>> = {}) {
    const served = new Map<string, string>();
    const idle = new Map<string, string>();
    for (const [name, value] of Object.entries(overrides)) {
      const reason = Object.hasOwn(BROKER_PROPERTIES, name)
        ? idleDefaultOf(name)
        : reasonOfUnserved(name, value, IDLE_BROKER_PROPERTIES.get(name));
      if (reason !== undefined) idle.set(name, reason);
      if (!Object.hasOwn(BROKER_PROPERTIES, name)) continue;
      checkProperty(name, BROKER_PROPERTIES[name as BrokerPropertyName], value);
      served.set(name, value);
    }
    this.#overrides = served;
    this.idle = idle;
  }

  /** Whether somebody set it. */
  isSet(name: BrokerPropertyName): boolean {
    return this.#overrides.has(name);
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

/** Of a property that gives topics a default which changes nothing. */
function idleDefaultOf(name: string): string | undefined {
  const topicProperty = (Object.keys(TOPIC_DEFAULTS) as TopicPropertyName[]).find((each) =>
    TOPIC_DEFAULTS[each]?.some((place) => place.name === name),
  );
  return topicProperty && TOPIC_PROPERTY_GAPS[topicProperty];
}

function reasonOfUnserved(name: string, value: string, idle: IdleProperty | undefined): string {
  if (idle) {
    checkProperty(name, { type: idle.type, default: '', doc: '' }, value);
    return idle.reason;
  }
  const refusal = refusalOf(name, value);
  if (refusal === undefined) throw unknown(name);
  if (refusal === 'as it is') return 'it is so anyway';
  throw new ConfigException(`The broker property ${name} can't be set here: ${refusal.why}`, {
    key: name,
    code: 'REFUSED_PROPERTY',
    hint: refusal.cure,
  });
}

function unknown(name: string): ConfigException {
  const ofTopics = TOPIC_DEFAULTS[name as TopicPropertyName]?.[0]?.name;
  const meant = closestName(name, [...Object.keys(BROKER_PROPERTIES), ...IDLE_BROKER_PROPERTIES.keys()]);
  const hint = Object.hasOwn(TOPIC_PROPERTIES, name)
    ? `It is a property of topics${ofTopics ? `; their default is the broker's ${ofTopics}` : ''}.`
    : meant
      ? `Is ${meant} meant?`
      : 'docs/kafka-compatibility.md lists those that are.';
  return new ConfigException(`The broker property ${name} is not known`, { key: name, code: 'UNKNOWN_PROPERTY', hint });
}
