/**
 * Settings of Kafka's Java clients (4.3.1) that change what ours do, by their Java names, types, defaults and bounds.
 * Option types, parsing and defaults derive from this table; add a line here and the setting exists.
 */
export const CLIENTS = ['producer', 'consumer', 'admin'] as const;
export type Client = (typeof CLIENTS)[number];

interface NumberSetting {
  type: 'INT' | 'LONG';
  default: number;
  min?: number;
  max?: number;
  /** one value outside the bounds that is allowed, `-1 = the codec's own` */
  or?: number;
}
interface TextSetting {
  type: 'STRING';
  default: string | null;
  /** accepted values; upper and lower case are told apart unless `anyCase` */
  values?: readonly string[];
  anyCase?: boolean;
}
interface BooleanSetting {
  type: 'BOOLEAN';
  default: boolean;
}
interface ListSetting {
  type: 'LIST';
  default: readonly string[];
  required?: boolean;
}
export type Setting = (NumberSetting | TextSetting | BooleanSetting | ListSetting) & { clients: readonly Client[] };

const ALL = CLIENTS;
const PRODUCER = ['producer'] as const;
const CONSUMER = ['consumer'] as const;
const RANGE = 'org.apache.kafka.clients.consumer.RangeAssignor';

export const SETTINGS = {
  'bootstrap.servers': { type: 'LIST', default: [], required: true, clients: ALL },
  'client.id': { type: 'STRING', default: '', clients: ALL },
  'connections.max.idle.ms': { type: 'LONG', default: 540_000, clients: ALL },
  'metadata.max.age.ms': { type: 'LONG', default: 300_000, min: 0, clients: ALL },
  'reconnect.backoff.ms': { type: 'LONG', default: 50, min: 0, clients: ALL },
  'reconnect.backoff.max.ms': { type: 'LONG', default: 1_000, min: 0, clients: ALL },
  'request.timeout.ms': { type: 'INT', default: 30_000, min: 0, clients: ALL },
  'retry.backoff.ms': { type: 'LONG', default: 100, min: 0, clients: ALL },
  'retry.backoff.max.ms': { type: 'LONG', default: 1_000, min: 0, clients: ALL },
  'security.protocol': {
    type: 'STRING',
    default: 'PLAINTEXT',
    values: ['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'],
    anyCase: true,
    clients: ALL,
  },
  // Java: 10 s. A person is told of a silent port within 2 s here; doubled with each failure in a row, as in Java.
  'socket.connection.setup.timeout.ms': { type: 'LONG', default: 1_500, min: 1, clients: ALL },
  'socket.connection.setup.timeout.max.ms': { type: 'LONG', default: 30_000, min: 1, clients: ALL },
  'default.api.timeout.ms': { type: 'INT', default: 60_000, min: 0, clients: ['consumer', 'admin'] },
  retries: { type: 'INT', default: 2_147_483_647, min: 0, max: 2_147_483_647, clients: ['producer', 'admin'] },

  acks: { type: 'STRING', default: 'all', values: ['all', '-1', '0', '1'], clients: PRODUCER },
  'batch.size': { type: 'INT', default: 16_384, min: 0, clients: PRODUCER },
  'buffer.memory': { type: 'LONG', default: 33_554_432, min: 0, clients: PRODUCER },
  'compression.type': {
    type: 'STRING',
    default: 'none',
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    clients: PRODUCER,
  },
  'delivery.timeout.ms': { type: 'INT', default: 120_000, min: 0, clients: PRODUCER },
  'enable.idempotence': { type: 'BOOLEAN', default: true, clients: PRODUCER },
  'linger.ms': { type: 'LONG', default: 5, min: 0, clients: PRODUCER },
  'max.block.ms': { type: 'LONG', default: 60_000, min: 0, clients: PRODUCER },
  'max.in.flight.requests.per.connection': { type: 'INT', default: 5, min: 1, clients: PRODUCER },
  'max.request.size': { type: 'INT', default: 1_048_576, min: 0, clients: PRODUCER },
  'partitioner.ignore.keys': { type: 'BOOLEAN', default: false, clients: PRODUCER },

  'allow.auto.create.topics': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  'auto.commit.interval.ms': { type: 'INT', default: 5_000, min: 0, clients: CONSUMER },
  'auto.offset.reset': {
    type: 'STRING',
    default: 'latest',
    values: ['latest', 'earliest', 'none'],
    clients: CONSUMER,
  },
  'check.crcs': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  // Java: true. Here nothing is committed unless it is asked for: a sink commits after its put, never before.
  'enable.auto.commit': { type: 'BOOLEAN', default: false, clients: CONSUMER },
  'exclude.internal.topics': { type: 'BOOLEAN', default: true, clients: CONSUMER },
  'fetch.max.bytes': { type: 'INT', default: 52_428_800, min: 0, clients: CONSUMER },
  'fetch.max.wait.ms': { type: 'INT', default: 500, min: 0, clients: CONSUMER },
  'fetch.min.bytes': { type: 'INT', default: 1, min: 0, clients: CONSUMER },
  'group.id': { type: 'STRING', default: null, clients: CONSUMER },
  'group.instance.id': { type: 'STRING', default: null, clients: CONSUMER },
  'group.protocol': {
    type: 'STRING',
    default: 'classic',
    values: ['consumer', 'classic'],
    anyCase: true,
    clients: CONSUMER,
  },
  'heartbeat.interval.ms': { type: 'INT', default: 3_000, min: 1, clients: CONSUMER },
  'isolation.level': {
    type: 'STRING',
    default: 'read_uncommitted',
    values: ['read_committed', 'read_uncommitted'],
    clients: CONSUMER,
  },
  'max.partition.fetch.bytes': { type: 'INT', default: 1_048_576, min: 0, clients: CONSUMER },
  'max.poll.interval.ms': { type: 'INT', default: 300_000, min: 1, clients: CONSUMER },
  'max.poll.records': { type: 'INT', default: 500, min: 1, clients: CONSUMER },
  // Java's second default, the cooperative-sticky assignor, is not among ours; groups mixed with Java agree on range.
  'partition.assignment.strategy': { type: 'LIST', default: [RANGE], clients: CONSUMER },
  'session.timeout.ms': { type: 'INT', default: 45_000, min: 1, clients: CONSUMER },
} as const satisfies Readonly<Record<string, Setting>>;

type SettingName = keyof typeof SETTINGS;
type NamesOf<C extends Client> = {
  [N in SettingName]: C extends (typeof SETTINGS)[N]['clients'][number] ? N : never;
}[SettingName];
type ValueOf<N extends SettingName> = (typeof SETTINGS)[N] extends { type: 'INT' | 'LONG' }
  ? number
  : (typeof SETTINGS)[N] extends { type: 'BOOLEAN' }
    ? boolean
    : (typeof SETTINGS)[N] extends { type: 'LIST' }
      ? readonly string[]
      : (typeof SETTINGS)[N] extends { values: readonly (infer V)[]; default: infer D }
        ? V | Extract<D, null>
        : string | Extract<(typeof SETTINGS)[N]['default'], null>;

/** Parsed settings of a client, under their Java names: `options['linger.ms']`. */
export type ClientOptions<C extends Client> = { readonly [N in NamesOf<C>]: ValueOf<N> };

/** Java's settings that have no counterpart here, with the reason; a prefix ends with a dot. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'bootstrap.controllers': 'brokers are asked, not controllers',
  'client.dns.lookup': 'every address of a name is tried',
  'client.rack': 'records are fetched from leaders only',
  'compression.gzip.level': "the codec's own level is used",
  'compression.lz4.level': "the codec's own level is used",
  'compression.zstd.level': "the codec's own level is used",
  'config.providers': 'providers are resolved before a client is made',
  'enable.metrics.push': 'no telemetry is sent',
  'group.remote.assignor': 'groups use the classic protocol',
  'interceptor.classes': 'there are no interceptors',
  'metadata.max.idle.ms': 'topics in use are kept',
  'metadata.recovery.': 'bootstrap servers are always asked again',
  'metric.reporters': 'there are no JMX metrics',
  'metrics.': 'there are no JMX metrics',
  'partitioner.adaptive.partitioning.enable': 'keyless records stay with a partition for a batch',
  'partitioner.availability.timeout.ms': 'keyless records stay with a partition for a batch',
  'partitioner.class': "Kafka's default partitioner is used",
  'receive.buffer.bytes': "the system's own size is used",
  'sasl.': 'security.protocol is PLAINTEXT',
  'security.providers': 'security.protocol is PLAINTEXT',
  'send.buffer.bytes': "the system's own size is used",
  'share.': 'there are no share groups',
  'ssl.': 'security.protocol is PLAINTEXT',
  'transaction.timeout.ms': 'there is no transactional.id',
  'transaction.two.phase.commit.enable': 'there is no transactional.id',
};

/** Clients here carry bytes; converters are elsewhere. These say nothing when they are Kafka's byte-array classes. */
export const BYTE_CLASSES: Readonly<Record<string, string>> = {
  'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
  'value.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
  'key.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
  'value.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
};
