import type { BehaviourCase } from './behaviour.ts';
import { IDEMPOTENT_PRODUCE_CASES, PRODUCE_CASES, PRODUCE_IN_TRANSACTION_CASES } from './cases/00-produce.ts';
import { FETCH_CASES, TRANSACTION_FETCH_CASES } from './cases/01-fetch.ts';
import { LIST_OFFSETS_CASES } from './cases/02-list-offsets.ts';
import { METADATA_CASES } from './cases/03-metadata.ts';
import { OFFSET_COMMIT_CASES } from './cases/08-offset-commit.ts';
import { OFFSET_FETCH_CASES } from './cases/09-offset-fetch.ts';
import { FIND_COORDINATOR_CASES } from './cases/10-find-coordinator.ts';
import { JOIN_GROUP_CASES } from './cases/11-join-group.ts';
import { HEARTBEAT_CASES } from './cases/12-heartbeat.ts';
import { LEAVE_GROUP_CASES } from './cases/13-leave-group.ts';
import { SYNC_GROUP_CASES } from './cases/14-sync-group.ts';
import { DESCRIBE_GROUPS_CASES } from './cases/15-describe-groups.ts';
import { LIST_GROUPS_CASES } from './cases/16-list-groups.ts';
import { SASL_CASES } from './cases/17-sasl.ts';
import { API_VERSIONS_CASES } from './cases/18-api-versions.ts';
import { CREATE_TOPICS_CASES } from './cases/19-create-topics.ts';
import { DELETE_TOPICS_CASES } from './cases/20-delete-topics.ts';
import { DELETE_RECORDS_CASES } from './cases/21-delete-records.ts';
import { IDEMPOTENT_INIT_CASES, INIT_PRODUCER_ID_CASES } from './cases/22-init-producer-id.ts';
import { OFFSET_FOR_LEADER_EPOCH_CASES } from './cases/23-offset-for-leader-epoch.ts';
import { ADD_PARTITIONS_TO_TXN_CASES } from './cases/24-add-partitions-to-txn.ts';
import { ADD_OFFSETS_TO_TXN_CASES } from './cases/25-add-offsets-to-txn.ts';
import { END_TXN_CASES } from './cases/26-end-txn.ts';
import { WRITE_TXN_MARKERS_CASES } from './cases/27-write-txn-markers.ts';
import { TXN_OFFSET_COMMIT_CASES } from './cases/28-txn-offset-commit.ts';
import { DESCRIBE_CONFIGS_CASES } from './cases/32-describe-configs.ts';
import { ALTER_CONFIGS_CASES } from './cases/33-alter-configs.ts';
import { DESCRIBE_LOG_DIRS_CASES } from './cases/35-describe-log-dirs.ts';
import { CREATE_PARTITIONS_CASES } from './cases/37-create-partitions.ts';
import { DELETE_GROUPS_CASES } from './cases/42-delete-groups.ts';
import { INCREMENTAL_ALTER_CONFIGS_CASES } from './cases/44-incremental-alter-configs.ts';
import { OFFSET_DELETE_CASES } from './cases/47-offset-delete.ts';
import { DESCRIBE_CLUSTER_CASES } from './cases/60-describe-cluster.ts';
import { DESCRIBE_PRODUCERS_CASES, OTHER_DESCRIBE_PRODUCERS_CASES } from './cases/61-describe-producers.ts';
import { DESCRIBE_TRANSACTIONS_CASES } from './cases/65-describe-transactions.ts';
import { LIST_TRANSACTIONS_CASES } from './cases/66-list-transactions.ts';
import { CONSUMER_GROUP_HEARTBEAT_CASES } from './cases/68-consumer-group-heartbeat.ts';
import { CONSUMER_GROUP_DESCRIBE_CASES } from './cases/69-consumer-group-describe.ts';
import { DESCRIBE_TOPIC_PARTITIONS_CASES } from './cases/75-describe-topic-partitions.ts';
import { BROKER_CONFIG_CASES } from './cases/broker-configs.ts';
import { EVERY_VERSION_CASES } from './cases/every-version.ts';
import { MIXED_GROUP_CASES } from './cases/mixed-groups.ts';
import { TRANSACTIONAL_FETCH_CASES } from './cases/transactional-fetch.ts';
import { TRANSACTIONAL_PRODUCE_CASES } from './cases/transactional-produce.ts';

/** Every case; their order is that of the APIs' keys. */
export const BEHAVIOUR_CASES: readonly BehaviourCase[] = [
  ...PRODUCE_CASES,
  ...IDEMPOTENT_PRODUCE_CASES,
  ...PRODUCE_IN_TRANSACTION_CASES,
  ...FETCH_CASES,
  ...TRANSACTION_FETCH_CASES,
  ...LIST_OFFSETS_CASES,
  ...METADATA_CASES,
  ...OFFSET_COMMIT_CASES,
  ...OFFSET_FETCH_CASES,
  ...FIND_COORDINATOR_CASES,
  ...JOIN_GROUP_CASES,
  ...HEARTBEAT_CASES,
  ...LEAVE_GROUP_CASES,
  ...SYNC_GROUP_CASES,
  ...DESCRIBE_GROUPS_CASES,
  ...LIST_GROUPS_CASES,
  ...SASL_CASES,
  ...API_VERSIONS_CASES,
  ...CREATE_TOPICS_CASES,
  ...DELETE_TOPICS_CASES,
  ...DELETE_RECORDS_CASES,
  ...INIT_PRODUCER_ID_CASES,
  ...IDEMPOTENT_INIT_CASES,
  ...OFFSET_FOR_LEADER_EPOCH_CASES,
  ...ADD_PARTITIONS_TO_TXN_CASES,
  ...ADD_OFFSETS_TO_TXN_CASES,
  ...END_TXN_CASES,
  ...WRITE_TXN_MARKERS_CASES,
  ...TXN_OFFSET_COMMIT_CASES,
  ...DESCRIBE_CONFIGS_CASES,
  ...ALTER_CONFIGS_CASES,
  ...DESCRIBE_LOG_DIRS_CASES,
  ...CREATE_PARTITIONS_CASES,
  ...DELETE_GROUPS_CASES,
  ...INCREMENTAL_ALTER_CONFIGS_CASES,
  ...OFFSET_DELETE_CASES,
  ...DESCRIBE_CLUSTER_CASES,
  ...DESCRIBE_PRODUCERS_CASES,
  ...OTHER_DESCRIBE_PRODUCERS_CASES,
  ...DESCRIBE_TRANSACTIONS_CASES,
  ...LIST_TRANSACTIONS_CASES,
  ...CONSUMER_GROUP_HEARTBEAT_CASES,
  ...CONSUMER_GROUP_DESCRIBE_CASES,
  ...DESCRIBE_TOPIC_PARTITIONS_CASES,
  ...BROKER_CONFIG_CASES,
  ...EVERY_VERSION_CASES,
  ...MIXED_GROUP_CASES,
  ...TRANSACTIONAL_FETCH_CASES,
  ...TRANSACTIONAL_PRODUCE_CASES,
];
