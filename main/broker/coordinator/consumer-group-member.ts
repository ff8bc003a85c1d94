import { type Assignment, difference, filtered, intersection, NOTHING_ASSIGNED, sizeOf, union } from './assignment.ts';
import type { MemberProtocol } from './group-member.ts';

/** Java: `MemberState`. */
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS';

/** What a member says that comes by the classic protocol (JoinGroup). */
export interface ClassicMembership {
  readonly sessionTimeoutMs: number;
  /** The first is the one it is answered with. */
  readonly protocols: readonly MemberProtocol[];
}

/** A member of a consumer group; a change makes a new one. Java: `ConsumerGroupMember`. */
export interface ConsumerGroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  /** RE2/J; empty or null: none */
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  readonly rebalanceTimeoutMs: number;
  /** null: it speaks the new protocol */
  readonly classic: ClassicMembership | null;
  /** -2: a static member that left for a while */
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly assigned: Assignment;
  /** It was told to give these back, and has not said yet that it did. */
  readonly pendingRevocation: Assignment;
}

/** As who joins has nothing. */
export const WITHOUT_PARTITIONS = {
  memberEpoch: 0,
  previousMemberEpoch: 0,
  state: 'STABLE',
  assigned: NOTHING_ASSIGNED,
  pendingRevocation: NOTHING_ASSIGNED,
} as const satisfies Partial<ConsumerGroupMember>;

/** Of whom nothing is known yet. */
export const NEW_MEMBER: ConsumerGroupMember = {
  memberId: '',
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  subscribedTopicNames: [],
  subscribedTopicRegex: null,
  serverAssignor: null,
  rebalanceTimeoutMs: -1,
  classic: null,
  ...WITHOUT_PARTITIONS,
};

/** Whether all that a member says of itself is the same; what it has is not looked at. */
export function saysTheSame(a: ConsumerGroupMember, b: ConsumerGroupMember): boolean {
  return said(a) === said(b);
}

function said(member: ConsumerGroupMember): string {
  const { instanceId, rackId, clientId, clientHost, subscribedTopicNames, serverAssignor, rebalanceTimeoutMs } = member;
  const { subscribedTopicRegex, classic } = member;
  return JSON.stringify([
    ...[instanceId, rackId, clientId, clientHost, subscribedTopicNames, subscribedTopicRegex, serverAssignor],
    ...[rebalanceTimeoutMs, classic?.sessionTimeoutMs],
    classic?.protocols.map(({ name, metadata }) => [name, metadata.toString('latin1')]),
  ]);
}

export interface Target {
  readonly epoch: number;
  readonly assignment: Assignment;
  /** Whether a partition belongs to somebody else for now. */
  isTaken(topicId: string, partition: number): boolean;
}

/**
 * The member a step nearer to what it is to have: first it gives back what it must not have any more, then it gets
 * what is free. `owned`: what it says that it has, null when it says nothing. Java: `CurrentAssignmentBuilder`.
 */
export function reconciled(member: ConsumerGroupMember, target: Target, owned: Assignment | null): ConsumerGroupMember {
  const ownsSome = (partitions: Assignment) =>
    owned === null ? sizeOf(partitions) > 0 : sizeOf(intersection(partitions, owned)) > 0;
  if (member.state === 'STABLE' && member.memberEpoch === target.epoch) return member;
  if (member.state === 'UNREVOKED_PARTITIONS' && ownsSome(member.pendingRevocation)) return member;
  // What it had to give back it has given back: that was an epoch of its own.
  const epoch = member.state === 'UNREVOKED_PARTITIONS' ? member.memberEpoch + 1 : member.memberEpoch;
  const kept = intersection(member.assigned, target.assignment);
  const toRevoke = difference(member.assigned, target.assignment);
  if (ownsSome(toRevoke)) {
    return { ...inEpoch(member, epoch), state: 'UNREVOKED_PARTITIONS', assigned: kept, pendingRevocation: toRevoke };
  }
  const missing = difference(target.assignment, kept);
  const free = filtered(missing, (topicId, partition) => !target.isTaken(topicId, partition));
  const isWhole = sizeOf(free) === sizeOf(missing);
  const waits = member.memberEpoch === target.epoch && member.state === 'UNRELEASED_PARTITIONS';
  if (waits && !isWhole && sizeOf(free) === 0) return member;
  return {
    ...inEpoch(member, target.epoch),
    state: isWhole ? 'STABLE' : 'UNRELEASED_PARTITIONS',
    assigned: union(kept, free),
    pendingRevocation: NOTHING_ASSIGNED,
  };
}

function inEpoch(member: ConsumerGroupMember, memberEpoch: number): ConsumerGroupMember {
  return memberEpoch === member.memberEpoch
    ? member
    : { ...member, memberEpoch, previousMemberEpoch: member.memberEpoch };
}
