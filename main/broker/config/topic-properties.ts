import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import type { LogConfig } from '../log/log-config.ts';
import { listOf, type Properties } from './property.ts';

const LONG_MAX = '9223372036854775807';

/** What a topic can be told. Names, types, defaults and limits are Kafka's (Java: `TopicConfig`, `LogConfig`). */
export const TOPIC_PROPERTIES = {
  'cleanup.policy': {
    type: 'list',
    default: 'delete',
    values: ['delete', 'compact'],
    doc: 'What happens to old segments: delete removes them by time and size, compact keeps the newest record of each key.',
  },
  'compression.type': {
    type: 'string',
    default: 'producer',
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: 'How batches are compressed in the log; producer keeps them as they were sent.',
  },
  'delete.retention.ms': {
    type: 'long',
    default: '86400000',
    min: 0,
    doc: 'How long tombstones of a compacted topic stay (ms).',
  },
  'file.delete.delay.ms': {
    type: 'long',
    default: '60000',
    min: 0,
    doc: 'The time between a segment’s removal from the log and from the disk (ms).',
  },
  'flush.messages': {
    type: 'long',
    default: '1',
    min: 1,
    doc: 'After so many records the log is synced to the disk. With 1 no answer is given before: this broker has the only copy.',
  },
  'flush.ms': { type: 'long', default: LONG_MAX, min: 0, doc: 'After so long the log is synced to the disk (ms).' },
  'index.interval.bytes': {
    type: 'int',
    default: '4096',
    min: 0,
    doc: 'Bytes of the log between two entries of its offset index.',
  },
  'max.compaction.lag.ms': {
    type: 'long',
    default: LONG_MAX,
    min: 1,
    doc: 'The longest time that a record stays uncompacted (ms).',
  },
  'max.message.bytes': {
    type: 'int',
    default: '1048588',
    min: 0,
    doc: 'The largest record batch that is accepted (bytes, after compression).',
  },
  'message.timestamp.after.max.ms': {
    type: 'long',
    default: '3600000',
    min: 0,
    doc: 'How far a record’s timestamp may lie in the future (ms).',
  },
  'message.timestamp.before.max.ms': {
    type: 'long',
    default: LONG_MAX,
    min: 0,
    doc: 'How far a record’s timestamp may lie in the past (ms).',
  },
  'message.timestamp.type': {
    type: 'string',
    default: 'CreateTime',
    values: ['CreateTime', 'LogAppendTime'],
    doc: 'Whose time a record carries: its producer’s or the broker’s.',
  },
  'min.cleanable.dirty.ratio': {
    type: 'double',
    default: '0.5',
    min: 0,
    max: 1,
    doc: 'The part of a log that is uncompacted before it is compacted.',
  },
  'min.compaction.lag.ms': {
    type: 'long',
    default: '0',
    min: 0,
    doc: 'The shortest time that a record stays uncompacted (ms).',
  },
  'min.insync.replicas': {
    type: 'int',
    default: '1',
    min: 1,
    doc: 'Replicas that must have a write before it is acknowledged with acks=all.',
  },
  preallocate: {
    type: 'boolean',
    default: 'false',
    doc: 'Whether segment files get their full size when they are made.',
  },
  'retention.bytes': {
    type: 'long',
    default: '-1',
    doc: 'The size up to which a partition keeps its segments (bytes); -1: no limit.',
  },
  'retention.ms': {
    type: 'long',
    default: '604800000',
    min: -1,
    doc: 'How long a partition keeps its segments (ms); -1: no limit.',
  },
  'segment.bytes': {
    type: 'int',
    default: '1073741824',
    min: 1048576,
    doc: 'The size at which a new segment is begun (bytes).',
  },
  'segment.index.bytes': { type: 'int', default: '10485760', min: 4, doc: 'The size of a segment’s index (bytes).' },
  'segment.jitter.ms': { type: 'long', default: '0', min: 0, doc: 'The random part of segment.ms (ms).' },
  'segment.ms': { type: 'long', default: '604800000', min: 1, doc: 'The age at which a new segment is begun (ms).' },
  'unclean.leader.election.enable': {
    type: 'boolean',
    default: 'false',
    doc: 'Whether a replica that is behind may lead.',
  },
} as const satisfies Properties;

export type TopicPropertyName = keyof typeof TOPIC_PROPERTIES;

/** What is accepted and has no effect here, with the reason; told in the list of what is supported. */
export const TOPIC_PROPERTY_GAPS: Readonly<Partial<Record<TopicPropertyName, string>>> = {
  'file.delete.delay.ms': 'segments are removed at once: readers hold no files',
  'segment.jitter.ms': 'one broker has no crowd to spread',
  preallocate: 'segments grow as they are written',
  'segment.index.bytes': 'indexes grow as they need',
  'min.insync.replicas': 'there is one replica',
  'unclean.leader.election.enable': 'there is one replica',
};

/** The log's view of a topic's settings; `settingOf` gives the value that holds for a name. */
export function logConfigOf(settingOf: (name: TopicPropertyName) => string): LogConfig {
  const number = (name: TopicPropertyName) => Number(settingOf(name));
  const long = (name: TopicPropertyName) => BigInt(settingOf(name));
  const orNoLimit = (value: number) => (value < 0 ? null : value);
  const policies = listOf(settingOf('cleanup.policy'));
  const isCompacted = policies.includes('compact');
  const compression = settingOf('compression.type');
  return {
    segmentBytes: number('segment.bytes'),
    // As Kafka: what has to be compacted by then has to be in a sealed segment before.
    segmentMs: isCompacted ? Math.min(number('segment.ms'), number('max.compaction.lag.ms')) : number('segment.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionMs: orNoLimit(number('retention.ms')),
    retentionBytes: orNoLimit(number('retention.bytes')),
    maxMessageBytes: number('max.message.bytes'),
    isDeleted: policies.includes('delete'),
    isCompacted,
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: long('min.compaction.lag.ms'),
    maxCompactionLagMs: long('max.compaction.lag.ms'),
    deleteRetentionMs: long('delete.retention.ms'),
    compressionType:
      compression === 'producer' ? null : compression === 'uncompressed' ? 'none' : (compression as CompressionType),
    timestampType: settingOf('message.timestamp.type') as LogConfig['timestampType'],
    timestampBeforeMaxMs: long('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: long('message.timestamp.after.max.ms'),
    flushMessages: long('flush.messages'),
    flushMs: long('flush.ms'),
  };
}
