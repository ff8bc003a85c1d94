import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { offsetDelete } from '../../protocol/messages/47-offset-delete.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { GroupCoordinator } from './group-coordinator.ts';

/**
 * One attempt. Partitions without a committed offset are no error. Throws `ApiException` when the group is refused; what
 * is wrong with a partition is in the answer.
 */
export async function deleteCommitted(
  coordinator: GroupCoordinator,
  partitions: readonly TopicPartition[],
): Promise<(TopicPartition & { error: ApiException | null })[]> {
  const { groupId } = coordinator;
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition }) => ({ partitionIndex: partition })),
  }));
  const response = await coordinator.request(offsetDelete, { groupId, topics }, ({ errorCode }) => errorCode);
  if (response.errorCode !== 0) throw new ApiException(response.errorCode, undefined, { key: groupId });
  return response.topics.flatMap(({ name: topic, partitions: answered }) =>
    answered.map(({ partitionIndex: partition, errorCode }) => ({
      topic,
      partition,
      error:
        errorCode === 0 ? null : new ApiException(errorCode, undefined, { key: topicPartitionKey(topic, partition) }),
    })),
  );
}
