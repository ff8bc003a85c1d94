import { consumerProtocolSubscription } from '../../../main/protocol/messages/consumer-protocol.ts';
import {
  consumerGroupHeartbeat,
  heartbeat,
  joinGroup,
  leaveGroup,
  offsetCommit,
  offsetFetch,
  syncGroup,
} from '../../../main/protocol/messages/index.ts';
import type { Api, RequestInput, ResponseOf } from '../../../main/protocol/schema/api.ts';
import type { PlayedBroker } from './played-broker.ts';

/** A connection: answers on one come in the order of the requests, so that waiting members each need their own. */
export interface Asking {
  ask<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>>;
}

export async function anotherConnection(broker: PlayedBroker): Promise<Asking> {
  const client = await broker.client();
  return { ask: (api, version, body) => client.request(api, version, body, 'suite') };
}

/** A member of a classic group, after it joined. */
export interface Joined {
  readonly memberId: string;
  readonly generationId: number;
  readonly instance: string | null;
}

type Over<A extends Api> = Partial<RequestInput<A>> & { version?: number };

/** Metadata of a consumer's subscription. */
export function subscription(...topics: string[]): Buffer {
  return consumerProtocolSubscription.encodeVersioned(1, { topics, userData: null, ownedPartitions: [] });
}

export function join(asking: Asking, groupId: string, over: Over<typeof joinGroup> = {}) {
  const { version = 9, ...request } = over;
  return asking.ask(joinGroup, version, {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription('t') }],
    ...request,
  });
}

/** Joins a second time where the first answer is only an id. */
export async function joinWhole(asking: Asking, groupId: string, over: Over<typeof joinGroup> = {}) {
  const first = await join(asking, groupId, over);
  return first.errorCode === 79 ? join(asking, groupId, { ...over, memberId: first.memberId }) : first;
}

export function sync(asking: Asking, groupId: string, member: Joined, over: Over<typeof syncGroup> = {}) {
  const { version = 5, ...request } = over;
  return asking.ask(syncGroup, version, {
    groupId,
    generationId: member.generationId,
    memberId: member.memberId,
    groupInstanceId: member.instance,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [],
    ...request,
  });
}

/** A group whose one member has joined and has its part. */
export async function stable(
  asking: Asking,
  groupId: string,
  over: Over<typeof joinGroup> & { topics?: readonly string[] } = {},
): Promise<Joined> {
  const { topics, ...request } = over;
  const protocols = topics && [{ name: 'range', metadata: subscription(...topics) }];
  const joined = await joinWhole(asking, groupId, { ...(protocols && { protocols }), ...request });
  if (joined.errorCode !== 0) throw new Error(`No member joined: ${joined.errorCode}`);
  const member = {
    memberId: joined.memberId,
    generationId: joined.generationId,
    instance: request.groupInstanceId ?? null,
  };
  const type = { protocolType: joined.protocolType, protocolName: joined.protocolName };
  const synced = await sync(asking, groupId, member, {
    ...type,
    assignments: [{ memberId: member.memberId, assignment: Buffer.from('all') }],
  });
  if (synced.errorCode !== 0) throw new Error(`Its part was refused: ${synced.errorCode}`);
  return member;
}

export function beatAs(asking: Asking, groupId: string, member: Joined, version = 4) {
  const { memberId, generationId, instance: groupInstanceId } = member;
  return asking.ask(heartbeat, version, { groupId, memberId, generationId, groupInstanceId });
}

export function leave(
  asking: Asking,
  groupId: string,
  members: readonly { memberId: string; groupInstanceId?: string | null }[],
  version = 5,
) {
  const memberId = members[0]?.memberId ?? '';
  return asking.ask(leaveGroup, version, {
    groupId,
    ...(version < 3 ? { memberId } : { members: members.map((each) => ({ groupInstanceId: null, ...each })) }),
  });
}

/** Error codes of offsets committed for one topic, in their order. */
export async function commit(
  asking: Asking,
  groupId: string,
  topic: { name?: string; topicId?: string },
  over: Over<typeof offsetCommit> & { offset?: bigint; metadata?: string | null; partitions?: readonly number[] } = {},
): Promise<number[]> {
  const { version = 9, offset = 5n, metadata = 'note', partitions = [0], ...request } = over;
  const answer = await asking.ask(offsetCommit, version, {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [
      {
        ...topic,
        partitions: partitions.map((partitionIndex) => ({
          partitionIndex,
          committedOffset: offset,
          committedMetadata: metadata,
        })),
      },
    ],
    ...request,
  });
  return answer.topics.flatMap((each) => each.partitions.map(({ errorCode }) => errorCode));
}

/** The group's offsets, all of them or of one topic. */
export async function offsetsOf(
  asking: Asking,
  groupId: string,
  over: {
    topic?: string;
    partitions?: readonly number[];
    requireStable?: boolean;
    member?: { memberId: string; memberEpoch: number };
  } = {},
) {
  const { topic, partitions = [0], requireStable = false, member } = over;
  const topics = topic === undefined ? null : [{ name: topic, partitionIndexes: [...partitions] }];
  const group = { groupId, memberId: member?.memberId ?? null, memberEpoch: member?.memberEpoch ?? -1, topics };
  const { groups } = await asking.ask(offsetFetch, 9, { groups: [group], requireStable });
  return groups[0]!;
}

/** A heartbeat of the new protocol; with epoch 0 a whole request to join. */
export function beat(
  asking: Asking,
  groupId: string,
  memberId: string,
  memberEpoch: number,
  over: Over<typeof consumerGroupHeartbeat> = {},
) {
  const { version = 1, ...request } = over;
  const isJoin = memberEpoch === 0;
  return asking.ask(consumerGroupHeartbeat, version, {
    groupId,
    memberId,
    memberEpoch,
    rebalanceTimeoutMs: isJoin ? 60_000 : -1,
    topicPartitions: isJoin ? [] : null,
    ...request,
  });
}

/** A topic that groups of the new protocol can have: Kafka's coordinator learns of it a little later than others. */
export async function topicForGroups(broker: PlayedBroker, name: string, partitions = 1) {
  const topic = await broker.topic(name, partitions);
  const probe = `probe of ${name}`;
  await broker.until(
    () => beat(broker, probe, 'm', 0, { subscribedTopicNames: [name] }),
    ({ assignment }) => assignment?.topicPartitions.length === 1,
  );
  await beat(broker, probe, 'm', -1);
  return topic;
}
