import type { BrokerConfig, Setting } from '../config/broker-config.ts';
import { BROKER_PROPERTIES, type BrokerPropertyName } from '../config/broker-properties.ts';
import { CONFIG_SOURCES, PROPERTY_TYPES } from '../config/property.ts';
import { TOPIC_PROPERTIES, type TopicPropertyName } from '../config/topic-properties.ts';

/** A setting as DescribeConfigs and CreateTopics show it. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string;
  readonly source: number;
  readonly readOnly: boolean;
  readonly synonyms: readonly Setting[];
  readonly type: number;
  readonly doc: string;
}

/** Every setting of a topic, with what was set for it and what the broker's defaults are. */
export function describeTopicConfigs(config: BrokerConfig, ofTopic: ReadonlyMap<string, string>): DescribedConfig[] {
  return (Object.keys(TOPIC_PROPERTIES) as TopicPropertyName[]).map((name) => {
    const synonyms = config.topicSynonyms(name, ofTopic);
    const value = config.topicValue(name, ofTopic);
    const source = synonyms[0]?.source ?? CONFIG_SOURCES.default;
    const { type, doc } = TOPIC_PROPERTIES[name];
    return { name, value, source, readOnly: false, synonyms, type: PROPERTY_TYPES[type], doc };
  });
}

/** The broker's own. They are given at its start and don't change while it runs. */
export function describeBrokerConfigs(config: BrokerConfig): DescribedConfig[] {
  return (Object.keys(BROKER_PROPERTIES) as BrokerPropertyName[]).map((name) => {
    const [value, source] = [config.get(name), config.source(name)];
    const { type, doc } = BROKER_PROPERTIES[name];
    return {
      name,
      value,
      source,
      readOnly: true,
      synonyms: [{ name, value, source }],
      type: PROPERTY_TYPES[type],
      doc,
    };
  });
}
