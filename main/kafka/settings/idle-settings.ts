import { CLIENTS, type IdleSetting } from './setting.ts';

const ALL = CLIENTS;
const PRODUCER = ['producer'] as const;
const CONSUMER = ['consumer'] as const;
const ADMIN = ['admin'] as const;

const NO_METRICS = 'there are no JMX metrics and no telemetry';
const NO_KERBEROS = 'there is no Kerberos (GSSAPI) here';
const NO_TRANSACTIONS = 'there is no transactional.id';
const NO_SHARE_GROUPS = 'there are no share groups here';
const STICKY = 'keyless records stay with a partition for a batch';
const SYSTEM_BUFFERS = "the system's own sizes are used";
const ONE_TLS = 'TLS is that of Node, which has one implementation';
const BROKER_JUDGES = 'a setting of brokers: they judge the token';
const ASSERTIONS = 'assertions belong to JwtBearerJwtRetriever, which is not here';
const REBOOTSTRAP = 'bootstrap servers are always asked again';
const BYTES = 'keys and values are passed as bytes';

const assertion: IdleSetting = { type: 'STRING', accepted: ASSERTIONS, clients: ALL };
const oneOf = (name: string, values: string, valid: (value: string) => boolean) => (value: string) =>
  valid(value) ? null : `Invalid value \`${value}\` for configuration ${name}. The value must either be ${values}.`;

/** Every other setting of Java's clients, with the reason why it changes nothing here. */
export const IDLE_SETTINGS: Readonly<Record<string, IdleSetting>> = {
  'bootstrap.controllers': { type: 'LIST', warned: 'brokers are asked, not controllers', clients: ADMIN },
  'client.dns.lookup': {
    type: 'STRING',
    values: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
    accepted: 'every address of a name is tried',
    clients: ALL,
  },
  'client.rack': { type: 'STRING', warned: 'records are fetched from leaders only', clients: CONSUMER },
  'compression.lz4.level': {
    type: 'INT',
    min: 1,
    max: 17,
    accepted: 'lz4 has one level here',
    clients: PRODUCER,
  },
  'config.providers': { type: 'LIST', accepted: 'providers are resolved before a client is made', clients: ALL },
  'enable.metrics.push': { type: 'BOOLEAN', accepted: NO_METRICS, clients: ALL },
  'group.protocol': {
    type: 'STRING',
    values: ['CONSUMER', 'CLASSIC'],
    anyCase: true,
    warned: 'members use the classic protocol; the same group may hold members of both kinds',
    clients: CONSUMER,
  },
  'group.remote.assignor': { type: 'STRING', warned: 'members use the classic protocol', clients: CONSUMER },
  'interceptor.classes': { type: 'LIST', warned: 'there are no interceptors', clients: ['producer', 'consumer'] },
  'internal.throw.on.fetch.stable.offset.unsupported': {
    type: 'BOOLEAN',
    accepted: 'a setting of Kafka Streams',
    clients: CONSUMER,
  },
  'key.deserializer': { type: 'CLASS', warned: BYTES, clients: CONSUMER },
  'key.serializer': { type: 'CLASS', warned: BYTES, clients: PRODUCER },
  'metadata.max.idle.ms': { type: 'LONG', min: 5_000, accepted: 'topics in use are kept', clients: PRODUCER },
  'metadata.recovery.rebootstrap.trigger.ms': { type: 'LONG', min: 0, accepted: REBOOTSTRAP, clients: ALL },
  'metadata.recovery.strategy': {
    type: 'STRING',
    values: ['REBOOTSTRAP', 'NONE'],
    anyCase: true,
    accepted: REBOOTSTRAP,
    clients: ALL,
  },
  'metric.reporters': { type: 'LIST', accepted: NO_METRICS, clients: ALL },
  'metrics.num.samples': { type: 'INT', min: 1, accepted: NO_METRICS, clients: ALL },
  'metrics.recording.level': {
    type: 'STRING',
    values: ['INFO', 'DEBUG', 'TRACE'],
    accepted: NO_METRICS,
    clients: ALL,
  },
  'metrics.sample.window.ms': { type: 'LONG', min: 0, accepted: NO_METRICS, clients: ALL },
  'partitioner.adaptive.partitioning.enable': { type: 'BOOLEAN', accepted: STICKY, clients: PRODUCER },
  'partitioner.availability.timeout.ms': { type: 'LONG', min: 0, accepted: STICKY, clients: PRODUCER },
  'receive.buffer.bytes': { type: 'INT', min: -1, accepted: SYSTEM_BUFFERS, clients: ALL },
  retries: {
    type: 'INT',
    min: 0,
    max: 2_147_483_647,
    accepted: 'requests are tried again until default.api.timeout.ms have passed',
    clients: ADMIN,
  },
  'sasl.kerberos.kinit.cmd': { type: 'STRING', accepted: NO_KERBEROS, clients: ALL },
  'sasl.kerberos.min.time.before.relogin': { type: 'LONG', accepted: NO_KERBEROS, clients: ALL },
  'sasl.kerberos.service.name': { type: 'STRING', accepted: NO_KERBEROS, clients: ALL },
  'sasl.kerberos.ticket.renew.jitter': { type: 'DOUBLE', accepted: NO_KERBEROS, clients: ALL },
  'sasl.kerberos.ticket.renew.window.factor': { type: 'DOUBLE', accepted: NO_KERBEROS, clients: ALL },
  'sasl.oauthbearer.assertion.algorithm': {
    type: 'STRING',
    values: ['ES256', 'RS256'],
    anyCase: true,
    accepted: ASSERTIONS,
    clients: ALL,
  },
  'sasl.oauthbearer.assertion.claim.aud': assertion,
  'sasl.oauthbearer.assertion.claim.exp.seconds': {
    type: 'INT',
    min: 0,
    max: 86_400,
    accepted: ASSERTIONS,
    clients: ALL,
  },
  'sasl.oauthbearer.assertion.claim.iss': assertion,
  'sasl.oauthbearer.assertion.claim.jti.include': { type: 'BOOLEAN', accepted: ASSERTIONS, clients: ALL },
  'sasl.oauthbearer.assertion.claim.nbf.seconds': {
    type: 'INT',
    min: 0,
    max: 3_600,
    accepted: ASSERTIONS,
    clients: ALL,
  },
  'sasl.oauthbearer.assertion.claim.sub': assertion,
  'sasl.oauthbearer.assertion.file': assertion,
  'sasl.oauthbearer.assertion.private.key.file': assertion,
  'sasl.oauthbearer.assertion.private.key.passphrase': { type: 'PASSWORD', accepted: ASSERTIONS, clients: ALL },
  'sasl.oauthbearer.assertion.template.file': assertion,
  'sasl.oauthbearer.clock.skew.seconds': { type: 'INT', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.expected.audience': { type: 'LIST', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.expected.issuer': { type: 'STRING', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': { type: 'LONG', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': { type: 'LONG', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': { type: 'LONG', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.jwks.endpoint.url': { type: 'STRING', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.jwt.validator.class': { type: 'CLASS', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.scope.claim.name': { type: 'STRING', accepted: BROKER_JUDGES, clients: ALL },
  'sasl.oauthbearer.sub.claim.name': { type: 'STRING', accepted: BROKER_JUDGES, clients: ALL },
  'security.providers': { type: 'STRING', warned: 'there are no providers of Java', clients: ALL },
  'send.buffer.bytes': { type: 'INT', min: -1, accepted: SYSTEM_BUFFERS, clients: ALL },
  'share.acknowledgement.mode': {
    type: 'STRING',
    check: oneOf('share.acknowledgement.mode', "'implicit' or 'explicit'", (value) =>
      /^(implicit|explicit)$/i.test(value),
    ),
    accepted: NO_SHARE_GROUPS,
    clients: CONSUMER,
  },
  'share.acquire.mode': {
    type: 'STRING',
    check: oneOf('share.acquire.mode', "'batch_optimized' or 'record_limit'", (value) =>
      /^(batch_optimized|record_limit)$/i.test(value),
    ),
    accepted: NO_SHARE_GROUPS,
    clients: CONSUMER,
  },
  'ssl.keymanager.algorithm': { type: 'STRING', accepted: ONE_TLS, clients: ALL },
  'ssl.provider': { type: 'STRING', accepted: ONE_TLS, clients: ALL },
  'ssl.secure.random.implementation': { type: 'STRING', accepted: ONE_TLS, clients: ALL },
  'ssl.trustmanager.algorithm': { type: 'STRING', accepted: ONE_TLS, clients: ALL },
  'transaction.timeout.ms': { type: 'INT', accepted: NO_TRANSACTIONS, clients: PRODUCER },
  'transaction.two.phase.commit.enable': { type: 'BOOLEAN', accepted: NO_TRANSACTIONS, clients: PRODUCER },
  'value.deserializer': { type: 'CLASS', warned: BYTES, clients: CONSUMER },
  'value.serializer': { type: 'CLASS', warned: BYTES, clients: PRODUCER },
};

/** Values of idle settings that say what is so anyway: nothing is told of them. */
export const AS_IT_IS: Readonly<Record<string, string>> = {
  'group.protocol': 'CLASSIC',
  'key.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
  'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
  'value.deserializer': 'org.apache.kafka.common.serialization.ByteArrayDeserializer',
  'value.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
};
