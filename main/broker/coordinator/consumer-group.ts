import type { Time } from '../../../common/time.ts';
import { Errors } from '../../protocol/messages/index.ts';
import { type Assignment, holds } from './assignment.ts';
import {
  type ConsumerGroupMember,
  NEW_MEMBER,
  reconciled,
  saysTheSame,
  WITHOUT_PARTITIONS,
} from './consumer-group-member.ts';
import { ConsumerGroupMembers } from './consumer-group-members.ts';
import {
  type ConsumerGroupRecord,
  currentAssignmentRecord,
  groupEpochRecord,
  memberRecord,
  targetEpochRecord,
  targetRecord,
} from './consumer-group-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { MemberTimers } from './member-timers.ts';
import { SERVER_ASSIGNORS } from './server-assignors.ts';
import { FIRST_EPOCH, subscriptionOf, TargetAssignment } from './target-assignment.ts';
import type { TopicPatterns } from './topic-patterns.ts';

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

export interface ConsumerGroupEnvironment {
  time: Time;
  /** Of members that speak the new protocol. */
  sessionTimeoutMs: number;
  topicNamed(name: string): { id: string; partitions: number } | undefined;
  patterns: TopicPatterns;
  /** A member did not do in time what it had to do: it is to be made to leave. */
  overdue(group: ConsumerGroup, memberId: string): void;
}

/**
 * A consumer group of the new protocol (KIP-848): the broker divides the partitions, and each member moves to its share
 * at its own pace. A state machine without I/O; each call changes it in one synchronous step, and `takeChanges` has
 * the records that make the step durable. Java: `ConsumerGroup` and `GroupMetadataManager`.
 */
export class ConsumerGroup {
  readonly groupId: string;
  readonly #env: ConsumerGroupEnvironment;
  readonly #members = new ConsumerGroupMembers();
  readonly #target: TargetAssignment;
  readonly timers: MemberTimers;
  #epoch = FIRST_EPOCH;
  #changes: CoordinatorRecord[] = [];

  constructor(groupId: string, env: ConsumerGroupEnvironment) {
    this.groupId = groupId;
    this.#env = env;
    this.#target = new TargetAssignment(groupId, env);
    this.timers = new MemberTimers(env.time, (memberId) => env.overdue(this, memberId));
  }

  get epoch(): number {
    return this.#epoch;
  }

  get targetEpoch(): number {
    return this.#target.epoch;
  }

  get members(): readonly ConsumerGroupMember[] {
    return this.#members.all;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get state(): ConsumerGroupState {
    if (this.isEmpty) return 'Empty';
    if (this.#epoch > this.targetEpoch) return 'Assigning';
    const isThere = (member: ConsumerGroupMember) =>
      member.state === 'STABLE' && member.memberEpoch === this.targetEpoch;
    return this.members.every(isThere) ? 'Stable' : 'Reconciling';
  }

  get assignor(): string {
    const wishes = new Map<string, number>();
    for (const { serverAssignor } of this.members) {
      if (serverAssignor !== null) wishes.set(serverAssignor, (wishes.get(serverAssignor) ?? 0) + 1);
    }
    const [first] = SERVER_ASSIGNORS.keys();
    return [...wishes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? (first as string);
  }

  member(memberId: string): ConsumerGroupMember | undefined {
    return this.#members.get(memberId);
  }

  memberOfInstance(instanceId: string): ConsumerGroupMember | undefined {
    return this.#members.ofInstance(instanceId);
  }

  /** Whether one of the classic protocols is supported by all members that speak it. */
  agreesOn(protocols: readonly string[]): boolean {
    return this.#members.agreeOn(protocols);
  }

  targetOf(memberId: string): Assignment {
    return this.#target.of(memberId);
  }

  subscribedTopics(): Set<string> {
    return new Set(this.members.flatMap((member) => this.#subscriptionOf(member)));
  }

  /** Whether somebody other than the member has a partition that the member is to have. */
  isWaiting(member: ConsumerGroupMember): boolean {
    const isTaken = this.#takenFrom(member.memberId);
    for (const [topicId, partitions] of this.targetOf(member.memberId)) {
      for (const partition of partitions) {
        if (!holds(member.assigned, topicId, partition) && isTaken(topicId, partition)) return true;
      }
    }
    return false;
  }

  /** Puts in a member as it is from now on, in place of what it was `before`; another subscription makes another epoch. */
  update(before: ConsumerGroupMember, member: ConsumerGroupMember): void {
    const known = this.#members.get(member.memberId);
    if (!known || !saysTheSame(member, known)) {
      this.#changes.push(memberRecord(this.groupId, member.memberId, member));
    }
    this.#members.set(member);
    if (this.#subscriptionOf(member).join('\n') !== this.#subscriptionOf(before).join('\n')) this.#nextEpoch();
  }

  /** Divides the partitions anew if there is a reason. */
  divide(): void {
    if (!this.#target.isDue(this.#epoch, this.members)) return;
    if (this.#epoch === this.targetEpoch) this.#nextEpoch();
    this.#changes.push(...this.#target.divide(this.#epoch, this.members, this.assignor));
  }

  /** Brings the member a step nearer to what it is to have. `owned`: what it says that it has, null when it says nothing. */
  advance(memberId: string, owned: Assignment | null): ConsumerGroupMember {
    const member = this.#members.get(memberId)!;
    const target = {
      epoch: this.targetEpoch,
      assignment: this.targetOf(memberId),
      isTaken: this.#takenFrom(memberId),
    };
    const after = reconciled(member, target, owned);
    if (after !== member) this.change(after);
    return after;
  }

  /** Its assignment and epoch are these now. */
  change(member: ConsumerGroupMember): void {
    this.#members.set(member);
    this.#changes.push(currentAssignmentRecord(this.groupId, member.memberId, member));
  }

  /** A static member comes under another id and gets what it had; returns it as one that has nothing yet. */
  replace(old: ConsumerGroupMember, memberId: string): ConsumerGroupMember {
    const target = this.targetOf(old.memberId);
    this.#remove(old.memberId);
    this.#changes.push(...this.#target.set(memberId, target));
    return { ...old, ...WITHOUT_PARTITIONS, memberId };
  }

  /** Members leave for good. */
  remove(memberIds: Iterable<string>): void {
    for (const memberId of memberIds) this.#remove(memberId);
    this.#nextEpoch();
  }

  /** Goes on from a generation of a classic group: every member is in its epoch and has its part. */
  begin(epoch: number, members: readonly ConsumerGroupMember[]): void {
    this.#epoch = epoch;
    for (const member of members) this.#members.set(member);
    const { groupId } = this;
    this.#changes.push(
      ...members.map((member) => memberRecord(groupId, member.memberId, member)),
      groupEpochRecord(groupId, epoch),
      ...this.#target.begin(epoch, new Map(members.map(({ memberId, assigned }) => [memberId, assigned]))),
      ...members.map((member) => currentAssignmentRecord(groupId, member.memberId, member)),
    );
    this.resume();
  }

  /** A member's session goes on from now; who speaks the new protocol has its rebalance time-out for what it gives back. */
  renew(memberId: string): void {
    const member = this.#members.get(memberId)!;
    this.timers.set('beat', memberId, member.classic?.sessionTimeoutMs ?? this.#env.sessionTimeoutMs);
    const revokes = !member.classic && member.state === 'UNREVOKED_PARTITIONS';
    if (revokes) this.timers.setOnce('revoke', memberId, member.rebalanceTimeoutMs);
    else this.timers.done('revoke', memberId);
  }

  /** Error code for offsets that one says it commits or fetches as a member. */
  refusal(memberId: string, memberEpoch: number): number {
    if (memberEpoch < 0) return memberId === '' && this.isEmpty ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    const member = this.#members.get(memberId);
    if (!member) return Errors.UNKNOWN_MEMBER_ID;
    if (member.memberEpoch === memberEpoch) return Errors.NONE;
    return member.classic ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
  }

  /**
   * Error code for offsets that one commits. `as`: by OffsetCommit of a version that can speak of a member's epoch or of
   * an older one, or within a transaction, where an epoch is called a generation.
   */
  commitRefusal(memberId: string, memberEpoch: number, as: 'member' | 'older client' | 'transaction'): number {
    const refused = this.refusal(memberId, memberEpoch);
    if (as === 'transaction' && refused === Errors.STALE_MEMBER_EPOCH) return Errors.ILLEGAL_GENERATION;
    const isOld = as === 'older client' && memberEpoch >= 0 && !this.#members.get(memberId)?.classic;
    return isOld && refused === Errors.NONE ? Errors.UNSUPPORTED_VERSION : refused;
  }

  /** Records of what has changed since the last call. */
  takeChanges(): CoordinatorRecord[] {
    return this.#changes.splice(0);
  }

  /** Records that delete the group and all that is in it. */
  tombstones(): CoordinatorRecord[] {
    const ids = this.members.map(({ memberId }) => memberId);
    return [
      ...ids.map((memberId) => currentAssignmentRecord(this.groupId, memberId, null)),
      ...ids.map((memberId) => targetRecord(this.groupId, memberId, null)),
      targetEpochRecord(this.groupId, null),
      ...ids.map((memberId) => memberRecord(this.groupId, memberId, null)),
      groupEpochRecord(this.groupId, null),
    ];
  }

  /** A record of the log, at a start, in the order of the log. */
  replay(record: ConsumerGroupRecord): void {
    switch (record.kind) {
      case 'epoch':
        this.#epoch = record.epoch ?? FIRST_EPOCH;
        break;
      case 'target epoch':
      case 'target':
        this.#target.replay(record);
        break;
      case 'member': {
        const { memberId, member } = record;
        if (member) this.#members.set({ ...NEW_MEMBER, ...this.#members.get(memberId), ...member, memberId });
        else this.#members.delete(memberId);
        break;
      }
      case 'current': {
        const member = this.#members.get(record.memberId);
        if (member && record.current) this.#members.set({ ...member, ...record.current });
        break;
      }
    }
  }

  /** After a start: members have their session time to come back. */
  resume(): void {
    for (const { memberId } of this.members) this.renew(memberId);
  }

  close(): void {
    this.timers.close();
  }

  #subscriptionOf(member: ConsumerGroupMember): readonly string[] {
    return subscriptionOf(member, this.#env.patterns);
  }

  #takenFrom(memberId: string): (topicId: string, partition: number) => boolean {
    const others = this.members.filter((member) => member.memberId !== memberId);
    return (topicId, partition) =>
      others.some(
        ({ assigned, pendingRevocation }) =>
          holds(assigned, topicId, partition) || holds(pendingRevocation, topicId, partition),
      );
  }

  #remove(memberId: string): void {
    this.#members.delete(memberId);
    this.timers.allDone(memberId);
    this.#target.delete(memberId);
    this.#changes.push(
      currentAssignmentRecord(this.groupId, memberId, null),
      targetRecord(this.groupId, memberId, null),
      memberRecord(this.groupId, memberId, null),
    );
  }

  #nextEpoch(): void {
    this.#epoch++;
    this.#changes.push(groupEpochRecord(this.groupId, this.#epoch));
  }
}
