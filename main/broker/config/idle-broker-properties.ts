const ONE_BROKER = 'there is one broker, which is its own controller';
const ONE_THREAD = 'one thread serves all requests as they come';
const ONE_FOLDER = 'everything is kept in the data folder (--data-dir)';
const NO_METRICS = 'there are no JMX metrics and no telemetry';
const NO_QUOTAS = 'there are no quotas';
const NO_SHARE_GROUPS = 'there are no share groups';
const NO_STREAMS_GROUPS = 'there are no groups of the streams protocol';
const NO_TIERED_STORAGE = 'there is no tiered storage';
const NO_TOKENS = 'there are no delegation tokens';
const NO_DYNAMIC_GROUPS = 'groups have no settings of their own, which these bound';
const OWN_TOPICS = "the segments of the broker's own topics are 4 MiB: all of them are read at a start";
const UPKEEP = 'every five seconds it is looked at what has to be done';

/** By reason: Kafka's properties that are accepted and change nothing. */
const GROUPS: readonly (readonly [reason: string, names: string])[] = [
  [
    ONE_BROKER,
    `add.partitions.to.txn.retry.backoff.max.ms add.partitions.to.txn.retry.backoff.ms auto.leader.rebalance.enable
      broker.heartbeat.interval.ms broker.rack broker.session.timeout.ms controlled.shutdown.enable
      controller.performance.always.log.threshold.ms controller.performance.sample.period.ms
      controller.quorum.append.linger.ms controller.quorum.auto.join.enable controller.quorum.bootstrap.servers
      controller.quorum.election.backoff.max.ms controller.quorum.election.timeout.ms
      controller.quorum.fetch.max.bytes controller.quorum.fetch.snapshot.max.bytes controller.quorum.fetch.timeout.ms
      controller.quorum.request.timeout.ms controller.quorum.retry.backoff.ms controller.quorum.voters
      controller.socket.timeout.ms early.start.listeners initial.broker.registration.timeout.ms
      inter.broker.listener.name leader.imbalance.check.interval.seconds metadata.max.idle.interval.ms
      num.replica.alter.log.dirs.threads num.replica.fetchers offsets.topic.replication.factor
      replica.fetch.backoff.ms replica.fetch.max.bytes replica.fetch.min.bytes replica.fetch.response.max.bytes
      replica.fetch.wait.max.ms replica.high.watermark.checkpoint.interval.ms replica.lag.time.max.ms
      replica.socket.receive.buffer.bytes replica.socket.timeout.ms request.timeout.ms
      socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms transaction.state.log.min.isr
      transaction.state.log.replication.factor unclean.leader.election.interval.ms`,
  ],
  [
    'the metadata log is small and has its own rules',
    `internal.metadata.delete.delay.millis internal.metadata.log.segment.bytes
      internal.metadata.max.batch.size.in.bytes metadata.log.max.record.bytes.between.snapshots
      metadata.log.max.snapshot.interval.ms metadata.log.segment.bytes metadata.log.segment.ms
      metadata.max.retention.bytes metadata.max.retention.ms`,
  ],
  [
    ONE_THREAD,
    `background.threads delete.records.purgatory.purge.interval.requests fetch.purgatory.purge.interval.requests
      group.coordinator.append.linger.ms group.coordinator.background.threads
      group.coordinator.cached.buffer.max.bytes group.coordinator.threads num.io.threads num.network.threads
      num.recovery.threads.per.data.dir offsets.commit.timeout.ms offsets.load.buffer.size
      producer.purgatory.purge.interval.requests queued.max.request.bytes queued.max.requests
      server.max.startup.time.ms transaction.state.log.load.buffer.size`,
  ],
  [
    "sizes and times of sockets are the system's",
    'socket.listen.backlog.size socket.receive.buffer.bytes socket.send.buffer.bytes',
  ],
  ['connections are accepted as fast as they come', 'max.connection.creation.rate'],
  ['a client says once who it is, when it connects', 'connections.max.reauth.ms'],
  ['it is always 100 ms', 'connection.failed.authentication.delay.ms'],
  [ONE_FOLDER, 'cordoned.log.dirs log.dir log.dirs metadata.log.dir'],
  ['a partition whose files fail is offline, the others go on', 'log.dir.failure.timeout.ms'],
  [
    'the compaction of one partition at a time takes what memory it needs',
    `log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size log.cleaner.io.buffer.load.factor
      log.cleaner.io.buffer.size log.cleaner.io.max.bytes.per.second log.cleaner.threads`,
  ],
  [
    UPKEEP,
    `log.flush.offset.checkpoint.interval.ms
      log.flush.start.offset.checkpoint.interval.ms log.initial.task.delay.ms producer.id.expiration.check.interval.ms
      transaction.remove.expired.transaction.cleanup.interval.ms`,
  ],
  [OWN_TOPICS, 'offsets.topic.segment.bytes transaction.state.log.segment.bytes'],
  ["the broker's own topics are not compressed", 'offsets.topic.compression.codec'],
  ['every fetch names its partitions', 'max.incremental.fetch.session.cache.slots'],
  ['partitions of transactions are always verified', 'transaction.partition.verification.enable'],
  [
    NO_DYNAMIC_GROUPS,
    `group.consumer.max.assignment.interval.ms group.consumer.max.heartbeat.interval.ms
      group.consumer.max.session.timeout.ms group.consumer.min.assignment.interval.ms
      group.consumer.min.heartbeat.interval.ms group.consumer.min.session.timeout.ms`,
  ],
  [
    'a change of members or topics is answered at once, uniform and range are there, and groups of both protocols',
    `group.consumer.assignment.interval.ms group.consumer.assignors group.consumer.regex.refresh.interval.ms
      group.coordinator.rebalance.protocols`,
  ],
  [
    NO_SHARE_GROUPS,
    `group.share.assignment.interval.ms group.share.assignors group.share.delivery.count.limit
      group.share.heartbeat.interval.ms group.share.initialize.retry.interval.ms
      group.share.max.assignment.interval.ms group.share.max.delivery.count.limit
      group.share.max.heartbeat.interval.ms group.share.max.partition.max.record.locks
      group.share.max.record.lock.duration.ms group.share.max.session.timeout.ms group.share.max.share.sessions
      group.share.max.size group.share.min.assignment.interval.ms group.share.min.delivery.count.limit
      group.share.min.heartbeat.interval.ms group.share.min.partition.max.record.locks
      group.share.min.record.lock.duration.ms group.share.min.session.timeout.ms
      group.share.partition.max.record.locks group.share.persister.class.name group.share.record.lock.duration.ms
      group.share.session.timeout.ms share.coordinator.append.linger.ms share.coordinator.cached.buffer.max.bytes
      share.coordinator.cold.partition.snapshot.interval.ms share.coordinator.load.buffer.size
      share.coordinator.snapshot.update.records.per.snapshot share.coordinator.state.topic.compression.codec
      share.coordinator.state.topic.min.isr share.coordinator.state.topic.num.partitions
      share.coordinator.state.topic.prune.interval.ms share.coordinator.state.topic.replication.factor
      share.coordinator.state.topic.segment.bytes share.coordinator.threads share.coordinator.write.timeout.ms
      share.fetch.purgatory.purge.interval.requests`,
  ],
  [
    NO_STREAMS_GROUPS,
    `group.streams.assignment.interval.ms group.streams.heartbeat.interval.ms
      group.streams.initial.rebalance.delay.ms group.streams.max.assignment.interval.ms
      group.streams.max.heartbeat.interval.ms group.streams.max.session.timeout.ms group.streams.max.size
      group.streams.max.standby.replicas group.streams.min.assignment.interval.ms
      group.streams.min.heartbeat.interval.ms group.streams.min.session.timeout.ms group.streams.num.standby.replicas
      group.streams.session.timeout.ms`,
  ],
  [
    NO_QUOTAS,
    `alter.log.dirs.replication.quota.window.num alter.log.dirs.replication.quota.window.size.seconds
      controller.quota.window.num controller.quota.window.size.seconds quota.window.num quota.window.size.seconds
      replication.quota.window.num replication.quota.window.size.seconds`,
  ],
  [
    NO_TOKENS,
    'delegation.token.expiry.check.interval.ms delegation.token.expiry.time.ms delegation.token.max.lifetime.ms',
  ],
  [
    NO_METRICS,
    `kafka.metrics.polling.interval.secs kafka.metrics.reporters metric.reporters metrics.num.samples
      metrics.recording.level metrics.sample.window.ms telemetry.max.bytes`,
  ],
  [
    NO_TIERED_STORAGE,
    `follower.fetch.last.tiered.offset.enable remote.fetch.max.wait.ms remote.list.offsets.request.timeout.ms
      remote.log.index.file.cache.total.size.bytes remote.log.index.file.cache.ttl.ms
      remote.log.manager.copier.thread.pool.size remote.log.manager.copy.max.bytes.per.second
      remote.log.manager.copy.quota.window.num remote.log.manager.copy.quota.window.size.seconds
      remote.log.manager.expiration.thread.pool.size remote.log.manager.fetch.max.bytes.per.second
      remote.log.manager.fetch.quota.window.num remote.log.manager.fetch.quota.window.size.seconds
      remote.log.manager.follower.thread.pool.size remote.log.manager.task.interval.ms
      remote.log.manager.task.retry.backoff.max.ms remote.log.manager.task.retry.backoff.ms
      remote.log.manager.task.retry.jitter remote.log.manager.thread.pool.size
      remote.log.metadata.custom.metadata.max.bytes remote.log.metadata.manager.class.name
      remote.log.metadata.manager.class.path remote.log.metadata.manager.impl.prefix
      remote.log.metadata.manager.listener.name remote.log.reader.max.pending.tasks remote.log.reader.threads
      remote.log.storage.manager.class.name remote.log.storage.manager.class.path
      remote.log.storage.manager.impl.prefix`,
  ],
  ['what is not finished in Kafka is not here', 'unstable.api.versions.enable unstable.feature.versions.enable'],
];

/** Every property of Kafka's broker that is accepted and has no effect: why it has none, by name. */
export const IDLE_BROKER_PROPERTIES: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(([reason, names]) => names.split(/\s+/).map((name) => [name, reason] as const)),
);
