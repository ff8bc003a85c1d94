import { Errors, offsetDelete } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';

export const offsetDeleteHandler = (groups: GroupCoordinator, topics: TopicLookup) =>
  handler<typeof offsetDelete>({
    api: offsetDelete,
    async handle(request) {
      const asked = request.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
      );
      const known = asked.filter(({ topic, partition }) => partition < (topics.partitionCount(topic) ?? 0));
      const codes = await groups.admin.deleteOffsets(request.groupId, known);
      if (typeof codes === 'number') return { errorCode: codes, topics: [] };
      const codeOf = (topic: string, partition: number) => {
        const i = known.findIndex((entry) => entry.topic === topic && entry.partition === partition);
        return i < 0 ? Errors.UNKNOWN_TOPIC_OR_PARTITION : (codes[i] as number);
      };
      return {
        errorCode: Errors.NONE,
        topics: request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: codeOf(name, partitionIndex),
          })),
        })),
      };
    },
  });
