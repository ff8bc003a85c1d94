import { Errors, offsetCommit } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';

export const offsetCommitHandler = (groups: GroupCoordinator, topics: TopicLookup) =>
  handler<typeof offsetCommit>({
    api: offsetCommit,
    gap: 'The retention time that versions 2 to 4 carry is ignored: offsets.retention.minutes holds for all. For a day after the wall clock leapt ahead no offsets are forgotten.',
    async handle(request, { version }) {
      const byId = version >= 10;
      const asked = request.topics.map((topic) => ({
        ...topic,
        name: byId ? topics.nameOf(topic.topicId) : topic.name,
      }));
      const offsets = asked.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ partitionIndex }) => name !== undefined && partitionIndex < (topics.partitionCount(name) ?? 0))
          .map((partition) => ({
            topic: name as string,
            partition: partition.partitionIndex,
            offset: partition.committedOffset,
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.committedMetadata,
          })),
      );
      const codes = await groups.commit(
        request.groupId,
        {
          memberId: request.memberId,
          groupInstanceId: request.groupInstanceId,
          generationId: request.generationIdOrMemberEpoch,
          version,
        },
        offsets,
      );
      const answers = new Map(offsets.map(({ topic, partition }, i) => [`${partition} ${topic}`, codes[i] as number]));
      return {
        topics: asked.map(({ name, topicId, partitions }) => ({
          name: name ?? '',
          topicId,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode:
              name === undefined
                ? Errors.UNKNOWN_TOPIC_ID
                : (answers.get(`${partitionIndex} ${name}`) ?? Errors.UNKNOWN_TOPIC_OR_PARTITION),
          })),
        })),
      };
    },
  });
