import { ApiException, Errors, listOffsets } from '../../protocol/messages/index.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { isReadCommitted, visibleEnd } from './isolation-level.ts';
import { LEADER_EPOCH } from './partition-metadata.ts';

const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;
const EARLIEST_LOCAL = -4n;

const NOTHING = { timestamp: -1n, offset: -1n, leaderEpoch: -1 };

export const listOffsetsHandler = (topics: Topics) =>
  handler<typeof listOffsets>({
    api: listOffsets,
    gap: 'Nothing is kept on remote storage: timestamps -5 and -6 find nothing.',
    handle: (request) => ({
      topics: request.topics.map(({ name, partitions }) => {
        const logs = topics.get(name)?.logs ?? [];
        return {
          name,
          partitions: partitions.map(({ partitionIndex, timestamp, currentLeaderEpoch }) => {
            const log = logs[partitionIndex];
            if (!log) return { partitionIndex, ...NOTHING, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION };
            if (currentLeaderEpoch > LEADER_EPOCH)
              return { partitionIndex, ...NOTHING, errorCode: Errors.UNKNOWN_LEADER_EPOCH };
            try {
              const end = visibleEnd(log, isReadCommitted(request.isolationLevel));
              return { partitionIndex, errorCode: Errors.NONE, ...offsetOf(log, timestamp, end) };
            } catch (error) {
              if (!(error instanceof ApiException)) throw error;
              return { partitionIndex, ...NOTHING, errorCode: error.errorCode };
            }
          }),
        };
      }),
    }),
  });

/** `end`: of what the client's isolation level shows it. */
function offsetOf(log: PartitionLog, timestamp: bigint, end: bigint) {
  if (timestamp === LATEST) return { timestamp: -1n, offset: end, leaderEpoch: LEADER_EPOCH };
  if (timestamp === EARLIEST || timestamp === EARLIEST_LOCAL) {
    return { timestamp: -1n, offset: log.logStartOffset, leaderEpoch: LEADER_EPOCH };
  }
  const found =
    timestamp === MAX_TIMESTAMP
      ? log.offsetOfMaxTimestamp()
      : timestamp >= 0n
        ? log.offsetForTimestamp(timestamp)
        : undefined;
  return found && found.offset < end ? { ...found, leaderEpoch: LEADER_EPOCH } : NOTHING;
}
