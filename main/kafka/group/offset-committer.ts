import type { TopicPartition } from '../../../common/kafka/records.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { OffsetAndMetadata } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { CommitFailedException } from '../errors.ts';
import type { GroupCoordinator } from './group-coordinator.ts';
import type { GroupMember } from './group-member.ts';
import { commitOffsets, FROM_OUTSIDE } from './group-offsets.ts';

/**
 * Commits until it succeeds, `timeoutMs` are over, or the group refuses: what the refusal says of the membership is told
 * to the member. Without a member (nobody subscribed) it commits from outside.
 *
 * @throws CommitFailedException when the partitions may be others' by now, RebalanceInProgressException, TimeoutException
 */
export async function commitAsMember(
  cluster: Cluster,
  coordinator: GroupCoordinator,
  member: GroupMember | null,
  offsets: readonly (TopicPartition & OffsetAndMetadata)[],
  timeoutMs: number,
): Promise<void> {
  await cluster.retrying(timeoutMs, 'Committing offsets', async () => {
    const committer = member ? member.committer : FROM_OUTSIDE;
    if (!committer) throw new CommitFailedException();
    try {
      await commitOffsets(coordinator, committer, offsets);
    } catch (error) {
      throw member && error instanceof ApiException ? meaningFor(member, error) : error;
    }
  });
}

function meaningFor(member: GroupMember, error: ApiException): Error {
  switch (error.errorCode) {
    case Errors.UNKNOWN_MEMBER_ID:
    case Errors.ILLEGAL_GENERATION:
      member.expelled(error);
      return new CommitFailedException(error);
    case Errors.FENCED_INSTANCE_ID:
      member.expelled(error);
      return error;
    case Errors.REBALANCE_IN_PROGRESS:
      if (!member.needsJoin) member.requestJoin('group is already rebalancing');
      return error;
    default:
      return error;
  }
}
