import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { offsetCommit } from '../../protocol/messages/08-offset-commit.ts';
import { type OffsetFetchResponse, offsetFetch } from '../../protocol/messages/09-offset-fetch.ts';
import { ApiException } from '../../protocol/messages/errors.ts';
import type { OffsetAndMetadata, OffsetMap } from '../api.ts';
import type { GroupCoordinator } from './group-coordinator.ts';

/** Who commits: a member with its generation, or someone from outside a group that has no members. */
export interface Committer {
  memberId: string;
  generationId: number;
  groupInstanceId: string | null;
}

export const FROM_OUTSIDE: Committer = { memberId: '', generationId: -1, groupInstanceId: null };

/** Topic names, not ids: version 10 (KIP-848) would need the ids of topics that may be gone. */
const NAMES_UP_TO = 9;

/** One attempt. Throws `ApiException` of the first partition that was refused. */
export async function commitOffsets(
  coordinator: GroupCoordinator,
  committer: Committer,
  offsets: readonly (TopicPartition & OffsetAndMetadata)[],
): Promise<void> {
  const topics = new Map<
    string,
    { partitionIndex: number; committedOffset: bigint; committedLeaderEpoch: number; committedMetadata: string }[]
  >();
  for (const { topic, partition, offset, leaderEpoch, metadata } of offsets) {
    const list = topics.get(topic) ?? [];
    list.push({
      partitionIndex: partition,
      committedOffset: offset,
      committedLeaderEpoch: leaderEpoch ?? -1,
      committedMetadata: metadata ?? '',
    });
    topics.set(topic, list);
  }
  const response = await coordinator.request(
    offsetCommit,
    {
      groupId: coordinator.groupId,
      generationIdOrMemberEpoch: committer.generationId,
      memberId: committer.memberId,
      groupInstanceId: committer.groupInstanceId,
      topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
    },
    (answer) => answer.topics[0]?.partitions[0]?.errorCode ?? 0,
    { ceiling: NAMES_UP_TO },
  );
  for (const topic of response.topics) {
    for (const { partitionIndex, errorCode } of topic.partitions) {
      if (errorCode !== 0)
        throw new ApiException(errorCode, undefined, { key: topicPartitionKey(topic.name, partitionIndex) });
    }
  }
}

/** One attempt; null asks for all that the group has. Partitions without a committed offset are left out. */
export async function fetchCommitted(
  coordinator: GroupCoordinator,
  partitions: readonly TopicPartition[] | null,
  requireStable: boolean,
): Promise<OffsetMap> {
  const { groupId } = coordinator;
  const topics =
    partitions &&
    [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, list]) => ({
      name,
      partitionIndexes: list.map(({ partition }) => partition),
    }));
  const response = await coordinator.request(
    offsetFetch,
    { groupId, topics, groups: [{ groupId, topics }], requireStable },
    (answer) => answer.groups[0]?.errorCode || answer.errorCode,
    { ceiling: NAMES_UP_TO },
  );
  return committedIn(response);
}

function committedIn(response: OffsetFetchResponse): OffsetMap {
  const group = response.groups[0] ?? response;
  if (group.errorCode !== 0) throw new ApiException(group.errorCode);
  const committed = new Map<string, OffsetAndMetadata & TopicPartition>();
  for (const topic of group.topics) {
    for (const each of topic.partitions) {
      const key = topicPartitionKey(topic.name, each.partitionIndex);
      if (each.errorCode !== 0) throw new ApiException(each.errorCode, undefined, { key });
      if (each.committedOffset < 0n) continue;
      committed.set(key, {
        topic: topic.name,
        partition: each.partitionIndex,
        offset: each.committedOffset,
        leaderEpoch: each.committedLeaderEpoch < 0 ? null : each.committedLeaderEpoch,
        metadata: each.metadata ?? '',
      });
    }
  }
  return committed;
}
