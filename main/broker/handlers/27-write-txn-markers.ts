import { ApiException, Errors, type WriteTxnMarkersRequest, writeTxnMarkers } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { OFFSETS_TOPIC } from '../coordinator/internal-topics.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

type Marker = WriteTxnMarkersRequest['markers'][number];

/**
 * Ends transactions in single partitions, whatever their coordinator knows of them: by it `kafka-transactions.sh abort`
 * frees a partition from a transaction that hangs (KIP-664).
 */
export const writeTxnMarkersHandler = (topics: Topics, groups: GroupCoordinator) => {
  const written = async (marker: Marker, topic: string, partition: number): Promise<number> => {
    const log = topics.get(topic)?.logs[partition];
    if (!log) return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    if (marker.producerId < 0n || marker.producerEpoch < 0) return Errors.UNKNOWN_SERVER_ERROR;
    const committed = marker.transactionResult;
    try {
      await log.writeMarker({ ...marker, committed }, marker.transactionVersion >= 2).committed.wait();
    } catch (error) {
      if (error instanceof ApiException) return error.errorCode;
      return Errors.KAFKA_STORAGE_ERROR;
    }
    if (topic === OFFSETS_TOPIC) groups.endTransaction(marker.producerId, partition, committed);
    return Errors.NONE;
  };
  return handler<typeof writeTxnMarkers>({
    api: writeTxnMarkers,
    handle: async (request) => ({
      markers: await Promise.all(
        request.markers
          .filter(({ topics }) => topics.length > 0)
          .map(async (marker) => ({
            producerId: marker.producerId,
            topics: await Promise.all(
              marker.topics.map(async ({ name, partitionIndexes }) => ({
                name,
                partitions: await Promise.all(
                  partitionIndexes.map(async (partitionIndex) => ({
                    partitionIndex,
                    errorCode: await written(marker, name, partitionIndex),
                  })),
                ),
              })),
            ),
          })),
      ),
    }),
  });
};
