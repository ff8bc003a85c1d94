import type { Decoded, Encodable, Fields } from '../../protocol/schema/fields.ts';
import { array, int8, int16, int32, int64, string, uuid } from '../../protocol/schema/fields.ts';
import { type Message, message } from '../../protocol/schema/message.ts';
import { Reader } from '../../protocol/schema/reader.ts';
import { Writer } from '../../protocol/schema/writer.ts';

/**
 * Records of `__cluster_metadata`, in which Kafka's controllers keep what the cluster is (KIP-500, KIP-631). A value is
 * a frame version, the record's kind and its version, as unsigned varints, and then the record.
 */
const FRAME_VERSION = 1;

function record<const F extends Fields>(name: string, versions: string, fields: F): Message<F> {
  return message({ name, versions, flexible: '0+', fields });
}

export const topicRecord = record('TopicRecord', '0', { name: string('0+'), topicId: uuid('0+') });

export const partitionRecord = record('PartitionRecord', '0-2', {
  partitionId: int32('0+', { default: -1 }),
  topicId: uuid('0+'),
  replicas: array('0+', 'int32'),
  isr: array('0+', 'int32'),
  removingReplicas: array('0+', 'int32'),
  addingReplicas: array('0+', 'int32'),
  leader: int32('0+', { default: -1 }),
  leaderRecoveryState: int8('0+', { default: 0, tag: 0 }),
  leaderEpoch: int32('0+', { default: -1 }),
  partitionEpoch: int32('0+', { default: -1 }),
  directories: array('1+', 'uuid'),
  eligibleLeaderReplicas: array('2+', 'int32', { nullable: '2+', default: null, tag: 1 }),
  lastKnownElr: array('2+', 'int32', { nullable: '2+', default: null, tag: 2 }),
});

/** A null value removes the setting. */
export const configRecord = record('ConfigRecord', '0', {
  resourceType: int8('0+'),
  resourceName: string('0+'),
  name: string('0+'),
  value: string('0+', { nullable: '0+' }),
});

/** With all its partitions and settings. */
export const removeTopicRecord = record('RemoveTopicRecord', '0', { topicId: uuid('0+') });

export const featureLevelRecord = record('FeatureLevelRecord', '0', { name: string('0+'), featureLevel: int16('0+') });

/** Ids below `nextProducerId` were set aside for brokers. */
export const producerIdsRecord = record('ProducerIdsRecord', '0', {
  brokerId: int32('0+'),
  brokerEpoch: int64('0+', { default: -1n }),
  nextProducerId: int64('0+'),
});

/** Each kind with its number and the version that is written: the one of Kafka's metadata.version 4.3. */
const KINDS = {
  topic: { number: 2, version: 0, message: topicRecord },
  partition: { number: 3, version: 2, message: partitionRecord },
  config: { number: 4, version: 0, message: configRecord },
  removeTopic: { number: 9, version: 0, message: removeTopicRecord },
  featureLevel: { number: 12, version: 0, message: featureLevelRecord },
  producerIds: { number: 15, version: 0, message: producerIdsRecord },
} as const;

type Kinds = typeof KINDS;
type FieldsOf<M> = M extends Message<infer F> ? F : never;

export type MetadataRecord = {
  [K in keyof Kinds]: { readonly kind: K; readonly value: Decoded<FieldsOf<Kinds[K]['message']>> };
}[keyof Kinds];

export type MetadataRecordInput = {
  [K in keyof Kinds]: { readonly kind: K; readonly value: Encodable<FieldsOf<Kinds[K]['message']>> };
}[keyof Kinds];

export function encodeMetadataRecord({ kind, value }: MetadataRecordInput): Buffer {
  const { number, version, message: table } = KINDS[kind];
  const writer = new Writer();
  writer.unsignedVarint(FRAME_VERSION);
  writer.unsignedVarint(number);
  writer.unsignedVarint(version);
  (table as Message).write(version, writer, value as never);
  return writer.concat();
}

/** Undefined for a kind that concerns brokers and controllers, of which there are none here. Throws SchemaException. */
export function decodeMetadataRecord(bytes: Buffer): MetadataRecord | undefined {
  const reader = new Reader(bytes);
  reader.unsignedVarint();
  const number = reader.unsignedVarint();
  const version = reader.unsignedVarint();
  for (const [kind, { number: known, message: table }] of Object.entries(KINDS)) {
    if (known === number) return { kind, value: (table as Message).read(version, reader) } as MetadataRecord;
  }
  return undefined;
}
