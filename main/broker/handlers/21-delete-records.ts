import { ApiException, deleteRecords, Errors } from '../../protocol/messages/index.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

const HIGH_WATERMARK = -1n;
const INTERNAL = { lowWatermark: -1n, errorCode: Errors.INVALID_TOPIC_EXCEPTION };

export const deleteRecordsHandler = (topics: Topics) =>
  handler<typeof deleteRecords>({
    api: deleteRecords,
    handle: (request) => ({
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => ({
          partitionIndex,
          ...(topics.get(name)?.isInternal ? INTERNAL : advance(topics.get(name)?.logs[partitionIndex], offset)),
        })),
      })),
    }),
  });

function advance(log: PartitionLog | undefined, offset: bigint) {
  if (!log) return { lowWatermark: -1n, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION };
  // Compaction alone keeps the newest record of each key for ever.
  if (!log.config.isDeleted) return { lowWatermark: -1n, errorCode: Errors.POLICY_VIOLATION };
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
