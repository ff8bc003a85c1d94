import { Errors, offsetFetch } from '../../protocol/messages/index.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';

interface AskedTopic {
  name: string;
  topicId: string;
  partitionIndexes: readonly number[];
}

export const offsetFetchHandler = (groups: GroupCoordinator, topics: TopicLookup) => {
  const answer = (groupId: string, asked: readonly AskedTopic[] | null, byId: boolean, requireStable: boolean) => ({
    groupId,
    errorCode: Errors.NONE,
    topics: (asked ?? allOf(groupId)).map((topic) => {
      const name = byId && asked ? topics.nameOf(topic.topicId) : topic.name;
      return {
        name: name ?? '',
        topicId: byId ? (asked ? topic.topicId : (topics.idOf(topic.name) as string)) : topic.topicId,
        partitions: topic.partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          ...(name === undefined
            ? { ...NOTHING, errorCode: Errors.UNKNOWN_TOPIC_ID }
            : offsetOf(groupId, name, partitionIndex, requireStable)),
        })),
      };
    }),
  });

  const offsetOf = (groupId: string, topic: string, partition: number, requireStable: boolean) => {
    // An open transaction may give it another offset (KIP-447).
    if (requireStable && groups.pending.has(groupId, topic, partition)) {
      return { ...NOTHING, errorCode: Errors.UNSTABLE_OFFSET_COMMIT };
    }
    const committed = groups.offsets.get(groupId, topic, partition);
    if (!committed) return { ...NOTHING, errorCode: Errors.NONE };
    return {
      errorCode: Errors.NONE,
      committedOffset: committed.offset,
      committedLeaderEpoch: committed.leaderEpoch,
      metadata: committed.metadata,
    };
  };

  const allOf = (groupId: string): AskedTopic[] => {
    const found = new Map<string, number[]>();
    for (const { topic, partition } of groups.offsets.of(groupId)) {
      if (topics.idOf(topic) === undefined) continue;
      found.set(topic, [...(found.get(topic) ?? []), partition]);
    }
    return [...found].map(([name, partitionIndexes]) => ({
      name,
      topicId: topics.idOf(name) as string,
      partitionIndexes,
    }));
  };

  return handler<typeof offsetFetch>({
    api: offsetFetch,
    handle(request, { version }) {
      if (version >= 8) {
        const { requireStable } = request;
        return {
          groups: request.groups.map(({ groupId, memberId, memberEpoch, topics }) => {
            // Members of the new protocol say who they are.
            const consumers = memberId !== null || memberEpoch >= 0 ? groups.consumerGroup(groupId) : undefined;
            const errorCode = consumers?.refusal(memberId ?? '', memberEpoch) ?? Errors.NONE;
            if (errorCode !== Errors.NONE) return { groupId, errorCode, topics: [] };
            return answer(groupId, topics, version >= 10, requireStable);
          }),
        };
      }
      const asked = request.topics?.map((topic) => ({ ...topic, topicId: '' })) ?? null;
      const one = answer(request.groupId, asked, false, request.requireStable);
      return { errorCode: one.errorCode, topics: one.topics };
    },
  });
};

const NOTHING = { committedOffset: -1n, committedLeaderEpoch: -1, metadata: '' };
