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

  /** What holds for a topic's setting. */
  topicValue(name: TopicPropertyName, ofTopic: ReadonlyMap<string, string>): string {
    const own = ofTopic.get(name);
    if (own !== undefined) return own.trim();
    const places = (TOPIC_DEFAULTS[name] ?? []).filter((place) => this.get(place.name) !== '');
    const place = places.find((each) => this.#overrides.has(each.name)) ?? places.at(-1);
    return place ? this.#inUnit(place.name, place.factor) : TOPIC_PROPERTIES[name].default;
  }

  /**
   * Places that have a say in a topic's setting, as Kafka lists them (KIP-226's synonyms): the topic itself, and the
   * broker's property in the same unit where it is set or has a default. Others (`log.retention.hours`) it leaves out.
   */
  topicSynonyms(name: TopicPropertyName, ofTopic: ReadonlyMap<string, string>): Setting[] {
    const settings: Setting[] = [];
    const own = ofTopic.get(name);
    if (own !== undefined) settings.push({ name, value: own.trim(), source: CONFIG_SOURCES.topic });
    const place = TOPIC_DEFAULTS[name]?.[0]?.name;
    if (place === undefined) return settings;
    if (this.#overrides.has(place)) {
      settings.push({ name: place, value: this.get(place), source: CONFIG_SOURCES.staticBroker });
    }
    const value: string = BROKER_PROPERTIES[place].default;
    if (value !== '') settings.push({ name: place, value, source: CONFIG_SOURCES.default });
    return settings;
  }

  #inUnit(name: BrokerPropertyName, factor = 1): string {
    const value = this.get(name);
    // -1 means "no limit" in every unit.
    return factor === 1 || Number(value) < 0 ? value : String(Number(value) * factor);
  }

  logConfig(ofTopic: ReadonlyMap<string, string>): LogConfig {
    return logConfigOf((name) => this.topicValue(name, ofTopic));
  }
}

/** Throws ConfigException for a name that no topic has, a value that can't be and values that contradict each other. */
export function checkTopicConfigs(configs: ReadonlyMap<string, string>): void {
  for (const [name, value] of configs) checkTopicConfig(name, value);
  const of = (name: TopicPropertyName) => (configs.get(name) ?? TOPIC_PROPERTIES[name].default).trim();
  const [least, most] = [of('min.compaction.lag.ms'), of('max.compaction.lag.ms')];
  if (BigInt(least) > BigInt(most)) {
    throw new ConfigException(
      `conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`,
      { key: 'min.compaction.lag.ms' },
    );
  }
  if (of('remote.storage.enable').toLowerCase() === 'true') {
    throw new ConfigException(
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
      { key: 'remote.storage.enable' },
    );
  }
}

function checkTopicConfig(name: string, value: string): void {
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
