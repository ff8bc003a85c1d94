import { ApiException, createPartitions, Errors } from '../../protocol/messages/index.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';

export const createPartitionsHandler = (topics: Topics) =>
  handler<typeof createPartitions>({
    api: createPartitions,
    gap: 'Manual assignments are ignored: there is one broker.',
    async handle(request) {
      const results = [];
      for (const { name, count } of request.topics) {
        const answer = await answerOf(async () => {
          const topic = topics.get(name);
          if (!topic) throw new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION);
          const now = topic.logs.length;
          if (count === now)
            throw new ApiException(Errors.INVALID_PARTITIONS, `Topic already has ${now} partition(s).`);
          if (count < now) {
            throw new ApiException(
              Errors.INVALID_PARTITIONS,
              `The topic ${name} currently has ${now} partition(s); ${count} would not be an increase.`,
            );
          }
          if (!request.validateOnly) await topics.addPartitions(name, count);
        });
        results.push({ name, ...answer });
      }
      return { results };
    },
  });
