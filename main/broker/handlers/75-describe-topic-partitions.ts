import { describeTopicPartitions, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import { isTopicName } from '../metadata/topic-names.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { TOPIC_OPERATIONS } from './authorized-operations.ts';
import { partitionOf } from './partition-metadata.ts';

const MAY_DO = { topicAuthorizedOperations: TOPIC_OPERATIONS };

/** Topics by name, in pages: a cursor says where the next page begins (KIP-966). */
export const describeTopicPartitionsHandler = (topics: Topics, nodeId: number, maxPartitions: number) =>
  handler<typeof describeTopicPartitions>({
    api: describeTopicPartitions,
    handle(request) {
      const { cursor } = request;
      if (cursor && !isCursorOf(cursor, request.topics)) {
        const refused = request.topics.map(({ name }) => ({
          errorCode: Errors.INVALID_REQUEST,
          name,
          topicId: ZERO_UUID,
          partitions: [],
        }));
        return { topics: refused, nextCursor: null };
      }
      const all =
        request.topics.length > 0 ? request.topics.map(({ name }) => name) : topics.all().map(({ name }) => name);
      const names = [...new Set(all)].sort().filter((name) => !cursor || name >= cursor.topicName);
      let left = Math.min(Math.max(1, request.responsePartitionLimit), maxPartitions);
      const answers = [];
      for (const name of names) {
        if (left === 0) return { topics: answers, nextCursor: { topicName: name, partitionIndex: 0 } };
        const topic = topics.get(name);
        if (!topic) {
          const errorCode = isTopicName(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
          answers.push({ errorCode, name, topicId: ZERO_UUID, ...MAY_DO, partitions: [] });
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
          ...MAY_DO,
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

/** A page goes on within what was asked for; where everything was, anywhere. */
function isCursorOf(
  cursor: { topicName: string; partitionIndex: number },
  asked: readonly { name: string }[],
): boolean {
  return cursor.partitionIndex >= 0 && (asked.length === 0 || asked.some(({ name }) => name === cursor.topicName));
}
