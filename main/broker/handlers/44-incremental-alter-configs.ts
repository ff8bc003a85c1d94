import { ApiException, Errors, incrementalAlterConfigs } from '../../protocol/messages/index.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { listOf } from '../config/property.ts';
import { TOPIC_PROPERTIES, type TopicPropertyName } from '../config/topic-properties.ts';
import type { Topic, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { checkedConfigs, topicOfResource } from './altered-configs.ts';
import { answerOf } from './answer-of.ts';

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

interface Change {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

export const incrementalAlterConfigsHandler = (topics: Topics, config: BrokerConfig) =>
  handler<typeof incrementalAlterConfigs>({
    api: incrementalAlterConfigs,
    gap: 'Topics only: the broker’s own properties are given at its start.',
    async handle(request) {
      const responses = [];
      for (const { resourceType, resourceName, configs } of request.resources) {
        const answer = await answerOf(async () => {
          const topic = topicOfResource(topics, resourceType, resourceName);
          if (new Set(configs.map(({ name }) => name)).size < configs.length) {
            throw new ApiException(Errors.INVALID_REQUEST, 'Error due to duplicate config keys');
          }
          const changed = checkedConfigs(apply(config, topic, configs));
          if (!request.validateOnly) await topics.setConfigs(topic.name, changed);
        });
        responses.push({ resourceType, resourceName, ...answer });
      }
      return { responses };
    },
  });

function apply(config: BrokerConfig, topic: Topic, changes: readonly Change[]): Map<string, string> {
  const result = new Map(topic.configs);
  for (const { name, configOperation, value } of changes) {
    if (configOperation === DELETE) {
      result.delete(name);
      continue;
    }
    if (value === null)
      throw new ApiException(Errors.INVALID_CONFIG, `Null value not supported for the setting ${name}`);
    if (configOperation === SET) {
      result.set(name, value);
      continue;
    }
    const isList = Object.hasOwn(TOPIC_PROPERTIES, name) && TOPIC_PROPERTIES[name as TopicPropertyName].type === 'list';
    if (!isList || (configOperation !== APPEND && configOperation !== SUBTRACT)) {
      throw new ApiException(
        Errors.INVALID_CONFIG,
        `Can't ${configOperation === APPEND ? 'append to' : 'subtract from'} ${name}: it is no list`,
      );
    }
    const now = listOf(config.topicSettings(name as TopicPropertyName, result)[0]?.value ?? '');
    const named = listOf(value);
    const next =
      configOperation === APPEND
        ? [...now, ...named.filter((item) => !now.includes(item))]
        : now.filter((item) => !named.includes(item));
    result.set(name, next.join(','));
  }
  return result;
}
