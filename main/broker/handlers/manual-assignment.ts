import { ApiException, Errors } from '../../protocol/messages/index.ts';

const refused = (message: string) => new ApiException(Errors.INVALID_REPLICA_ASSIGNMENT, message);

/**
 * Whether a partition can be put on the brokers that a client names: the one that there is, once. Java:
 * `ReplicationControlManager.validateManualPartitionAssignment`.
 *
 * @throws ApiException INVALID_REPLICA_ASSIGNMENT
 */
export function checkAssignment(brokerIds: readonly number[], nodeId: number): void {
  if (brokerIds.length === 0) throw refused('The manual partition assignment includes an empty replica list.');
  const sorted = [...brokerIds].sort((a, b) => a - b);
  for (const [i, brokerId] of sorted.entries()) {
    if (brokerId !== nodeId) {
      throw refused(`The manual partition assignment includes broker ${brokerId}, but no such broker is registered.`);
    }
    if (brokerId === sorted[i - 1]) {
      throw refused(`The manual partition assignment includes the broker ${brokerId} more than once.`);
    }
  }
}

/** Of a new topic: every partition from 0 on. @throws ApiException INVALID_REPLICA_ASSIGNMENT */
export function checkAssignments(
  assignments: readonly { partitionIndex: number; brokerIds: readonly number[] }[],
  nodeId: number,
): void {
  const seen = new Set<number>();
  for (const { partitionIndex, brokerIds } of assignments) {
    if (seen.has(partitionIndex)) {
      throw refused(`Found multiple manual partition assignments for partition ${partitionIndex}`);
    }
    seen.add(partitionIndex);
    checkAssignment(brokerIds, nodeId);
  }
  if (assignments.some((_, i) => !seen.has(i))) {
    throw refused('partitions should be a consecutive 0-based integer sequence');
  }
}
