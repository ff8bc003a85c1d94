import { type DescribeConfigsResponse, describeConfigs } from '../../protocol/messages/32-describe-configs.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { ConfigEntry, ConfigResource, ConfigSource, DescribedConfig } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** Config resource types of Kafka's protocol. Java: `ConfigResource.Type`. */
export const RESOURCE_TYPES: Readonly<Record<ConfigResource['type'], number>> = {
  topic: 2,
  broker: 4,
  'broker-logger': 8,
  'client-metrics': 16,
  group: 32,
};
/** By their numbers in the protocol. */
const SOURCES: readonly ConfigSource[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
];

/** Any broker answers for topics. */
export function askTopicConfigs(cluster: Cluster, topics: readonly string[]): Promise<DescribeConfigsResponse> {
  return cluster.requestAny(describeConfigs, {
    resources: topics.map((resourceName) => ({
      resourceType: RESOURCE_TYPES.topic,
      resourceName,
      configurationKeys: null,
    })),
  });
}

/** By topic. Throws `ApiException` of the first that was refused. */
export function configEntries(response: DescribeConfigsResponse): Map<string, ConfigEntry[]> {
  return new Map(response.results.map((result) => [result.resourceName, entriesOf(result)]));
}

/** One attempt. What the broker says of the resource is in the answer: a topic that is not there is not waited for. */
export function askConfigs(cluster: Cluster, { type, name }: ConfigResource): Promise<DescribeConfigsResponse> {
  const request = {
    resources: [{ resourceType: RESOURCE_TYPES[type], resourceName: name, configurationKeys: null }],
    includeSynonyms: true,
  };
  const node = brokerOf({ type, name });
  return node === undefined
    ? cluster.requestAny(describeConfigs, request)
    : cluster.request(node, describeConfigs, request);
}

/** Sorted by name. Throws `ApiException` with the broker's words. */
export function sortedEntries(response: DescribeConfigsResponse): DescribedConfig[] {
  return response.results.flatMap(entriesOf).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A broker answers for itself alone; undefined: any will do. */
export function brokerOf({ type, name }: ConfigResource): number | undefined {
  return (type === 'broker' || type === 'broker-logger') && name !== '' ? Number(name) : undefined;
}

function entriesOf(result: DescribeConfigsResponse['results'][number]): DescribedConfig[] {
  const { errorCode, errorMessage, resourceName, configs } = result;
  if (errorCode !== 0) throw new ApiException(errorCode, errorMessage, { key: resourceName });
  return configs.map(({ name, value, configSource, readOnly, isSensitive, synonyms }) => ({
    name,
    value,
    isDefault: sourceOf(configSource) === 'DEFAULT_CONFIG',
    readOnly,
    sensitive: isSensitive,
    source: sourceOf(configSource),
    synonyms: synonyms.map((each) => ({ name: each.name, value: each.value, source: sourceOf(each.source) })),
  }));
}

function sourceOf(code: number): ConfigSource {
  return SOURCES[code] ?? 'UNKNOWN';
}
