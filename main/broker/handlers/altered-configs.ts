import { ApiException, Errors } from '../../protocol/messages/index.ts';
import { checkTopicConfigs } from '../config/broker-config.ts';
import { topicNameError } from '../metadata/topic-names.ts';
import type { Topic, Topics } from '../metadata/topics.ts';

const TOPIC = 2;
const BROKER = 4;

export interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/**
 * The topic that a request to alter settings names. Java: `ConfigAdminManager.preprocess`.
 *
 * @throws ApiException for anything else: the broker's own properties are given at its start
 */
export function topicOfResource(topics: Topics, nodeId: number, resource: AlteredResource): Topic {
  const { resourceType, resourceName, configs } = resource;
  const refuse = (message: string) => new ApiException(Errors.INVALID_REQUEST, message);
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) throw refuse('Error due to duplicate config keys');
  if (resourceType === BROKER) throw refuse(ofBroker(nodeId, resourceName, names));
  if (resourceType !== TOPIC) throw refuse(`Unknown resource type ${resourceType}`);
  if (resourceName === '') throw refuse('Default topic resources are not allowed.');
  const unreal = topicNameError(resourceName);
  if (unreal) throw unreal;
  const topic = topics.get(resourceName);
  if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
  return topic;
}

function ofBroker(nodeId: number, resourceName: string, names: readonly string[]): string {
  if (!/^-?\d*$/.test(resourceName)) return `Node id must be an integer, but it is: ${resourceName}`;
  if (resourceName !== '' && resourceName !== `${nodeId}`) {
    return `Unexpected broker id, expected ${nodeId}, but received ${resourceName}`;
  }
  return `Cannot update these configs dynamically: [${names.join(', ')}]`;
}

/** @throws ApiException INVALID_REQUEST */
export function nullValue(names: readonly string[]): ApiException {
  return new ApiException(Errors.INVALID_REQUEST, `Null value not supported for : ${names.join(', ')}`);
}

/** The same map when every setting can be. Throws ConfigException. */
export function checkedConfigs(configs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  checkTopicConfigs(configs);
  return configs;
}
