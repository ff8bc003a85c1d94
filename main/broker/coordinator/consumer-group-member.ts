import { type Assignment, difference, filtered, intersection, NOTHING_ASSIGNED, sizeOf, union } from './assignment.ts';

/** Java: `MemberState`. */
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS';

/** A member of a group of the new protocol; a change makes a new one. Java: `ConsumerGroupMember`. */
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
  /** -2: a static member that left for a while */
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly assigned: Assignment;
  /** It was told to give these back, and has not said yet that it did. */
  readonly pendingRevocation: Assignment;
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
  const kept = intersection(member.assigned, target.assignment);
  const toRevoke = difference(member.assigned, target.assignment);
  if (ownsSome(toRevoke)) {
    return { ...member, state: 'UNREVOKED_PARTITIONS', assigned: kept, pendingRevocation: toRevoke };
  }
  const missing = difference(target.assignment, kept);
  const free = filtered(missing, (topicId, partition) => !target.isTaken(topicId, partition));
  const isWhole = sizeOf(free) === sizeOf(missing);
  const isNext = member.memberEpoch !== target.epoch;
  if (!isNext && !isWhole && member.state === 'UNRELEASED_PARTITIONS' && sizeOf(free) === 0) return member;
  return {
    ...member,
    memberEpoch: target.epoch,
    previousMemberEpoch: isNext ? member.memberEpoch : member.previousMemberEpoch,
    state: isWhole ? 'STABLE' : 'UNRELEASED_PARTITIONS',
    assigned: union(kept, free),
    pendingRevocation: NOTHING_ASSIGNED,
  };
}
