import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../../protocol/records/consumer-group-records.ts';
import { type Assignment, assignmentOf, topicPartitionsOf } from './assignment.ts';
import type { ConsumerGroupMember, MemberState } from './consumer-group-member.ts';
import type { CoordinatorRecord } from './coordinator-topic.ts';

/** By the number in the record. */
const STATES: Readonly<Record<number, MemberState>> = {
  1: 'STABLE',
  2: 'UNREVOKED_PARTITIONS',
  3: 'UNRELEASED_PARTITIONS',
};
const NUMBERS: Readonly<Record<MemberState, number>> = {
  STABLE: 1,
  UNREVOKED_PARTITIONS: 2,
  UNRELEASED_PARTITIONS: 3,
};

/** Null values delete. */
export function groupEpochRecord(groupId: string, epoch: number | null): CoordinatorRecord {
  return {
    key: consumerGroupMetadataKey.encodeVersioned(3, { groupId }),
    value: epoch === null ? null : consumerGroupMetadataValue.encodeVersioned(0, { epoch }),
  };
}

export function targetEpochRecord(
  groupId: string,
  target: { assignmentEpoch: number; assignmentTimestamp: bigint } | null,
): CoordinatorRecord {
  return {
    key: consumerGroupTargetAssignmentMetadataKey.encodeVersioned(6, { groupId }),
    value: target && consumerGroupTargetAssignmentMetadataValue.encodeVersioned(0, target),
  };
}

export function targetRecord(groupId: string, memberId: string, target: Assignment | null): CoordinatorRecord {
  return {
    key: consumerGroupTargetAssignmentMemberKey.encodeVersioned(7, { groupId, memberId }),
    value:
      target &&
      consumerGroupTargetAssignmentMemberValue.encodeVersioned(0, { topicPartitions: topicPartitionsOf(target) }),
  };
}

export function memberRecord(groupId: string, memberId: string, member: ConsumerGroupMember | null): CoordinatorRecord {
  return {
    key: consumerGroupMemberMetadataKey.encodeVersioned(5, { groupId, memberId }),
    value:
      member &&
      consumerGroupMemberMetadataValue.encodeVersioned(0, {
        instanceId: member.instanceId,
        rackId: member.rackId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        subscribedTopicNames: [...member.subscribedTopicNames],
        subscribedTopicRegex: member.subscribedTopicRegex,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        serverAssignor: member.serverAssignor,
        classicMemberMetadata: member.classic && {
          sessionTimeoutMs: member.classic.sessionTimeoutMs,
          supportedProtocols: [...member.classic.protocols],
        },
      }),
  };
}

export function currentAssignmentRecord(
  groupId: string,
  memberId: string,
  member: ConsumerGroupMember | null,
): CoordinatorRecord {
  return {
    key: consumerGroupCurrentMemberAssignmentKey.encodeVersioned(8, { groupId, memberId }),
    value:
      member &&
      consumerGroupCurrentMemberAssignmentValue.encodeVersioned(0, {
        memberEpoch: member.memberEpoch,
        previousMemberEpoch: member.previousMemberEpoch,
        state: NUMBERS[member.state],
        assignedPartitions: topicPartitionsOf(member.assigned).map(withoutEpochs),
        partitionsPendingRevocation: topicPartitionsOf(member.pendingRevocation).map(withoutEpochs),
      }),
  };
}

const withoutEpochs = (topic: { topicId: string; partitions: number[] }) => ({ ...topic, assignmentEpochs: null });

/** What a record of a group says; null: no more. */
export type ConsumerGroupRecord = { groupId: string } & (
  | { kind: 'epoch'; epoch: number | null }
  | { kind: 'target epoch'; epoch: number | null }
  | { kind: 'target'; memberId: string; target: Assignment | null }
  | { kind: 'member'; memberId: string; member: MemberMetadata | null }
  | { kind: 'current'; memberId: string; current: CurrentAssignment | null }
);

export type MemberMetadata = Pick<
  ConsumerGroupMember,
  | 'instanceId'
  | 'rackId'
  | 'clientId'
  | 'clientHost'
  | 'subscribedTopicNames'
  | 'subscribedTopicRegex'
  | 'serverAssignor'
  | 'rebalanceTimeoutMs'
  | 'classic'
>;
export type CurrentAssignment = Pick<
  ConsumerGroupMember,
  'memberEpoch' | 'previousMemberEpoch' | 'state' | 'assigned' | 'pendingRevocation'
>;

/** Undefined for other records. */
export function readConsumerGroupRecord(key: Buffer, value: Buffer | null): ConsumerGroupRecord | undefined {
  switch (key.length >= 2 ? key.readInt16BE(0) : -1) {
    case 3: {
      const { groupId } = consumerGroupMetadataKey.decodeVersioned(key).value;
      const stored = value && consumerGroupMetadataValue.decodeVersioned(value).value;
      return { kind: 'epoch', groupId, epoch: stored?.epoch ?? null };
    }
    case 5: {
      const { groupId, memberId } = consumerGroupMemberMetadataKey.decodeVersioned(key).value;
      // Slices of a log's read buffer would keep the whole buffer alive.
      const stored = value && consumerGroupMemberMetadataValue.decodeVersioned(Buffer.from(value)).value;
      const member = stored && {
        instanceId: stored.instanceId,
        rackId: stored.rackId,
        clientId: stored.clientId,
        clientHost: stored.clientHost,
        subscribedTopicNames: stored.subscribedTopicNames,
        subscribedTopicRegex: stored.subscribedTopicRegex,
        serverAssignor: stored.serverAssignor,
        rebalanceTimeoutMs: stored.rebalanceTimeoutMs,
        classic: stored.classicMemberMetadata && {
          sessionTimeoutMs: stored.classicMemberMetadata.sessionTimeoutMs,
          protocols: stored.classicMemberMetadata.supportedProtocols,
        },
      };
      return { kind: 'member', groupId, memberId, member };
    }
    case 6: {
      const { groupId } = consumerGroupTargetAssignmentMetadataKey.decodeVersioned(key).value;
      const stored = value && consumerGroupTargetAssignmentMetadataValue.decodeVersioned(value).value;
      return { kind: 'target epoch', groupId, epoch: stored?.assignmentEpoch ?? null };
    }
    case 7: {
      const { groupId, memberId } = consumerGroupTargetAssignmentMemberKey.decodeVersioned(key).value;
      const stored = value && consumerGroupTargetAssignmentMemberValue.decodeVersioned(value).value;
      return { kind: 'target', groupId, memberId, target: stored && assignmentOf(stored.topicPartitions) };
    }
    case 8: {
      const { groupId, memberId } = consumerGroupCurrentMemberAssignmentKey.decodeVersioned(key).value;
      const stored = value && consumerGroupCurrentMemberAssignmentValue.decodeVersioned(value).value;
      const current = stored && {
        memberEpoch: stored.memberEpoch,
        previousMemberEpoch: stored.previousMemberEpoch,
        state: STATES[stored.state] ?? 'STABLE',
        assigned: assignmentOf(stored.assignedPartitions),
        pendingRevocation: assignmentOf(stored.partitionsPendingRevocation),
      };
      return { kind: 'current', groupId, memberId, current };
    }
    default:
      return undefined;
  }
}

/** Whether nothing is left of what it tells of. */
export function deletes(record: ConsumerGroupRecord): boolean {
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
