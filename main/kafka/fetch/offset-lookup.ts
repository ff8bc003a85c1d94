import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { listOffsets } from '../../protocol/messages/02-list-offsets.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** Special timestamps of ListOffsets. */
export const LATEST_TIMESTAMP = -1n;
export const EARLIEST_TIMESTAMP = -2n;

export interface FoundOffset {
  /** -1: no record has such a timestamp */
  offset: bigint;
  timestamp: bigint;
  leaderEpoch: number;
}

/** What a topic that nobody has is given before it counts as absent, attempts: a new one may not be everywhere yet. */
const PATIENCE_WITH_UNKNOWN_TOPICS = 3;

/**
 * First offsets at or after a timestamp, from the partitions' leaders. Moves after leaders until `timeoutMs` are over.
 *
 * @throws ApiException `UnknownTopicOrPartitionException` for a partition that does not exist, or of what a leader said;
 *   TimeoutException; NetworkException when no broker was ever reached
 */
export async function lookUpOffsets(
  cluster: Cluster,
  wanted: readonly (TopicPartition & { timestamp: bigint })[],
  isolationLevel: 0 | 1,
  timeoutMs: number,
): Promise<Map<string, FoundOffset>> {
  const found = new Map<string, FoundOffset>();
  cluster.want(new Set(wanted.map(({ topic }) => topic)));
  let attempts = 0;
  await cluster.retrying(timeoutMs, 'Looking up offsets', async () => {
    let missing = wanted.filter(({ topic, partition }) => !found.has(topicPartitionKey(topic, partition)));
    if (attempts++ > 0 || missing.some((each) => cluster.leader(each.topic, each.partition) === undefined)) {
      await cluster.refreshed();
    }
    const byLeader = new Map<number, (TopicPartition & { timestamp: bigint })[]>();
    for (const each of missing) {
      const leader = cluster.leader(each.topic, each.partition) ?? -1;
      if (leader < 0) throw whyNoLeader(cluster, each, attempts);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), each]);
    }
    const answers = [...byLeader].map(([leader, partitions]) =>
      askLeader(cluster, leader, partitions, isolationLevel, timeoutMs, found),
    );
    const failures = (await Promise.allSettled(answers)).filter((answer) => answer.status === 'rejected');
    if (failures[0]) throw failures[0].reason;
    missing = missing.filter(({ topic, partition }) => !found.has(topicPartitionKey(topic, partition)));
    if (missing[0]) throw new ApiException(Errors.LEADER_NOT_AVAILABLE);
  });
  return found;
}

function whyNoLeader(cluster: Cluster, { topic, partition }: TopicPartition, attempts: number): ApiException {
  const error = cluster.topicError(topic);
  const key = topicPartitionKey(topic, partition);
  const unknown = error?.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION;
  const absent = cluster.topic(topic) !== undefined && cluster.partition(topic, partition) === undefined;
  if ((unknown || absent) && attempts >= PATIENCE_WITH_UNKNOWN_TOPICS) {
    const message = unknown ? `There is no topic ${topic}` : `Topic ${topic} has no partition ${partition}`;
    return new FinalApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, message, { key });
  }
  return error ?? new ApiException(Errors.LEADER_NOT_AVAILABLE, `${key} has no leader at the moment`, { key });
}

/** The same class for whoever reads it; no more tries. */
class FinalApiException extends ApiException {
  override readonly retriable = false;
}

async function askLeader(
  cluster: Cluster,
  leader: number,
  partitions: readonly (TopicPartition & { timestamp: bigint })[],
  isolationLevel: 0 | 1,
  timeoutMs: number,
  found: Map<string, FoundOffset>,
): Promise<void> {
  const topics = new Map<string, { partitionIndex: number; timestamp: bigint }[]>();
  for (const { topic, partition, timestamp } of partitions) {
    topics.set(topic, [...(topics.get(topic) ?? []), { partitionIndex: partition, timestamp }]);
  }
  const response = await cluster.request(leader, listOffsets, {
    replicaId: -1,
    isolationLevel,
    topics: [...topics].map(([name, list]) => ({ name, partitions: list })),
    timeoutMs: Math.min(timeoutMs, 0x7fff_ffff),
  });
  let failure: ApiException | undefined;
  for (const topic of response.topics) {
    for (const result of topic.partitions) {
      const key = topicPartitionKey(topic.name, result.partitionIndex);
      if (result.errorCode === 0) {
        found.set(key, { offset: result.offset, timestamp: result.timestamp, leaderEpoch: result.leaderEpoch });
      } else failure = new ApiException(result.errorCode, undefined, { key });
    }
  }
  if (failure) throw failure;
}
