import {
  ApiException,
  Errors,
  type HeartbeatRequest,
  type JoinGroupRequest,
  type JoinGroupResponseInput,
  type SyncGroupRequest,
  type SyncGroupResponseInput,
} from '../../protocol/messages/index.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { fencedInstance, unknownInstance, unknownMember } from './consumer-group-heartbeat.ts';
import { type ConsumerGroupMember, NEW_MEMBER } from './consumer-group-member.ts';
import type { Client } from './consumer-member-requests.ts';
import { CONSUMER_PROTOCOL_TYPE, readSubscription, writeAssignment } from './embedded-protocol.ts';
import type { MemberProtocol } from './group-member.ts';

/**
 * What members of the classic protocol ask of a consumer group: each joins for itself, nobody leads, and its generation
 * is its epoch. Java: `classicGroupJoinToConsumerGroup` and its like in `GroupMetadataManager`.
 */

/** Names and ids of the topics that there are. */
export interface TopicIds {
  idOf(topic: string): string | undefined;
  nameOf(topicId: string): string | undefined;
}

export interface ClassicJoin {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** At least one. */
  readonly protocols: readonly MemberProtocol[];
}

/** @throws ApiException INCONSISTENT_GROUP_PROTOCOL */
export function checkProtocols(group: ConsumerGroup, request: JoinGroupRequest): void {
  const names = request.protocols.map(({ name }) => name);
  if (request.protocolType === CONSUMER_PROTOCOL_TYPE && group.agreesOn(names)) return;
  throw new ApiException(
    Errors.INCONSISTENT_GROUP_PROTOCOL,
    `Member ${request.memberId}'s protocols are not supported.`,
  );
}

/** The member that a static one takes the place of. @throws ApiException UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID */
export function staticMember(group: ConsumerGroup, instanceId: string, memberId: string): ConsumerGroupMember {
  const member = group.memberOfInstance(instanceId);
  if (!member) throw unknownInstance(instanceId);
  if (member.memberId !== memberId) throw fencedInstance(instanceId, memberId, member.memberId);
  return member;
}

/**
 * Takes the member in, or hears again what it says of itself, and brings it a step on; `divides` unless the group is
 * about to be a classic one.
 *
 * @throws SchemaException for a subscription that is none
 */
export function join(group: ConsumerGroup, request: ClassicJoin, client: Client, topics: TopicIds, divides: boolean) {
  const { memberId, instanceId, protocols } = request;
  const subscription = readSubscription(protocols[0]!.metadata, topics.idOf);
  const old = instanceId === null ? undefined : group.memberOfInstance(instanceId);
  const isReplaced = old !== undefined && old.memberId !== memberId;
  const before = isReplaced ? group.replace(old, memberId) : (group.member(memberId) ?? { ...NEW_MEMBER, memberId });
  const epoch = group.epoch;
  group.update(before, {
    ...before,
    ...client,
    instanceId: instanceId ?? before.instanceId,
    rackId: subscription.rackId ?? before.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    subscribedTopicNames: subscription.topics,
    subscribedTopicRegex: '',
    classic: { sessionTimeoutMs: request.sessionTimeoutMs, protocols },
  });
  const isChanged = group.epoch !== epoch;
  if (divides) group.divide();
  const after =
    divides || !isChanged
      ? group.advance(memberId, subscription.owned)
      : (group.member(memberId) as ConsumerGroupMember);
  return { answer: joinAnswer(after), isChanged, epoch };
}

/** It has to ask for its part in time. */
export function awaitSync(group: ConsumerGroup, { memberId, rebalanceTimeoutMs }: ClassicJoin): void {
  group.timers.done('join', memberId);
  group.renew(memberId);
  group.timers.set('sync', memberId, rebalanceTimeoutMs);
}

/**
 * The member's part.
 *
 * @throws ApiException UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL,
 *   REBALANCE_IN_PROGRESS
 */
export function sync(group: ConsumerGroup, request: SyncGroupRequest, topics: TopicIds): SyncGroupResponseInput {
  const { protocolType, protocolName } = request;
  const member = classicMember(group, request);
  const [protocol] = member.classic.protocols as [MemberProtocol];
  if (
    (protocolType !== null && protocolType !== CONSUMER_PROTOCOL_TYPE) ||
    (protocolName !== null && protocolName !== protocol.name)
  ) {
    throw new ApiException(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }
  // Who gives partitions back has joined again already, and is told when it is to join once more.
  if (group.epoch > member.memberEpoch && member.state !== 'UNREVOKED_PARTITIONS') {
    group.timers.setOnce('join', member.memberId, member.rebalanceTimeoutMs);
    throw new ApiException(Errors.REBALANCE_IN_PROGRESS);
  }
  group.timers.done('sync', member.memberId);
  group.renew(member.memberId);
  return {
    errorCode: Errors.NONE,
    protocolType,
    protocolName,
    assignment: writeAssignment(member.assigned, protocol.metadata, topics.nameOf),
  };
}

/**
 * Error code: REBALANCE_IN_PROGRESS when it is to join again, because there is another epoch, it has to give partitions
 * back or those that it waits for are free.
 *
 * @throws ApiException UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION
 */
export function heartbeat(group: ConsumerGroup, request: HeartbeatRequest): number {
  const member = classicMember(group, request);
  group.renew(member.memberId);
  const isToJoin =
    member.memberEpoch < group.epoch ||
    member.state === 'UNREVOKED_PARTITIONS' ||
    (member.state === 'UNRELEASED_PARTITIONS' && !group.isWaiting(member));
  if (!isToJoin) return Errors.NONE;
  group.timers.setOnce('join', member.memberId, member.rebalanceTimeoutMs);
  return Errors.REBALANCE_IN_PROGRESS;
}

/** The member of a request that says it is in a generation. */
function classicMember(
  group: ConsumerGroup,
  request: { memberId: string; groupInstanceId: string | null; generationId: number },
): ConsumerGroupMember & { classic: NonNullable<ConsumerGroupMember['classic']> } {
  const { memberId, groupInstanceId, generationId } = request;
  const member = groupInstanceId === null ? group.member(memberId) : staticMember(group, groupInstanceId, memberId);
  if (!member) throw unknownMember(memberId, group.groupId);
  const { classic } = member;
  if (!classic) {
    throw new ApiException(Errors.UNKNOWN_MEMBER_ID, `Member ${memberId} does not use the classic protocol.`);
  }
  if (generationId !== member.memberEpoch) throw new ApiException(Errors.ILLEGAL_GENERATION);
  return { ...member, classic };
}

function joinAnswer({ memberId, memberEpoch, classic }: ConsumerGroupMember): JoinGroupResponseInput {
  return {
    errorCode: Errors.NONE,
    generationId: memberEpoch,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName: classic!.protocols[0]!.name,
    leader: '',
    memberId,
    members: [],
  };
}
