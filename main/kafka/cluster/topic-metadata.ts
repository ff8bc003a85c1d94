import type { MetadataResponse } from '../../protocol/messages/03-metadata.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';

export interface PartitionMetadata {
  partition: number;
  /** node id; -1 while an election runs */
  leader: number;
  leaderEpoch: number;
  replicas: number[];
  isr: number[];
}

export interface TopicMetadata {
  name: string;
  /** null from a broker older than topic ids */
  topicId: string | null;
  internal: boolean;
  /** by partition number */
  partitions: readonly PartitionMetadata[];
  /** Numbers of the partitions that have a leader, all of them when none has: where keyless records may go. */
  available: readonly number[];
}

type TopicResponse = MetadataResponse['topics'][number];

export function topicMetadata(response: TopicResponse): TopicMetadata {
  const partitions = response.partitions
    .map((p) => ({
      partition: p.partitionIndex,
      leader: p.leaderId,
      leaderEpoch: p.leaderEpoch,
      replicas: p.replicaNodes,
      isr: p.isrNodes,
    }))
    .sort((a, b) => a.partition - b.partition);
  const led = partitions.filter((p) => p.leader >= 0);
  return {
    name: response.name ?? '',
    topicId: response.topicId === ZERO_UUID ? null : response.topicId,
    internal: response.isInternal,
    partitions,
    available: (led.length > 0 ? led : partitions).map((p) => p.partition),
  };
}
