import { SETTINGS } from './client-settings.ts';
import { IDLE_SETTINGS } from './idle-settings.ts';
import type { Client, IdleSetting, Setting } from './setting.ts';

export interface SettingDefinition {
  type: Setting['type'];
  importance: 'HIGH' | 'MEDIUM' | 'LOW';
  /** As text, as Java prints it; undefined: it has to be given, null: there is none. */
  default: string | null | undefined;
  doc: string;
}

/**
 * What Java's `ProducerConfig`, `ConsumerConfig` or `AdminClientConfig` says of a setting, with its own default (the
 * worker may have another); null: that client does not know it.
 */
export function settingDefinition(client: Client, name: string): SettingDefinition | null {
  const used = named<Setting>(SETTINGS, client, name);
  const idle = named<IdleSetting>(IDLE_SETTINGS, client, name);
  const type = (used ?? idle)?.type;
  const definition = Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined;
  if (type === undefined || definition === undefined) return null;
  const [importance, value, doc] = definition;
  const own = OF_CLIENT[client][name];
  return {
    type,
    importance: own?.importance ?? importance,
    default: own === undefined ? value : own.default,
    doc: doc ?? (idle === undefined ? '' : `It has no effect here: ${'warned' in idle ? idle.warned : idle.accepted}.`),
  };
}

function named<S extends { clients: readonly Client[] }>(
  settings: Readonly<Record<string, S>>,
  client: Client,
  name: string,
): S | undefined {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  return setting?.clients.includes(client) ? setting : undefined;
}

type Row = readonly [
  importance: SettingDefinition['importance'],
  default_: string | null | undefined,
  /** Settings that have no effect here tell the reason instead. */
  doc?: string,
];

/** Where a client says something else than the others. */
const OF_CLIENT: Readonly<Record<Client, Readonly<Record<string, Omit<Partial<SettingDefinition>, 'type' | 'doc'>>>>> =
  {
    producer: {},
    consumer: { 'client.id': { importance: 'LOW', default: '' }, 'receive.buffer.bytes': { default: '65536' } },
    admin: {
      'bootstrap.servers': { default: '' },
      'connections.max.idle.ms': { default: '300000' },
      'enable.metrics.push': { default: 'false' },
      'receive.buffer.bytes': { default: '65536' },
      retries: { importance: 'LOW', default: '2147483647' },
    },
  };

const DEFINITIONS: Readonly<Record<string, Row>> = {
  acks: [
    'LOW',
    'all',
    'How many brokers must have a record before it counts as written: all, 1 (the leader) or 0 (nobody answers).',
  ],
  'allow.auto.create.topics': [
    'MEDIUM',
    'true',
    'Whether a topic that is not there may be created by reading it, where the broker does that.',
  ],
  'auto.commit.interval.ms': ['LOW', '5000', 'The time between two commits when enable.auto.commit is true.'],
  'auto.offset.reset': [
    'MEDIUM',
    'latest',
    'Where reading begins without a committed offset: earliest, latest, none (an error) or by_duration:PnDTnHnMn.nS.',
  ],
  'batch.size': ['MEDIUM', '16384', 'Bytes of records of one partition that are sent together at most.'],
  'bootstrap.controllers': ['HIGH', ''],
  'bootstrap.servers': [
    'HIGH',
    undefined,
    'Brokers as host:port, separated by commas; the others are learned from them.',
  ],
  'buffer.memory': ['HIGH', '33554432', 'Bytes of records that may wait to be sent; a send blocks beyond that.'],
  'check.crcs': ['LOW', 'true', 'Whether the checksum of each batch is checked when it is read.'],
  'client.dns.lookup': ['MEDIUM', 'use_all_dns_ips'],
  'client.id': ['MEDIUM', '', 'A name that the broker sees with each request, and logs.'],
  'client.rack': ['LOW', ''],
  'compression.gzip.level': ['MEDIUM', '-1', 'The level of gzip: 1 is quick, 9 is small, -1 the usual one.'],
  'compression.lz4.level': ['MEDIUM', '9'],
  'compression.type': ['HIGH', 'none', 'How batches are compressed: none, gzip, snappy, lz4 or zstd.'],
  'compression.zstd.level': ['MEDIUM', '3', 'The level of zstd, from -131072 (quick) to 22 (small).'],
  'config.providers': ['LOW', ''],
  'connections.max.idle.ms': ['MEDIUM', '540000', 'Connections without a request for so long are closed.'],
  'default.api.timeout.ms': ['MEDIUM', '60000', 'How long a call may take in all, its retries included.'],
  'delivery.timeout.ms': [
    'MEDIUM',
    '120000',
    'How long after send a record is given up; its retries lie within that time.',
  ],
  'enable.auto.commit': ['MEDIUM', 'true', 'Whether offsets are committed by the clock.'],
  'enable.idempotence': ['LOW', 'true', 'Whether retries can neither double a record nor change the order.'],
  'enable.metrics.push': ['LOW', 'true'],
  'exclude.internal.topics': ['MEDIUM', 'true', 'Whether a pattern of topics leaves out those of Kafka itself.'],
  'fetch.max.bytes': [
    'MEDIUM',
    '52428800',
    'Bytes that one fetch brings at most; a larger batch comes all the same, alone.',
  ],
  'fetch.max.wait.ms': ['LOW', '500', 'How long the broker may wait for fetch.min.bytes.'],
  'fetch.min.bytes': ['HIGH', '1', 'The broker answers when it has so many bytes, or after fetch.max.wait.ms.'],
  'group.id': ['HIGH', null, 'The consumer group: its members share the partitions and the committed offsets.'],
  'group.instance.id': [
    'MEDIUM',
    null,
    'A name that makes the consumer a static member: a restart within session.timeout.ms moves no partition.',
  ],
  'group.protocol': ['HIGH', 'classic'],
  'group.remote.assignor': ['MEDIUM', null],
  'heartbeat.interval.ms': [
    'HIGH',
    '3000',
    "The time between two heartbeats to the group's coordinator; a third of session.timeout.ms or less.",
  ],
  'interceptor.classes': ['LOW', ''],
  'internal.throw.on.fetch.stable.offset.unsupported': ['LOW', 'false'],
  'isolation.level': [
    'MEDIUM',
    'read_uncommitted',
    'read_committed leaves out records of transactions that were aborted or are not ended.',
  ],
  'key.deserializer': ['HIGH', undefined],
  'key.serializer': ['HIGH', undefined],
  'linger.ms': ['MEDIUM', '5', 'How long a batch waits for more records.'],
  'max.block.ms': ['MEDIUM', '60000', 'How long a send waits for metadata or for room in buffer.memory.'],
  'max.in.flight.requests.per.connection': [
    'LOW',
    '5',
    'Requests to one broker that may be unanswered; 5 at most with enable.idempotence.',
  ],
  'max.partition.fetch.bytes': ['HIGH', '1048576', 'Bytes that a fetch brings of one partition at most.'],
  'max.poll.interval.ms': [
    'MEDIUM',
    '300000',
    'The longest time between two polls; after that the consumer has left its group.',
  ],
  'max.poll.records': ['MEDIUM', '500', 'Records that one poll returns at most.'],
  'max.request.size': ['MEDIUM', '1048576', 'Bytes of one request, and of one record before compression, at most.'],
  'metadata.max.age.ms': ['LOW', '300000', 'Topics and brokers are asked for again after so long at the latest.'],
  'metadata.max.idle.ms': ['LOW', '300000'],
  'metadata.recovery.rebootstrap.trigger.ms': ['LOW', '300000'],
  'metadata.recovery.strategy': ['LOW', 'rebootstrap'],
  'metric.reporters': ['LOW', 'org.apache.kafka.common.metrics.JmxReporter'],
  'metrics.num.samples': ['LOW', '2'],
  'metrics.recording.level': ['LOW', 'INFO'],
  'metrics.sample.window.ms': ['LOW', '30000'],
  'partition.assignment.strategy': [
    'MEDIUM',
    'class org.apache.kafka.clients.consumer.RangeAssignor,class org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    "How partitions are shared out in a group, by names of Java's classes, the wanted one first.",
  ],
  'partitioner.adaptive.partitioning.enable': ['LOW', 'true'],
  'partitioner.availability.timeout.ms': ['LOW', '0'],
  'partitioner.class': ['MEDIUM', null, "How a record finds its partition, by the name of Java's class."],
  'partitioner.ignore.keys': ['MEDIUM', 'false', 'Whether records with a key are spread as those without one.'],
  'receive.buffer.bytes': ['MEDIUM', '32768'],
  'reconnect.backoff.max.ms': [
    'LOW',
    '1000',
    'The longest pause before a broker is dialed again; it doubles up to this.',
  ],
  'reconnect.backoff.ms': ['LOW', '50', 'The first pause before a broker is dialed again.'],
  'request.timeout.ms': ['MEDIUM', '30000', 'How long an answer is waited for before the request is tried again.'],
  retries: ['HIGH', '2147483647', 'How often a request is tried again; delivery.timeout.ms ends it too.'],
  'retry.backoff.max.ms': ['LOW', '1000', 'The longest pause before a request is tried again; it doubles up to this.'],
  'retry.backoff.ms': ['LOW', '100', 'The first pause before a request is tried again.'],
  'sasl.client.callback.handler.class': ['MEDIUM', null, 'A Java class that answers what the SASL client asks.'],
  'sasl.jaas.config': ['MEDIUM', null, 'The login module with its options, closed by a semicolon: who the client is.'],
  'sasl.kerberos.kinit.cmd': ['LOW', '/usr/bin/kinit'],
  'sasl.kerberos.min.time.before.relogin': ['LOW', '60000'],
  'sasl.kerberos.service.name': ['MEDIUM', null],
  'sasl.kerberos.ticket.renew.jitter': ['LOW', '0.05'],
  'sasl.kerberos.ticket.renew.window.factor': ['LOW', '0.8'],
  'sasl.login.callback.handler.class': ['MEDIUM', null, 'A Java class that answers what the login asks.'],
  'sasl.login.class': ['MEDIUM', null, 'A Java class that logs in.'],
  'sasl.login.connect.timeout.ms': ['LOW', null, 'How long connecting to the token endpoint may take.'],
  'sasl.login.read.timeout.ms': ['LOW', null, 'How long the token endpoint may take to answer.'],
  'sasl.login.refresh.buffer.seconds': ['LOW', '300', 'A token is renewed so long before its end at the latest.'],
  'sasl.login.refresh.min.period.seconds': ['LOW', '60', 'A token is not renewed sooner than this.'],
  'sasl.login.refresh.window.factor': ['LOW', '0.8', "The part of a token's life after which it is renewed."],
  'sasl.login.refresh.window.jitter': ['LOW', '0.05', "A random part of a token's life that is added to that."],
  'sasl.login.retry.backoff.max.ms': ['LOW', '10000', 'The longest pause before a token is asked for again.'],
  'sasl.login.retry.backoff.ms': ['LOW', '100', 'The first pause before a token is asked for again.'],
  'sasl.mechanism': ['MEDIUM', 'GSSAPI', 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.'],
  'sasl.oauthbearer.assertion.algorithm': ['MEDIUM', 'RS256'],
  'sasl.oauthbearer.assertion.claim.aud': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.claim.exp.seconds': ['LOW', '300'],
  'sasl.oauthbearer.assertion.claim.iss': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.claim.jti.include': ['MEDIUM', 'false'],
  'sasl.oauthbearer.assertion.claim.nbf.seconds': ['LOW', '60'],
  'sasl.oauthbearer.assertion.claim.sub': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.file': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.private.key.file': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.private.key.passphrase': ['MEDIUM', null],
  'sasl.oauthbearer.assertion.template.file': ['MEDIUM', null],
  'sasl.oauthbearer.client.credentials.client.id': ['MEDIUM', null, 'The client id that the token endpoint is given.'],
  'sasl.oauthbearer.client.credentials.client.secret': [
    'MEDIUM',
    null,
    'The client secret that the token endpoint is given.',
  ],
  'sasl.oauthbearer.clock.skew.seconds': ['LOW', '30'],
  'sasl.oauthbearer.expected.audience': ['HIGH', ''],
  'sasl.oauthbearer.expected.issuer': ['HIGH', null],
  'sasl.oauthbearer.header.urlencode': [
    'LOW',
    'false',
    'Whether id and secret are URL-encoded in the header, as RFC 6749 has it.',
  ],
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': ['LOW', '3600000'],
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': ['LOW', '10000'],
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': ['LOW', '100'],
  'sasl.oauthbearer.jwks.endpoint.url': ['MEDIUM', null],
  'sasl.oauthbearer.jwt.retriever.class': [
    'MEDIUM',
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    "Where tokens come from, by the name of Java's class.",
  ],
  'sasl.oauthbearer.jwt.validator.class': [
    'MEDIUM',
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
  ],
  'sasl.oauthbearer.scope': ['MEDIUM', null, 'The scope that the token endpoint is asked for.'],
  'sasl.oauthbearer.scope.claim.name': ['LOW', 'scope'],
  'sasl.oauthbearer.sub.claim.name': ['LOW', 'sub'],
  'sasl.oauthbearer.token.endpoint.url': ['MEDIUM', null, 'The URL that tokens come from, or a file with one.'],
  'security.protocol': ['MEDIUM', 'PLAINTEXT', 'PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.'],
  'security.providers': ['LOW', null],
  'send.buffer.bytes': ['MEDIUM', '131072'],
  'session.timeout.ms': ['HIGH', '45000', 'A member without a heartbeat for so long is taken out of its group.'],
  'share.acknowledgement.mode': ['MEDIUM', 'implicit'],
  'share.acquire.mode': ['MEDIUM', 'BATCH_OPTIMIZED'],
  'socket.connection.setup.timeout.max.ms': [
    'MEDIUM',
    '30000',
    'The longest time that connecting may take; it doubles up to this.',
  ],
  'socket.connection.setup.timeout.ms': ['MEDIUM', '10000', 'How long connecting may take at first.'],
  'ssl.cipher.suites': ['LOW', '', 'Cipher suites by their IANA names; those of the TLS library when empty.'],
  'ssl.enabled.protocols': ['MEDIUM', 'TLSv1.2,TLSv1.3', 'Versions of TLS that may be spoken.'],
  'ssl.endpoint.identification.algorithm': [
    'LOW',
    'https',
    "https: the broker's certificate has to name its host; empty: it is not looked at.",
  ],
  'ssl.engine.factory.class': ['LOW', null, 'A Java class that makes TLS engines.'],
  'ssl.key.password': ['HIGH', null, 'The password of the private key.'],
  'ssl.keymanager.algorithm': ['LOW', 'SunX509'],
  'ssl.keystore.certificate.chain': ['HIGH', null, "The client's certificate with its chain, as PEM."],
  'ssl.keystore.key': ['HIGH', null, "The client's private key, as PEM."],
  'ssl.keystore.location': ['HIGH', null, "The file with the client's key and certificate."],
  'ssl.keystore.password': ['HIGH', null, 'The password of that file.'],
  'ssl.keystore.type': ['MEDIUM', 'JKS', 'PKCS12 or PEM.'],
  'ssl.protocol': ['MEDIUM', 'TLSv1.3', 'The newest version of TLS where ssl.enabled.protocols is empty.'],
  'ssl.provider': ['MEDIUM', null],
  'ssl.secure.random.implementation': ['LOW', null],
  'ssl.trustmanager.algorithm': ['LOW', 'PKIX'],
  'ssl.truststore.certificates': ['HIGH', null, 'Certificates that are trusted, as PEM.'],
  'ssl.truststore.location': ['HIGH', null, 'The file with certificates that are trusted.'],
  'ssl.truststore.password': ['HIGH', null, 'The password of that file.'],
  'ssl.truststore.type': ['MEDIUM', 'JKS', 'PKCS12 or PEM.'],
  'transaction.timeout.ms': ['LOW', '60000'],
  'transaction.two.phase.commit.enable': ['LOW', 'false'],
  'transactional.id': ['LOW', null, 'The name of a producer that writes in transactions.'],
  'value.deserializer': ['HIGH', undefined],
  'value.serializer': ['HIGH', undefined],
};

/** Every setting of any of the clients, by name. */
export const SETTING_NAMES: readonly string[] = Object.keys(DEFINITIONS);
