import { Errors, offsetForLeaderEpoch } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { LEADER_EPOCH } from './partition-metadata.ts';

export const offsetForLeaderEpochHandler = (topics: Topics) =>
  handler<typeof offsetForLeaderEpoch>({
    api: offsetForLeaderEpoch,
    handle: (request) => ({
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
          const log = topics.get(topic)?.logs[partition];
          if (!log) return { partition, errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION };
          if (currentLeaderEpoch > LEADER_EPOCH) return { partition, errorCode: Errors.UNKNOWN_LEADER_EPOCH };
          // The one epoch goes on: it ends where the log does. A later one is not known.
          return leaderEpoch === LEADER_EPOCH
            ? { partition, errorCode: Errors.NONE, leaderEpoch, endOffset: log.highWatermark }
            : { partition, errorCode: Errors.NONE, leaderEpoch: -1, endOffset: -1n };
        }),
      })),
    }),
  });
