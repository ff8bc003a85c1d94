import { ApiException, type ConsumerGroupHeartbeatRequest, Errors } from '../../protocol/messages/index.ts';
import { assignmentOf, difference, isSame, NOTHING_ASSIGNED, sizeOf, topicPartitionsOf } from './assignment.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import {
  checkTopicPattern,
  fencedInstance,
  isWhole,
  JOIN,
  LEAVE_FOR_A_WHILE,
  unknownInstance,
  unknownMember,
} from './consumer-group-heartbeat.ts';
import { type ConsumerGroupMember, NEW_MEMBER, WITHOUT_PARTITIONS } from './consumer-group-member.ts';

/** What members of the new protocol ask of a group, by ConsumerGroupHeartbeat. Java: `consumerGroupHeartbeat`. */

export interface Client {
  clientId: string;
  clientHost: string;
}

/** Without an error, and what every answer has anyway. */
export interface Beat {
  memberId: string;
  memberEpoch: number;
  assignment: { topicPartitions: { topicId: string; partitions: number[] }[] } | null;
}

/**
 * A member joins, or says that it is there; `request` is a checked one (`checkHeartbeat`).
 *
 * @throws ApiException UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, FENCED_INSTANCE_ID, UNRELEASED_INSTANCE_ID,
 *   INVALID_REGULAR_EXPRESSION
 */
export function beat(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest, client: Client): Beat {
  const { memberId, memberEpoch, topicPartitions } = request;
  const known = memberThatComes(group, request);
  const { subscribedTopicRegex } = request;
  if (subscribedTopicRegex && subscribedTopicRegex !== known.subscribedTopicRegex) {
    checkTopicPattern(subscribedTopicRegex);
  }
  const isRejoining = memberEpoch === JOIN && group.member(memberId) !== undefined;
  const before = known.memberId === memberId ? known : group.replace(known, memberId);
  group.update(before, updated(before, request, client, isRejoining));
  group.divide();
  const owned = topicPartitions && assignmentOf(topicPartitions);
  const after = group.advance(memberId, memberEpoch === JOIN ? NOTHING_ASSIGNED : owned);
  group.timers.done('join', memberId);
  group.timers.done('sync', memberId);
  group.renew(memberId);
  const isTold = memberEpoch === JOIN || isWhole(request) || !isSame(before.assigned, after.assigned);
  return {
    memberId,
    memberEpoch: after.memberEpoch,
    assignment: isTold ? { topicPartitions: topicPartitionsOf(after.assigned) } : null,
  };
}

/** The member that wants to leave. @throws ApiException UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID */
export function memberThatLeaves(
  group: ConsumerGroup,
  { memberId, instanceId }: ConsumerGroupHeartbeatRequest,
): ConsumerGroupMember {
  if (instanceId === null) {
    const member = group.member(memberId);
    if (!member) throw unknownMember(memberId, group.groupId);
    return member;
  }
  const member = group.memberOfInstance(instanceId);
  if (!member) throw unknownInstance(instanceId);
  if (member.memberId !== memberId) throw fencedInstance(instanceId, memberId, member.memberId);
  return member;
}

/** A static member is away: its partitions wait for it as long as its session lasts. */
export function leaveForAWhile(group: ConsumerGroup, member: ConsumerGroupMember): void {
  group.change({
    ...member,
    memberEpoch: LEAVE_FOR_A_WHILE,
    previousMemberEpoch: member.memberEpoch,
    pendingRevocation: NOTHING_ASSIGNED,
  });
  group.renew(member.memberId);
}

/** The member that sends a heartbeat, as it is known; a static one may have had another id. */
function memberThatComes(group: ConsumerGroup, request: ConsumerGroupHeartbeatRequest): ConsumerGroupMember {
  const { memberId, memberEpoch, instanceId, topicPartitions } = request;
  if (instanceId !== null) {
    const known = group.memberOfInstance(instanceId);
    if (known && known.memberId !== memberId) {
      if (memberEpoch !== JOIN) throw fencedInstance(instanceId, memberId, known.memberId);
      checkReleased(known, memberId);
      return known;
    }
    if (!known && memberEpoch !== JOIN) throw unknownInstance(instanceId);
  }
  const member = group.member(memberId);
  if (memberEpoch === JOIN) return member ?? { ...NEW_MEMBER, memberId, instanceId };
  if (!member) throw unknownMember(memberId, group.groupId);
  if (memberEpoch === member.memberEpoch) return member;
  // The answer that told it of its new epoch was lost.
  const owned = topicPartitions && assignmentOf(topicPartitions);
  const isLate = memberEpoch === member.previousMemberEpoch && owned !== null;
  if (isLate && sizeOf(difference(owned, member.assigned)) === 0) return member;
  throw new ApiException(
    Errors.FENCED_MEMBER_EPOCH,
    `The consumer group member has a ${memberEpoch < member.memberEpoch ? 'smaller' : 'greater'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  );
}

/** Only one that left for a while, or that spoke the classic protocol, may come under another id. */
function checkReleased(known: ConsumerGroupMember, memberId: string): void {
  if (known.memberEpoch === LEAVE_FOR_A_WHILE || known.classic) return;
  throw new ApiException(
    Errors.UNRELEASED_INSTANCE_ID,
    `Static member ${memberId} with instance id ${known.instanceId} cannot join the group because the instance id is owned by ${known.memberId} member.`,
  );
}

/** With what the request says. */
function updated(
  before: ConsumerGroupMember,
  request: ConsumerGroupHeartbeatRequest,
  client: Client,
  isRejoining: boolean,
): ConsumerGroupMember {
  const names = request.subscribedTopicNames && [...new Set(request.subscribedTopicNames)].sort();
  return {
    ...before,
    ...client,
    instanceId: request.instanceId ?? before.instanceId,
    rackId: request.rackId ?? before.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs > 0 ? request.rebalanceTimeoutMs : before.rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? before.serverAssignor,
    subscribedTopicNames: names ?? before.subscribedTopicNames,
    subscribedTopicRegex: request.subscribedTopicRegex ?? before.subscribedTopicRegex,
    classic: null,
    // Who begins anew has nothing any more.
    ...(isRejoining && WITHOUT_PARTITIONS),
  };
}
