import { DataException } from '../../../common/errors.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts';
import * as groups from '../../protocol/records/consumer-group-records.ts';
import * as coordinator from '../../protocol/records/coordinator-records.ts';
import type { Record } from '../../protocol/records/records.ts';
import { array, int32, int64, string, uuid } from '../../protocol/schema/fields.ts';
import { type Message, message } from '../../protocol/schema/message.ts';
import { messageJson, type Shown } from './message-json.ts';

/** Written by Kafka 4.0 alone, and read by those after it. */
const partitionMetadataKey = message({
  name: 'ConsumerGroupPartitionMetadataKey',
  versions: '4',
  flexible: 'none',
  fields: { groupId: string('0+') },
});
const partitionMetadataValue = message({
  name: 'ConsumerGroupPartitionMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      topicId: uuid('0+'),
      topicName: string('0+'),
      numPartitions: int32('0+'),
      partitionMetadata: array('0+', { partition: int32('0+'), racks: array('0+', 'string') }),
    }),
  },
});
/** What a group's regular expression was found to match, as Kafka's own coordinator keeps it. */
const regularExpressionKey = message({
  name: 'ConsumerGroupRegularExpressionKey',
  versions: '16',
  flexible: 'none',
  fields: { groupId: string('0+'), regularExpression: string('0+') },
});
const regularExpressionValue = message({
  name: 'ConsumerGroupRegularExpressionValue',
  versions: '0',
  flexible: '0+',
  fields: { topics: array('0+', 'string'), version: int64('0+'), timestamp: int64('0+') },
});

type Kinds = ReadonlyMap<number, readonly [key: Message, value: Message]>;

/** By the number in front of the key. Java: `CoordinatorRecordType`. */
const OFFSETS: Kinds = new Map<number, readonly [Message, Message]>([
  [0, [coordinator.offsetCommitKey, coordinator.offsetCommitValue]],
  [1, [coordinator.offsetCommitKey, coordinator.offsetCommitValue]],
  [2, [coordinator.groupMetadataKey, coordinator.groupMetadataValue]],
  [3, [groups.consumerGroupMetadataKey, groups.consumerGroupMetadataValue]],
  [4, [partitionMetadataKey, partitionMetadataValue]],
  [5, [groups.consumerGroupMemberMetadataKey, groups.consumerGroupMemberMetadataValue]],
  [6, [groups.consumerGroupTargetAssignmentMetadataKey, groups.consumerGroupTargetAssignmentMetadataValue]],
  [7, [groups.consumerGroupTargetAssignmentMemberKey, groups.consumerGroupTargetAssignmentMemberValue]],
  [8, [groups.consumerGroupCurrentMemberAssignmentKey, groups.consumerGroupCurrentMemberAssignmentValue]],
  [16, [regularExpressionKey, regularExpressionValue]],
]);
const TRANSACTIONS: Kinds = new Map<number, readonly [Message, Message]>([
  [0, [coordinator.transactionLogKey, coordinator.transactionLogValue]],
]);

/** The bytes of a member of a classic group of consumers. What can't be read stays as it is. */
const CONSUMER_MEMBER: Shown = new Map([
  ['subscription', (bytes: Buffer) => versioned(consumerProtocolSubscription, bytes)],
  ['assignment', (bytes: Buffer) => versioned(consumerProtocolAssignment, bytes)],
]);

export const readOffsetsTopic = (record: Record) => coordinatorText(OFFSETS, record);
export const readTransactionTopic = (record: Record) => coordinatorText(TRANSACTIONS, record);

/** Java: `DumpLogSegments.CoordinatorRecordMessageParser`. */
function coordinatorText(kinds: Kinds, { offset, key, value }: Record): { key: string; payload: string | null } {
  if (key === null) {
    throw new DataException(
      `Failed to decode message at offset ${offset} using the specified decoder (message had a missing key)`,
    );
  }
  const type = key.length >= 2 ? key.readInt16BE(0) : -1;
  const kind = kinds.get(type);
  if (kind === undefined) return { key: `Unknown record type ${type} at offset ${offset}, skipping.`, payload: null };
  try {
    const [keyMessage, valueMessage] = kind;
    const keyJson = messageJson(keyMessage, 0, keyMessage.decodeVersioned(key).value);
    return {
      key: `{"type":"${type}","data":${keyJson}}`,
      payload: value === null ? '<DELETE>' : valueText(valueMessage, value),
    };
  } catch (error) {
    return { key: `Error at offset ${offset}, skipping. ${(error as Error).message}`, payload: null };
  }
}

function valueText(schema: Message, bytes: Buffer): string {
  const { version, value } = schema.decodeVersioned(bytes);
  const isOfConsumers =
    schema.name === 'GroupMetadataValue' && 'protocolType' in value && value.protocolType === 'consumer';
  return `{"version":"${version}","data":${messageJson(schema, version, value, isOfConsumers ? CONSUMER_MEMBER : undefined)}}`;
}

function versioned(schema: Message, bytes: Buffer): string | null {
  try {
    const { version, value } = schema.decodeVersioned(bytes);
    return messageJson(schema, version, value);
  } catch {
    // A member may have put anything there: the bytes themselves are shown then.
    return null;
  }
}
