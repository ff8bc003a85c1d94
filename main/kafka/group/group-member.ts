import type { TopicPartition } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import { sleep, type Time, type Timer } from '../../../common/time.ts';
import { joinGroup } from '../../protocol/messages/11-join-group.ts';
import { heartbeat } from '../../protocol/messages/12-heartbeat.ts';
import { leaveGroup } from '../../protocol/messages/13-leave-group.ts';
import { syncGroup } from '../../protocol/messages/14-sync-group.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ClientClosedException, isRetriable } from '../errors.ts';
import type { PartitionAssignor } from './assignors.ts';
import { decodeAssignment, encodeSubscription } from './consumer-protocol.ts';
import type { GroupCoordinator } from './group-coordinator.ts';
import type { Committer } from './group-offsets.ts';
import { LeaderAssignment } from './leader-assignment.ts';

export interface GroupMemberOptions {
  cluster: Cluster;
  coordinator: GroupCoordinator;
  time: Time;
  logger: Logger;
  groupInstanceId: string | null;
  sessionTimeoutMs: number;
  heartbeatIntervalMs: number;
  /** `max.poll.interval.ms`: who doesn't poll for so long leaves the group; also what the others wait for it. */
  maxPollIntervalMs: number;
  /** In order of preference; the coordinator takes one that all members have. */
  assignors: readonly PartitionAssignor[];
  /** The topics to be named at the next join. */
  topics(): readonly string[];
  /** The membership has changed: whoever polls should look. */
  onChange(): void;
}

const PROTOCOL_TYPE = 'consumer';
/** A join is answered when all members have joined or `max.poll.interval.ms` are over; for the way back on top. */
const JOIN_GRACE_MS = 5_000;
/** What leaving may take when the coordinator is slow or gone: its session time-out does the rest. */
const LEAVE_TIMEOUT_MS = 3_000;

/**
 * Membership in a group by the classic protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup). It joins only when it
 * is told to, so that partitions change hands only while someone polls. Java: `AbstractCoordinator`,
 * `ConsumerCoordinator`.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #coordinator: GroupCoordinator;
  readonly #time: Time;
  readonly #assignment: LeaderAssignment;
  readonly #closing = new AbortController();
  #memberId = '';
  #generationId = -1;
  #needsJoin = true;
  #lost = false;
  #fatal: Error | null = null;
  #joining = false;
  #polling = false;
  #lastPollMs: number;
  #timer: Timer | null = null;
  #beating = false;
  #reason = 'the consumer started';

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#coordinator = options.coordinator;
    this.#time = options.time;
    this.#lastPollMs = options.time.hiResMilliseconds();
    this.#assignment = new LeaderAssignment(options.cluster, options.assignors);
    options.cluster.onRefresh(() => this.#checkAssignment());
  }

  /** A rebalance is due: give up the partitions and `join`. */
  get needsJoin(): boolean {
    return this.#needsJoin;
  }

  /** The coordinator has taken the partitions away without asking; cleared by `acceptLoss`. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Why membership can't go on; null while it can. */
  get fatal(): Error | null {
    return this.#fatal;
  }

  /** Null while it is no member of a generation: nothing can be committed then. */
  get committer(): Committer | null {
    if (this.#generationId < 0) return null;
    return {
      memberId: this.#memberId,
      generationId: this.#generationId,
      groupInstanceId: this.#options.groupInstanceId,
    };
  }

  requestJoin(reason: string): void {
    this.#reason = reason;
    this.#needsJoin = true;
    this.#options.onChange();
  }

  acceptLoss(): void {
    this.#lost = false;
  }

  pollStarted(): void {
    this.#polling = true;
  }

  pollEnded(): void {
    this.#polling = false;
    this.#lastPollMs = this.#time.hiResMilliseconds();
  }

  /** Joins and returns the assignment. Tries until it succeeds or can't; rejects then, and when it is closed. */
  async join(): Promise<TopicPartition[]> {
    this.#joining = true;
    this.#timer?.cancel();
    try {
      for (let attempts = 0; ; attempts++) {
        this.#ensureOpen();
        try {
          const assignment = await this.#attempt();
          if (assignment) {
            this.#beatLater();
            return assignment;
          }
        } catch (error) {
          if (!isRetriable(error)) throw this.#fail(error as Error);
          await sleep(this.#time, this.#options.cluster.backoffMs(attempts), this.#closing.signal);
        }
      }
    } finally {
      this.#joining = false;
    }
  }

  /** The coordinator has said that this member is none any more (answering a commit, for example). */
  expelled(error: ApiException): void {
    if (error.errorCode === Errors.FENCED_INSTANCE_ID) this.#fail(error);
    else this.#lose(error.errorCode === Errors.UNKNOWN_MEMBER_ID, error.message);
    this.#options.onChange();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#timer?.cancel();
    // A static member keeps its place until its session ends: that is what it is static for (KIP-345).
    if (this.#options.groupInstanceId === null) await this.#leave('the consumer is being closed');
  }

  /** Undefined: something changed on the way, try again at once. */
  async #attempt(): Promise<TopicPartition[] | undefined> {
    const { sessionTimeoutMs, maxPollIntervalMs, groupInstanceId, assignors } = this.#options;
    const topics = this.#options.topics();
    this.#needsJoin = false;
    const joined = await this.#coordinator.request(
      joinGroup,
      {
        groupId: this.#coordinator.groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: maxPollIntervalMs,
        memberId: this.#memberId,
        groupInstanceId,
        protocolType: PROTOCOL_TYPE,
        protocols: assignors.map(({ name }) => ({ name, metadata: encodeSubscription(topics, []) })),
        reason: this.#reason.slice(0, 255),
      },
      (response) => response.errorCode,
      { channel: 'join', timeoutMs: Math.max(maxPollIntervalMs, sessionTimeoutMs) + JOIN_GRACE_MS },
    );
    if (joined.errorCode === Errors.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      return undefined;
    }
    if (joined.errorCode !== 0) return this.#refused(joined.errorCode);
    this.#memberId = joined.memberId;
    const assignments = await this.#assignment.make(joined);
    const synced = await this.#coordinator.request(
      syncGroup,
      {
        groupId: this.#coordinator.groupId,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupInstanceId,
        protocolType: PROTOCOL_TYPE,
        protocolName: joined.protocolName,
        assignments,
      },
      (response) => response.errorCode,
      { channel: 'join', timeoutMs: Math.max(maxPollIntervalMs, sessionTimeoutMs) + JOIN_GRACE_MS },
    );
    if (synced.errorCode !== 0) return this.#refused(synced.errorCode);
    this.#generationId = joined.generationId;
    return decodeAssignment(synced.assignment);
  }

  /** Who made the assignment sees to it that it fits the topics. */
  #checkAssignment(): void {
    if (this.#generationId < 0 || this.#joining || this.#needsJoin) return;
    const reason = this.#assignment.outdated();
    if (reason !== null) this.requestJoin(reason);
  }

  /** An answer to join or sync that is an error: undefined to try again at once, else it is thrown. */
  #refused(errorCode: number): undefined {
    switch (errorCode) {
      case Errors.UNKNOWN_MEMBER_ID:
        this.#memberId = '';
        this.#generationId = -1;
        return undefined;
      case Errors.ILLEGAL_GENERATION:
        this.#generationId = -1;
        return undefined;
      case Errors.REBALANCE_IN_PROGRESS:
        return undefined;
      default:
        throw new ApiException(errorCode, undefined, { key: this.#coordinator.groupId });
    }
  }

  #beatLater(): void {
    this.#timer?.cancel();
    if (this.#closing.signal.aborted) return;
    this.#timer = this.#time.timer(this.#options.heartbeatIntervalMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    if (this.#beating || this.#joining || this.#generationId < 0) return;
    if (!this.#polling && this.#time.hiResMilliseconds() - this.#lastPollMs > this.#options.maxPollIntervalMs) {
      await this.#pollOverdue();
      return;
    }
    this.#beating = true;
    const generationId = this.#generationId;
    try {
      const { errorCode } = await this.#coordinator.request(
        heartbeat,
        {
          groupId: this.#coordinator.groupId,
          generationId,
          memberId: this.#memberId,
          groupInstanceId: this.#options.groupInstanceId,
        },
        (response) => response.errorCode,
        { timeoutMs: this.#options.sessionTimeoutMs },
      );
      if (errorCode !== 0 && generationId === this.#generationId && !this.#joining) this.#answeredWith(errorCode);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!isRetriable(error)) this.#fail(error as Error);
    } finally {
      this.#beating = false;
      if (this.#generationId >= 0 && !this.#joining) this.#beatLater();
    }
  }

  #answeredWith(errorCode: number): void {
    switch (errorCode) {
      case Errors.REBALANCE_IN_PROGRESS:
        if (!this.#needsJoin) this.requestJoin('group is already rebalancing');
        return;
      case Errors.COORDINATOR_LOAD_IN_PROGRESS:
        return;
      case Errors.UNKNOWN_MEMBER_ID:
      case Errors.ILLEGAL_GENERATION:
      case Errors.FENCED_INSTANCE_ID:
        this.expelled(new ApiException(errorCode, undefined, { key: this.#coordinator.groupId }));
        return;
      default:
        this.#fail(new ApiException(errorCode, undefined, { key: this.#coordinator.groupId }));
    }
  }

  #lose(forgetMember: boolean, reason: string): void {
    if (forgetMember) this.#memberId = '';
    if (this.#generationId >= 0) {
      this.#options.logger.warn(
        `Member of group ${this.#coordinator.groupId} lost its partitions and joins again: ${reason}`,
      );
    }
    this.#generationId = -1;
    this.#lost = true;
    this.#needsJoin = true;
    this.#reason = reason;
  }

  async #pollOverdue(): Promise<void> {
    this.#options.logger.warn(
      `consumer poll timeout has expired: more than max.poll.interval.ms (${this.#options.maxPollIntervalMs}) have passed since the last poll of group ${this.#coordinator.groupId}. ` +
        'It leaves the group until it polls again. Make max.poll.interval.ms longer or max.poll.records smaller.',
    );
    const leaving = this.#leave('consumer poll timeout has expired');
    this.#lose(true, 'consumer poll timeout has expired');
    await leaving;
  }

  async #leave(reason: string): Promise<void> {
    const memberId = this.#memberId;
    if (memberId === '' || !this.#coordinator.isKnown) return;
    this.#memberId = '';
    this.#generationId = -1;
    const { groupInstanceId } = this.#options;
    try {
      await this.#coordinator.request(
        leaveGroup,
        { groupId: this.#coordinator.groupId, memberId, members: [{ memberId, groupInstanceId, reason }] },
        (response) => response.errorCode,
        { timeoutMs: LEAVE_TIMEOUT_MS },
      );
    } catch (error) {
      // Its session ends by itself; nobody can do anything about it.
      this.#options.logger.debug(
        `Leaving group ${this.#coordinator.groupId} was not answered: ${(error as Error).message}`,
      );
    }
  }

  #fail(error: Error): Error {
    this.#fatal ??= error;
    this.#generationId = -1;
    this.#options.onChange();
    return error;
  }

  #ensureOpen(): void {
    if (this.#closing.signal.aborted) throw new ClientClosedException('The consumer was closed');
  }
}
