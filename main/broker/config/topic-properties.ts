import type { CompressionType } from '../../protocol/records/compression/compression-type.ts';
import type { LogConfig } from '../log/log-config.ts';
import { listOf, type Properties } from './property.ts';

const LONG_MAX = '9223372036854775807';

/** Java: `ThrottledReplicaListValidator`. */
function replicaList(name: string): (value: string) => string | undefined {
  return (value) =>
    value === '' || value === '*' || listOf(value).every((each) => /^\d+:\d+$/.test(each))
      ? undefined
      : `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
}

/** What a topic can be told. Names, types, defaults and limits are Kafka's (Java: `TopicConfig`, `LogConfig`). */
export const TOPIC_PROPERTIES = {
  'cleanup.policy': {
    type: 'list',
    default: 'delete',
    values: ['compact', 'delete'],
    doc: 'What happens to old segments: delete removes them by time and size, compact keeps the newest record of each key.',
  },
  'compression.gzip.level': {
    type: 'int',
    default: '-1',
    check: (value) =>
      value === '-1' || (Number(value) >= 1 && Number(value) <= 9)
        ? undefined
        : 'Value must be between 1 and 9 or equal to -1',
    doc: 'The level of gzip where compression.type is that; -1: its own default.',
  },
  'compression.lz4.level': {
    type: 'int',
    default: '9',
    min: 1,
    max: 17,
    doc: 'The level of lz4 where compression.type is that.',
  },
  'compression.type': {
    type: 'string',
    default: 'producer',
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: 'How batches are compressed in the log; producer keeps them as they were sent.',
  },
  'compression.zstd.level': {
    type: 'int',
    default: '3',
    min: -131072,
    max: 22,
    doc: 'The level of zstd where compression.type is that.',
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
  'follower.replication.throttled.replicas': {
    type: 'list',
    default: '',
    check: replicaList('follower.replication.throttled.replicas'),
    doc: 'Replicas whose following is slowed down: partition:broker pairs, or * for all.',
  },
  'index.interval.bytes': {
    type: 'int',
    default: '4096',
    min: 0,
    doc: 'Bytes of the log between two entries of its offset index.',
  },
  'leader.replication.throttled.replicas': {
    type: 'list',
    default: '',
    check: replicaList('leader.replication.throttled.replicas'),
    doc: 'Replicas whose leading is slowed down: partition:broker pairs, or * for all.',
  },
  'local.retention.bytes': {
    type: 'long',
    default: '-2',
    min: -2,
    doc: 'The size that a partition keeps on this disk when the rest is on remote storage (bytes); -2: retention.bytes.',
  },
  'local.retention.ms': {
    type: 'long',
    default: '-2',
    min: -2,
    doc: 'How long a partition keeps its segments on this disk when the rest is on remote storage (ms); -2: retention.ms.',
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
  'remote.log.copy.disable': {
    type: 'boolean',
    default: 'false',
    doc: 'Whether a topic with remote storage copies nothing more to it.',
  },
  'remote.log.delete.on.disable': {
    type: 'boolean',
    default: 'false',
    doc: 'Whether what is on remote storage is deleted when that is switched off for the topic.',
  },
  'remote.storage.enable': {
    type: 'boolean',
    default: 'false',
    doc: 'Whether segments go to remote storage, which this broker does not have.',
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
  'compression.lz4.level': 'lz4 has one level here',
  'follower.replication.throttled.replicas': 'there is one replica',
  'leader.replication.throttled.replicas': 'there is one replica',
  'local.retention.bytes': 'there is no remote storage',
  'local.retention.ms': 'there is no remote storage',
  'remote.log.copy.disable': 'there is no remote storage',
  'remote.log.delete.on.disable': 'there is no remote storage',
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
    compressionLevel: compressionLevelOf(compression, number),
    compressionType:
      compression === 'producer' ? null : compression === 'uncompressed' ? 'none' : (compression as CompressionType),
    timestampType: settingOf('message.timestamp.type') as LogConfig['timestampType'],
    timestampBeforeMaxMs: long('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: long('message.timestamp.after.max.ms'),
    flushMessages: long('flush.messages'),
    flushMs: long('flush.ms'),
  };
}

/** undefined: the codec's own default. */
function compressionLevelOf(compression: string, number: (name: TopicPropertyName) => number): number | undefined {
  if (compression === 'zstd') return number('compression.zstd.level');
  const gzip = number('compression.gzip.level');
  return compression === 'gzip' && gzip > 0 ? gzip : undefined;
}
