import { SchemaException } from '../../protocol/exceptions.ts';
import {
  ApiException,
  type ConsumerGroupHeartbeatRequest,
  Errors,
  type HeartbeatRequest,
  type JoinGroupRequest,
  type JoinGroupResponseInput,
  type LeaveGroupRequest,
  type SyncGroupRequest,
  type SyncGroupResponseInput,
} from '../../protocol/messages/index.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { TopicIds } from './classic-member-requests.ts';
import type { CommittedOffsets } from './committed-offsets.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { readConsumerGroupRecord } from './consumer-group-records.ts';
import { ConsumerGroups, copied, type HeartbeatAnswer } from './consumer-groups.ts';
import type { TransactionalProducer } from './coordinator-topic.ts';
import { GroupAdministration } from './group-administration.ts';
import { joinErrorNow, syncErrorNow } from './group-answers.ts';
import type { GroupCoordinatorOptions } from './group-coordinator-options.ts';
import { GroupLog } from './group-log.ts';
import { GroupMigration } from './group-migration.ts';
import { GroupOffsets, type OffsetToCommit } from './group-offsets.ts';
import { readOffsetsRecord } from './group-records.ts';
import { forgetOldOffsets } from './group-retention.ts';
import { Groups } from './groups.ts';
import type { PendingOffsets } from './pending-offsets.ts';
import { TopicPatterns } from './topic-patterns.ts';

/** Of OffsetCommit: clients of before know nothing of groups of the new protocol. */
const CONSUMER_GROUP_VERSION = 9;

export interface ClientIdentity {
  clientId: string | null;
  clientHost: string;
}

/** Who a request to commit says that it comes from. */
export interface CommittingMember {
  memberId: string;
  groupInstanceId: string | null;
  /** The member's epoch in a group of the new protocol; -1: from outside. */
  generationId: number;
  /** Of OffsetCommit; absent within a transaction. */
  version?: number;
}

/**
 * Groups of both protocols and their offsets: hands each request to the group that it is for. Java:
 * `org.apache.kafka.coordinator.group.GroupCoordinatorService`.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #log: GroupLog;
  readonly #groups: Groups;
  readonly #consumers: ConsumerGroups;
  readonly #offsets: GroupOffsets;
  /** What an administrator asks and does. */
  readonly admin: GroupAdministration;

  constructor(options: GroupCoordinatorOptions) {
    const { time, topicNamed, randomId, maxSize } = options;
    this.#options = options;
    const log = new GroupLog(options.log, options.logger);
    const groups = new Groups(
      {
        time,
        maxSize,
        initialRebalanceDelayMs: options.initialRebalanceDelayMs,
        newMemberId: (prefix) => `${prefix}-${randomId()}`,
        store: (group) => log.write(group.groupId, [group.record()]),
      },
      {
        time,
        topicNamed,
        sessionTimeoutMs: options.consumerSessionTimeoutMs,
        patterns: new TopicPatterns(options.topicNames),
        overdue: (group, memberId) => this.#consumers.overdue(group, memberId),
      },
    );
    const topics: TopicIds = { idOf: (name) => topicNamed(name)?.id, nameOf: options.topicNameOf };
    const sizes = { classicMaxSize: maxSize, consumerMaxSize: options.consumerMaxSize };
    this.#log = log;
    this.#groups = groups;
    this.#offsets = new GroupOffsets({ time, log, maxMetadataLength: options.maxMetadataLength });
    this.admin = new GroupAdministration(groups, this.#offsets, log);
    this.#consumers = new ConsumerGroups({
      ...{ time, groups, log, topics, randomId },
      migration: new GroupMigration({ policy: options.migrationPolicy, topics, ...sizes }),
      heartbeatIntervalMs: options.consumerHeartbeatIntervalMs,
      maxSize: options.consumerMaxSize,
    });
  }

  get offsets(): CommittedOffsets {
    return this.#offsets.committed;
  }

  /** Of transactions that are open. */
  get pending(): PendingOffsets {
    return this.#offsets.pending;
  }

  /**
   * A record of the log, at start, in the order of the log; `producerId` of its transaction. Members that were there
   * get their session time anew.
   */
  replay(key: Buffer, value: Buffer | null, producerId: bigint | null): void {
    const record = readOffsetsRecord(key, value);
    if (record?.kind === 'offset') this.#offsets.replay(record, record.committed, producerId);
    else if (record?.kind === 'group') this.#groups.replayClassic(record.group, record.stored);
    else {
      const ofConsumers = readConsumerGroupRecord(key, value);
      if (ofConsumers) this.#groups.replayConsumer(ofConsumers);
    }
  }

  /** After everything was replayed. */
  resume(): void {
    this.#groups.resume();
  }

  /** A heartbeat of the new protocol (KIP-848), by which members also join and leave. @throws ApiException as `ConsumerGroups.heartbeat` */
  consumerHeartbeat(request: ConsumerGroupHeartbeatRequest, client: ClientIdentity): Promise<HeartbeatAnswer> {
    return this.#consumers.heartbeat(request, named(client));
  }

  /** A group of the new protocol. */
  consumerGroup(groupId: string): ConsumerGroup | undefined {
    return this.#groups.consumer(groupId);
  }

  async join(request: JoinGroupRequest, version: number, client: ClientIdentity): Promise<JoinGroupResponseInput> {
    const answer = await this.#join(request, version, client).catch((error: unknown) =>
      joinErrorNow(errorCodeOf(error), ''),
    );
    return { ...answer, protocolName: answer.protocolName ?? (version >= 7 ? null : '') };
  }

  async #join(request: JoinGroupRequest, version: number, client: ClientIdentity): Promise<JoinGroupResponseInput> {
    const { groupId, memberId, sessionTimeoutMs } = request;
    if (groupId === '') return joinErrorNow(Errors.INVALID_GROUP_ID, memberId);
    if (sessionTimeoutMs < this.#options.minSessionTimeoutMs || sessionTimeoutMs > this.#options.maxSessionTimeoutMs) {
      return joinErrorNow(Errors.INVALID_SESSION_TIMEOUT, memberId);
    }
    const there = this.#groups.get(groupId);
    if (there instanceof ConsumerGroup && !there.isEmpty) {
      return this.#consumers.join(there, request, version, named(client));
    }
    const isThere = there !== undefined && !(there instanceof ConsumerGroup);
    if (!isThere && memberId !== '') return joinErrorNow(Errors.UNKNOWN_MEMBER_ID, memberId);
    return this.#classicGroupFor(groupId).join(
      memberId,
      request.protocolType,
      {
        ...named(client),
        groupInstanceId: request.groupInstanceId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
        protocols: copied(request.protocols),
      },
      { knownMemberRequired: version >= 4, maySkipAssignment: version >= 9 },
    );
  }

  async sync(request: SyncGroupRequest, version: number): Promise<SyncGroupResponseInput> {
    const { groupId, memberId, groupInstanceId, generationId, protocolType, protocolName } = request;
    if (version >= 5 && (protocolType === null || protocolName === null)) {
      return syncErrorNow(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (groupId === '') return syncErrorNow(Errors.INVALID_GROUP_ID);
    const group = this.#groups.get(groupId);
    if (!group) return syncErrorNow(Errors.UNKNOWN_MEMBER_ID);
    if (group instanceof ConsumerGroup) {
      return this.#consumers.sync(group, request).catch((error: unknown) => syncErrorNow(errorCodeOf(error)));
    }
    const protocol = { type: protocolType, name: protocolName };
    return group.sync(memberId, groupInstanceId, generationId, protocol, request.assignments);
  }

  /** Error code. */
  heartbeat(request: HeartbeatRequest): number {
    const { groupId, memberId, groupInstanceId, generationId } = request;
    if (groupId === '') return Errors.INVALID_GROUP_ID;
    const group = this.#groups.get(groupId);
    if (!group) return Errors.UNKNOWN_MEMBER_ID;
    if (!(group instanceof ConsumerGroup)) return group.heartbeat(memberId, groupInstanceId, generationId);
    try {
      return this.#consumers.classicHeartbeat(group, request);
    } catch (error) {
      return errorCodeOf(error);
    }
  }

  /** Versions before 3 name one member in the request itself. Members of the new protocol are made to leave by it too. */
  async leave(request: LeaveGroupRequest, version: number) {
    const { groupId } = request;
    if (groupId === '') return { errorCode: Errors.INVALID_GROUP_ID, members: [] };
    const asked = version >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null }];
    const group = this.#groups.get(groupId);
    const codes =
      group instanceof ConsumerGroup
        ? await this.#consumers.leave(group, asked)
        : asked.map((each) => group?.leave(each.memberId, each.groupInstanceId) ?? Errors.UNKNOWN_MEMBER_ID);
    if (version < 3) return { errorCode: codes[0] as number, members: [] };
    const members = asked.map(({ memberId, groupInstanceId }, i) => ({
      memberId,
      groupInstanceId,
      errorCode: codes[i] as number,
    }));
    return { errorCode: Errors.NONE, members };
  }

  /**
   * Error code for each offset, in their order; NONE ones are durable when it resolves. `member` is what the request
   * says of its sender, generation -1 for a commit from outside the group. `producer`: the offsets hold when its
   * transaction is committed; then a sender that says nothing of itself is let in (KIP-447).
   */
  async commit(
    groupId: string,
    member: CommittingMember,
    offsets: readonly OffsetToCommit[],
    producer?: TransactionalProducer,
  ): Promise<number[]> {
    const isAnybody = producer !== undefined && member.generationId < 0 && member.memberId === '';
    const refused = isAnybody ? Errors.NONE : this.#commitError(groupId, member);
    if (refused !== Errors.NONE) return offsets.map(() => refused);
    return this.#offsets.commit(groupId, offsets, producer);
  }

  /** The marker of a transaction is in a partition of the log: what was pending there holds, or never was. */
  endTransaction(producerId: bigint, logPartition: number, committed: boolean): void {
    this.#offsets.endTransaction(producerId, logPartition, committed);
  }

  #commitError(groupId: string, member: CommittingMember): number {
    const { memberId, groupInstanceId, generationId, version } = member;
    const isModern = version !== undefined && version >= CONSUMER_GROUP_VERSION;
    const group = this.#groups.get(groupId);
    if (group instanceof ConsumerGroup) {
      const as = version === undefined ? 'transaction' : isModern ? 'member' : 'older client';
      return group.commitRefusal(memberId, generationId, as);
    }
    if (group) return group.mayCommit(memberId, groupInstanceId, generationId);
    // Offsets may be kept under a group's name without any member ever joining.
    if (generationId < 0) return Errors.NONE;
    return isModern ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
  }

  /** A topic is gone: nobody's offsets in it mean anything any more. */
  topicDeleted(topic: string): Promise<void> {
    return this.#offsets.topicDeleted(topic);
  }

  /** Forgets what outlived `offsets.retention.minutes`, and writes what could not be written. */
  async expire(): Promise<void> {
    const { time, offsetsRetentionMs } = this.#options;
    await forgetOldOffsets({
      ...{ time, offsetsRetentionMs },
      ...{ groups: this.#groups, offsets: this.#offsets, log: this.#log },
    });
    await this.#log.settle();
  }

  close(): void {
    this.#groups.close();
  }

  /** A group of the new protocol that is empty goes on as a classic one. */
  #classicGroupFor(groupId: string): ClassicGroup {
    const there = this.#groups.classic(groupId);
    if (there) return there;
    if (this.#groups.get(groupId)) void this.#log.write(groupId, this.#groups.delete(groupId));
    const made = this.#groups.newClassic(groupId);
    this.#groups.put(made);
    return made;
  }
}

function named({ clientId, clientHost }: ClientIdentity) {
  return { clientId: clientId ?? '', clientHost };
}

/** Of what a request for one group was refused with. */
function errorCodeOf(error: unknown): number {
  if (error instanceof ApiException) return error.errorCode;
  // A member wrote something that is no subscription.
  if (error instanceof SchemaException) return Errors.UNKNOWN_SERVER_ERROR;
  throw error;
}
