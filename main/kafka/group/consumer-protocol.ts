import type { TopicPartition } from '../../../common/kafka/records.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts';
import { Reader } from '../../protocol/schema/reader.ts';

/*
 * What members of a consumer group tell each other through the coordinator, to which it is opaque. Newer versions only
 * add fields at the end, so a newer member's message is read as far as it is known here.
 */

const NEWEST = consumerProtocolSubscription.versions.max;

export function encodeSubscription(topics: readonly string[], owned: readonly TopicPartition[]): Buffer {
  return consumerProtocolSubscription.encodeVersioned(1, {
    topics: [...topics].sort(),
    ownedPartitions: byTopic(owned),
  });
}

export function decodeSubscription(encoded: Buffer): { topics: string[] } {
  const reader = new Reader(encoded);
  return consumerProtocolSubscription.read(known(reader.int16()), reader);
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return consumerProtocolAssignment.encodeVersioned(1, { assignedPartitions: byTopic(partitions) });
}

/** An empty buffer is no assignment: what a member gets whom the leader left out. */
export function decodeAssignment(encoded: Buffer): TopicPartition[] {
  if (encoded.length === 0) return [];
  const reader = new Reader(encoded);
  const { assignedPartitions } = consumerProtocolAssignment.read(known(reader.int16()), reader);
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
