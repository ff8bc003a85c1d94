import { array, bytes, int8, int32, int64, string, struct, uuid } from '../schema/fields.ts';
import { message } from '../schema/message.ts';

/**
 * Records of `__consumer_offsets` for groups of the new protocol (KIP-848). As with those of the classic groups
 * (`coordinator-records.ts`) the number in front of a key says what the record is.
 */
const groupKey = { groupId: string('0+') };
const memberKey = { groupId: string('0+'), memberId: string('0+') };

export const consumerGroupMetadataKey = message({
  name: 'ConsumerGroupMetadataKey',
  versions: '3',
  flexible: 'none',
  fields: groupKey,
});

export const consumerGroupMetadataValue = message({
  name: 'ConsumerGroupMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: { epoch: int32('0+'), metadataHash: int64('0+', { default: 0n, tag: 0 }) },
});

export const consumerGroupMemberMetadataKey = message({
  name: 'ConsumerGroupMemberMetadataKey',
  versions: '5',
  flexible: 'none',
  fields: memberKey,
});

export const consumerGroupMemberMetadataValue = message({
  name: 'ConsumerGroupMemberMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string('0+'),
    clientHost: string('0+'),
    subscribedTopicNames: array('0+', 'string'),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct(
      '0+',
      {
        sessionTimeoutMs: int32('0+'),
        supportedProtocols: array('0+', { name: string('0+'), metadata: bytes('0+') }),
      },
      { nullable: '0+', tag: 0 },
    ),
  },
});

export const consumerGroupTargetAssignmentMetadataKey = message({
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  versions: '6',
  flexible: 'none',
  fields: groupKey,
});

export const consumerGroupTargetAssignmentMetadataValue = message({
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: { assignmentEpoch: int32('0+'), assignmentTimestamp: int64('0+', { default: 0n, tag: 0 }) },
});

export const consumerGroupTargetAssignmentMemberKey = message({
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  versions: '7',
  flexible: 'none',
  fields: memberKey,
});

export const consumerGroupTargetAssignmentMemberValue = message({
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  versions: '0',
  flexible: '0+',
  fields: { topicPartitions: array('0+', { topicId: uuid('0+'), partitions: array('0+', 'int32') }) },
});

export const consumerGroupCurrentMemberAssignmentKey = message({
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  versions: '8',
  flexible: 'none',
  fields: memberKey,
});

const assignedPartitions = {
  topicId: uuid('0+'),
  partitions: array('0+', 'int32'),
  assignmentEpochs: array('0+', 'int32', { nullable: '0+', tag: 0 }),
};

export const consumerGroupCurrentMemberAssignmentValue = message({
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32('0+'),
    previousMemberEpoch: int32('0+'),
    /** 1 stable, 2 unrevoked partitions, 3 unreleased partitions, 127 unknown */
    state: int8('0+'),
    assignedPartitions: array('0+', assignedPartitions),
    partitionsPendingRevocation: array('0+', assignedPartitions),
  },
});
