import { topicPartitionKey } from '../../../common/kafka/records.ts';
import { listPartitionReassignments } from '../../protocol/messages/46-list-partition-reassignments.ts';
import {
  type DescribeTopicPartitionsResponse,
  describeTopicPartitions,
} from '../../protocol/messages/75-describe-topic-partitions.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { EligibleLeaders, Reassignment } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** In pages of `pageSize` partitions. Topics that are not there are left out. */
export async function askEligibleLeaders(
  cluster: Cluster,
  topics: readonly string[],
  pageSize: number,
): Promise<Map<string, EligibleLeaders>> {
  const found = new Map<string, EligibleLeaders>();
  let cursor: DescribeTopicPartitionsResponse['nextCursor'] = null;
  do {
    const response: DescribeTopicPartitionsResponse = await cluster.requestAny(describeTopicPartitions, {
      topics: [...topics].sort().map((name) => ({ name })),
      responsePartitionLimit: pageSize,
      cursor,
    });
    for (const { name, partitions } of response.topics) {
      for (const { partitionIndex, eligibleLeaderReplicas, lastKnownElr } of partitions) {
        found.set(topicPartitionKey(name ?? '', partitionIndex), {
          eligible: eligibleLeaderReplicas ?? [],
          lastKnown: lastKnownElr ?? [],
        });
      }
    }
    cursor = response.nextCursor;
  } while (cursor !== null);
  return found;
}

/** Partitions whose replicas are on the move. */
export async function askReassignments(
  cluster: Cluster,
  node: number,
  topics: readonly { name: string; partitionIndexes: readonly number[] }[],
  timeoutMs: number,
): Promise<Map<string, Reassignment>> {
  const response = await cluster.request(node, listPartitionReassignments, { topics, timeoutMs });
  if (response.errorCode !== 0) throw new ApiException(response.errorCode, response.errorMessage);
  return new Map(
    response.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => [
        topicPartitionKey(name, partitionIndex),
        { replicas, adding: addingReplicas, removing: removingReplicas },
      ]),
    ),
  );
}
