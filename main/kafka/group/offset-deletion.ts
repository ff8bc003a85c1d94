import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { offsetDelete } from '../../protocol/messages/47-offset-delete.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { GroupCoordinator } from './group-coordinator.ts';

/** One attempt. Partitions without a committed offset are no error. Throws `ApiException` of the first that was refused. */
export async function deleteCommitted(
  coordinator: GroupCoordinator,
  partitions: readonly TopicPartition[],
): Promise<void> {
  const { groupId } = coordinator;
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition }) => ({ partitionIndex: partition })),
  }));
  const response = await coordinator.request(offsetDelete, { groupId, topics }, ({ errorCode }) => errorCode);
  if (response.errorCode !== 0) throw new ApiException(response.errorCode, undefined, { key: groupId });
  for (const topic of response.topics) {
    for (const { partitionIndex, errorCode } of topic.partitions) {
      if (errorCode !== 0)
        throw new ApiException(errorCode, undefined, { key: topicPartitionKey(topic.name, partitionIndex) });
    }
  }
}
