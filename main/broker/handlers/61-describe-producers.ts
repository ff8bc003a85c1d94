import { describeProducers, Errors } from '../../protocol/messages/index.ts';
import { topicNameError } from '../metadata/topic-names.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { unknownTopic } from './unknown-topic.ts';

export const describeProducersHandler = (topics: Topics) =>
  handler<typeof describeProducers>({
    api: describeProducers,
    handle: (request) => ({
      topics: request.topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const log = topics.get(name)?.logs[partitionIndex];
          if (!log) {
            const refused = topics.get(name)
              ? { errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null }
              : refusal(name);
            return { partitionIndex, ...refused, activeProducers: [] };
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

/** A name that can't be is told from one that is not there. */
function refusal(topic: string): { errorCode: number; errorMessage: string } {
  const { errorCode, message } = topicNameError(topic) ?? unknownTopic();
  return { errorCode, errorMessage: message };
}
