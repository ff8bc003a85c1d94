import type { Time } from '../../../common/time.ts';
import { SchemaException } from '../../protocol/exceptions.ts';
import { Errors, type JoinGroupResponseInput, type SyncGroupResponseInput } from '../../protocol/messages/index.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { CONSUMER_PROTOCOL_TYPE, readTopics } from './embedded-protocol.ts';
import { Generations, type GroupState, type WholeGeneration } from './generations.ts';
import { joinError, syncError } from './group-answers.ts';
import { GroupMember, type MemberIdentity } from './group-member.ts';
import { groupRecord } from './group-records.ts';
import { storedGeneration } from './stored-generation.ts';

export interface ClassicGroupEnvironment {
  time: Time;
  /** `group.initial.rebalance.delay.ms` */
  initialRebalanceDelayMs: number;
  /** `group.max.size` */
  maxSize: number;
  newMemberId(prefix: string): string;
  /** Makes the group's `record` durable. Never rejects: false when the log could not take it. */
  store(group: ClassicGroup): Promise<boolean>;
}

export interface JoinOptions {
  /** A new dynamic member first gets its id and joins again with it (JoinGroup 4 and later). */
  knownMemberRequired: boolean;
  /** A leader can be told that everybody's part stays (JoinGroup 9 and later). */
  maySkipAssignment: boolean;
}

/**
 * A consumer group of the classic protocol: join, sync, heartbeat, leave. A state machine without I/O; every method
 * changes it in one synchronous step and answers through the promise it returns. Java: `ClassicGroup` and
 * `GroupMetadataManager` of Kafka 4.3.
 */
export class ClassicGroup {
  readonly groupId: string;
  readonly #env: ClassicGroupEnvironment;
  readonly #generations: Generations;

  constructor(groupId: string, env: ClassicGroupEnvironment, from?: WholeGeneration) {
    this.groupId = groupId;
    this.#env = env;
    const { time, initialRebalanceDelayMs } = env;
    this.#generations = new Generations({ time, initialRebalanceDelayMs, store: () => env.store(this) });
    if (from) this.#generations.resume(from);
  }

  get state(): GroupState {
    return this.#generations.state;
  }
  get generation(): number {
    return this.#generations.number;
  }
  get protocolType(): string {
    return this.#generations.protocolType;
  }
  get protocol(): string | null {
    return this.#generations.protocol;
  }
  get members(): readonly GroupMember[] {
    return this.#generations.members.all;
  }
  get stateSince(): bigint {
    return this.#generations.stateSince;
  }
  /** Nobody is in it and nobody is about to be. */
  get idle(): boolean {
    return this.#generations.members.size === 0 && this.#generations.pending.size === 0;
  }

  /** Topics that its members read; only consumers say in a way that the broker can read. */
  subscribedTopics(): ReadonlySet<string> | 'unreadable' {
    if (this.protocolType !== CONSUMER_PROTOCOL_TYPE) return new Set();
    try {
      const read = this.members.map((member) => readTopics(member.metadata(this.protocol)));
      return new Set(read.flat());
    } catch (error) {
      if (error instanceof SchemaException) return 'unreadable';
      throw error;
    }
  }

  /** What of it outlives a restart. */
  record(): CoordinatorRecord {
    return groupRecord(this.groupId, storedGeneration(this.#generations));
  }

  join(
    memberId: string,
    protocolType: string,
    identity: MemberIdentity,
    options: JoinOptions,
  ): Promise<JoinGroupResponseInput> {
    if (this.state === 'Dead') return joinError(Errors.COORDINATOR_NOT_AVAILABLE, memberId);
    if (!this.#hasRoomFor(memberId)) {
      this.#turnAway(memberId);
      return joinError(Errors.GROUP_MAX_SIZE_REACHED, '');
    }
    if (!this.#accepts(protocolType, identity)) return joinError(Errors.INCONSISTENT_GROUP_PROTOCOL, memberId);
    return memberId === ''
      ? this.#joinNew(protocolType, identity, options)
      : this.#joinAgain(memberId, protocolType, identity, options);
  }

  sync(
    memberId: string,
    groupInstanceId: string | null,
    generationId: number,
    protocol: { type: string | null; name: string | null },
    assignments: readonly { memberId: string; assignment: Buffer }[],
  ): Promise<SyncGroupResponseInput> {
    const error = this.#memberError(memberId, groupInstanceId, generationId);
    if (error !== Errors.NONE) return syncError(error);
    if (
      (protocol.type !== null && protocol.type !== this.protocolType) ||
      (protocol.name !== null && protocol.name !== this.protocol)
    ) {
      return syncError(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }
    const member = this.#generations.members.get(memberId) as GroupMember;
    switch (this.state) {
      case 'CompletingRebalance': {
        const answer = this.#generations.awaitSync(member);
        if (memberId === this.#generations.leader) this.#generations.assign(assignments);
        return answer;
      }
      case 'Stable':
        this.#generations.renew(member);
        return Promise.resolve(this.#generations.syncAnswer(member));
      case 'PreparingRebalance':
        return syncError(Errors.REBALANCE_IN_PROGRESS);
      default:
        return syncError(Errors.UNKNOWN_MEMBER_ID);
    }
  }

  /** Error code. */
  heartbeat(memberId: string, groupInstanceId: string | null, generationId: number): number {
    const error = this.#memberError(memberId, groupInstanceId, generationId);
    if (error !== Errors.NONE) return error;
    if (this.state === 'Empty' || this.state === 'Dead') return Errors.UNKNOWN_MEMBER_ID;
    this.#generations.renew(this.#generations.members.get(memberId) as GroupMember);
    return this.state === 'PreparingRebalance' ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** Error code for one leaving member. */
  leave(memberId: string, groupInstanceId: string | null): number {
    const { members, pending } = this.#generations;
    if (groupInstanceId !== null) {
      const current = members.idOfInstance(groupInstanceId);
      if (current === undefined) return Errors.UNKNOWN_MEMBER_ID;
      if (memberId !== '' && memberId !== current) return Errors.FENCED_INSTANCE_ID;
      this.#generations.remove(current);
      return Errors.NONE;
    }
    if (pending.take(memberId)) {
      this.#generations.tryToComplete();
      return Errors.NONE;
    }
    if (!members.has(memberId)) return Errors.UNKNOWN_MEMBER_ID;
    this.#generations.remove(memberId);
    return Errors.NONE;
  }

  /** Error code of a commit by this member; a commit counts as a heartbeat. Generation -1 without a member: from outside. */
  mayCommit(memberId: string, groupInstanceId: string | null, generationId: number): number {
    if (generationId < 0 && memberId === '' && groupInstanceId === null) {
      return this.state === 'Empty' ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }
    const error = this.#memberError(memberId, groupInstanceId, generationId);
    if (error !== Errors.NONE) return error;
    if (this.state === 'CompletingRebalance') return Errors.REBALANCE_IN_PROGRESS;
    if (this.state === 'Empty' || this.state === 'Dead') return Errors.UNKNOWN_MEMBER_ID;
    this.#generations.renew(this.#generations.members.get(memberId) as GroupMember);
    return Errors.NONE;
  }

  /** All members are to join again. */
  rebalance(): void {
    this.#generations.begin();
  }

  /** The group is deleted, goes on by the other protocol or the broker stops: open requests are answered with the error. */
  close(errorCode: number = Errors.COORDINATOR_NOT_AVAILABLE): void {
    this.#generations.end(errorCode);
  }

  /** Who is in the group has a place; while members come together those who have come count. */
  #hasRoomFor(memberId: string): boolean {
    const { members } = this.#generations;
    const member = members.get(memberId);
    if (this.state === 'Empty') return true;
    if (this.state !== 'PreparingRebalance') return member !== undefined || members.size < this.#env.maxSize;
    const come = members.all.filter(({ awaitingJoin }) => awaitingJoin !== null).length;
    return (member !== undefined && member.awaitingJoin !== null) || come < this.#env.maxSize;
  }

  #turnAway(memberId: string): void {
    if (this.#generations.pending.take(memberId)) this.#generations.tryToComplete();
    else if (this.#generations.members.has(memberId)) this.#generations.remove(memberId);
  }

  #accepts(protocolType: string, identity: MemberIdentity): boolean {
    if (protocolType === '' || identity.protocols.length === 0) return false;
    const { members } = this.#generations;
    if (members.size === 0) return true;
    return protocolType === this.protocolType && members.agreeWith(identity);
  }

  #joinNew(
    protocolType: string,
    identity: MemberIdentity,
    { knownMemberRequired, maySkipAssignment }: JoinOptions,
  ): Promise<JoinGroupResponseInput> {
    const { members, pending } = this.#generations;
    const memberId = this.#env.newMemberId(identity.groupInstanceId ?? identity.clientId);
    if (identity.groupInstanceId !== null) {
      const old = members.idOfInstance(identity.groupInstanceId);
      if (old !== undefined) return this.#replaceStatic(old, memberId, identity, maySkipAssignment);
    } else if (knownMemberRequired) {
      pending.add(memberId, identity.sessionTimeoutMs, () => this.#generations.tryToComplete());
      return joinError(Errors.MEMBER_ID_REQUIRED, memberId);
    }
    return this.#enter(memberId, protocolType, identity);
  }

  #joinAgain(
    memberId: string,
    protocolType: string,
    identity: MemberIdentity,
    { maySkipAssignment }: JoinOptions,
  ): Promise<JoinGroupResponseInput> {
    const { members, pending, leader } = this.#generations;
    if (identity.groupInstanceId !== null) {
      const current = members.idOfInstance(identity.groupInstanceId);
      if (current === undefined) return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
      if (current !== memberId) return joinError(Errors.FENCED_INSTANCE_ID, memberId);
    }
    if (pending.take(memberId)) return this.#enter(memberId, protocolType, identity);
    const member = members.get(memberId);
    if (!member) return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
    const unchanged = member.hasProtocols(identity.protocols);
    switch (this.state) {
      case 'PreparingRebalance':
        return this.#generations.rebalanceFor(member, identity);
      case 'CompletingRebalance':
        // The answer to its join was lost: it gets the same again.
        if (unchanged) return Promise.resolve(this.#generations.joinAnswer(member));
        return this.#generations.rebalanceFor(member, identity);
      case 'Stable':
        if (memberId !== leader && unchanged) {
          this.#generations.renew(member);
          return Promise.resolve(this.#generations.joinAnswer(member, maySkipAssignment));
        }
        return this.#generations.rebalanceFor(member, identity);
      default:
        return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
    }
  }

  #enter(memberId: string, protocolType: string, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    const { members } = this.#generations;
    if (members.size === 0) this.#generations.protocolType = protocolType;
    const member = new GroupMember(memberId, identity);
    members.add(member);
    return this.#generations.rebalanceFor(member, identity);
  }

  /**
   * A static member came back under a new id: the old one is fenced, and nothing is divided anew unless the members
   * would now agree on another protocol. What it is subscribed to is not looked at: an assignor's own words in it differ
   * with every start. Java: `GroupMetadataManager.updateStaticMemberThenRebalanceOrCompleteJoin`.
   */
  #replaceStatic(
    oldId: string,
    memberId: string,
    identity: MemberIdentity,
    maySkipAssignment: boolean,
  ): Promise<JoinGroupResponseInput> {
    const { members, leader } = this.#generations;
    const wasLeader = oldId === leader;
    const member = new GroupMember(memberId, identity);
    this.#generations.replace(members.get(oldId) as GroupMember, member);
    if (this.state !== 'Stable' || members.vote() !== this.protocol) {
      return this.#generations.rebalanceFor(member, identity);
    }
    this.#generations.renew(member);
    const answer = this.#generations.joinAnswer(member, maySkipAssignment);
    // An older client that is told it leads would assign anew: it sees the id it had before as the leader.
    if (wasLeader && !maySkipAssignment) Object.assign(answer, { leader: oldId, members: [] });
    return this.#env.store(this).then(() => answer);
  }

  #memberError(memberId: string, groupInstanceId: string | null, generationId: number): number {
    const refused = this.#generations.members.refusal(memberId, groupInstanceId);
    if (refused !== Errors.NONE) return refused;
    return generationId === this.generation ? Errors.NONE : Errors.ILLEGAL_GENERATION;
  }
}
