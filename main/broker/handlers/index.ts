import type { Time } from '../../../common/time.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { CoordinatorTopic } from '../coordinator/coordinator-topic.ts';
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts';
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts';
import type { DynamicConfigs } from '../metadata/dynamic-configs.ts';
import type { Topics } from '../metadata/topics.ts';
import type { Handler } from '../server/handler.ts';
import { produceHandler } from './00-produce.ts';
import { fetchHandler } from './01-fetch.ts';
import { listOffsetsHandler } from './02-list-offsets.ts';
import { metadataHandler } from './03-metadata.ts';
import { offsetCommitHandler } from './08-offset-commit.ts';
import { offsetFetchHandler } from './09-offset-fetch.ts';
import { findCoordinatorHandler } from './10-find-coordinator.ts';
import { joinGroupHandler } from './11-join-group.ts';
import { heartbeatHandler } from './12-heartbeat.ts';
import { leaveGroupHandler } from './13-leave-group.ts';
import { syncGroupHandler } from './14-sync-group.ts';
import { describeGroupsHandler } from './15-describe-groups.ts';
import { listGroupsHandler } from './16-list-groups.ts';
import { saslHandshakeHandler } from './17-sasl-handshake.ts';
import { announced, apiVersionsHandler } from './18-api-versions.ts';
import { createTopicsHandler } from './19-create-topics.ts';
import { deleteTopicsHandler } from './20-delete-topics.ts';
import { deleteRecordsHandler } from './21-delete-records.ts';
import { initProducerIdHandler, type ProducerIds } from './22-init-producer-id.ts';
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts';
import { addPartitionsToTxnHandler } from './24-add-partitions-to-txn.ts';
import { addOffsetsToTxnHandler } from './25-add-offsets-to-txn.ts';
import { endTxnHandler } from './26-end-txn.ts';
import { writeTxnMarkersHandler } from './27-write-txn-markers.ts';
import { txnOffsetCommitHandler } from './28-txn-offset-commit.ts';
import { describeConfigsHandler } from './32-describe-configs.ts';
import { alterConfigsHandler } from './33-alter-configs.ts';
import { describeLogDirsHandler, type VolumeSize } from './35-describe-log-dirs.ts';
import { saslAuthenticateHandler } from './36-sasl-authenticate.ts';
import { createPartitionsHandler } from './37-create-partitions.ts';
import { deleteGroupsHandler } from './42-delete-groups.ts';
import { incrementalAlterConfigsHandler } from './44-incremental-alter-configs.ts';
import { offsetDeleteHandler } from './47-offset-delete.ts';
import { describeClusterHandler } from './60-describe-cluster.ts';
import { describeProducersHandler } from './61-describe-producers.ts';
import { describeTransactionsHandler } from './65-describe-transactions.ts';
import { listTransactionsHandler } from './66-list-transactions.ts';
import { consumerGroupHeartbeatHandler } from './68-consumer-group-heartbeat.ts';
import { consumerGroupDescribeHandler } from './69-consumer-group-describe.ts';
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts';
import type { BrokerIdentity } from './broker-identity.ts';
import type { TopicLookup } from './topic-lookup.ts';

export interface BrokerParts {
  readonly topics: Topics;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  /** `__consumer_offsets` */
  readonly offsets: CoordinatorTopic;
  readonly config: BrokerConfig;
  /** What of it is changed while the broker runs. */
  readonly configs: DynamicConfigs;
  readonly identity: BrokerIdentity;
  readonly producerIds: ProducerIds;
  readonly time: Time;
  readonly logDir: string;
  volume(): VolumeSize;
}

/** Every API that this broker serves, by key. What is not here is not announced. */
export function brokerHandlers(parts: BrokerParts): ReadonlyMap<number, Handler> {
  const { topics, groups, transactions, offsets, config, identity, time } = parts;
  const lookup: TopicLookup = {
    nameOf: (topicId) => topics.byId(topicId)?.name,
    idOf: (topic) => topics.get(topic)?.id,
    partitionCount: (topic) => topics.get(topic)?.logs.length,
  };
  const handlers: Handler[] = [
    produceHandler(topics, transactions),
    fetchHandler(topics, time, config.number('fetch.max.bytes')),
    listOffsetsHandler(topics),
    metadataHandler(topics, identity, {
      autoCreate: config.boolean('auto.create.topics.enable'),
      numPartitions: config.number('num.partitions'),
    }),
    offsetCommitHandler(groups, lookup),
    offsetFetchHandler(groups, lookup),
    findCoordinatorHandler(identity),
    joinGroupHandler(groups),
    heartbeatHandler(groups),
    leaveGroupHandler(groups),
    syncGroupHandler(groups),
    describeGroupsHandler(groups),
    listGroupsHandler(groups),
    saslHandshakeHandler(),
    saslAuthenticateHandler(time),
    apiVersionsHandler(() => announced(byKey.values())),
    createTopicsHandler(topics, config),
    deleteTopicsHandler(topics, groups, config.boolean('delete.topic.enable')),
    deleteRecordsHandler(topics),
    initProducerIdHandler(parts.producerIds, transactions),
    addPartitionsToTxnHandler(transactions, lookup),
    addOffsetsToTxnHandler(transactions, offsets),
    endTxnHandler(transactions),
    writeTxnMarkersHandler(topics, groups),
    txnOffsetCommitHandler({ groups, transactions, offsets, topics: lookup }),
    offsetForLeaderEpochHandler(topics),
    describeConfigsHandler(topics, config),
    alterConfigsHandler(parts),
    describeLogDirsHandler(topics, parts.logDir, parts.volume),
    createPartitionsHandler(topics, identity.nodeId),
    deleteGroupsHandler(groups),
    incrementalAlterConfigsHandler(parts),
    offsetDeleteHandler(groups, lookup),
    describeClusterHandler(identity),
    describeProducersHandler(topics),
    describeTransactionsHandler(transactions),
    listTransactionsHandler(transactions, time),
    consumerGroupHeartbeatHandler(groups),
    consumerGroupDescribeHandler(groups, lookup),
    describeTopicPartitionsHandler(topics, identity.nodeId, config.number('max.request.partition.size.limit')),
  ];
  const byKey: ReadonlyMap<number, Handler> = new Map(handlers.map((each) => [each.api.key, each]));
  return byKey;
}
