import { closestName } from '../../../common/closest-name.ts';
import { ConfigException } from '../../../common/errors.ts';
import type { LogConfig } from '../log/log-config.ts';
import { BROKER_DEFINITIONS, synonymsOf } from './broker-definitions.ts';
import { BROKER_PROPERTIES, type BrokerPropertyName, TOPIC_DEFAULTS } from './broker-properties.ts';
import { IDLE_BROKER_PROPERTIES } from './idle-broker-properties.ts';
import { CONFIG_SOURCES, checkProperty } from './property.ts';
import { refusalOf } from './refused-broker-properties.ts';
import { logConfigOf, TOPIC_PROPERTIES, TOPIC_PROPERTY_GAPS, type TopicPropertyName } from './topic-properties.ts';

/** A value that holds, and the name and place that gave it; null where the value is a secret. */
export interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

/** What was changed while a broker ran: for it alone, and for every broker (KIP-226). */
export interface DynamicSettings {
  readonly broker: ReadonlyMap<string, string>;
  readonly defaults: ReadonlyMap<string, string>;
}

const NOTHING_CHANGED: DynamicSettings = { broker: new Map(), defaults: new Map() };

/** The broker's settings, and through them the defaults of every topic's. */
export class BrokerConfig {
  /** Given at the start. */
  #static: ReadonlyMap<string, string>;
  #dynamic = NOTHING_CHANGED;
  #inForce: ReadonlyMap<string, string>;
  /** What was given and changes nothing, with the reason. */
  readonly idle: ReadonlyMap<string, string>;

  /**
   * Throws ConfigException for a name that is not known (UNKNOWN_PROPERTY), a property that can't be had here
   * (REFUSED_PROPERTY) and a value that can't be.
   */
  constructor(overrides: Readonly<Record<string, string>> = {}) {
    const given = new Map([['node.id', '1'], ...Object.entries(overrides)]);
    const idle = new Map<string, string>();
    for (const [name, value] of given) {
      const reason = Object.hasOwn(BROKER_PROPERTIES, name) ? idleDefaultOf(name) : reasonOfUnserved(name, value);
      if (reason !== undefined) idle.set(name, reason);
      const definition = BROKER_DEFINITIONS.get(name);
      if (definition) checkProperty(name, definition, value);
    }
    this.#static = given;
    this.#inForce = given;
    this.idle = idle;
    const name = 'max.connections.per.ip';
    if (this.number(name) === 0 && this.get(`${name}.overrides`) === '')
      throw new ConfigException(`${name} can be set to zero only if ${name}.overrides property is set.`, { key: name });
  }

  /** What the broker knows of itself once it has started (its port, its folder) is shown as if it had been given. */
  state(facts: Readonly<Record<string, string>>): void {
    this.#static = new Map([...this.#static, ...Object.entries(facts)]);
    this.setDynamic(this.#dynamic);
  }

  /** What was changed while the broker ran is in force from now on, and nothing else of it. */
  setDynamic(dynamic: DynamicSettings): void {
    this.#dynamic = dynamic;
    this.#inForce = overlaid([this.#static, dynamic.defaults, dynamic.broker]);
  }

  get dynamic(): DynamicSettings {
    return this.#dynamic;
  }

  /** The same with other settings for this broker or for every one. */
  changed(scope: keyof DynamicSettings, settings: ReadonlyMap<string, string>): BrokerConfig {
    const changed = new BrokerConfig();
    changed.#static = this.#static;
    changed.setDynamic({ ...this.#dynamic, [scope]: settings });
    return changed;
  }

  /** What somebody has set, without defaults; of synonyms the one that holds. */
  get inForce(): ReadonlyMap<string, string> {
    return this.#inForce;
  }

  /** Whether somebody set it. */
  isSet(name: BrokerPropertyName): boolean {
    return this.#inForce.has(name);
  }

  /** Empty where it was not set and has no default. */
  get(name: BrokerPropertyName): string {
    return (this.#inForce.get(name) ?? BROKER_PROPERTIES[name].default ?? '').trim();
  }

  /** Of any property, also of one that has no effect; null where there is none. */
  value(name: string): string | null {
    return this.#inForce.get(name) ?? BROKER_DEFINITIONS.get(name)?.default ?? null;
  }

  number(name: BrokerPropertyName): number {
    return Number(this.get(name));
  }

  boolean(name: BrokerPropertyName): boolean {
    return this.get(name).toLowerCase() === 'true';
  }

  /** What holds for a topic's setting. */
  topicValue(name: TopicPropertyName, ofTopic: ReadonlyMap<string, string>): string {
    const own = ofTopic.get(name);
    if (own !== undefined) return own.trim();
    const places = (TOPIC_DEFAULTS[name] ?? []).filter((place) => this.get(place.name) !== '');
    const place = places.find((each) => this.isSet(each.name)) ?? places.at(-1);
    return place ? this.#inUnit(place.name, place.factor) : TOPIC_PROPERTIES[name].default;
  }

  /** Places that have a say in a topic's setting, the first goes first: the topic itself, then the broker's property. */
  topicSynonyms(name: TopicPropertyName, ofTopic: ReadonlyMap<string, string>): Setting[] {
    const own = ofTopic.get(name);
    const place = TOPIC_DEFAULTS[name]?.[0]?.name;
    return [
      ...(own === undefined ? [] : [{ name, value: own.trim(), source: CONFIG_SOURCES.topic }]),
      ...(place === undefined ? [] : this.synonyms(place)),
    ];
  }

  /**
   * Places that have a say in a property of the broker, by its own name and others, the first goes first; those that
   * would go before its own name are left out. Java: `ConfigHelper.configSynonyms`.
   */
  synonyms(name: string): Setting[] {
    const isSecret = (BROKER_DEFINITIONS.get(name)?.type ?? 'password') === 'password';
    const at = (settings: ReadonlyMap<string, string | null>, source: number): Setting[] =>
      synonymsOf(name).flatMap((each) => {
        const value = settings.get(each) ?? null;
        return value === null ? [] : [{ name: each, value: isSecret ? null : value, source }];
      });
    const all = [
      ...at(this.#dynamic.broker, CONFIG_SOURCES.dynamicBroker),
      ...at(this.#dynamic.defaults, CONFIG_SOURCES.dynamicDefaultBroker),
      ...at(this.#static, CONFIG_SOURCES.staticBroker),
      ...at(DEFAULTS, CONFIG_SOURCES.default),
    ];
    const first = all.findIndex((each) => each.name === name);
    return first < 0 ? [] : all.slice(first);
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

const DEFAULTS: ReadonlyMap<string, string | null> = new Map(
  [...BROKER_DEFINITIONS].map(([name, it]) => [name, it.default]),
);

/** Each layer goes before those in front of it, with all names under which it sets something. */
function overlaid([first, ...others]: readonly [ReadonlyMap<string, string>, ...ReadonlyMap<string, string>[]]) {
  const result = new Map(first);
  for (const layer of others) {
    for (const [name, value] of layer) {
      for (const synonym of synonymsOf(name)) result.delete(synonym);
      result.set(name, value);
    }
  }
  return result;
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

function reasonOfUnserved(name: string, value: string): string {
  const idle = IDLE_BROKER_PROPERTIES.get(name);
  if (idle !== undefined) return idle;
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
