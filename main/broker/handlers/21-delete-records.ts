import { ApiException, deleteRecords, Errors } from '../../protocol/messages/index.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

const HIGH_WATERMARK = -1n;

export const deleteRecordsHandler = (topics: Topics) =>
  handler<typeof deleteRecords>({
    api: deleteRecords,
    handle: (request) => ({
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => ({
          partitionIndex,
          ...advance(topics.get(name)?.logs[partitionIndex], offset),
        })),
      })),
    }),
  });

function advance(log: PartitionLog | undefined, offset: bigint) {
  if (!log) return { lowWatermark: -1n, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION };
  const target = offset === HIGH_WATERMARK ? log.highWatermark : offset;
  if (target < 0n) return { lowWatermark: -1n, errorCode: Errors.OFFSET_OUT_OF_RANGE };
  try {
    log.advanceLogStart(target);
    return { lowWatermark: log.logStartOffset, errorCode: Errors.NONE };
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    return { lowWatermark: -1n, errorCode: error.errorCode };
  }
}
