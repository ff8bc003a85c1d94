import { Errors } from '../../protocol/messages/index.ts';
import { LEADER_EPOCH } from '../log/batch-inspection.ts';
import type { PartitionLog } from '../log/partition-log.ts';

/** Metadata, ListOffsets, Fetch and OffsetForLeaderEpoch have to agree on it. */
export { LEADER_EPOCH };

/** A partition as Metadata and DescribeTopicPartitions show it. Offline: its log can't be written. */
export function partitionOf(log: PartitionLog, partitionIndex: number, nodeId: number) {
  const offline = log.failure?.errorCode === Errors.KAFKA_STORAGE_ERROR;
  return {
    errorCode: offline ? Errors.KAFKA_STORAGE_ERROR : Errors.NONE,
    partitionIndex,
    leaderId: nodeId,
    leaderEpoch: LEADER_EPOCH,
    replicaNodes: [nodeId],
    isrNodes: [nodeId],
    offlineReplicas: offline ? [nodeId] : [],
  };
}
