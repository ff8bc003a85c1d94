import type { Time, Timer } from '../../../common/time.ts';
import { Errors, type JoinGroupResponseInput, type SyncGroupResponseInput } from '../../protocol/messages/index.ts';
import {
  answerJoin,
  answerSync,
  answerUnknown,
  joinError,
  joinErrorNow,
  syncError,
  syncErrorNow,
} from './group-answers.ts';
import { GroupMember, type MemberIdentity } from './group-member.ts';
import { GroupMembers } from './group-members.ts';
import type { StoredGroup } from './group-records.ts';
import { PendingMembers } from './pending-members.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface GroupEnvironment {
  time: Time;
  /** Wait of a group's first rebalance for more members (`group.initial.rebalance.delay.ms`). */
  initialRebalanceDelayMs: number;
  newMemberId(prefix: string): string;
  /**
   * Makes the group's metadata durable; the answer to a leader's SyncGroup waits for it. Never rejects: false when the
   * log could not take it.
   */
  store(group: ClassicGroup): Promise<boolean>;
}

/**
 * A consumer group of the classic protocol: join, sync, heartbeat, leave. A state machine without I/O; every method
 * changes it in one synchronous step and answers through the promise it returns. Java: `ClassicGroup` and
 * `GroupMetadataManager` of Kafka 4.3.
 */
export class ClassicGroup {
  readonly groupId: string;
  readonly #env: GroupEnvironment;
  readonly #members = new GroupMembers();
  readonly #pending: PendingMembers;
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocol: string | null = null;
  #leader: string | null = null;
  /** ms since 1970 UTC */
  #stateSince: bigint;
  /** Ends the wait for joining members (PreparingRebalance) or for their sync (CompletingRebalance). */
  #rebalance: Timer | null = null;
  /** The first rebalance of an empty group waits its whole delay, even when everyone known is there. */
  #initialDelay = false;

  constructor(groupId: string, env: GroupEnvironment, stored?: StoredGroup) {
    this.groupId = groupId;
    this.#env = env;
    this.#pending = new PendingMembers(env.time);
    this.#stateSince = BigInt(env.time.milliseconds());
    if (stored) this.#restore(stored);
  }

  get state(): GroupState {
    return this.#state;
  }
  get generation(): number {
    return this.#generation;
  }
  get protocolType(): string {
    return this.#protocolType;
  }
  get protocol(): string | null {
    return this.#protocol;
  }
  get members(): readonly GroupMember[] {
    return this.#members.all;
  }
  get stateSince(): bigint {
    return this.#stateSince;
  }
  /** Nobody is in it and nobody is about to be. */
  get idle(): boolean {
    return this.#members.size === 0 && this.#pending.size === 0;
  }

  stored(): StoredGroup {
    return {
      protocolType: this.#protocolType,
      generation: this.#generation,
      protocol: this.#protocol,
      leader: this.#leader,
      currentStateTimestamp: this.#stateSince,
      members: this.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: member.metadata(this.#protocol),
        assignment: member.assignment,
      })),
    };
  }

  /** `knownMemberRequired`: a new dynamic member first gets its id and joins again with it (JoinGroup 4 and later). */
  join(
    memberId: string,
    protocolType: string,
    identity: MemberIdentity,
    options: { knownMemberRequired: boolean; maySkipAssignment: boolean },
  ): Promise<JoinGroupResponseInput> {
    if (this.#state === 'Dead') return joinError(Errors.COORDINATOR_NOT_AVAILABLE, memberId);
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
      (protocol.type !== null && protocol.type !== this.#protocolType) ||
      (protocol.name !== null && protocol.name !== this.#protocol)
    ) {
      return syncError(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }
    const member = this.#members.get(memberId) as GroupMember;
    switch (this.#state) {
      case 'CompletingRebalance': {
        const answer = new Promise<SyncGroupResponseInput>((resolve) => {
          member.awaitingSync = resolve;
        });
        this.#rest(member);
        if (memberId === this.#leader) this.#assign(assignments);
        return answer;
      }
      case 'Stable':
        this.#renew(member);
        return Promise.resolve(this.#syncAnswer(member));
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
    if (this.#state === 'Empty' || this.#state === 'Dead') return Errors.UNKNOWN_MEMBER_ID;
    this.#renew(this.#members.get(memberId) as GroupMember);
    return this.#state === 'PreparingRebalance' ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
  }

  /** Error code for one leaving member. */
  leave(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const current = this.#members.idOfInstance(groupInstanceId);
      if (current === undefined) return Errors.UNKNOWN_MEMBER_ID;
      if (memberId !== '' && memberId !== current) return Errors.FENCED_INSTANCE_ID;
      this.#remove(current);
      return Errors.NONE;
    }
    if (this.#pending.take(memberId)) {
      this.#tryToCompleteJoin();
      return Errors.NONE;
    }
    if (!this.#members.has(memberId)) return Errors.UNKNOWN_MEMBER_ID;
    this.#remove(memberId);
    return Errors.NONE;
  }

  /** Error code of a commit by this member; a commit counts as a heartbeat. Generation -1 without a member: from outside. */
  mayCommit(memberId: string, groupInstanceId: string | null, generationId: number): number {
    if (generationId < 0 && memberId === '' && groupInstanceId === null) {
      return this.#state === 'Empty' ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }
    const error = this.#memberError(memberId, groupInstanceId, generationId);
    if (error !== Errors.NONE) return error;
    if (this.#state === 'CompletingRebalance') return Errors.REBALANCE_IN_PROGRESS;
    if (this.#state === 'Empty' || this.#state === 'Dead') return Errors.UNKNOWN_MEMBER_ID;
    this.#renew(this.#members.get(memberId) as GroupMember);
    return Errors.NONE;
  }

  /** The group is deleted or the broker stops: timers go, open requests are answered. */
  close(): void {
    this.#state = 'Dead';
    this.#rebalance?.cancel();
    this.#pending.clear();
    for (const member of this.members) {
      member.session?.cancel();
      answerJoin(member, joinErrorNow(Errors.COORDINATOR_NOT_AVAILABLE, member.memberId));
      answerSync(member, syncErrorNow(Errors.COORDINATOR_NOT_AVAILABLE));
    }
    this.#members.clear();
  }

  #restore(stored: StoredGroup): void {
    this.#protocolType = stored.protocolType;
    this.#generation = stored.generation;
    this.#protocol = stored.protocol;
    this.#leader = stored.leader;
    this.#stateSince = stored.currentStateTimestamp;
    for (const old of stored.members) {
      const member = new GroupMember(old.memberId, {
        clientId: old.clientId,
        clientHost: old.clientHost,
        groupInstanceId: old.groupInstanceId,
        sessionTimeoutMs: old.sessionTimeout,
        rebalanceTimeoutMs: old.rebalanceTimeout < 0 ? old.sessionTimeout : old.rebalanceTimeout,
        protocols: [{ name: stored.protocol ?? '', metadata: old.subscription }],
      });
      member.assignment = old.assignment;
      this.#members.add(member);
      this.#renew(member);
    }
    this.#state = this.#members.size > 0 ? 'Stable' : 'Empty';
  }

  #accepts(protocolType: string, identity: MemberIdentity): boolean {
    if (protocolType === '' || identity.protocols.length === 0) return false;
    if (this.#members.size === 0) return true;
    if (protocolType !== this.#protocolType) return false;
    return this.#members.agreeWith(identity);
  }

  #joinNew(
    protocolType: string,
    identity: MemberIdentity,
    options: { knownMemberRequired: boolean; maySkipAssignment: boolean },
  ): Promise<JoinGroupResponseInput> {
    const memberId = this.#env.newMemberId(identity.groupInstanceId ?? identity.clientId);
    if (identity.groupInstanceId !== null) {
      const old = this.#members.idOfInstance(identity.groupInstanceId);
      if (old !== undefined) return this.#replaceStatic(old, memberId, identity, options.maySkipAssignment);
    } else if (options.knownMemberRequired) {
      this.#pending.add(memberId, identity.sessionTimeoutMs, () => this.#tryToCompleteJoin());
      return joinError(Errors.MEMBER_ID_REQUIRED, memberId);
    }
    return this.#enter(memberId, protocolType, identity);
  }

  #joinAgain(
    memberId: string,
    protocolType: string,
    identity: MemberIdentity,
    options: { maySkipAssignment: boolean },
  ): Promise<JoinGroupResponseInput> {
    if (identity.groupInstanceId !== null) {
      const current = this.#members.idOfInstance(identity.groupInstanceId);
      if (current === undefined) return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
      if (current !== memberId) return joinError(Errors.FENCED_INSTANCE_ID, memberId);
    }
    if (this.#pending.take(memberId)) return this.#enter(memberId, protocolType, identity);
    const member = this.#members.get(memberId);
    if (!member) return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
    const unchanged = member.hasProtocols(identity.protocols);
    switch (this.#state) {
      case 'PreparingRebalance':
        return this.#await(member, identity);
      case 'CompletingRebalance':
        // The answer to its join was lost: it gets the same again.
        if (unchanged) return Promise.resolve(this.#joinAnswer(member));
        return this.#rebalanceFor(member, identity);
      case 'Stable':
        if (memberId !== this.#leader && unchanged) {
          this.#renew(member);
          return Promise.resolve(this.#joinAnswer(member, options.maySkipAssignment));
        }
        return this.#rebalanceFor(member, identity);
      default:
        return joinError(Errors.UNKNOWN_MEMBER_ID, memberId);
    }
  }

  #enter(memberId: string, protocolType: string, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    if (this.#members.size === 0) this.#protocolType = protocolType;
    const member = new GroupMember(memberId, identity);
    this.#members.add(member);
    return this.#rebalanceFor(member, identity);
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
    const old = this.#members.get(oldId) as GroupMember;
    const wasLeader = oldId === this.#leader;
    old.session?.cancel();
    answerJoin(old, joinErrorNow(Errors.FENCED_INSTANCE_ID, oldId));
    answerSync(old, syncErrorNow(Errors.FENCED_INSTANCE_ID));
    this.#members.remove(old);
    const member = new GroupMember(memberId, identity);
    member.assignment = old.assignment;
    this.#members.add(member);
    if (wasLeader) this.#leader = memberId;
    if (this.#state !== 'Stable' || this.#members.vote() !== this.#protocol)
      return this.#rebalanceFor(member, identity);
    this.#renew(member);
    const answer = this.#joinAnswer(member, maySkipAssignment);
    // An older client that is told it leads would assign anew: it sees the id it had before as the leader.
    if (wasLeader && !maySkipAssignment) Object.assign(answer, { leader: oldId, members: [] });
    return this.#env.store(this).then(() => answer);
  }

  #rebalanceFor(member: GroupMember, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    const answer = this.#hold(member, identity);
    if (this.#state === 'PreparingRebalance') this.#tryToCompleteJoin();
    else this.#prepareRebalance();
    return answer;
  }

  #await(member: GroupMember, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    const answer = this.#hold(member, identity);
    this.#tryToCompleteJoin();
    return answer;
  }

  #hold(member: GroupMember, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    member.update(identity);
    // A second join of the same member takes the place of its first.
    answerJoin(member, joinErrorNow(Errors.REBALANCE_IN_PROGRESS, member.memberId));
    this.#rest(member);
    return new Promise((resolve) => {
      member.awaitingJoin = resolve;
    });
  }

  #prepareRebalance(): void {
    const wasEmpty = this.#state === 'Empty';
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.members) {
        answerSync(member, syncErrorNow(Errors.REBALANCE_IN_PROGRESS));
        member.assignment = Buffer.alloc(0);
      }
    }
    this.#transition('PreparingRebalance');
    this.#rebalance?.cancel();
    this.#initialDelay = wasEmpty && this.#env.initialRebalanceDelayMs > 0;
    const wait = this.#initialDelay ? this.#env.initialRebalanceDelayMs : this.#members.rebalanceTimeoutMs;
    this.#rebalance = this.#env.time.timer(wait, () => {
      this.#initialDelay = false;
      this.#completeJoin();
    });
    this.#tryToCompleteJoin();
  }

  #tryToCompleteJoin(): void {
    if (this.#state !== 'PreparingRebalance' || this.#initialDelay || this.#pending.size > 0) return;
    if (this.members.every((member) => member.awaitingJoin !== null)) this.#completeJoin();
  }

  /** Whoever has joined is the new generation; dynamic members who did not come are out, static ones keep their place. */
  #completeJoin(): void {
    this.#rebalance?.cancel();
    this.#rebalance = null;
    for (const member of this.members) {
      if (member.awaitingJoin === null && member.groupInstanceId === null) this.#drop(member);
    }
    this.#generation += 1;
    if (this.#members.size === 0) {
      this.#protocol = null;
      this.#leader = null;
      this.#transition('Empty');
      void this.#env.store(this);
      return;
    }
    this.#protocol = this.#members.vote();
    const joined = this.members.filter((member) => member.awaitingJoin !== null);
    if (
      this.#leader === null ||
      this.#members.get(this.#leader)?.awaitingJoin === null ||
      !this.#members.has(this.#leader)
    ) {
      this.#leader = (joined[0] ?? (this.members[0] as GroupMember)).memberId;
    }
    this.#transition('CompletingRebalance');
    const generation = this.#generation;
    this.#rebalance = this.#env.time.timer(this.#members.rebalanceTimeoutMs, () => this.#expireSync(generation));
    for (const member of joined) {
      answerJoin(member, this.#joinAnswer(member));
      this.#renew(member);
    }
  }

  /** Members that joined but never asked for their assignment are out. */
  #expireSync(generation: number): void {
    if (this.#state !== 'CompletingRebalance' || this.#generation !== generation) return;
    for (const member of this.members) if (member.awaitingSync === null) this.#drop(member);
    if (this.#members.size > 0) this.#prepareRebalance();
    else this.#becomeEmpty();
  }

  #assign(assignments: readonly { memberId: string; assignment: Buffer }[]): void {
    const byId = new Map(assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]));
    for (const member of this.members) member.assignment = byId.get(member.memberId) ?? Buffer.alloc(0);
    const generation = this.#generation;
    void this.#env.store(this).then((stored) => {
      if (this.#state !== 'CompletingRebalance' || this.#generation !== generation) return;
      if (stored) {
        this.#rebalance?.cancel();
        this.#rebalance = null;
        this.#transition('Stable');
      }
      for (const member of this.members) {
        if (member.awaitingSync === null) continue;
        // Where the log can't take it members try again and find the group as it was.
        answerSync(member, stored ? this.#syncAnswer(member) : syncErrorNow(Errors.COORDINATOR_NOT_AVAILABLE));
        this.#renew(member);
      }
    });
  }

  #memberError(memberId: string, groupInstanceId: string | null, generationId: number): number {
    const refused = this.#members.refusal(memberId, groupInstanceId);
    if (refused !== Errors.NONE) return refused;
    return generationId === this.#generation ? Errors.NONE : Errors.ILLEGAL_GENERATION;
  }

  #joinAnswer(member: GroupMember, skipAssignment = false): JoinGroupResponseInput {
    const leads = member.memberId === this.#leader;
    return {
      errorCode: Errors.NONE,
      generationId: this.#generation,
      protocolType: this.#protocolType,
      protocolName: this.#protocol,
      leader: this.#leader as string,
      skipAssignment: leads && skipAssignment,
      memberId: member.memberId,
      members: leads
        ? this.members.map((other) => ({
            memberId: other.memberId,
            groupInstanceId: other.groupInstanceId,
            metadata: other.metadata(this.#protocol),
          }))
        : [],
    };
  }

  #syncAnswer(member: GroupMember): SyncGroupResponseInput {
    return {
      errorCode: Errors.NONE,
      protocolType: this.#protocolType,
      protocolName: this.#protocol,
      assignment: member.assignment,
    };
  }

  #drop(member: GroupMember): void {
    member.session?.cancel();
    this.#members.remove(member);
    if (this.#leader === member.memberId) this.#leader = null;
    answerUnknown(member);
  }

  /** A member left or its session ended. */
  #remove(memberId: string): void {
    this.#drop(this.#members.get(memberId) as GroupMember);
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') {
      if (this.#members.size > 0) this.#prepareRebalance();
      else this.#becomeEmpty();
    } else if (this.#state === 'PreparingRebalance') {
      if (this.#members.size > 0) this.#tryToCompleteJoin();
      else if (!this.#initialDelay) this.#completeJoin();
    }
  }

  #becomeEmpty(): void {
    this.#rebalance?.cancel();
    this.#rebalance = null;
    this.#generation += 1;
    this.#protocol = null;
    this.#leader = null;
    this.#transition('Empty');
    void this.#env.store(this);
  }

  /** A member whose request is open is alive: its session does not run. */
  #rest(member: GroupMember): void {
    member.session?.cancel();
    member.session = null;
  }

  #renew(member: GroupMember): void {
    if (member.awaitingJoin !== null || member.awaitingSync !== null) return;
    member.session?.cancel();
    member.session = this.#env.time.timer(member.sessionTimeoutMs, () => {
      if (this.#members.get(member.memberId) === member) this.#remove(member.memberId);
    });
  }

  #transition(state: GroupState): void {
    this.#state = state;
    this.#stateSince = BigInt(this.#env.time.milliseconds());
  }
}
