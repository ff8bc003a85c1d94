import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { deleteRecords } from '../../protocol/messages/21-delete-records.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';

export type RecordsToDelete = TopicPartition & { offset: bigint };
export type DeletedRecords = TopicPartition & { result: bigint | Error };

/**
 * One attempt, for partitions of one leader. Answers that may be others later (leadership moved) are thrown, the rest
 * stand in the result.
 */
export async function askDeleteRecords(
  cluster: Cluster,
  leader: number,
  records: readonly RecordsToDelete[],
  timeoutMs: number,
): Promise<DeletedRecords[]> {
  const response = await cluster.request(leader, deleteRecords, {
    topics: [...Map.groupBy(records, ({ topic }) => topic)].map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
    })),
    timeoutMs,
  });
  return response.topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex: partition, lowWatermark, errorCode }) => {
      if (errorCode === 0) return { topic, partition, result: lowWatermark };
      const error = new ApiException(errorCode, undefined, { key: topicPartitionKey(topic, partition) });
      if (error.retriable) throw error;
      return { topic, partition, result: error };
    }),
  );
}
