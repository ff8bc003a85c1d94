import { SchemaException } from '../../protocol/exceptions.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts';
import type { Message } from '../../protocol/schema/message.ts';
import { Reader } from '../../protocol/schema/reader.ts';
import { type Assignment, assignmentOf } from './assignment.ts';

/** The protocol type of consumers, whose bytes in JoinGroup and SyncGroup the broker can read. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer';

/** What a consumer says of itself in JoinGroup. */
export interface EmbeddedSubscription {
  readonly topics: readonly string[];
  readonly rackId: string | null;
  /** It has them and goes on with them; empty: it has given everything back. */
  readonly owned: Assignment;
}

/** @throws SchemaException for bytes that are none */
export function readSubscription(metadata: Buffer, idOf: (topic: string) => string | undefined): EmbeddedSubscription {
  const { topics, rackId, ownedPartitions } = readNewest(consumerProtocolSubscription, metadata);
  return { topics: [...new Set(topics)].sort(), rackId, owned: byId(ownedPartitions, idOf) };
}

/** The topics alone; none where nothing is said. @throws SchemaException for bytes that are none */
export function readTopics(metadata: Buffer): readonly string[] {
  return metadata.length === 0 ? [] : readNewest(consumerProtocolSubscription, metadata).topics;
}

/** What a leader gave a member; topics that are gone are left out. @throws SchemaException for bytes that are none */
export function readAssignment(
  bytes: Buffer,
  idOf: (topic: string) => string | undefined,
): { assigned: Assignment; userData: Buffer | null } {
  const { assignedPartitions, userData } = readNewest(consumerProtocolAssignment, bytes);
  return { assigned: byId(assignedPartitions, idOf), userData };
}

/** In the version in which the member wrote its `metadata`. */
export function writeAssignment(
  assignment: Assignment,
  metadata: Buffer,
  nameOf: (topicId: string) => string | undefined,
): Buffer {
  const { min, max } = consumerProtocolAssignment.versions;
  const version = Math.max(min, Math.min(metadata.length < 2 ? min : metadata.readInt16BE(0), max));
  const assignedPartitions = [...assignment].flatMap(([topicId, partitions]) => {
    const topic = nameOf(topicId);
    return topic === undefined ? [] : [{ topic, partitions: [...partitions].sort((a, b) => a - b) }];
  });
  return consumerProtocolAssignment.encodeVersioned(version, { assignedPartitions, userData: null });
}

/** Each version begins as the one before it: of those to come what is known is read. Java: `ConsumerProtocol`. */
function readNewest<F extends Message['fields']>(message: Message<F>, bytes: Buffer) {
  const reader = new Reader(bytes);
  const version = reader.int16();
  if (version < 0) throw new SchemaException(`${message.name} has no version ${version}`);
  return message.read(Math.min(version, message.versions.max), reader);
}

function byId(
  topics: readonly { topic: string; partitions: readonly number[] }[],
  idOf: (topic: string) => string | undefined,
): Assignment {
  return assignmentOf(
    topics.flatMap(({ topic, partitions }) => {
      const topicId = idOf(topic);
      return topicId === undefined ? [] : [{ topicId, partitions }];
    }),
  );
}
