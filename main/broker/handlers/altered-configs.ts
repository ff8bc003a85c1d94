import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { checkTopicConfig } from '../config/broker-config.ts';
import type { Topic, Topics } from '../metadata/topics.ts';

const TOPIC = 2;

/** The topic that a request to alter settings names. Throws ApiException for anything else. */
export function topicOfResource(topics: Topics, resourceType: number, resourceName: string): Topic {
  if (resourceType !== TOPIC) {
    throw new ApiException(
      Errors.INVALID_REQUEST,
      'Only settings of topics can be altered; those of the broker are given at its start (--override)',
    );
  }
  const topic = topics.get(resourceName);
  if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
  return topic;
}

/** The same map when every setting can be. Throws ConfigException. */
export function checkedConfigs(configs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const [name, value] of configs) checkTopicConfig(name, value);
  return configs;
}
