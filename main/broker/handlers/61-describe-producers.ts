import { describeProducers, Errors } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';

export const describeProducersHandler = (topics: Topics) =>
  handler<typeof describeProducers>({
    api: describeProducers,
    handle: (request) => ({
      topics: request.topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const log = topics.get(name)?.logs[partitionIndex];
          if (!log) {
            const errorMessage = topics.get(name) ? null : 'This server does not host this topic-partition.';
            const errorCode = Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return { partitionIndex, errorCode, errorMessage, activeProducers: [] };
          }
          const activeProducers = [...log.producers].map((entry) => ({
            producerId: entry.producerId,
            producerEpoch: entry.producerEpoch,
            lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
            lastTimestamp: entry.lastTimestamp,
            coordinatorEpoch: entry.coordinatorEpoch,
            currentTxnStartOffset: entry.currentTxnFirstOffset,
          }));
          return { partitionIndex, errorCode: Errors.NONE, activeProducers };
        }),
      })),
    }),
  });
