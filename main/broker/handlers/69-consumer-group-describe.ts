import { consumerGroupDescribe, Errors } from '../../protocol/messages/index.ts';
import { type Assignment, topicPartitionsOf } from '../coordinator/assignment.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import { handler } from '../server/handler.ts';
import type { TopicLookup } from './topic-lookup.ts';

/** The protocol that a member speaks. */
const MEMBER_TYPES = { classic: 0, consumer: 1 };

export const consumerGroupDescribeHandler = (groups: GroupCoordinator, topics: TopicLookup) => {
  const named = (assignment: Assignment) => ({
    topicPartitions: topicPartitionsOf(assignment).map(({ topicId, partitions }) => ({
      topicId,
      topicName: topics.nameOf(topicId) ?? '',
      partitions,
    })),
  });
  return handler<typeof consumerGroupDescribe>({
    api: consumerGroupDescribe,
    gap: 'Authorized operations are never filled in: there are no ACLs.',
    handle: (request) => ({
      groups: request.groupIds.map((groupId) => {
        const group = groups.consumerGroup(groupId);
        const nothing = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };
        if (groupId === '') return { groupId, errorCode: Errors.INVALID_GROUP_ID, ...nothing };
        if (!group) {
          const errorMessage = groups.admin.describe(groupId)
            ? `Group ${groupId} is not a consumer group.`
            : `Group ${groupId} not found.`;
          return { groupId, errorCode: Errors.GROUP_ID_NOT_FOUND, errorMessage, ...nothing };
        }
        return {
          groupId,
          errorCode: Errors.NONE,
          groupState: group.state,
          groupEpoch: group.epoch,
          assignmentEpoch: group.targetEpoch,
          assignorName: group.assignor,
          members: group.members.map((member) => ({
            memberId: member.memberId,
            instanceId: member.instanceId,
            rackId: member.rackId,
            memberEpoch: member.memberEpoch,
            clientId: member.clientId,
            clientHost: member.clientHost,
            subscribedTopicNames: [...member.subscribedTopicNames],
            subscribedTopicRegex: member.subscribedTopicRegex ?? '',
            assignment: named(member.assigned),
            targetAssignment: named(group.targetOf(member.memberId)),
            memberType: member.classic ? MEMBER_TYPES.classic : MEMBER_TYPES.consumer,
          })),
        };
      }),
    }),
  });
};
