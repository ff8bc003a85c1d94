import type { Time } from '../../../common/time.ts';
import {
  ApiException,
  type ConsumerGroupHeartbeatRequest,
  Errors,
  type HeartbeatRequest,
  type JoinGroupRequest,
  type JoinGroupResponseInput,
  type SyncGroupRequest,
  type SyncGroupResponseInput,
} from '../../protocol/messages/index.ts';
import { ClassicGroup } from './classic-group.ts';
import * as classicMembers from './classic-member-requests.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { checkHeartbeat, JOIN, LEAVE_FOR_A_WHILE } from './consumer-group-heartbeat.ts';
import * as consumerMembers from './consumer-member-requests.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { joinErrorNow, syncErrorNow } from './group-answers.ts';
import type { GroupLog } from './group-log.ts';
import type { MemberProtocol } from './group-member.ts';
import type { GroupMigration } from './group-migration.ts';
import { groupRecord } from './group-records.ts';
import type { Groups } from './groups.ts';

export interface HeartbeatAnswer extends consumerMembers.Beat {
  errorCode: number;
  heartbeatIntervalMs: number;
}

export interface ConsumerGroupsOptions {
  time: Time;
  groups: Groups;
  log: GroupLog;
  migration: GroupMigration;
  randomId(): string;
  topics: classicMembers.TopicIds;
  /** `group.consumer.heartbeat.interval.ms` */
  heartbeatIntervalMs: number;
  /** `group.consumer.max.size` */
  maxSize: number;
}

/**
 * The groups of the new protocol (KIP-848), with members of both. A request is answered when what it has changed is
 * durable. Groups come to it, and leave it, as their members change protocols.
 */
export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
  }

  /**
   * A member joins, says that it is there or leaves.
   *
   * @throws ApiException as `checkHeartbeat`, `beat`, `memberThatLeaves`, and GROUP_ID_NOT_FOUND,
   *   GROUP_MAX_SIZE_REACHED, COORDINATOR_NOT_AVAILABLE
   */
  async heartbeat(request: ConsumerGroupHeartbeatRequest, client: consumerMembers.Client): Promise<HeartbeatAnswer> {
    checkHeartbeat(request);
    const { answer, isDurable } = request.memberEpoch < 0 ? this.#leave(request) : this.#beat(request, client);
    if (await isDurable) return answer;
    throw notWritten(request.groupId);
  }

  /** @throws ApiException as `beat`, GROUP_ID_NOT_FOUND, GROUP_MAX_SIZE_REACHED */
  #beat(request: ConsumerGroupHeartbeatRequest, client: consumerMembers.Client) {
    const { groups } = this.#options;
    const before = groups.get(request.groupId);
    const group = this.#groupFor(request, before);
    // Clients of version 0 leave it to the broker to name them.
    const memberId =
      request.memberId === '' && request.memberEpoch === JOIN ? this.#options.randomId() : request.memberId;
    let beat: consumerMembers.Beat;
    try {
      this.#checkRoom(group, memberId);
      beat = consumerMembers.beat(group, { ...request, memberId }, client);
    } catch (error) {
      if (group !== before) group.close();
      throw error;
    }
    const records: CoordinatorRecord[] = [];
    if (group !== before) {
      // Who waits in a classic group joins again.
      before?.close(Errors.REBALANCE_IN_PROGRESS);
      if (before) records.push(groupRecord(request.groupId, null));
      groups.put(group);
    }
    return { answer: this.#answer(beat), isDurable: this.#write(group, records) };
  }

  /** @throws ApiException as `memberThatLeaves`, GROUP_ID_NOT_FOUND */
  #leave(request: ConsumerGroupHeartbeatRequest) {
    const { groupId, memberId, memberEpoch } = request;
    const group = this.#options.groups.get(groupId);
    if (!group) throw noSuchGroup(`Group ${groupId} not found.`);
    if (group instanceof ClassicGroup) throw noSuchGroup(`Group ${groupId} is not a consumer group.`);
    const member = consumerMembers.memberThatLeaves(group, request);
    const answer = { ...this.#answer({ memberId, memberEpoch, assignment: null }), heartbeatIntervalMs: 0 };
    if (memberEpoch !== LEAVE_FOR_A_WHILE) return { answer, isDurable: this.#remove(group, new Set([memberId])) };
    consumerMembers.leaveForAWhile(group, member);
    return { answer, isDurable: this.#write(group) };
  }

  /** A member joins a group that is there, by the classic protocol. @throws ApiException COORDINATOR_NOT_AVAILABLE */
  async join(
    group: ConsumerGroup,
    request: JoinGroupRequest,
    version: number,
    client: consumerMembers.Client,
  ): Promise<JoinGroupResponseInput> {
    const { groupInstanceId: instanceId, sessionTimeoutMs } = request;
    const isNew = request.memberId === '';
    const memberId = isNew ? this.#options.randomId() : request.memberId;
    this.#checkRoom(group, memberId);
    classicMembers.checkProtocols(group, request);
    if (isNew && version >= 4 && instanceId === null) return joinErrorNow(Errors.MEMBER_ID_REQUIRED, memberId);
    if (!isNew && instanceId !== null) classicMembers.staticMember(group, instanceId, memberId);
    const { migration, topics } = this.#options;
    const old = instanceId === null ? undefined : group.memberOfInstance(instanceId);
    // The last member of the new protocol comes back by the classic one.
    const downgrades = old !== undefined && !old.classic && migration.mayDowngrade(group, new Set([old.memberId]), 1);
    const joining = {
      ...{ memberId, instanceId, sessionTimeoutMs },
      rebalanceTimeoutMs: request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
      protocols: copied(request.protocols),
    };
    const { answer, isChanged, epoch } = classicMembers.join(group, joining, client, topics, !downgrades);
    if (!downgrades) classicMembers.awaitSync(group, joining);
    const isDurable = downgrades
      ? this.#becomeClassic(group, { leaving: new Set(), epoch, rebalances: isChanged })
      : this.#write(group);
    if (await isDurable) return answer;
    throw notWritten(group.groupId);
  }

  /** A classic member's part. @throws ApiException as `sync` of classic members, COORDINATOR_NOT_AVAILABLE */
  async sync(group: ConsumerGroup, request: SyncGroupRequest): Promise<SyncGroupResponseInput> {
    const answer = classicMembers.sync(group, request, this.#options.topics);
    return (await this.#write(group)) ? answer : syncErrorNow(Errors.COORDINATOR_NOT_AVAILABLE);
  }

  /** Error code. A classic member says that it is there. */
  classicHeartbeat(group: ConsumerGroup, request: HeartbeatRequest): number {
    return classicMembers.heartbeat(group, request);
  }

  /**
   * Error codes of members that leave by LeaveGroup, all at once: their own wish, or an administrator's, who may name a
   * static one by its instance alone.
   */
  async leave(
    group: ConsumerGroup,
    asked: readonly { memberId: string; groupInstanceId: string | null }[],
  ): Promise<number[]> {
    const leaving = new Set<string>();
    const codes = asked.map(({ memberId, groupInstanceId }) => {
      const member = groupInstanceId === null ? group.member(memberId) : group.memberOfInstance(groupInstanceId);
      if (!member) return Errors.UNKNOWN_MEMBER_ID;
      if (memberId !== '' && member.memberId !== memberId) return Errors.FENCED_INSTANCE_ID;
      leaving.add(member.memberId);
      return Errors.NONE;
    });
    if (leaving.size === 0 || (await this.#remove(group, leaving))) return codes;
    return codes.map((code) => (code === Errors.NONE ? Errors.COORDINATOR_NOT_AVAILABLE : code));
  }

  /** A member did not do in time what it had to do. */
  overdue(group: ConsumerGroup, memberId: string): void {
    void this.#remove(group, new Set([memberId]));
  }

  /** The group of a heartbeat: it may be new, or made of the classic one that is there. */
  #groupFor({ groupId, memberEpoch }: ConsumerGroupHeartbeatRequest, there: ClassicGroup | ConsumerGroup | undefined) {
    if (there instanceof ConsumerGroup) return there;
    const { groups, migration } = this.#options;
    if (memberEpoch !== JOIN) {
      throw noSuchGroup(there ? `Group ${groupId} is not a consumer group.` : `Consumer group ${groupId} not found.`);
    }
    if (!there || there.state === 'Empty') return groups.newConsumer(groupId);
    const { epoch, members } = migration.upgraded(there);
    const group = groups.newConsumer(groupId);
    group.begin(epoch, members);
    return group;
  }

  #checkRoom(group: ConsumerGroup, memberId: string): void {
    const { maxSize } = this.#options;
    if (group.members.length < maxSize || group.member(memberId)) return;
    throw new ApiException(
      Errors.GROUP_MAX_SIZE_REACHED,
      `The consumer group has reached its maximum capacity of ${maxSize} members.`,
    );
  }

  /** Resolves to whether it is durable. When classic members alone are left the group may be a classic one again. */
  #remove(group: ConsumerGroup, leaving: ReadonlySet<string>): Promise<boolean> {
    if (this.#options.migration.mayDowngrade(group, leaving)) {
      return this.#becomeClassic(group, { leaving, epoch: group.epoch, rebalances: true });
    }
    group.remove(leaving);
    return this.#write(group);
  }

  #becomeClassic(
    group: ConsumerGroup,
    { leaving, epoch, rebalances }: { leaving: ReadonlySet<string>; epoch: number; rebalances: boolean },
  ): Promise<boolean> {
    const { groups, migration, log, time } = this.#options;
    const now = BigInt(time.milliseconds());
    const classic = groups.newClassic(group.groupId, migration.downgraded(group, leaving, epoch, now));
    const records = [...group.takeChanges(), ...group.tombstones(), classic.record()];
    group.close();
    groups.put(classic);
    if (rebalances) classic.rebalance();
    return log.write(group.groupId, records);
  }

  #write(group: ConsumerGroup, before: readonly CoordinatorRecord[] = []): Promise<boolean> {
    return this.#options.log.write(group.groupId, [...before, ...group.takeChanges()]);
  }

  #answer(beat: consumerMembers.Beat): HeartbeatAnswer {
    const { heartbeatIntervalMs } = this.#options;
    return { errorCode: Errors.NONE, heartbeatIntervalMs, ...beat };
  }
}

/** The request's frame is not kept alive by a member that stays for days. */
export function copied(protocols: readonly MemberProtocol[]): MemberProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) }));
}

function noSuchGroup(message: string): ApiException {
  return new ApiException(Errors.GROUP_ID_NOT_FOUND, message);
}

function notWritten(groupId: string): ApiException {
  return new ApiException(Errors.COORDINATOR_NOT_AVAILABLE, `What became of group ${groupId} could not be written.`);
}
