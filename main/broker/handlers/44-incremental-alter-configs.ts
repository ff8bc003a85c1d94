import { ApiException, Errors, incrementalAlterConfigs } from '../../protocol/messages/index.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { listOf } from '../config/property.ts';
import { TOPIC_PROPERTIES, type TopicPropertyName } from '../config/topic-properties.ts';
import type { TopicConfigs, Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { checkedConfigs, nullValue, topicOfResource } from './altered-configs.ts';
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
      const named = request.resources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`);
      for (const [i, resource] of request.resources.entries()) {
        const { resourceType, resourceName, configs } = resource;
        const answer = await answerOf(async () => {
          if (named.indexOf(named[i]!) !== named.lastIndexOf(named[i]!)) {
            throw new ApiException(Errors.INVALID_REQUEST, 'Each resource must appear at most once.');
          }
          const topic = topicOfResource(topics, config.number('node.id'), resource);
          const nulls = configs.filter(({ configOperation, value }) => configOperation !== DELETE && value === null);
          if (nulls.length > 0) throw nullValue(nulls.map(({ name }) => name));
          const change = (now: TopicConfigs) => checkedConfigs(apply(config, now, configs));
          if (request.validateOnly) change(topic.configs);
          else await topics.changeConfigs(topic.name, change);
        });
        responses.push({ resourceType, resourceName, ...answer });
      }
      return { responses };
    },
  });

function apply(config: BrokerConfig, now: TopicConfigs, changes: readonly Change[]): Map<string, string> {
  const result = new Map(now);
  for (const { name, configOperation, value } of changes) {
    if (configOperation === DELETE) {
      result.delete(name);
      continue;
    }
    if (configOperation === SET) {
      result.set(name, value ?? '');
      continue;
    }
    const isList = Object.hasOwn(TOPIC_PROPERTIES, name) && TOPIC_PROPERTIES[name as TopicPropertyName].type === 'list';
    if (!isList || (configOperation !== APPEND && configOperation !== SUBTRACT)) {
      throw new ApiException(
        Errors.INVALID_CONFIG,
        `Can't ${configOperation === APPEND ? 'APPEND' : 'SUBTRACT'} to key ${name} because its type is not LIST.`,
      );
    }
    const list = listOf(config.topicValue(name as TopicPropertyName, result));
    const named = listOf(value ?? '');
    const next =
      configOperation === APPEND
        ? [...list, ...named.filter((item) => !list.includes(item))]
        : list.filter((item) => !named.includes(item));
    result.set(name, next.join(','));
  }
  return result;
}
