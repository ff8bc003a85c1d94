import { describeConfigs, Errors } from '../../protocol/messages/index.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { topicNameError } from '../metadata/topic-names.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import {
  type DescribedConfig,
  describeBrokerConfigs,
  describeBrokerDefaults,
  describeTopicConfigs,
} from './config-entries.ts';

const TOPIC = 2;
const BROKER = 4;

/** Resources and their settings in the order in which they were asked for: kafkajs reads them by position. */
export const describeConfigsHandler = (topics: Topics, config: BrokerConfig) =>
  handler<typeof describeConfigs>({
    api: describeConfigs,
    gap: 'Topics and the broker; broker loggers, client metrics and groups have no settings here.',
    handle: (request) => ({
      results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
        const resource = { resourceType, resourceName };
        const refused = (errorCode: number, errorMessage: string) => ({
          ...resource,
          errorCode,
          errorMessage,
          configs: [],
        });
        let all: DescribedConfig[];
        if (resourceType === TOPIC) {
          const topic = topics.get(resourceName);
          if (!topic) {
            const error = topicNameError(resourceName);
            return refused(error?.errorCode ?? Errors.UNKNOWN_TOPIC_OR_PARTITION, error?.message ?? '');
          }
          all = describeTopicConfigs(config, topic.configs);
        } else if (resourceType === BROKER) {
          const nodeId = config.number('node.id');
          if (!/^([+-]?\d+)?$/.test(resourceName)) {
            return refused(Errors.INVALID_REQUEST, `Broker id must be an integer, but it is: ${resourceName}`);
          }
          if (resourceName !== '' && Number(resourceName) !== nodeId) {
            return refused(
              Errors.INVALID_REQUEST,
              `Unexpected broker id, expected ${nodeId} or empty string, but received ${resourceName}`,
            );
          }
          all = resourceName === '' ? describeBrokerDefaults(config) : describeBrokerConfigs(config);
        } else {
          return refused(Errors.INVALID_REQUEST, `Resources of type ${resourceType} have no settings on this broker`);
        }
        const asked = configurationKeys?.length
          ? [...new Set(configurationKeys)]
              .map((name) => all.find((one) => one.name === name))
              .filter((one) => one !== undefined)
          : all;
        return {
          ...resource,
          errorCode: Errors.NONE,
          errorMessage: '',
          configs: asked.map((one) => ({
            name: one.name,
            value: one.value,
            readOnly: one.readOnly,
            configSource: one.source,
            isSensitive: one.sensitive,
            synonyms: request.includeSynonyms
              ? one.synonyms.map(({ name, value, source }) => ({ name, value, source }))
              : [],
            configType: one.type,
            documentation: request.includeDocumentation ? one.doc : null,
          })),
        };
      }),
    }),
  });
