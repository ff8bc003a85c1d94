import type { Logger } from '../../../common/logger.ts';
import type { Time, Timer } from '../../../common/time.ts';
import { CalmClock } from '../clock-leaps.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { TransactionMarker } from '../log/transaction-marker.ts';
import type { Topics } from '../metadata/topics.ts';
import { CoordinatorTopic } from './coordinator-topic.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import type { MigrationPolicy } from './group-migration.ts';
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from './internal-topics.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';

export interface CoordinatorsOptions {
  topics: Topics;
  config: BrokerConfig;
  time: Time;
  logger: Logger;
  /** A UUID. */
  randomId(): string;
  /** Durable before it is given out. */
  nextProducerId(): Promise<bigint>;
}

/** The coordinators of groups and of transactions with the topics that keep their state, as the last process left it. */
export class Coordinators {
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  /** `__consumer_offsets` */
  readonly offsets: CoordinatorTopic;
  readonly #timers: Timer[];

  constructor(options: CoordinatorsOptions) {
    const { topics, config, time, logger } = options;
    const { groups, offsets } = openGroups(options);
    const clock = new CalmClock(time);
    const log = new CoordinatorTopic(
      TRANSACTIONS_TOPIC,
      topics,
      time,
      config.number('transaction.state.log.num.partitions'),
    );
    const transactions = new TransactionCoordinator({
      time,
      logger,
      log,
      nextProducerId: options.nextProducerId,
      maxTimeoutMs: config.number('transaction.max.timeout.ms'),
      idExpirationMs: config.number('transactional.id.expiration.ms'),
      mayForget: () => clock.isCalm(),
      async endTransaction(topic: string, partition: number, marker: TransactionMarker) {
        const partitionLog = topics.get(topic)?.logs[partition];
        if (!partitionLog) return;
        await partitionLog.endTransaction(marker).committed.wait();
        if (topic === OFFSETS_TOPIC) groups.endTransaction(marker.producerId, partition, marker.committed);
      },
    });
    // What `__transaction_state` says itself is never part of a transaction.
    log.load({ record: (key, value) => transactions.replay(key, value), marker: () => {} });
    // Transactions that were ending when the last process died end now.
    void transactions.tick();
    this.groups = groups;
    this.transactions = transactions;
    this.offsets = offsets;
    this.#timers = [
      repeat(time, config.number('offsets.retention.check.interval.ms'), async () => {
        if (!clock.isCalm()) return;
        await groups.expire().catch((error: unknown) => logger.error('Offsets of groups could not be expired', error));
      }),
      repeat(time, config.number('transaction.abort.timed.out.transaction.cleanup.interval.ms'), () =>
        transactions.tick(),
      ),
    ];
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.groups.close();
  }
}

function openGroups({ topics, config, time, logger, randomId }: CoordinatorsOptions) {
  const offsets = new CoordinatorTopic(OFFSETS_TOPIC, topics, time, config.number('offsets.topic.num.partitions'));
  const groups = new GroupCoordinator({
    time,
    logger,
    log: offsets,
    randomId,
    initialRebalanceDelayMs: config.number('group.initial.rebalance.delay.ms'),
    minSessionTimeoutMs: config.number('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: config.number('group.max.session.timeout.ms'),
    maxSize: config.number('group.max.size'),
    topicNamed: (name) => {
      const topic = topics.get(name);
      return topic && { id: topic.id, partitions: topic.logs.length };
    },
    topicNameOf: (topicId) => topics.byId(topicId)?.name,
    topicNames: {
      get revision() {
        return topics.revision;
      },
      *names() {
        for (const { name } of topics.all()) yield name;
      },
    },
    consumerSessionTimeoutMs: config.number('group.consumer.session.timeout.ms'),
    consumerHeartbeatIntervalMs: config.number('group.consumer.heartbeat.interval.ms'),
    consumerMaxSize: config.number('group.consumer.max.size'),
    migrationPolicy: config.get('group.consumer.migration.policy').toLowerCase() as MigrationPolicy,
    offsetsRetentionMs: config.number('offsets.retention.minutes') * 60_000,
    maxMetadataLength: config.number('offset.metadata.max.bytes'),
  });
  offsets.load({
    record: (key, value, producerId) => groups.replay(key, value, producerId),
    marker: ({ producerId, committed }, partition) => groups.endTransaction(producerId, partition, committed),
  });
  groups.resume();
  return { groups, offsets };
}

/** The next round begins an interval after the last has ended. */
function repeat(time: Time, intervalMs: number, work: () => Promise<void>): Timer {
  let timer: Timer;
  let isCancelled = false;
  const again = () => {
    if (!isCancelled) timer = time.timer(intervalMs, () => void work().then(again));
  };
  again();
  return {
    cancel: () => {
      isCancelled = true;
      timer.cancel();
    },
  };
}
