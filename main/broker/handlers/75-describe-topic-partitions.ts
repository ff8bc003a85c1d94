import { describeTopicPartitions, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { partitionOf } from './partition-metadata.ts';

/** Topics by name, in pages: a cursor says where the next page begins (KIP-966). */
export const describeTopicPartitionsHandler = (topics: Topics, nodeId: number, maxPartitions: number) =>
  handler<typeof describeTopicPartitions>({
    api: describeTopicPartitions,
    handle(request) {
      const { cursor } = request;
      const all =
        request.topics.length > 0 ? request.topics.map(({ name }) => name) : topics.all().map(({ name }) => name);
      const names = [...new Set(all)].sort().filter((name) => !cursor || name >= cursor.topicName);
      let left = Math.min(Math.max(1, request.responsePartitionLimit), maxPartitions);
      const answers = [];
      for (const name of names) {
        if (left === 0) return { topics: answers, nextCursor: { topicName: name, partitionIndex: 0 } };
        const topic = topics.get(name);
        if (!topic) {
          answers.push({ errorCode: Errors.UNKNOWN_TOPIC_OR_PARTITION, name, topicId: ZERO_UUID, partitions: [] });
          continue;
        }
        const from = cursor?.topicName === name ? Math.max(0, cursor.partitionIndex) : 0;
        const page = topic.logs.slice(from, from + left);
        left -= page.length;
        answers.push({
          errorCode: Errors.NONE,
          name,
          topicId: topic.id,
          isInternal: topic.isInternal,
          partitions: page.map((log, i) => ({
            ...partitionOf(log, from + i, nodeId),
            eligibleLeaderReplicas: [],
            lastKnownElr: [],
          })),
        });
        if (from + page.length < topic.logs.length) {
          return { topics: answers, nextCursor: { topicName: name, partitionIndex: from + page.length } };
        }
      }
      return { topics: answers, nextCursor: null };
    },
  });
