import { type ConfigKeys, configDef } from '../api/config-def.ts';
import type { ConfigValue } from '../api/config-validation.ts';
import type { ConfigMap } from '../api/connector.ts';
import { compilePattern, validRegex } from '../api/regex/regex-validator.ts';
import { anyNonDuplicateValues } from '../api/validators.ts';
import { CONNECTOR_KEYS } from './connector-config.ts';

export const DLQ_TOPIC = 'errors.deadletterqueue.topic.name';

/** The keys that every sink connector has. Java: `SinkConnectorConfig`. */
export const SINK_KEYS = {
  ...CONNECTOR_KEYS,
  topics: {
    type: 'LIST',
    default: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'HIGH',
    doc: 'The topics to read, separated by commas. Either this or topics.regex.',
    group: 'Common',
    order: 4,
    width: 'LONG',
    displayName: 'Topics',
  },
  'topics.regex': {
    type: 'STRING',
    default: '',
    validator: validRegex(),
    importance: 'HIGH',
    doc: 'A regular expression that the names of the topics to read match as a whole. Either this or topics.',
    group: 'Common',
    order: 4,
    width: 'LONG',
    displayName: 'Topics regex',
  },
  [DLQ_TOPIC]: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'The topic to which records go that this connector, its converters or its transformations fail on. Empty: none.',
    group: 'Error Handling',
    order: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'SHORT',
    default: 3,
    importance: 'MEDIUM',
    doc: 'The number of copies of that topic, should it have to be created; 1 where there is one broker.',
    group: 'Error Handling',
    order: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Whether headers that begin with __connect.errors. say where and why the record failed.',
    group: 'Error Handling',
    order: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
  },
} as const satisfies ConfigKeys;

export const SINK_CONFIG = configDef(SINK_KEYS);

/** What holds between several keys of a sink; adds to the values' errors. Java: `SinkConnectorConfig.validate`. */
export function validateSinkConfig(config: ConfigMap, values: ReadonlyMap<string, ConfigValue>): void {
  const say = (key: 'topics' | 'topics.regex', message: string) => values.get(key)?.errors.push(message);
  const topics = parseTopicsList(config);
  const regex = config['topics.regex'] ?? '';
  const [hasTopics, hasRegex] = [isSet(config.topics), isSet(regex)];
  if (hasTopics === hasRegex) {
    const message = hasTopics
      ? 'topics and topics.regex are mutually exclusive options, but both are set.'
      : 'Must configure one of topics or topics.regex';
    say('topics', message);
    say('topics.regex', message);
  }
  const dlq = (config[DLQ_TOPIC] ?? '').trim();
  if (dlq === '') return;
  if (hasTopics && topics.includes(dlq)) {
    say(
      'topics',
      `The DLQ topic '${dlq}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
    );
  }
  if (
    hasRegex &&
    values.get('topics.regex')?.errors.length === 0 &&
    compilePattern('topics.regex', regex).matches(dlq)
  ) {
    say(
      'topics.regex',
      `The DLQ topic '${dlq}' may not be matched by the regex for the topics ('topics.regex=${regex}') consumed by the connector`,
    );
  }
}

export function parseTopicsList(config: ConfigMap): string[] {
  const topics = (config.topics ?? '').split(',').map((topic) => topic.trim());
  return [...new Set(topics)].filter((topic) => topic !== '');
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
