import { ApiException, deleteTopics, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';

export const deleteTopicsHandler = (topics: Topics, groups: GroupCoordinator, enabled: boolean) =>
  handler<typeof deleteTopics>({
    api: deleteTopics,
    async handle(request, { version }) {
      const asked = version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
      const responses = [];
      for (const { name, topicId } of asked) {
        const topic = name === null ? topics.byId(topicId) : topics.get(name);
        const answer = await answerOf(async () => {
          if (!enabled) throw new ApiException(Errors.TOPIC_DELETION_DISABLED);
          if (!topic)
            throw new ApiException(name === null ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
          if (topic.isInternal)
            throw new ApiException(
              Errors.INVALID_REQUEST,
              `${topic.name} is the broker's own topic and can't be deleted`,
            );
          await topics.delete(topic.name);
          await groups.topicDeleted(topic.name);
        });
        responses.push({ name: topic?.name ?? name, topicId: topic?.id ?? topicId, ...answer });
      }
      return { responses };
    },
  });
