import type { TopicPartition } from '../../../common/kafka/records.ts';
import { array, bytes, int32, string } from '../../protocol/schema/fields.ts';
import { message } from '../../protocol/schema/message.ts';
import { Reader } from '../../protocol/schema/reader.ts';

/**
 * What members of a consumer group tell each other through the coordinator, to which it is opaque (Java:
 * `ConsumerProtocolSubscription`, `ConsumerProtocolAssignment`). Newer versions only add fields at the end, so a newer
 * member's message is read as far as it is known here.
 */
const subscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array('0+', 'string'),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: array('1+', { topic: string('0+'), partitions: array('0+', 'int32') }),
    generationId: int32('2+', { default: -1 }),
    rackId: string('3+', { nullable: '0+', default: null }),
  },
});

const assignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array('0+', { topic: string('0+'), partitions: array('0+', 'int32') }),
    userData: bytes('0+', { nullable: '0+', default: null }),
  },
});

const NEWEST = 3;

export function encodeSubscription(topics: readonly string[], owned: readonly TopicPartition[]): Buffer {
  return subscription.encodeVersioned(1, { topics: [...topics].sort(), ownedPartitions: byTopic(owned) });
}

export function decodeSubscription(encoded: Buffer): { topics: string[] } {
  const reader = new Reader(encoded);
  return subscription.read(known(reader.int16()), reader);
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return assignment.encodeVersioned(1, { assignedPartitions: byTopic(partitions) });
}

/** An empty buffer is no assignment: what a member gets whom the leader left out. */
export function decodeAssignment(encoded: Buffer): TopicPartition[] {
  if (encoded.length === 0) return [];
  const reader = new Reader(encoded);
  const { assignedPartitions } = assignment.read(known(reader.int16()), reader);
  return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

function known(version: number): number {
  return Math.max(0, Math.min(version, NEWEST));
}

function byTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([topic, list]) => ({ topic, partitions: list }));
}
