import { type DescribeConfigsResponse, describeConfigs } from '../../protocol/messages/32-describe-configs.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { ConfigEntry } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** Config resource type of Kafka's protocol. */
export const TOPIC = 2;
/** Where a value comes from that nobody set anywhere. */
const DEFAULT_CONFIG = 5;

/** Any broker answers for topics. */
export function askTopicConfigs(cluster: Cluster, topics: readonly string[]): Promise<DescribeConfigsResponse> {
  return cluster.requestAny(describeConfigs, {
    resources: topics.map((resourceName) => ({ resourceType: TOPIC, resourceName, configurationKeys: null })),
  });
}

/** By topic. Throws `ApiException` of the first that was refused. */
export function configEntries({ results }: DescribeConfigsResponse): Map<string, ConfigEntry[]> {
  return new Map(
    results.map(({ resourceName, errorCode, errorMessage, configs }) => {
      if (errorCode !== 0) throw new ApiException(errorCode, errorMessage, { key: resourceName });
      return [
        resourceName,
        configs.map(({ name, value, configSource, readOnly, isSensitive }) => ({
          name,
          value,
          isDefault: configSource === DEFAULT_CONFIG,
          readOnly,
          sensitive: isSensitive,
        })),
      ];
    }),
  );
}
