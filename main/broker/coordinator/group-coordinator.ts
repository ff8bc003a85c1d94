import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts';
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
import { ClassicGroup, type GroupEnvironment } from './classic-group.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import type { ConsumerGroup, HeartbeatAnswer } from './consumer-group.ts';
import { JOIN } from './consumer-group-heartbeat.ts';
import { readConsumerGroupRecord } from './consumer-group-records.ts';
import { ConsumerGroups } from './consumer-groups.ts';
import type { CoordinatorRecord, TransactionalProducer } from './coordinator-topic.ts';
import { joinErrorNow, syncErrorNow } from './group-answers.ts';
import { type CommittedOffset, groupRecord, offsetRecord, readOffsetsRecord } from './group-records.ts';
import { PendingOffsets } from './pending-offsets.ts';
import type { TopicNames } from './topic-patterns.ts';

/** Of OffsetCommit: clients of before know nothing of groups of the new protocol. */
const CONSUMER_GROUP_VERSION = 9;

/** `__consumer_offsets`, seen from here: the records of one group go to one partition. */
export interface OffsetsLog {
  /** Resolves when the records are durable; rejects when they can't be written. */
  append(group: string, records: readonly CoordinatorRecord[], producer?: TransactionalProducer): Promise<void>;
  partitionFor(group: string): number;
}

export interface GroupCoordinatorOptions {
  time: Time;
  logger: Logger;
  log: OffsetsLog;
  /** A random id for new members (a UUID). */
  randomId(): string;
  initialRebalanceDelayMs: number;
  minSessionTimeoutMs: number;
  maxSessionTimeoutMs: number;
  topicNamed(name: string): { id: string; partitions: number } | undefined;
  topicNames: TopicNames;
  /** Of groups of the new protocol (`group.consumer.session.timeout.ms`, `group.consumer.heartbeat.interval.ms`). */
  consumerSessionTimeoutMs: number;
  consumerHeartbeatIntervalMs: number;
  /** Offsets of a group without members are forgotten after so long (`offsets.retention.minutes`). */
  offsetsRetentionMs: number;
  /** The longest text beside an offset (`offset.metadata.max.bytes`). */
  maxMetadataLength: number;
}

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

export interface OffsetToCommit {
  topic: string;
  partition: number;
  offset: bigint;
  leaderEpoch: number;
  metadata: string | null;
}

/** Groups of both protocols and their offsets. Java: `org.apache.kafka.coordinator.group.GroupCoordinatorService`. */
export class GroupCoordinator {
  readonly offsets = new CommittedOffsets();
  /** Of transactions that are open. */
  readonly pending = new PendingOffsets();
  readonly #groups = new Map<string, ClassicGroup>();
  readonly #consumers: ConsumerGroups;
  readonly #options: GroupCoordinatorOptions;
  readonly #env: GroupEnvironment;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    this.#env = {
      time: options.time,
      initialRebalanceDelayMs: options.initialRebalanceDelayMs,
      newMemberId: (prefix) => `${prefix}-${options.randomId()}`,
      store: (group) => this.#append(group.groupId, [groupRecord(group.groupId, group.stored())]),
    };
    this.#consumers = new ConsumerGroups({
      time: options.time,
      logger: options.logger,
      append: (groupId, records) => this.#append(groupId, records),
      randomId: options.randomId,
      topicNamed: options.topicNamed,
      topicNames: options.topicNames,
      sessionTimeoutMs: options.consumerSessionTimeoutMs,
      heartbeatIntervalMs: options.consumerHeartbeatIntervalMs,
    });
  }

  /**
   * A record of the log, at start, in the order of the log; `producerId` of its transaction. Members that were there
   * get their session time anew.
   */
  replay(key: Buffer, value: Buffer | null, producerId: bigint | null): void {
    const record = readOffsetsRecord(key, value);
    if (record?.kind === 'offset') {
      const { committed } = record;
      if (producerId !== null && committed) this.pending.add(producerId, { ...record, committed });
      else if (committed) this.offsets.set(record.group, record.topic, record.partition, committed);
      else this.offsets.delete(record.group, record.topic, record.partition);
    } else if (record?.kind === 'group') {
      this.#groups.get(record.group)?.close();
      this.#groups.delete(record.group);
      if (record.stored) this.#groups.set(record.group, new ClassicGroup(record.group, this.#env, record.stored));
    } else {
      const ofConsumers = readConsumerGroupRecord(key, value);
      if (ofConsumers) this.#consumers.replay(ofConsumers);
    }
  }

  /** After everything was replayed. */
  resume(): void {
    this.#consumers.resume();
  }

  /**
   * A heartbeat of the new protocol (KIP-848), by which members also join and leave.
   *
   * @throws ApiException as `ConsumerGroups.heartbeat`; GROUP_ID_NOT_FOUND while the group has members of the classic protocol
   */
  async consumerHeartbeat(request: ConsumerGroupHeartbeatRequest, client: ClientIdentity): Promise<HeartbeatAnswer> {
    const { groupId } = request;
    const classic = this.#groups.get(groupId);
    if (classic && !classic.idle) {
      throw new ApiException(
        Errors.GROUP_ID_NOT_FOUND,
        request.memberEpoch === JOIN && classic.protocolType !== 'consumer'
          ? `Cannot upgrade classic group ${groupId} to consumer group because the group does not use the consumer embedded protocol.`
          : `Group ${groupId} is not a consumer group.`,
      );
    }
    const answer = await this.#consumers.heartbeat(request, {
      clientId: client.clientId ?? '',
      clientHost: client.clientHost,
    });
    if (classic) {
      classic.close();
      this.#groups.delete(groupId);
      await this.#append(groupId, [groupRecord(groupId, null)]);
    }
    return answer;
  }

  /** A group of the new protocol. */
  consumerGroup(groupId: string): ConsumerGroup | undefined {
    return this.#consumers.get(groupId);
  }

  async join(request: JoinGroupRequest, version: number, client: ClientIdentity): Promise<JoinGroupResponseInput> {
    const answer = await this.#join(request, version, client);
    return { ...answer, protocolName: answer.protocolName ?? (version >= 7 ? null : '') };
  }

  #join(request: JoinGroupRequest, version: number, client: ClientIdentity): Promise<JoinGroupResponseInput> {
    const { groupId, memberId, sessionTimeoutMs } = request;
    if (groupId === '') return Promise.resolve(joinErrorNow(Errors.INVALID_GROUP_ID, memberId));
    if (sessionTimeoutMs < this.#options.minSessionTimeoutMs || sessionTimeoutMs > this.#options.maxSessionTimeoutMs) {
      return Promise.resolve(joinErrorNow(Errors.INVALID_SESSION_TIMEOUT, memberId));
    }
    const consumers = this.#consumers.get(groupId);
    if (consumers && !consumers.isEmpty)
      return Promise.resolve(joinErrorNow(Errors.INCONSISTENT_GROUP_PROTOCOL, memberId));
    let group = this.#groups.get(groupId);
    if (!group) {
      // The group goes on as a classic one.
      if (consumers && memberId === '') void this.#append(groupId, this.#consumers.delete(groupId));
      if (memberId !== '') return Promise.resolve(joinErrorNow(Errors.UNKNOWN_MEMBER_ID, memberId));
      this.#groups.set(groupId, (group = new ClassicGroup(groupId, this.#env)));
    }
    return group.join(
      memberId,
      request.protocolType,
      {
        clientId: client.clientId ?? '',
        clientHost: client.clientHost,
        groupInstanceId: request.groupInstanceId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
        // Copies: the request's frame is not kept alive by a member that stays for days.
        protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
      },
      { knownMemberRequired: version >= 4, maySkipAssignment: version >= 9 },
    );
  }

  sync(request: SyncGroupRequest, version: number): Promise<SyncGroupResponseInput> {
    const { protocolType, protocolName } = request;
    const group = this.#groups.get(request.groupId);
    if (!group)
      return Promise.resolve(syncErrorNow(request.groupId === '' ? Errors.INVALID_GROUP_ID : Errors.UNKNOWN_MEMBER_ID));
    if (version >= 5 && (protocolType === null || protocolName === null)) {
      return Promise.resolve(syncErrorNow(Errors.INCONSISTENT_GROUP_PROTOCOL));
    }
    return group.sync(
      request.memberId,
      request.groupInstanceId,
      request.generationId,
      { type: protocolType, name: protocolName },
      request.assignments,
    );
  }

  /** Error code. */
  heartbeat(request: HeartbeatRequest): number {
    const group = this.#groups.get(request.groupId);
    if (!group) return request.groupId === '' ? Errors.INVALID_GROUP_ID : Errors.UNKNOWN_MEMBER_ID;
    return group.heartbeat(request.memberId, request.groupInstanceId, request.generationId);
  }

  /** Versions before 3 name one member in the request itself. Members of the new protocol are made to leave by it too. */
  async leave(request: LeaveGroupRequest, version: number) {
    const { groupId } = request;
    if (groupId === '') return { errorCode: Errors.INVALID_GROUP_ID, members: [] };
    const asked = version >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null }];
    const group = this.#groups.get(groupId);
    const members = [];
    for (const { memberId, groupInstanceId } of asked) {
      const errorCode = group
        ? group.leave(memberId, groupInstanceId)
        : await this.#consumers.leave(groupId, memberId, groupInstanceId);
      members.push({ memberId, groupInstanceId, errorCode });
    }
    return version >= 3
      ? { errorCode: Errors.NONE, members }
      : { errorCode: members[0]?.errorCode ?? Errors.NONE, members: [] };
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
    const commitTimestamp = BigInt(this.#options.time.milliseconds());
    const codes = offsets.map(({ metadata }) =>
      (metadata ?? '').length > this.#options.maxMetadataLength ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE,
    );
    const accepted = offsets.filter((_, i) => codes[i] === Errors.NONE);
    const committed = accepted.map(
      ({ offset, leaderEpoch, metadata }): CommittedOffset => ({
        offset,
        leaderEpoch,
        metadata: metadata ?? '',
        commitTimestamp,
      }),
    );
    if (accepted.length === 0) return codes;
    const records = accepted.map(({ topic, partition }, i) =>
      offsetRecord(groupId, topic, partition, committed[i] as CommittedOffset),
    );
    if (!(await this.#append(groupId, records, producer))) {
      return codes.map((code) => (code === Errors.NONE ? Errors.COORDINATOR_NOT_AVAILABLE : code));
    }
    for (const [i, { topic, partition }] of accepted.entries()) {
      const offset = committed[i] as CommittedOffset;
      if (producer) this.pending.add(producer.producerId, { group: groupId, topic, partition, committed: offset });
      else this.offsets.set(groupId, topic, partition, offset);
    }
    return codes;
  }

  /** The marker of a transaction is in a partition of the log: what was pending there holds, or never was. */
  endTransaction(producerId: bigint, logPartition: number, committed: boolean): void {
    const ended = this.pending.take(producerId, (group) => this.#options.log.partitionFor(group) === logPartition);
    if (!committed) return;
    for (const { group, topic, partition, committed: offset } of ended) {
      this.offsets.set(group, topic, partition, offset);
    }
  }

  #commitError(groupId: string, member: CommittingMember): number {
    const as =
      member.version === undefined
        ? 'transaction'
        : member.version >= CONSUMER_GROUP_VERSION
          ? 'member'
          : 'older client';
    const consumers = this.#consumers.get(groupId);
    if (consumers) return consumers.commitRefusal(member.memberId, member.generationId, as);
    const group = this.#groups.get(groupId);
    if (group) return group.mayCommit(member.memberId, member.groupInstanceId, member.generationId);
    // Offsets may be kept under a group's name without any member ever joining.
    if (member.generationId < 0) return Errors.NONE;
    return as === 'member' ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
  }

  list(): { groupId: string; type: 'classic' | 'consumer'; protocolType: string; state: string }[] {
    const ids = new Set([...this.#groups.keys(), ...this.#consumers.ids(), ...this.offsets.groups()]);
    return [...ids].map((groupId) => {
      const consumers = this.#consumers.get(groupId);
      if (consumers) return { groupId, type: 'consumer', protocolType: 'consumer', state: consumers.state };
      const group = this.#groups.get(groupId);
      return { groupId, type: 'classic', protocolType: group?.protocolType ?? '', state: group?.state ?? 'Empty' };
    });
  }

  /** undefined for a group that is not there or of the new protocol; one that has offsets alone is Empty. */
  describe(groupId: string): ClassicGroup | undefined {
    const group = this.#groups.get(groupId);
    if (group || this.#consumers.get(groupId) || !this.offsets.has(groupId)) return group;
    return new ClassicGroup(groupId, this.#env);
  }

  /** Error code. */
  async deleteGroup(groupId: string): Promise<number> {
    const group = this.#groups.get(groupId);
    const consumers = this.#consumers.get(groupId);
    if (!group && !consumers && !this.offsets.has(groupId)) return Errors.GROUP_ID_NOT_FOUND;
    if ((group && !group.idle) || (consumers && !consumers.isEmpty)) return Errors.NON_EMPTY_GROUP;
    group?.close();
    this.#groups.delete(groupId);
    return (await this.#forget(groupId)) ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
  }

  /** Error code for each; topics that members of the group are subscribed to are refused (KIP-496). */
  async deleteOffsets(
    groupId: string,
    partitions: readonly { topic: string; partition: number }[],
  ): Promise<number[] | number> {
    if (groupId === '') return Errors.INVALID_GROUP_ID;
    const group = this.#groups.get(groupId);
    const consumers = this.#consumers.get(groupId);
    if (!group && !consumers && !this.offsets.has(groupId)) return Errors.GROUP_ID_NOT_FOUND;
    if (group && !group.idle && group.protocolType !== 'consumer') return Errors.NON_EMPTY_GROUP;
    const subscribed = consumers?.subscribedTopics() ?? (group ? subscribedTopics(group) : new Set<string>());
    const codes = partitions.map(({ topic }) =>
      subscribed.has(topic) ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE,
    );
    const gone = partitions.filter(
      ({ topic, partition }, i) => codes[i] === Errors.NONE && this.offsets.delete(groupId, topic, partition),
    );
    const records = gone.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, null));
    if (records.length > 0 && !(await this.#append(groupId, records))) return Errors.COORDINATOR_NOT_AVAILABLE;
    return codes;
  }

  /** A topic is gone: nobody's offsets in it mean anything any more. */
  async topicDeleted(topic: string): Promise<void> {
    for (const group of this.offsets.groups()) {
      const partitions = [...this.offsets.of(group)].filter((entry) => entry.topic === topic);
      for (const { partition } of partitions) this.offsets.delete(group, topic, partition);
      if (partitions.length > 0) {
        await this.#append(
          group,
          partitions.map(({ partition }) => offsetRecord(group, topic, partition, null)),
        );
      }
    }
  }

  /** Forgets what outlived `offsets.retention.minutes` in groups without members, and groups of which nothing is left. */
  async expire(): Promise<void> {
    const limit = BigInt(this.#options.time.milliseconds() - this.#options.offsetsRetentionMs);
    for (const groupId of new Set([...this.#groups.keys(), ...this.#consumers.ids(), ...this.offsets.groups()])) {
      const group = this.#groups.get(groupId);
      const consumers = this.#consumers.get(groupId);
      if ((group && !group.idle) || (consumers && !consumers.isEmpty) || this.pending.hasGroup(groupId)) continue;
      const since = (committed: CommittedOffset) =>
        group && group.protocolType !== '' && group.stateSince > committed.commitTimestamp
          ? group.stateSince
          : committed.commitTimestamp;
      const old = [...this.offsets.of(groupId)].filter(({ committed }) => since(committed) < limit);
      for (const { topic, partition } of old) this.offsets.delete(groupId, topic, partition);
      const records = old.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, null));
      if (group && !this.offsets.has(groupId) && (old.length > 0 || group.stateSince < limit)) {
        group.close();
        this.#groups.delete(groupId);
        records.push(groupRecord(groupId, null));
      }
      if (consumers && !this.offsets.has(groupId)) records.push(...this.#consumers.delete(groupId));
      if (records.length > 0) await this.#append(groupId, records);
    }
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
    this.#consumers.close();
  }

  #forget(groupId: string): Promise<boolean> {
    const entries = [...this.offsets.of(groupId)];
    for (const { topic, partition } of entries) this.offsets.delete(groupId, topic, partition);
    const records = entries.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, null));
    const consumers = this.#consumers.delete(groupId);
    return this.#append(groupId, [...records, ...(consumers.length > 0 ? consumers : [groupRecord(groupId, null)])]);
  }

  #append(groupId: string, records: readonly CoordinatorRecord[], producer?: TransactionalProducer): Promise<boolean> {
    return this.#options.log.append(groupId, records, producer).then(
      () => true,
      (error: unknown) => {
        this.#options.logger.warn(`Group ${groupId}: its state could not be written to __consumer_offsets`, error);
        return false;
      },
    );
  }
}

function subscribedTopics(group: ClassicGroup): Set<string> {
  return new Set(
    group.members.flatMap((member) => {
      const metadata = member.metadata(group.protocol);
      return metadata.length === 0 ? [] : consumerProtocolSubscription.decodeVersioned(metadata).value.topics;
    }),
  );
}
