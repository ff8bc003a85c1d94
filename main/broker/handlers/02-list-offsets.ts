import {
  ApiException,
  Errors,
  type ListOffsetsRequest,
  type ListOffsetsResponseInput,
  listOffsets,
} from '../../protocol/messages/index.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { isReadCommitted, visibleEnd } from './isolation-level.ts';
import { LEADER_EPOCH } from './partition-metadata.ts';

const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;
const EARLIEST_LOCAL = -4n;

/** Timestamps that mean something, and the version that brought them. */
const SINCE: ReadonlyMap<bigint, number> = new Map([
  [LATEST, 1],
  [EARLIEST, 1],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [-5n, 9],
  [-6n, 11],
]);

const NOTHING = { timestamp: -1n, offset: -1n, leaderEpoch: -1 };

export const listOffsetsHandler = (topics: Topics) =>
  handler<typeof listOffsets>({
    api: listOffsets,
    gap: 'Nothing is kept on remote storage: timestamps -5 and -6 find nothing.',
    async handle(request, { version }) {
      const one = async (log: PartitionLog | undefined, { timestamp, currentLeaderEpoch }: AskedPartition) => {
        if (timestamp < 0n && version < (SINCE.get(timestamp) ?? Number.POSITIVE_INFINITY))
          return { ...NOTHING, errorCode: Errors.UNSUPPORTED_VERSION };
        if (!log) return { ...NOTHING, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION };
        if (currentLeaderEpoch > LEADER_EPOCH) return { ...NOTHING, errorCode: Errors.UNKNOWN_LEADER_EPOCH };
        try {
          const end = visibleEnd(log, isReadCommitted(request.isolationLevel));
          return { errorCode: Errors.NONE, ...(await offsetOf(log, timestamp, end)) };
        } catch (error) {
          if (!(error instanceof ApiException)) throw error;
          return { ...NOTHING, errorCode: error.errorCode };
        }
      };
      const answers: ListOffsetsResponseInput['topics'][number][] = [];
      for (const { name, partitions: asked } of request.topics) {
        const [partitions, twice] = withoutDoubles(asked);
        const logs = topics.get(name)?.logs ?? [];
        const found: (typeof answers)[number]['partitions'][number][] = [];
        for (const partition of partitions) {
          const { partitionIndex } = partition;
          found.push(
            twice.has(partitionIndex)
              ? { partitionIndex, ...NOTHING, errorCode: Errors.INVALID_REQUEST }
              : { partitionIndex, ...(await one(logs[partitionIndex], partition)) },
          );
        }
        answers.push({ name, partitions: found });
      }
      return { topics: answers };
    },
  });

type AskedPartition = ListOffsetsRequest['topics'][number]['partitions'][number];

/** Each partition once, and those that were asked for more than once. */
function withoutDoubles<P extends { partitionIndex: number }>(asked: readonly P[]): [P[], ReadonlySet<number>] {
  const first = new Map<number, P>();
  const twice = new Set<number>();
  for (const each of asked) {
    if (first.has(each.partitionIndex)) twice.add(each.partitionIndex);
    else first.set(each.partitionIndex, each);
  }
  return [[...first.values()], twice];
}

/** `end`: of what the client's isolation level shows it. */
async function offsetOf(log: PartitionLog, timestamp: bigint, end: bigint) {
  if (timestamp === LATEST) return { timestamp: -1n, offset: end, leaderEpoch: LEADER_EPOCH };
  if (timestamp === EARLIEST || timestamp === EARLIEST_LOCAL) {
    return { timestamp: -1n, offset: log.logStartOffset, leaderEpoch: LEADER_EPOCH };
  }
  const found =
    timestamp === MAX_TIMESTAMP
      ? await log.offsetOfMaxTimestamp()
      : timestamp >= 0n
        ? await log.offsetForTimestamp(timestamp)
        : undefined;
  return found && found.offset < end ? { ...found, leaderEpoch: LEADER_EPOCH } : NOTHING;
}
