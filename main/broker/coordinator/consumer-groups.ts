import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import { ApiException, type ConsumerGroupHeartbeatRequest, Errors } from '../../protocol/messages/index.ts';
import { ConsumerGroup, type ConsumerGroupEnvironment, type HeartbeatAnswer } from './consumer-group.ts';
import { checkHeartbeat, JOIN } from './consumer-group-heartbeat.ts';
import type { ConsumerGroupRecord } from './consumer-group-records.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';
import { type TopicNames, TopicPatterns } from './topic-patterns.ts';

export interface ConsumerGroupsOptions {
  time: Time;
  logger: Logger;
  /** False when the records could not be written. */
  append(groupId: string, records: readonly CoordinatorRecord[]): Promise<boolean>;
  randomId(): string;
  topicNamed(name: string): { id: string; partitions: number } | undefined;
  topicNames: TopicNames;
  /** `group.consumer.session.timeout.ms` */
  sessionTimeoutMs: number;
  /** `group.consumer.heartbeat.interval.ms` */
  heartbeatIntervalMs: number;
}

/** The groups of the new protocol (KIP-848). A heartbeat is answered when what it has changed is durable. */
export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #env: ConsumerGroupEnvironment;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
    this.#env = {
      time: options.time,
      sessionTimeoutMs: options.sessionTimeoutMs,
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      topicNamed: options.topicNamed,
      patterns: new TopicPatterns(options.topicNames),
      store: async (group) => void (await this.#store(group)),
    };
  }

  get(groupId: string): ConsumerGroup | undefined {
    return this.#groups.get(groupId);
  }

  ids(): string[] {
    return [...this.#groups.keys()];
  }

  /** @throws ApiException as `checkHeartbeat` and `ConsumerGroup.heartbeat`, and GROUP_ID_NOT_FOUND, COORDINATOR_NOT_AVAILABLE */
  async heartbeat(
    request: ConsumerGroupHeartbeatRequest,
    client: { clientId: string; clientHost: string },
  ): Promise<HeartbeatAnswer> {
    checkHeartbeat(request);
    const { groupId, memberEpoch } = request;
    // Clients of version 0 leave it to the broker to name them.
    const memberId = request.memberId === '' && memberEpoch === JOIN ? this.#options.randomId() : request.memberId;
    const group =
      this.#groups.get(groupId) ?? (memberEpoch === JOIN ? new ConsumerGroup(groupId, this.#env) : undefined);
    if (!group) {
      const what = memberEpoch < 0 ? 'Group' : 'Consumer group';
      throw new ApiException(Errors.GROUP_ID_NOT_FOUND, `${what} ${groupId} not found.`);
    }
    const answer = group.heartbeat({ ...request, memberId }, client);
    this.#groups.set(groupId, group);
    if (await this.#store(group)) return answer;
    throw new ApiException(Errors.COORDINATOR_NOT_AVAILABLE, `What became of group ${groupId} could not be written.`);
  }

  /** Error code. A member that another makes leave: an administrator, with LeaveGroup. */
  async leave(groupId: string, memberId: string, instanceId: string | null): Promise<number> {
    const group = this.#groups.get(groupId);
    if (!group) return Errors.UNKNOWN_MEMBER_ID;
    const errorCode = group.remove(memberId, instanceId);
    if (errorCode !== Errors.NONE) return errorCode;
    return (await this.#store(group)) ? Errors.NONE : Errors.COORDINATOR_NOT_AVAILABLE;
  }

  /** Of a group without members; returns the records that delete it. */
  delete(groupId: string): CoordinatorRecord[] {
    const group = this.#groups.get(groupId);
    group?.close();
    this.#groups.delete(groupId);
    return group?.tombstones() ?? [];
  }

  /** A record of the log, at a start, in the order of the log. */
  replay(record: ConsumerGroupRecord): void {
    const { groupId } = record;
    let group = this.#groups.get(groupId);
    if (record.kind === 'epoch' && record.epoch === null) {
      this.#groups.delete(groupId);
      return;
    }
    // What deletes a part of a group that is gone makes no group.
    if (!group && deletes(record)) return;
    if (!group) this.#groups.set(groupId, (group = new ConsumerGroup(groupId, this.#env)));
    group.replay(record);
  }

  /** After everything was replayed: members have their session time to come back. */
  resume(): void {
    for (const group of this.#groups.values()) group.resume();
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
  }

  async #store(group: ConsumerGroup): Promise<boolean> {
    const changes = group.takeChanges();
    if (changes.length === 0) return true;
    const stored = await this.#options.append(group.groupId, changes);
    if (!stored) group.putBack(changes);
    return stored;
  }
}

function deletes(record: ConsumerGroupRecord): boolean {
  switch (record.kind) {
    case 'epoch':
    case 'target epoch':
      return record.epoch === null;
    case 'target':
      return record.target === null;
    case 'member':
      return record.member === null;
    case 'current':
      return record.current === null;
  }
}
