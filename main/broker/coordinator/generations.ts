import type { Time, Timer } from '../../../common/time.ts';
import { Errors, type JoinGroupResponseInput, type SyncGroupResponseInput } from '../../protocol/messages/index.ts';
import { answerJoin, answerSync, answerUnknown, joinErrorNow, syncErrorNow } from './group-answers.ts';
import type { GroupMember, MemberIdentity } from './group-member.ts';
import { GroupMembers } from './group-members.ts';
import { PendingMembers } from './pending-members.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/** A generation that is whole: each member has its part. */
export interface WholeGeneration {
  protocolType: string;
  number: number;
  protocol: string | null;
  leader: string | null;
  /** ms since 1970 UTC */
  since: bigint;
  members: readonly GroupMember[];
}

export interface GenerationsEnvironment {
  time: Time;
  /** Wait of a group's first rebalance for more members (`group.initial.rebalance.delay.ms`). */
  initialRebalanceDelayMs: number;
  /**
   * Makes the group's metadata durable; the answer to a leader's SyncGroup waits for it. Never rejects: false when the
   * log could not take it.
   */
  store(): Promise<boolean>;
}

/**
 * The generations of a classic group: its members come together, the leader divides, each has its part, until somebody
 * comes or goes. Every method changes it in one synchronous step. Java: `ClassicGroup`.
 */
export class Generations {
  readonly members = new GroupMembers();
  readonly pending: PendingMembers;
  protocolType = '';
  readonly #env: GenerationsEnvironment;
  #state: GroupState = 'Empty';
  #number = 0;
  #protocol: string | null = null;
  #leader: string | null = null;
  /** ms since 1970 UTC */
  #stateSince: bigint;
  /** Ends the wait for joining members (PreparingRebalance) or for their sync (CompletingRebalance). */
  #deadline: Timer | null = null;
  /** The first rebalance of an empty group waits its whole delay, even when everyone known is there. */
  #initialDelay = false;

  constructor(env: GenerationsEnvironment) {
    this.#env = env;
    this.pending = new PendingMembers(env.time);
    this.#stateSince = BigInt(env.time.milliseconds());
  }

  get state(): GroupState {
    return this.#state;
  }
  /** Of the last one; 0 before the first. */
  get number(): number {
    return this.#number;
  }
  get protocol(): string | null {
    return this.#protocol;
  }
  get leader(): string | null {
    return this.#leader;
  }
  get stateSince(): bigint {
    return this.#stateSince;
  }

  /** Goes on from a generation; the sessions of its members run from now. */
  resume(from: WholeGeneration): void {
    this.protocolType = from.protocolType;
    this.#number = from.number;
    this.#protocol = from.protocol;
    this.#leader = from.leader;
    this.#stateSince = from.since;
    for (const member of from.members) {
      this.members.add(member);
      this.renew(member);
    }
    this.#state = this.members.size > 0 ? 'Stable' : 'Empty';
  }

  /** Another generation begins because of this member, whose join waits for it. */
  rebalanceFor(member: GroupMember, identity: MemberIdentity): Promise<JoinGroupResponseInput> {
    member.update(identity);
    // A second join of the same member takes the place of its first.
    answerJoin(member, joinErrorNow(Errors.REBALANCE_IN_PROGRESS, member.memberId));
    const answer = new Promise<JoinGroupResponseInput>((resolve) => {
      this.#rest(member);
      member.awaitingJoin = resolve;
    });
    if (this.#state === 'PreparingRebalance') this.tryToComplete();
    else this.begin();
    return answer;
  }

  /** All members are to join again. */
  begin(): void {
    const wasEmpty = this.#state === 'Empty';
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.members.all) {
        answerSync(member, syncErrorNow(Errors.REBALANCE_IN_PROGRESS));
        member.assignment = Buffer.alloc(0);
      }
    }
    this.#transition('PreparingRebalance');
    const wait = wasEmpty ? this.#env.initialRebalanceDelayMs : this.members.rebalanceTimeoutMs;
    this.#initialDelay = wasEmpty;
    const complete = () => {
      this.#initialDelay = false;
      this.#complete();
    };
    // A first generation waits for nobody in particular.
    if (wasEmpty && wait === 0) {
      complete();
    } else {
      this.#await(wait, complete);
      this.tryToComplete();
    }
  }

  /** The generation is whole when nobody is awaited any more. */
  tryToComplete(): void {
    if (this.#state !== 'PreparingRebalance' || this.#initialDelay || this.pending.size > 0) return;
    if (this.members.all.every((member) => member.awaitingJoin !== null)) this.#complete();
  }

  /** A member's SyncGroup waits for the leader's. */
  awaitSync(member: GroupMember): Promise<SyncGroupResponseInput> {
    return new Promise((resolve) => {
      this.#rest(member);
      member.awaitingSync = resolve;
    });
  }

  /** The leader has divided: everybody has a part, once that is durable. */
  assign(assignments: readonly { memberId: string; assignment: Buffer }[]): void {
    const byId = new Map(assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]));
    for (const member of this.members.all) member.assignment = byId.get(member.memberId) ?? Buffer.alloc(0);
    const generation = this.#number;
    void this.#env.store().then((stored) => {
      if (this.#state !== 'CompletingRebalance' || this.#number !== generation) return;
      if (stored) {
        this.#deadline?.cancel();
        this.#transition('Stable');
      }
      for (const member of this.members.all) {
        if (member.awaitingSync === null) continue;
        // Where the log can't take it members try again and find the group as it was.
        answerSync(member, stored ? this.syncAnswer(member) : syncErrorNow(Errors.COORDINATOR_NOT_AVAILABLE));
        this.renew(member);
      }
    });
  }

  /** A member left or its session ended. */
  remove(memberId: string): void {
    this.#drop(this.members.get(memberId) as GroupMember);
    if (this.#state === 'Stable' || this.#state === 'CompletingRebalance') {
      if (this.members.size > 0) this.begin();
      else this.#becomeEmpty();
    } else if (this.#state === 'PreparingRebalance') {
      if (this.members.size > 0) this.tryToComplete();
      else if (!this.#initialDelay) this.#complete();
    }
  }

  /** A static member goes on under another id; who comes with the old one is fenced. */
  replace(old: GroupMember, member: GroupMember): void {
    old.session?.cancel();
    answerJoin(old, joinErrorNow(Errors.FENCED_INSTANCE_ID, old.memberId));
    answerSync(old, syncErrorNow(Errors.FENCED_INSTANCE_ID));
    this.members.remove(old);
    member.assignment = old.assignment;
    this.members.add(member);
    if (this.#leader === old.memberId) this.#leader = member.memberId;
  }

  /** Nothing more happens: timers go, and open requests are answered with the error. */
  end(errorCode: number): void {
    this.#state = 'Dead';
    this.#deadline?.cancel();
    this.pending.clear();
    for (const member of this.members.all) {
      member.session?.cancel();
      answerJoin(member, joinErrorNow(errorCode, member.memberId));
      answerSync(member, syncErrorNow(errorCode));
    }
    this.members.clear();
  }

  /** A member's session goes on from now. */
  renew(member: GroupMember): void {
    if (member.awaitingJoin !== null || member.awaitingSync !== null) return;
    member.session?.cancel();
    member.session = this.#env.time.timer(member.sessionTimeoutMs, () => {
      if (this.members.get(member.memberId) === member) this.remove(member.memberId);
    });
  }

  joinAnswer(member: GroupMember, skipAssignment = false): JoinGroupResponseInput {
    const leads = member.memberId === this.#leader;
    return {
      errorCode: Errors.NONE,
      generationId: this.#number,
      protocolType: this.protocolType,
      protocolName: this.#protocol,
      leader: this.#leader as string,
      skipAssignment: leads && skipAssignment,
      memberId: member.memberId,
      members: leads
        ? this.members.all.map((other) => ({
            memberId: other.memberId,
            groupInstanceId: other.groupInstanceId,
            metadata: other.metadata(this.#protocol),
          }))
        : [],
    };
  }

  syncAnswer(member: GroupMember): SyncGroupResponseInput {
    return {
      errorCode: Errors.NONE,
      protocolType: this.protocolType,
      protocolName: this.#protocol,
      assignment: member.assignment,
    };
  }

  /** Whoever has joined is the new generation; dynamic members who did not come are out, static ones keep their place. */
  #complete(): void {
    for (const member of this.members.all) {
      if (member.awaitingJoin === null && member.groupInstanceId === null) this.#drop(member);
    }
    if (this.members.size === 0) {
      this.#becomeEmpty();
      return;
    }
    this.#number += 1;
    this.#protocol = this.members.vote();
    const joined = this.members.all.filter((member) => member.awaitingJoin !== null);
    const leader = this.#leader === null ? undefined : this.members.get(this.#leader);
    if (!leader || leader.awaitingJoin === null) {
      this.#leader = (joined[0] ?? (this.members.all[0] as GroupMember)).memberId;
    }
    this.#transition('CompletingRebalance');
    const generation = this.#number;
    this.#await(this.members.rebalanceTimeoutMs, () => this.#expireSync(generation));
    for (const member of joined) {
      answerJoin(member, this.joinAnswer(member));
      this.renew(member);
    }
  }

  /** Members that joined but never asked for their assignment are out. */
  #expireSync(generation: number): void {
    if (this.#state !== 'CompletingRebalance' || this.#number !== generation) return;
    for (const member of this.members.all) if (member.awaitingSync === null) this.#drop(member);
    if (this.members.size > 0) this.begin();
    else this.#becomeEmpty();
  }

  #becomeEmpty(): void {
    this.#deadline?.cancel();
    this.#number += 1;
    this.#protocol = null;
    this.#leader = null;
    this.#transition('Empty');
    void this.#env.store();
  }

  #drop(member: GroupMember): void {
    member.session?.cancel();
    this.members.remove(member);
    if (this.#leader === member.memberId) this.#leader = null;
    answerUnknown(member);
  }

  /** A member whose request is open is alive: its session does not run. */
  #rest(member: GroupMember): void {
    member.session?.cancel();
    member.session = null;
  }

  #await(ms: number, expired: () => void): void {
    this.#deadline?.cancel();
    this.#deadline = this.#env.time.timer(ms, expired);
  }

  #transition(state: GroupState): void {
    this.#state = state;
    this.#stateSince = BigInt(this.#env.time.milliseconds());
  }
}
