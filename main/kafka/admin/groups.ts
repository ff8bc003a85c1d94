import type { TopicPartition } from '../../../common/kafka/records.ts';
import { UnsupportedVersionException } from '../../protocol/exceptions.ts';
import { describeGroups } from '../../protocol/messages/15-describe-groups.ts';
import { listGroups } from '../../protocol/messages/16-list-groups.ts';
import { deleteGroups } from '../../protocol/messages/42-delete-groups.ts';
import { consumerGroupDescribe } from '../../protocol/messages/69-consumer-group-describe.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { GroupDescription, GroupListing } from '../api.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { decodeAssignment } from '../group/consumer-protocol.ts';
import { GroupCoordinator } from '../group/group-coordinator.ts';

const CONSUMER = 'consumer';
const DEAD = 'Dead';
/** `memberType` of a member that speaks the new protocol; the classic one is 0 (KIP-1099). */
const UPGRADED = 1;

/** Every broker knows the groups that it coordinates. */
export async function listAllGroups(cluster: Cluster): Promise<GroupListing[]> {
  const answers = await Promise.all(cluster.nodeIds().map((node) => cluster.request(node, listGroups, {})));
  const groups = new Map<string, GroupListing>();
  for (const answer of answers) {
    if (answer.errorCode !== 0) throw new ApiException(answer.errorCode);
    for (const { groupId, groupState, protocolType, groupType } of answer.groups) {
      groups.set(groupId, { groupId, state: groupState, protocolType, type: groupType });
    }
  }
  return [...groups.values()].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

/** A group of the classic protocol, of KIP-848, or none: its state is `Dead` then, as in Kafka before 4. */
export async function describeGroup(cluster: Cluster, groupId: string): Promise<GroupDescription> {
  const coordinator = new GroupCoordinator(cluster, groupId);
  const known = (await classicGroup(coordinator)) ?? (await consumerGroup(coordinator)) ?? nobody(groupId);
  return { ...known, coordinator: await coordinator.address() };
}

/** One attempt. Throws `ApiException`: `GroupNotEmptyException`, `GroupIdNotFoundException`… */
export async function deleteGroup(coordinator: GroupCoordinator): Promise<void> {
  const { groupId } = coordinator;
  const errorIn = (response: { results: { errorCode: number }[] }) => response.results[0]?.errorCode ?? 0;
  const errorCode = errorIn(await coordinator.request(deleteGroups, { groupsNames: [groupId] }, errorIn));
  if (errorCode !== 0) throw new ApiException(errorCode, undefined, { key: groupId });
}

type Described = Omit<GroupDescription, 'coordinator'>;

const CLASSIC = { groupEpoch: null, targetAssignmentEpoch: null } as const;

function nobody(groupId: string): Described {
  return { groupId, state: DEAD, protocolType: '', partitionAssignor: '', ...CLASSIC, members: [] };
}

/** Undefined when the coordinator has no such group of the classic protocol. */
async function classicGroup(coordinator: GroupCoordinator): Promise<Described | undefined> {
  const { groupId } = coordinator;
  const answer = await coordinator.request(
    describeGroups,
    { groups: [groupId] },
    (response) => response.groups[0]?.errorCode ?? 0,
  );
  const group = answer.groups[0];
  if (!group || group.errorCode === Errors.GROUP_ID_NOT_FOUND || group.groupState === DEAD) return undefined;
  if (group.errorCode !== 0) throw new ApiException(group.errorCode, group.errorMessage, { key: groupId });
  return {
    groupId,
    state: group.groupState,
    protocolType: group.protocolType,
    partitionAssignor: group.protocolData,
    ...CLASSIC,
    members: group.members.map(({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      targetAssignment: null,
      memberEpoch: null,
      upgraded: null,
      // Other protocol types (Connect's workers) keep what only they can read there.
      assignment: group.protocolType === CONSUMER ? decodeAssignment(memberAssignment) : [],
    })),
  };
}

/** Undefined when there is no such group, or the broker is older than KIP-848. */
async function consumerGroup(coordinator: GroupCoordinator): Promise<Described | undefined> {
  const { groupId } = coordinator;
  try {
    const answer = await coordinator.request(
      consumerGroupDescribe,
      { groupIds: [groupId], includeAuthorizedOperations: false },
      (response) => response.groups[0]?.errorCode ?? 0,
    );
    const group = answer.groups[0];
    if (!group || group.errorCode === Errors.GROUP_ID_NOT_FOUND) return undefined;
    if (group.errorCode !== 0) throw new ApiException(group.errorCode, group.errorMessage, { key: groupId });
    return {
      groupId,
      state: group.groupState,
      protocolType: CONSUMER,
      partitionAssignor: group.assignorName,
      groupEpoch: group.groupEpoch,
      targetAssignmentEpoch: group.assignmentEpoch,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        assignment: partitionsOf(member.assignment),
        targetAssignment: partitionsOf(member.targetAssignment),
        memberEpoch: member.memberEpoch,
        upgraded: member.memberType < 0 ? null : member.memberType === UPGRADED,
      })),
    };
  } catch (error) {
    if (error instanceof UnsupportedVersionException) return undefined;
    throw error;
  }
}

function partitionsOf({
  topicPartitions,
}: {
  topicPartitions: readonly { topicName: string; partitions: readonly number[] }[];
}): TopicPartition[] {
  return topicPartitions.flatMap(({ topicName: topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
