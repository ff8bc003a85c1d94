import type { Time, Timer } from '../../../common/time.ts';
import { ApiException, type ConsumerGroupHeartbeatRequest, Errors } from '../../protocol/messages/index.ts';
import {
  type Assignment,
  assignmentOf,
  difference,
  holds,
  isSame,
  NOTHING_ASSIGNED,
  sizeOf,
  topicPartitionsOf,
} from './assignment.ts';
import {
  checkTopicPattern,
  fencedInstance,
  isWhole,
  JOIN,
  LEAVE_FOR_A_WHILE,
  unknownInstance,
  unknownMember,
} from './consumer-group-heartbeat.ts';
import { type ConsumerGroupMember, reconciled } from './consumer-group-member.ts';
import {
  type ConsumerGroupRecord,
  currentAssignmentRecord,
  groupEpochRecord,
  memberRecord,
  targetEpochRecord,
  targetRecord,
} from './consumer-group-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { SERVER_ASSIGNORS } from './server-assignors.ts';
import { FIRST_EPOCH, subscriptionOf, TargetAssignment } from './target-assignment.ts';
import type { TopicPatterns } from './topic-patterns.ts';

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

export interface ConsumerGroupEnvironment {
  time: Time;
  sessionTimeoutMs: number;
  heartbeatIntervalMs: number;
  topicNamed(name: string): { id: string; partitions: number } | undefined;
  patterns: TopicPatterns;
  /** Makes changes durable that nobody asked for: a member that did not come back. Never rejects. */
  store(group: ConsumerGroup): Promise<void>;
}

export interface HeartbeatAnswer {
  errorCode: number;
  memberId: string;
  memberEpoch: number;
  heartbeatIntervalMs: number;
  assignment: { topicPartitions: { topicId: string; partitions: number[] }[] } | null;
}

/**
 * A consumer group of the new protocol (KIP-848): the broker divides the partitions, and each member moves to its share
 * at its own pace. A state machine without I/O; each call changes it in one synchronous step, and `takeChanges` has
 * the records that make the step durable. Java: `ConsumerGroup` and `GroupMetadataManager`.
 */
export class ConsumerGroup {
  readonly groupId: string;
  readonly #env: ConsumerGroupEnvironment;
  readonly #members = new Map<string, ConsumerGroupMember>();
  /** group.instance.id → member id */
  readonly #static = new Map<string, string>();
  readonly #sessions = new Map<string, Timer>();
  /** Of members that are giving partitions back. */
  readonly #revocations = new Map<string, Timer>();
  #epoch = FIRST_EPOCH;
  readonly #target: TargetAssignment;
  #changes: CoordinatorRecord[] = [];

  constructor(groupId: string, env: ConsumerGroupEnvironment) {
    this.groupId = groupId;
    this.#env = env;
    this.#target = new TargetAssignment(groupId, env);
  }

  get epoch(): number {
    return this.#epoch;
  }

  get targetEpoch(): number {
    return this.#target.epoch;
  }

  get members(): readonly ConsumerGroupMember[] {
    return [...this.#members.values()];
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
    for (const { serverAssignor } of this.#members.values()) {
      if (serverAssignor !== null) wishes.set(serverAssignor, (wishes.get(serverAssignor) ?? 0) + 1);
    }
    const [first] = SERVER_ASSIGNORS.keys();
    return [...wishes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? (first as string);
  }

  targetOf(memberId: string): Assignment {
    return this.#target.of(memberId);
  }

  /** A checked one (`checkHeartbeat`). @throws ApiException UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, *_INSTANCE_ID */
  heartbeat(request: ConsumerGroupHeartbeatRequest, client: { clientId: string; clientHost: string }): HeartbeatAnswer {
    if (request.memberEpoch < 0) return this.#leave(request);
    const before = this.#comes(request);
    const member = this.#updated(before, request, client);
    const isDue = this.#target.isDue(this.#epoch, this.members);
    if (isDue && this.#epoch === this.targetEpoch) this.#nextEpoch();
    if (isDue) this.#changes.push(...this.#target.divide(this.#epoch, this.members, this.assignor));
    const owned = request.topicPartitions && assignmentOf(request.topicPartitions);
    const after = this.#reconcile(
      this.#members.get(member.memberId)!,
      request.memberEpoch === JOIN ? NOTHING_ASSIGNED : owned,
    );
    this.#renew(after);
    const isTold = request.memberEpoch === JOIN || isWhole(request) || !isSame(before.assigned, after.assigned);
    return {
      errorCode: Errors.NONE,
      memberId: after.memberId,
      memberEpoch: after.memberEpoch,
      heartbeatIntervalMs: this.#env.heartbeatIntervalMs,
      assignment: isTold ? { topicPartitions: topicPartitionsOf(after.assigned) } : null,
    };
  }

  /** Error code. The member leaves for good; a static one may be named by its instance alone. */
  remove(memberId: string, instanceId: string | null): number {
    const known = instanceId === null ? memberId : this.#static.get(instanceId);
    if (known === undefined || !this.#members.has(known)) return Errors.UNKNOWN_MEMBER_ID;
    if (memberId !== '' && memberId !== known) return Errors.FENCED_INSTANCE_ID;
    this.#remove(known);
    this.#nextEpoch();
    return Errors.NONE;
  }

  /**
   * Error code for offsets that one commits. `as`: by OffsetCommit of a version that can speak of a member's epoch or of
   * an older one, or within a transaction, where an epoch is called a generation.
   */
  commitRefusal(memberId: string, memberEpoch: number, as: 'member' | 'older client' | 'transaction'): number {
    const refused = this.refusal(memberId, memberEpoch);
    if (as === 'transaction' && refused === Errors.STALE_MEMBER_EPOCH) return Errors.ILLEGAL_GENERATION;
    if (as === 'older client' && refused === Errors.NONE && memberEpoch >= 0) return Errors.UNSUPPORTED_VERSION;
    return refused;
  }

  /** Error code for offsets that one says it commits or fetches as a member. */
  refusal(memberId: string, memberEpoch: number): number {
    if (memberEpoch < 0) return memberId === '' && this.isEmpty ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    const member = this.#members.get(memberId);
    if (!member) return Errors.UNKNOWN_MEMBER_ID;
    return member.memberEpoch === memberEpoch ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
  }

  subscribedTopics(): Set<string> {
    return new Set(this.members.flatMap((member) => subscriptionOf(member, this.#env.patterns)));
  }

  /** Records of what has changed since the last call. */
  takeChanges(): CoordinatorRecord[] {
    return this.#changes.splice(0);
  }

  /** They could not be written: they come with the next ones. */
  putBack(changes: readonly CoordinatorRecord[]): void {
    this.#changes.unshift(...changes);
  }

  /** Records that delete the group, which has no members. */
  tombstones(): CoordinatorRecord[] {
    return [targetEpochRecord(this.groupId, null), groupEpochRecord(this.groupId, null)];
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
        if (member) this.#set({ ...NEW_MEMBER, ...this.#members.get(memberId), ...member, memberId });
        else this.#drop(memberId);
        break;
      }
      case 'current': {
        const member = this.#members.get(record.memberId);
        if (member && record.current) this.#set({ ...member, ...record.current });
        break;
      }
    }
  }

  /** After everything was replayed: members have their session time to come back. */
  resume(): void {
    for (const member of this.#members.values()) this.#renew(member);
  }

  close(): void {
    for (const timer of [...this.#sessions.values(), ...this.#revocations.values()]) timer.cancel();
    this.#sessions.clear();
    this.#revocations.clear();
  }

  /** The member that sends a heartbeat, as it is known. */
  #comes({ memberId, memberEpoch, instanceId, topicPartitions }: ConsumerGroupHeartbeatRequest): ConsumerGroupMember {
    if (instanceId !== null) {
      const known = this.#static.get(instanceId);
      if (known !== undefined && known !== memberId) {
        if (memberEpoch !== JOIN) throw fencedInstance(instanceId, memberId, known);
        return this.#replaces(this.#members.get(known)!, memberId);
      }
      if (known === undefined && memberEpoch !== JOIN) throw unknownInstance(instanceId);
    }
    const member = this.#members.get(memberId);
    if (memberEpoch === JOIN) return member ?? { ...NEW_MEMBER, memberId, instanceId };
    if (!member) throw unknownMember(memberId, this.groupId);
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

  /** A static member that left for a while is back under another id: it gets what it had. */
  #replaces(old: ConsumerGroupMember, memberId: string): ConsumerGroupMember {
    if (old.memberEpoch !== LEAVE_FOR_A_WHILE) {
      throw new ApiException(
        Errors.UNRELEASED_INSTANCE_ID,
        `Static member ${memberId} with instance id ${old.instanceId} cannot join the group because the instance id is owned by ${old.memberId} member.`,
      );
    }
    const target = this.targetOf(old.memberId);
    this.#remove(old.memberId);
    this.#changes.push(...this.#target.set(memberId, target));
    return { ...old, ...WITHOUT_PARTITIONS, memberId };
  }

  /** With what the request says; another subscription makes another epoch of the group. */
  #updated(
    before: ConsumerGroupMember,
    request: ConsumerGroupHeartbeatRequest,
    client: { clientId: string; clientHost: string },
  ): ConsumerGroupMember {
    const isNew = !this.#members.has(before.memberId);
    const isRejoining = request.memberEpoch === JOIN && !isNew;
    const { subscribedTopicRegex } = request;
    if (subscribedTopicRegex && subscribedTopicRegex !== before.subscribedTopicRegex) {
      checkTopicPattern(subscribedTopicRegex);
    }
    const names = request.subscribedTopicNames && [...new Set(request.subscribedTopicNames)].sort();
    const member: ConsumerGroupMember = {
      ...before,
      ...client,
      instanceId: request.instanceId ?? before.instanceId,
      rackId: request.rackId ?? before.rackId,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs > 0 ? request.rebalanceTimeoutMs : before.rebalanceTimeoutMs,
      serverAssignor: request.serverAssignor ?? before.serverAssignor,
      subscribedTopicNames: names ?? before.subscribedTopicNames,
      subscribedTopicRegex: subscribedTopicRegex ?? before.subscribedTopicRegex,
      // Who begins anew has nothing any more.
      ...(isRejoining && WITHOUT_PARTITIONS),
    };
    const known = this.#members.get(before.memberId);
    const subscription = (each: ConsumerGroupMember) => subscriptionOf(each, this.#env.patterns).join('\n');
    const isSubscribedElsewise = subscription(member) !== subscription(before);
    if (!known || JSON.stringify(metadataOf(member)) !== JSON.stringify(metadataOf(known))) {
      this.#changes.push(memberRecord(this.groupId, member.memberId, member));
    }
    this.#set(member);
    if (isSubscribedElsewise) this.#nextEpoch();
    return member;
  }

  #leave({ memberId, memberEpoch, instanceId }: ConsumerGroupHeartbeatRequest): HeartbeatAnswer {
    const known = instanceId === null ? memberId : this.#static.get(instanceId);
    if (known === undefined) throw unknownInstance(instanceId as string);
    if (instanceId !== null && known !== memberId) throw fencedInstance(instanceId, memberId, known);
    const member = this.#members.get(memberId);
    if (!member) throw unknownMember(memberId, this.groupId);
    if (memberEpoch === LEAVE_FOR_A_WHILE) {
      // Its partitions wait for it as long as its session lasts.
      const away = { ...member, memberEpoch: LEAVE_FOR_A_WHILE, previousMemberEpoch: member.memberEpoch };
      this.#change(away);
      this.#renew(away);
    } else {
      this.#remove(memberId);
      this.#nextEpoch();
    }
    return { errorCode: Errors.NONE, memberId, memberEpoch, heartbeatIntervalMs: 0, assignment: null };
  }

  #reconcile(member: ConsumerGroupMember, owned: Assignment | null): ConsumerGroupMember {
    const others = this.members.filter(({ memberId }) => memberId !== member.memberId);
    const target = {
      epoch: this.targetEpoch,
      assignment: this.targetOf(member.memberId),
      isTaken: (topicId: string, partition: number) =>
        others.some(
          ({ assigned, pendingRevocation }) =>
            holds(assigned, topicId, partition) || holds(pendingRevocation, topicId, partition),
        ),
    };
    const after = reconciled(member, target, owned);
    if (after !== member) this.#change(after);
    return after;
  }

  #change(member: ConsumerGroupMember): void {
    this.#set(member);
    this.#changes.push(currentAssignmentRecord(this.groupId, member.memberId, member));
  }

  #set(member: ConsumerGroupMember): void {
    this.#members.set(member.memberId, member);
    if (member.instanceId !== null) this.#static.set(member.instanceId, member.memberId);
  }

  /** Its session goes on from now; who is to give partitions back has its rebalance time-out for it. */
  #renew(member: ConsumerGroupMember): void {
    const { memberId } = member;
    this.#sessions.get(memberId)?.cancel();
    this.#sessions.set(
      memberId,
      this.#env.time.timer(this.#env.sessionTimeoutMs, () => this.#isGone(memberId)),
    );
    if (member.state !== 'UNREVOKED_PARTITIONS') {
      this.#revocations.get(memberId)?.cancel();
      this.#revocations.delete(memberId);
    } else if (!this.#revocations.has(memberId)) {
      this.#revocations.set(
        memberId,
        this.#env.time.timer(member.rebalanceTimeoutMs, () => this.#isGone(memberId)),
      );
    }
  }

  #isGone(memberId: string): void {
    this.#remove(memberId);
    this.#nextEpoch();
    void this.#env.store(this);
  }

  #remove(memberId: string): void {
    this.#drop(memberId);
    this.#target.delete(memberId);
    this.#changes.push(
      currentAssignmentRecord(this.groupId, memberId, null),
      targetRecord(this.groupId, memberId, null),
      memberRecord(this.groupId, memberId, null),
    );
  }

  #drop(memberId: string): void {
    const member = this.#members.get(memberId);
    if (!member) return;
    this.#members.delete(memberId);
    const { instanceId } = member;
    if (instanceId !== null && this.#static.get(instanceId) === memberId) this.#static.delete(instanceId);
    for (const timers of [this.#sessions, this.#revocations]) {
      timers.get(memberId)?.cancel();
      timers.delete(memberId);
    }
  }

  #nextEpoch(): void {
    this.#epoch++;
    this.#changes.push(groupEpochRecord(this.groupId, this.#epoch));
  }
}

/** As who joins has nothing. */
const WITHOUT_PARTITIONS = {
  memberEpoch: 0,
  previousMemberEpoch: 0,
  state: 'STABLE',
  assigned: NOTHING_ASSIGNED,
  pendingRevocation: NOTHING_ASSIGNED,
} as const satisfies Partial<ConsumerGroupMember>;

const NEW_MEMBER: ConsumerGroupMember = {
  memberId: '',
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  subscribedTopicNames: [],
  subscribedTopicRegex: null,
  serverAssignor: null,
  rebalanceTimeoutMs: -1,
  ...WITHOUT_PARTITIONS,
};

function metadataOf(member: ConsumerGroupMember) {
  const { instanceId, rackId, clientId, clientHost, subscribedTopicNames, serverAssignor, rebalanceTimeoutMs } = member;
  const { subscribedTopicRegex } = member;
  return {
    ...{ instanceId, rackId, clientId, clientHost, subscribedTopicNames, subscribedTopicRegex },
    ...{ serverAssignor, rebalanceTimeoutMs },
  };
}
