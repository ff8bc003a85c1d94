import { ApiException, deleteTopics, Errors } from '../../protocol/messages/index.ts';
import { ZERO_UUID } from '../../protocol/schema/uuid.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { Topics } from '../metadata/topics.ts';
import { handler } from '../server/handler.ts';
import { answerOf } from './answer-of.ts';
import { unknownId, unknownTopic } from './unknown-topic.ts';

export const deleteTopicsHandler = (topics: Topics, groups: GroupCoordinator, enabled: boolean) =>
  handler<typeof deleteTopics>({
    api: deleteTopics,
    async handle(request, { version }) {
      const asked = version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
      const [wanted, refused] = sorted(topics, asked);
      const responses = refused.map(({ errorMessage, ...each }) => ({
        ...each,
        errorCode: Errors.INVALID_REQUEST as number,
        errorMessage: errorMessage as string | null,
      }));
      for (const { name, topicId } of wanted) {
        const topic = name === null ? topics.byId(topicId) : topics.get(name);
        const answer = await answerOf(async () => {
          if (!enabled) throw new ApiException(Errors.TOPIC_DELETION_DISABLED);
          if (!topic) throw name === null ? unknownId() : unknownTopic();
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

interface Asked {
  readonly name: string | null;
  readonly topicId: string;
}

/** What can be done, and what contradicts itself or the rest of the request. Java: `ControllerApis.deleteTopics`. */
function sorted(topics: Topics, asked: readonly Asked[]): [Asked[], (Asked & { errorMessage: string })[]] {
  const refused: (Asked & { errorMessage: string })[] = [];
  const wanted = new Map<string, Asked>();
  const twice = new Set<string>();
  for (const each of asked) {
    const { name, topicId } = each;
    const key = name === null ? `id ${topicId}` : `name ${name}`;
    if (name === null && topicId === ZERO_UUID) {
      refused.push({ ...each, errorMessage: 'Neither topic name nor id were specified.' });
    } else if (name !== null && topicId !== ZERO_UUID) {
      refused.push({ ...each, errorMessage: 'You may not specify both topic name and topic id.' });
    } else if (twice.has(key) || wanted.has(key)) {
      if (wanted.delete(key)) {
        refused.push({ ...each, errorMessage: name === null ? 'Duplicate topic id.' : 'Duplicate topic name.' });
      }
      twice.add(key);
    } else {
      wanted.set(key, each);
    }
  }
  for (const [key, { name }] of wanted) {
    const topicId = name === null ? undefined : topics.get(name)?.id;
    if (topicId === undefined || !wanted.delete(`id ${topicId}`)) continue;
    wanted.delete(key);
    const errorMessage = 'The provided topic name maps to an ID that was already supplied.';
    refused.push({ name, topicId, errorMessage });
  }
  return [[...wanted.values()], refused];
}
