import { ConfigException } from '../../../common/errors.ts';
import { type ConfigDef, type ConfigKeys, configDef } from '../api/config-def.ts';
import { embedKeys } from '../api/config-infos.ts';
import { valueText } from '../api/config-types.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap } from '../api/connector.ts';
import { compilePattern } from '../api/regex/regex-validator.ts';
import {
  atLeast,
  caseInsensitiveValidString,
  compositeValidator,
  nonEmptyString,
  nonNull,
  validator,
} from '../api/validators.ts';
import { CONNECTOR_KEYS } from './connector-config.ts';
import type { TopicCreationGroup } from './topic-creation.ts';

const TOPIC_CREATION = 'topic.creation.';

/** The keys that every source connector has. Java: `SourceConnectorConfig`. */
export const SOURCE_KEYS = {
  ...CONNECTOR_KEYS,
  'topic.creation.groups': {
    type: 'LIST',
    default: [],
    validator: compositeValidator(
      nonNull(),
      validator((name, value) => {
        const items = value as readonly string[];
        if (new Set(items).size !== items.length)
          throw ConfigException.invalidValue(name, valueText(value), 'Duplicate alias provided.');
      }, 'unique topic creation groups'),
    ),
    importance: 'LOW',
    doc: 'Names of groups of settings for topics that this connector creates; each has its settings under topic.creation.<name>.',
    group: 'Topic Creation',
    order: 1,
    width: 'LONG',
    displayName: 'Topic Creation Groups',
  },
  'exactly.once.support': {
    type: 'STRING',
    default: 'requested',
    validator: caseInsensitiveValidString('required', 'requested'),
    importance: 'MEDIUM',
    doc: 'requested or required. Of no effect here, as in every standalone worker: delivery is at least once.',
    group: 'Exactly Once Support',
    order: 2,
    width: 'SHORT',
    displayName: 'Exactly once support',
  },
  'transaction.boundary': {
    type: 'STRING',
    default: 'poll',
    validator: caseInsensitiveValidString('interval', 'poll', 'connector'),
    importance: 'MEDIUM',
    doc: 'poll, interval or connector: when a transaction would end. Of no effect in a standalone worker.',
    group: 'Exactly Once Support',
    order: 3,
    width: 'SHORT',
    displayName: 'Transaction Boundary',
  },
  'transaction.boundary.interval.ms': {
    type: 'LONG',
    default: null,
    validator: validator((name, value) => {
      if (value !== null) atLeast(0n).ensureValid(name, value);
    }, '[0,...]'),
    importance: 'LOW',
    doc: 'With transaction.boundary=interval, how often a transaction would end. Of no effect in a standalone worker.',
    group: 'Exactly Once Support',
    order: 4,
    width: 'SHORT',
    displayName: 'Transaction boundary interval',
  },
  'offsets.storage.topic': {
    type: 'STRING',
    default: null,
    validator: nonEmptyString(),
    importance: 'LOW',
    doc: 'A topic for the source offsets in distributed workers. Of no effect here: offsets are in the worker’s SQLite file.',
    group: 'offsets.topic',
    order: 1,
    width: 'LONG',
    displayName: 'Offsets topic',
  },
} as const satisfies ConfigKeys;

export const SOURCE_CONFIG = configDef(SOURCE_KEYS);

const replicationFactor = validator((name, value) => {
  if (value !== -1 && (value as number) < 1)
    throw ConfigException.invalidValue(
      name,
      value,
      "Replication factor must be positive and not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default",
    );
}, "Positive number not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default");

const partitions = validator((name, value) => {
  if (value !== -1 && (value as number) < 1)
    throw ConfigException.invalidValue(
      name,
      value,
      "Number of partitions must be positive, or -1 to use the broker's default",
    );
}, "Positive number, or -1 to use the broker's default");

const regexes = validator((name, value) => {
  for (const pattern of value as readonly string[]) compilePattern(name, pattern);
}, 'list of regular expressions');

/** Java: `TopicCreationConfig`; without defaults it is the group `default`, whose settings are required. */
function groupConfig(name: string, defaults: { replicationFactor?: number; partitions?: number }): ConfigDef {
  const isDefault = name === 'default';
  const patterns: ConfigKeys = {
    include: {
      type: 'LIST',
      default: [],
      validator: regexes,
      importance: 'LOW',
      doc: 'Regular expressions for the names of the topics that this group is for.',
      width: 'LONG',
      displayName: `Inclusion Topic Pattern for ${name}`,
    },
    exclude: {
      type: 'LIST',
      default: [],
      validator: regexes,
      importance: 'LOW',
      doc: 'Regular expressions for the names of topics that this group is not for, whatever include says.',
      width: 'LONG',
      displayName: `Exclusion Topic Pattern for ${name}`,
    },
  };
  return configDef({
    ...(isDefault ? {} : patterns),
    'replication.factor': {
      type: 'SHORT',
      default: defaults.replicationFactor,
      validator: replicationFactor,
      importance: 'LOW',
      doc: "The number of copies of new topics; -1 is the broker's default.",
      width: 'LONG',
      displayName: `Replication Factor for Topics in ${name}`,
    },
    partitions: {
      type: 'INT',
      default: defaults.partitions,
      validator: partitions,
      importance: 'LOW',
      doc: "The number of partitions of new topics; -1 is the broker's default.",
      width: 'LONG',
      displayName: `Partition Count for Topics in ${name}`,
    },
  });
}

export function usesTopicCreation(config: ConfigMap): boolean {
  return Object.keys(config).some((key) => key.startsWith(TOPIC_CREATION));
}

/** The keys of the configured topic creation groups; none when the connector leaves creation to the broker. */
export function topicCreationKeys(config: ConfigMap): ConfigKeys {
  if (!usesTopicCreation(config)) return {};
  const keys: Record<string, ConfigKeys[string]> = { ...embedGroup('default', {}) };
  for (const group of groupNames(config)) Object.assign(keys, embedGroup(group, defaultsOf(config)));
  return keys;
}

/** Parsed and ready for use; throws ConfigException. */
export function topicCreationGroups(config: ConfigMap): TopicCreationGroup[] {
  if (!usesTopicCreation(config)) return [];
  const parsed: Readonly<Record<string, unknown>> = parseConfig(configDef(topicCreationKeys(config)), config);
  return [...groupNames(config), 'default'].map((name) => {
    const prefix = `${TOPIC_CREATION}${name}.`;
    const patterns = (key: string) =>
      ((parsed[prefix + key] ?? []) as string[]).map((pattern) => compilePattern(prefix + key, pattern));
    return {
      name,
      include: name === 'default' ? 'all' : patterns('include'),
      exclude: patterns('exclude'),
      numPartitions: parsed[`${prefix}partitions`] as number,
      replicationFactor: parsed[`${prefix}replication.factor`] as number,
      configs: topicConfigs(config, prefix),
    };
  });
}

/** Everything else under the group's prefix is a setting of the topic: `topic.creation.default.retention.ms`. */
function topicConfigs(config: ConfigMap, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]): [string, string] => [key.slice(prefix.length), value])
      .filter(([key]) => !['include', 'exclude', 'replication.factor', 'partitions'].includes(key)),
  );
}

function embedGroup(name: string, defaults: { replicationFactor?: number; partitions?: number }): ConfigKeys {
  const group = name === 'default' ? 'default' : `Topic Creation: ${name}`;
  return embedKeys(`${TOPIC_CREATION}${name}.`, group, 0, groupConfig(name, defaults));
}

function groupNames(config: ConfigMap): string[] {
  const names = (config['topic.creation.groups'] ?? '').split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '' && name !== 'default');
}

/** What the groups fall back to; unreadable numbers are reported at the group `default` itself. */
function defaultsOf(config: ConfigMap): { replicationFactor: number; partitions: number } {
  const number = (key: string) => {
    const text = config[`${TOPIC_CREATION}default.${key}`]?.trim() ?? '';
    return /^-?\d+$/.test(text) ? Number(text) : -1;
  };
  return { replicationFactor: number('replication.factor'), partitions: number('partitions') };
}
