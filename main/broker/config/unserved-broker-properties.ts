import type { Property, PropertyType } from './property.ts';

/**
 * Kafka's broker properties that have no effect here, by type and least value: `name=default`, or the name alone where
 * there is none. What DescribeConfigs shows is theirs; why they have no effect is told beside their names elsewhere.
 */
const DEFINITIONS: Readonly<Record<string, string>> = {
  int: `broker.heartbeat.interval.ms=2000 broker.id=-1 broker.session.timeout.ms=9000 controller.socket.timeout.ms=30000
    delete.records.purgatory.purge.interval.requests=1 fetch.purgatory.purge.interval.requests=1000
    initial.broker.registration.timeout.ms=60000 internal.metadata.log.segment.bytes
    internal.metadata.max.batch.size.in.bytes=8388608 num.replica.alter.log.dirs.threads
    offsets.topic.compression.codec=0 producer.purgatory.purge.interval.requests=1000 replica.fetch.min.bytes=1
    replica.fetch.wait.max.ms=500 replica.socket.receive.buffer.bytes=65536 replica.socket.timeout.ms=30000
    request.timeout.ms=30000 sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
    sasl.oauthbearer.clock.skew.seconds=30 sasl.server.max.receive.size=524288
    share.coordinator.state.topic.compression.codec=0 share.fetch.purgatory.purge.interval.requests=1000
    socket.receive.buffer.bytes=102400 socket.send.buffer.bytes=102400`,
  'int >= -1': `group.coordinator.append.linger.ms=-1 share.coordinator.append.linger.ms=-1`,
  'int >= 0': `add.partitions.to.txn.retry.backoff.max.ms=100 connection.failed.authentication.delay.ms=100
    controller.quorum.append.linger.ms=25 controller.quorum.election.backoff.max.ms=1000
    controller.quorum.election.timeout.ms=1000 controller.quorum.fetch.timeout.ms=2000
    controller.quorum.request.timeout.ms=2000 controller.quorum.retry.backoff.ms=20
    group.consumer.assignment.interval.ms=1000 group.consumer.max.assignment.interval.ms=15000
    group.consumer.min.assignment.interval.ms=0 group.share.assignment.interval.ms=1000
    group.share.max.assignment.interval.ms=15000 group.share.min.assignment.interval.ms=0
    group.streams.assignment.interval.ms=1000 group.streams.initial.rebalance.delay.ms=3000
    group.streams.max.assignment.interval.ms=15000 group.streams.max.standby.replicas=2
    group.streams.min.assignment.interval.ms=0 group.streams.num.standby.replicas=0
    log.cleaner.io.buffer.size=524288 log.cleaner.threads=1 log.flush.offset.checkpoint.interval.ms=60000
    log.flush.start.offset.checkpoint.interval.ms=60000 max.connection.creation.rate=2147483647
    max.incremental.fetch.session.cache.slots=1000
    metadata.max.idle.interval.ms=500 remote.log.metadata.custom.metadata.max.bytes=128
    replica.fetch.backoff.ms=1000 replica.fetch.max.bytes=1048576 replica.fetch.response.max.bytes=10485760
    sasl.oauthbearer.assertion.claim.exp.seconds=300 sasl.oauthbearer.assertion.claim.nbf.seconds=60
    share.coordinator.snapshot.update.records.per.snapshot=500`,
  'int >= 1': `add.partitions.to.txn.retry.backoff.ms=20 alter.log.dirs.replication.quota.window.num=11
    alter.log.dirs.replication.quota.window.size.seconds=1 background.threads=10
    controller.quorum.fetch.max.bytes=1048576 controller.quorum.fetch.snapshot.max.bytes=1048576
    controller.quota.window.num=11 controller.quota.window.size.seconds=1
    group.consumer.max.heartbeat.interval.ms=15000 group.consumer.max.session.timeout.ms=60000
    group.consumer.min.heartbeat.interval.ms=5000
    group.consumer.min.session.timeout.ms=45000 group.consumer.regex.refresh.interval.ms=600000
    group.coordinator.background.threads=2 group.coordinator.cached.buffer.max.bytes=1048588
    group.coordinator.threads=4 group.share.delivery.count.limit=5
    group.share.heartbeat.interval.ms=5000 group.share.initialize.retry.interval.ms=30000
    group.share.max.delivery.count.limit=10 group.share.max.heartbeat.interval.ms=15000
    group.share.max.partition.max.record.locks=4000 group.share.max.record.lock.duration.ms=60000
    group.share.max.session.timeout.ms=60000 group.share.max.share.sessions=2000 group.share.max.size=200
    group.share.min.delivery.count.limit=2 group.share.min.heartbeat.interval.ms=5000
    group.share.min.partition.max.record.locks=100 group.share.min.record.lock.duration.ms=15000
    group.share.min.session.timeout.ms=45000 group.share.partition.max.record.locks=2000
    group.share.record.lock.duration.ms=30000 group.share.session.timeout.ms=45000
    group.streams.heartbeat.interval.ms=5000 group.streams.max.heartbeat.interval.ms=15000
    group.streams.max.session.timeout.ms=60000 group.streams.max.size=2147483647
    group.streams.min.heartbeat.interval.ms=5000 group.streams.min.session.timeout.ms=45000
    group.streams.session.timeout.ms=45000 kafka.metrics.polling.interval.secs=10
    metadata.log.segment.bytes=1073741824 metrics.num.samples=2 num.io.threads=8 num.network.threads=3
    num.recovery.threads.per.data.dir=2 num.replica.fetchers=1 offsets.commit.timeout.ms=5000
    offsets.load.buffer.size=5242880 offsets.topic.segment.bytes=104857600
    producer.id.expiration.check.interval.ms=600000 queued.max.requests=500 quota.window.num=11
    quota.window.size.seconds=1 remote.fetch.max.wait.ms=500 remote.log.manager.copier.thread.pool.size=10
    remote.log.manager.copy.quota.window.num=11 remote.log.manager.copy.quota.window.size.seconds=1
    remote.log.manager.expiration.thread.pool.size=10 remote.log.manager.fetch.quota.window.num=11
    remote.log.manager.fetch.quota.window.size.seconds=1 remote.log.manager.follower.thread.pool.size=2
    remote.log.manager.thread.pool.size=2 remote.log.reader.max.pending.tasks=100 remote.log.reader.threads=10
    replication.quota.window.num=11 replication.quota.window.size.seconds=1
    share.coordinator.cached.buffer.max.bytes=1048588 share.coordinator.cold.partition.snapshot.interval.ms=300000
    share.coordinator.load.buffer.size=5242880 share.coordinator.state.topic.num.partitions=50
    share.coordinator.state.topic.prune.interval.ms=300000 share.coordinator.state.topic.segment.bytes=104857600
    share.coordinator.threads=1 share.coordinator.write.timeout.ms=5000 socket.listen.backlog.size=50
    telemetry.max.bytes=1048576 transaction.remove.expired.transaction.cleanup.interval.ms=3600000
    transaction.state.log.load.buffer.size=5242880 transaction.state.log.min.isr=2
    transaction.state.log.segment.bytes=104857600`,
  short: `sasl.login.refresh.buffer.seconds=300 sasl.login.refresh.min.period.seconds=60`,
  'short >= 1': `offsets.topic.replication.factor=3 share.coordinator.state.topic.min.isr=2
    share.coordinator.state.topic.replication.factor=3 transaction.state.log.replication.factor=3`,
  long: `connections.max.reauth.ms=0 internal.metadata.delete.delay.millis=60000
    log.cleaner.dedupe.buffer.size=134217728 metadata.log.segment.ms=604800000
    metadata.max.retention.bytes=104857600 metadata.max.retention.ms=604800000 queued.max.request.bytes=-1
    replica.high.watermark.checkpoint.interval.ms=5000 replica.lag.time.max.ms=30000
    sasl.kerberos.min.time.before.relogin=60000 sasl.login.retry.backoff.max.ms=10000
    sasl.login.retry.backoff.ms=100 sasl.oauthbearer.jwks.endpoint.refresh.ms=3600000
    sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms=10000 sasl.oauthbearer.jwks.endpoint.retry.backoff.ms=100
    socket.connection.setup.timeout.max.ms=30000 socket.connection.setup.timeout.ms=10000`,
  'long >= -1': `remote.log.index.file.cache.ttl.ms=900000`,
  'long >= 0': `controller.performance.always.log.threshold.ms=2000 log.cleaner.backoff.ms=15000 log.initial.task.delay.ms=30000
    metadata.log.max.snapshot.interval.ms=3600000 server.max.startup.time.ms=9223372036854775807`,
  'long >= 1': `controller.performance.sample.period.ms=60000 delegation.token.expiry.check.interval.ms=3600000
    delegation.token.expiry.time.ms=86400000 delegation.token.max.lifetime.ms=604800000
    leader.imbalance.check.interval.seconds=300 log.dir.failure.timeout.ms=30000
    metadata.log.max.record.bytes.between.snapshots=20971520 metrics.sample.window.ms=30000
    remote.list.offsets.request.timeout.ms=30000 remote.log.index.file.cache.total.size.bytes=1073741824
    remote.log.manager.copy.max.bytes.per.second=9223372036854775807
    remote.log.manager.fetch.max.bytes.per.second=9223372036854775807 remote.log.manager.task.interval.ms=30000
    remote.log.manager.task.retry.backoff.max.ms=30000 remote.log.manager.task.retry.backoff.ms=500
    unclean.leader.election.interval.ms=300000`,
  double: `log.cleaner.io.buffer.load.factor=0.9 log.cleaner.io.max.bytes.per.second=1.7976931348623157E308
    sasl.kerberos.ticket.renew.jitter=0.05 sasl.kerberos.ticket.renew.window.factor=0.8
    sasl.login.refresh.window.factor=0.8 sasl.login.refresh.window.jitter=0.05`,
  'double >= 0': `remote.log.manager.task.retry.jitter=0.2`,
  boolean: `auto.leader.rebalance.enable=true controlled.shutdown.enable=true controller.quorum.auto.join.enable=false
    follower.fetch.last.tiered.offset.enable=false remote.log.storage.system.enable=false
    sasl.oauthbearer.assertion.claim.jti.include=false ssl.allow.dn.changes=false ssl.allow.san.changes=false
    transaction.partition.verification.enable=true transaction.two.phase.commit.enable=false
    unstable.api.versions.enable=false unstable.feature.versions.enable=false`,
  string: `authorizer.class.name= broker.rack     group.share.persister.class.name=org.apache.kafka.server.share.persister.DefaultStatePersister
    inter.broker.listener.name metadata.log.dir metrics.recording.level=INFO
    remote.log.metadata.manager.class.name=org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager
    remote.log.metadata.manager.class.path remote.log.metadata.manager.impl.prefix=rlmm.config.
    remote.log.metadata.manager.listener.name remote.log.storage.manager.class.name
    remote.log.storage.manager.class.path remote.log.storage.manager.impl.prefix=rsm.config. replica.selector.class
    sasl.kerberos.kinit.cmd=/usr/bin/kinit sasl.kerberos.service.name sasl.mechanism.controller.protocol=GSSAPI
    sasl.mechanism.inter.broker.protocol=GSSAPI sasl.oauthbearer.assertion.algorithm=RS256
    sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.sub
    sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
    sasl.oauthbearer.assertion.template.file sasl.oauthbearer.client.credentials.client.id
    sasl.oauthbearer.expected.issuer sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.scope
    sasl.oauthbearer.scope.claim.name=scope sasl.oauthbearer.sub.claim.name=sub sasl.oauthbearer.token.endpoint.url
    security.inter.broker.protocol=PLAINTEXT security.providers ssl.client.auth=none
    ssl.endpoint.identification.algorithm=https ssl.keymanager.algorithm=SunX509 ssl.keystore.location
    ssl.keystore.type=JKS ssl.principal.mapping.rules=DEFAULT ssl.protocol=TLSv1.3 ssl.provider
    ssl.secure.random.implementation ssl.trustmanager.algorithm=PKIX ssl.truststore.location ssl.truststore.type=JKS`,
  list: `config.providers= controller.quorum.bootstrap.servers= controller.quorum.voters= cordoned.log.dirs=
    early.start.listeners group.consumer.assignors=uniform,range
    group.coordinator.rebalance.protocols=classic,consumer,streams group.share.assignors=simple
    kafka.metrics.reporters= log.dir=/tmp/kafka-logs log.dirs
    metric.reporters=org.apache.kafka.common.metrics.JmxReporter process.roles sasl.enabled.mechanisms=GSSAPI
    sasl.kerberos.principal.to.local.rules=DEFAULT sasl.oauthbearer.expected.audience= ssl.cipher.suites=
    ssl.enabled.protocols=TLSv1.2,TLSv1.3`,
  class: `alter.config.policy.class.name client.quota.callback.class create.topic.policy.class.name
    principal.builder.class=org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder
    sasl.client.callback.handler.class sasl.login.callback.handler.class sasl.login.class
    sasl.oauthbearer.jwt.retriever.class=org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever
    sasl.oauthbearer.jwt.validator.class=org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator
    sasl.server.callback.handler.class ssl.engine.factory.class`,
  password: `delegation.token.secret.key sasl.jaas.config sasl.oauthbearer.assertion.private.key.passphrase
    sasl.oauthbearer.client.credentials.client.secret ssl.key.password ssl.keystore.certificate.chain
    ssl.keystore.key ssl.keystore.password ssl.truststore.certificates ssl.truststore.password`,
};

/** By name; without documentation, which says what a property does here. */
export const UNSERVED_BROKER_PROPERTIES: ReadonlyMap<string, Omit<Property, 'doc'>> = new Map(
  Object.entries(DEFINITIONS).flatMap(([kind, definitions]) => {
    const [type, least] = kind.split(' >= ') as [PropertyType, string?];
    const limits = least === undefined ? {} : { min: Number(least) };
    return definitions.split(/\s+/).map((definition) => {
      const end = definition.indexOf('=');
      const [name, value] = end < 0 ? [definition, null] : [definition.slice(0, end), definition.slice(end + 1)];
      return [name, { type, default: value, ...limits }] as const;
    });
  }),
);
