import type { BrokerConfig, Setting } from '../config/broker-config.ts';
import { BROKER_DEFINITIONS } from '../config/broker-definitions.ts';
import { updateModeOf } from '../config/dynamic-broker-properties.ts';
import { CONFIG_SOURCES, normalizedValue, PROPERTY_TYPES, type Property } from '../config/property.ts';
import { TOPIC_PROPERTIES, type TopicPropertyName } from '../config/topic-properties.ts';

/** A setting as DescribeConfigs and CreateTopics show it. */
export interface DescribedConfig {
  readonly name: string;
  /** null: it has none, or it is a secret */
  readonly value: string | null;
  readonly source: number;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  readonly synonyms: readonly Setting[];
  readonly type: number;
  readonly doc: string | null;
}

const UNKNOWN_TYPE = 0;

/** Every setting of a topic, with what was set for it and what the broker's defaults are. */
export function describeTopicConfigs(config: BrokerConfig, ofTopic: ReadonlyMap<string, string>): DescribedConfig[] {
  return (Object.keys(TOPIC_PROPERTIES) as TopicPropertyName[]).map((name) => {
    const synonyms = config.topicSynonyms(name, ofTopic);
    return {
      ...described(name, config.topicValue(name, ofTopic), synonyms, TOPIC_PROPERTIES[name]),
      readOnly: false,
    };
  });
}

/** Every setting of the broker: those that are known, and what else was given to it. */
export function describeBrokerConfigs(config: BrokerConfig): DescribedConfig[] {
  const { inForce } = config;
  const names = [...BROKER_DEFINITIONS.keys(), ...[...inForce.keys()].filter((name) => !BROKER_DEFINITIONS.has(name))];
  return names
    .filter((name) => inForce.has(name) || !INTERNAL.has(name))
    .map((name) => {
      const definition = BROKER_DEFINITIONS.get(name);
      return described(name, config.value(name), config.synonyms(name), definition);
    });
}

/** What was set for every broker. */
export function describeBrokerDefaults(config: BrokerConfig): DescribedConfig[] {
  return [...config.dynamic.defaults].map(([name, value]) => {
    const synonyms = config.synonyms(name).filter(({ source }) => source === CONFIG_SOURCES.dynamicDefaultBroker);
    return described(name, value, synonyms, BROKER_DEFINITIONS.get(name));
  });
}

/** Kafka's tests alone set them: shown only where somebody has. Java: `ConfigDef.ConfigKey.internalConfig`. */
const INTERNAL = new Set(
  `controller.performance.always.log.threshold.ms controller.performance.sample.period.ms
  group.consumer.regex.refresh.interval.ms group.share.initialize.retry.interval.ms group.share.persister.class.name
  internal.metadata.delete.delay.millis internal.metadata.log.segment.bytes internal.metadata.max.batch.size.in.bytes
  log.initial.task.delay.ms producer.id.expiration.check.interval.ms remote.log.index.file.cache.ttl.ms
  remote.log.manager.task.retry.backoff.max.ms remote.log.manager.task.retry.backoff.ms
  remote.log.manager.task.retry.jitter server.max.startup.time.ms share.coordinator.cold.partition.snapshot.interval.ms
  share.coordinator.state.topic.prune.interval.ms unclean.leader.election.interval.ms unstable.api.versions.enable
  unstable.feature.versions.enable`.split(/\s+/),
);

/** A property that nobody knows may be a secret. */
function described(
  name: string,
  value: string | null,
  synonyms: readonly Setting[],
  definition: Property | undefined,
): DescribedConfig {
  const sensitive = definition === undefined || definition.type === 'password';
  return {
    name,
    value: value === null || sensitive ? null : normalizedValue(definition, value),
    source: synonyms[0]?.source ?? CONFIG_SOURCES.default,
    readOnly: updateModeOf(name) === 'read-only',
    sensitive,
    synonyms,
    type: definition ? PROPERTY_TYPES[definition.type] : UNKNOWN_TYPE,
    doc: definition?.doc ?? null,
  };
}
