import type { Properties } from './property.ts';
import type { TopicPropertyName } from './topic-properties.ts';

const LONG_MAX = '9223372036854775807';
const HOUR_MS = 3_600_000;

/** What the broker can be told (`--override name=value`). Names and meaning are Kafka's (`server.properties`). */
export const BROKER_PROPERTIES = {
  'node.id': { type: 'int', default: '1', min: 0, doc: 'The number of this broker.' },
  'advertised.listeners': {
    type: 'string',
    default: '',
    doc: 'host:port that clients are told; empty: where they reached the broker.',
  },
  'auto.create.topics.enable': {
    type: 'boolean',
    default: 'true',
    doc: 'Whether a topic is made when a client first names it.',
  },
  'compression.type': {
    type: 'string',
    default: 'producer',
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: 'Default of the topics’ compression.type.',
  },
  'connections.max.idle.ms': {
    type: 'long',
    default: '600000',
    doc: 'How long a connection may be silent (ms). Silent connections are kept here: they cost little.',
  },
  'default.replication.factor': {
    type: 'int',
    default: '1',
    min: 1,
    max: 1,
    doc: 'Replicas of a new topic: there is one broker.',
  },
  'delete.topic.enable': { type: 'boolean', default: 'true', doc: 'Whether topics can be deleted.' },
  'group.consumer.heartbeat.interval.ms': {
    type: 'int',
    default: '5000',
    min: 1,
    doc: 'How often members of groups of the new protocol (group.protocol=consumer) are asked to say that they are there (ms).',
  },
  'group.consumer.session.timeout.ms': {
    type: 'int',
    default: '45000',
    min: 1,
    doc: 'How long a member of such a group may be silent (ms).',
  },
  'group.initial.rebalance.delay.ms': {
    type: 'int',
    default: '0',
    min: 0,
    doc: 'How long the first rebalance of a group waits for more members (ms).',
  },
  'group.max.session.timeout.ms': {
    type: 'int',
    default: '1800000',
    doc: 'The longest session time-out that a member may ask for (ms).',
  },
  'group.min.session.timeout.ms': {
    type: 'int',
    default: '6000',
    doc: 'The shortest session time-out that a member may ask for (ms).',
  },
  'log.cleanup.policy': {
    type: 'list',
    default: 'delete',
    values: ['delete', 'compact'],
    doc: 'Default of the topics’ cleanup.policy.',
  },
  'log.flush.interval.messages': {
    type: 'long',
    default: '1',
    min: 1,
    doc: 'Default of the topics’ flush.messages. Kafka’s own is no limit: it has replicas.',
  },
  'log.flush.interval.ms': { type: 'long', default: LONG_MAX, min: 0, doc: 'Default of the topics’ flush.ms (ms).' },
  'log.index.interval.bytes': {
    type: 'int',
    default: '4096',
    min: 0,
    doc: 'Default of the topics’ index.interval.bytes.',
  },
  'log.message.timestamp.after.max.ms': {
    type: 'long',
    default: '3600000',
    min: 0,
    doc: 'Default of the topics’ message.timestamp.after.max.ms.',
  },
  'log.message.timestamp.before.max.ms': {
    type: 'long',
    default: LONG_MAX,
    min: 0,
    doc: 'Default of the topics’ message.timestamp.before.max.ms.',
  },
  'log.message.timestamp.type': {
    type: 'string',
    default: 'CreateTime',
    values: ['CreateTime', 'LogAppendTime'],
    doc: 'Default of the topics’ message.timestamp.type.',
  },
  'log.retention.bytes': { type: 'long', default: '-1', doc: 'Default of the topics’ retention.bytes.' },
  'log.retention.check.interval.ms': {
    type: 'long',
    default: '300000',
    min: 1,
    doc: 'How often old segments are looked for (ms).',
  },
  'log.retention.hours': { type: 'int', default: '168', doc: 'Default of the topics’ retention.ms, in hours.' },
  'log.retention.minutes': { type: 'int', default: '', doc: 'The same in minutes; goes before the hours.' },
  'log.retention.ms': { type: 'long', default: '', doc: 'The same in ms; goes before the minutes.' },
  'log.roll.hours': { type: 'int', default: '168', min: 1, doc: 'Default of the topics’ segment.ms, in hours.' },
  'log.roll.ms': { type: 'long', default: '', doc: 'The same in ms; goes before the hours.' },
  'log.segment.bytes': {
    type: 'int',
    default: '1073741824',
    min: 1048576,
    doc: 'Default of the topics’ segment.bytes.',
  },
  'max.connections': { type: 'int', default: '2147483647', min: 0, doc: 'Connections that are open at once.' },
  'message.max.bytes': { type: 'int', default: '1048588', min: 0, doc: 'Default of the topics’ max.message.bytes.' },
  'min.insync.replicas': {
    type: 'int',
    default: '1',
    min: 1,
    max: 1,
    doc: 'Default of the topics’ min.insync.replicas.',
  },
  'num.partitions': { type: 'int', default: '1', min: 1, doc: 'Partitions of a new topic.' },
  'offsets.retention.minutes': {
    type: 'int',
    default: '10080',
    min: 1,
    doc: 'How long the offsets of a group without members are kept (minutes).',
  },
  'offsets.topic.num.partitions': {
    type: 'int',
    default: '1',
    min: 1,
    doc: 'Partitions of __consumer_offsets when it is made. Kafka’s own is 50: one broker has nothing to spread.',
  },
  'producer.id.expiration.ms': {
    type: 'int',
    default: '86400000',
    min: 1,
    doc: 'How long a silent idempotent producer is remembered (ms).',
  },
  'runnel.log.retention.total.bytes': {
    type: 'long',
    default: '10737418240',
    min: -1,
    doc: 'The size of all topics together (bytes); beyond it the oldest segments of topics that are not compacted are removed. -1: no limit. Not one of Kafka’s.',
  },
  'socket.request.max.bytes': {
    type: 'int',
    default: '104857600',
    min: 1,
    doc: 'The largest request that is accepted (bytes).',
  },
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': {
    type: 'int',
    default: '10000',
    min: 1,
    doc: 'How often transactions are looked for that are open for longer than their time-out (ms).',
  },
  'transaction.max.timeout.ms': {
    type: 'int',
    default: '900000',
    min: 1,
    doc: 'The longest time-out of transactions that a producer may ask for (ms).',
  },
  'transaction.state.log.num.partitions': {
    type: 'int',
    default: '1',
    min: 1,
    doc: 'Partitions of __transaction_state when it is made. Kafka’s own is 50: one broker has nothing to spread.',
  },
  'transactional.id.expiration.ms': {
    type: 'int',
    default: '604800000',
    min: 1,
    doc: 'How long a transactional id that is not used is remembered (ms).',
  },
} as const satisfies Properties;

export type BrokerPropertyName = keyof typeof BROKER_PROPERTIES;

/** Broker properties that give a topic's setting its default, the first that is set goes first; factors turn them into its unit. */
export const TOPIC_DEFAULTS: Readonly<
  Partial<Record<TopicPropertyName, readonly { name: BrokerPropertyName; factor?: number }[]>>
> = {
  'cleanup.policy': [{ name: 'log.cleanup.policy' }],
  'compression.type': [{ name: 'compression.type' }],
  'flush.messages': [{ name: 'log.flush.interval.messages' }],
  'flush.ms': [{ name: 'log.flush.interval.ms' }],
  'index.interval.bytes': [{ name: 'log.index.interval.bytes' }],
  'max.message.bytes': [{ name: 'message.max.bytes' }],
  'message.timestamp.after.max.ms': [{ name: 'log.message.timestamp.after.max.ms' }],
  'message.timestamp.before.max.ms': [{ name: 'log.message.timestamp.before.max.ms' }],
  'message.timestamp.type': [{ name: 'log.message.timestamp.type' }],
  'min.insync.replicas': [{ name: 'min.insync.replicas' }],
  'retention.bytes': [{ name: 'log.retention.bytes' }],
  'retention.ms': [
    { name: 'log.retention.ms' },
    { name: 'log.retention.minutes', factor: 60_000 },
    { name: 'log.retention.hours', factor: HOUR_MS },
  ],
  'segment.bytes': [{ name: 'log.segment.bytes' }],
  'segment.ms': [{ name: 'log.roll.ms' }, { name: 'log.roll.hours', factor: HOUR_MS }],
};
