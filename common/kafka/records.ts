/** Records as they are in a topic: bytes, never text. Field names are Kafka's. */

export interface TopicPartition {
  topic: string;
  partition: number;
}

/** `tweets-0`, as Kafka prints it; also the key for maps of partitions. */
export function topicPartitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** Order, repeated keys and the key's own bytes are kept: a header list is a list, not a map. */
export interface RecordHeader {
  /** UTF-8 by convention; other bytes pass unchanged. */
  key: Uint8Array;
  value: Uint8Array | null;
}

export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';

export interface ConsumerRecord extends TopicPartition {
  offset: bigint;
  /** ms since 1970 UTC, int64; -1 for none */
  timestamp: bigint;
  timestampType: TimestampType;
  /** null when the batch carries none (-1) */
  leaderEpoch: number | null;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: readonly RecordHeader[];
}

export interface ProducerRecord {
  topic: string;
  /** absent or null: by the key's murmur2 hash as Java does, without a key sticky per batch */
  partition?: number | null;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: readonly RecordHeader[];
  /** ms since 1970 UTC; absent or null: now */
  timestamp?: bigint | null;
}

export interface RecordMetadata extends TopicPartition {
  /** -1 with acks=0 */
  offset: bigint;
  timestamp: bigint;
}
