import type { ConsumerRecord, ProducerRecord, RecordMetadata, TopicPartition } from '../../common/kafka/records.ts';

/**
 * What the rest of Runnel knows of a Kafka client. Java's names and meaning; the implementations are in this room
 * and nobody outside it sees kafkajs or a socket.
 */

/** Which settings a client knows, so that a configuration can be told apart by whom its keys are for. */
export { isClientSetting } from './client-config.ts';
/** Whether what failed may succeed later: the broker is away, or asks to be asked again. */
export { isRetriable } from './errors.ts';

/** Client settings under Kafka's Java names (`bootstrap.servers`, `acks`, `linger.ms`); values as text. */
export type ClientConfig = Readonly<Record<string, string>>;

/** Why a client that waits does not get on: the failure to reach its brokers, and since when (ms since 1970 UTC). */
export interface Trouble {
  error: Error;
  sinceMs: number;
}

/** Which topics a subscription is for, when a RegExp of JavaScript can't say it. */
export interface TopicPattern {
  /** The whole name. */
  matches(topic: string): boolean;
}

export type ProducerCallback = (metadata: RecordMetadata | null, error: Error | null) => void;

export interface Producer {
  /**
   * Queues a record; `callback` runs once, when it is acknowledged or has failed for good. False says that the
   * buffer (`buffer.memory`) is full: await `drained()` before the next; who does not is refused at twice as much.
   * Order is kept per partition. Key, value and headers are kept by reference until the callback runs: don't change
   * them before. An outage is waited for, up to `delivery.timeout.ms` (`max.block.ms` for a topic never seen).
   */
  send(record: ProducerRecord, callback?: ProducerCallback): boolean;
  drained(): Promise<void>;
  /** Resolves when everything sent so far is acknowledged or failed. */
  flush(): Promise<void>;
  partitionsFor(topic: string): Promise<number>;
  /** Null while the brokers answer. */
  trouble?(): Trouble | null;
  /** Flushes for at most `timeoutMs`, then fails what is left. */
  close(timeoutMs?: number): Promise<void>;
}

export interface OffsetAndMetadata {
  offset: bigint;
  leaderEpoch?: number | null;
  metadata?: string;
}

/** Key: `topicPartitionKey`. */
export type OffsetMap = ReadonlyMap<string, OffsetAndMetadata & TopicPartition>;

export interface RebalanceListener {
  /** Before partitions go away: the last moment to commit for them. Awaited. */
  onPartitionsRevoked(partitions: readonly TopicPartition[]): Promise<void> | void;
  onPartitionsAssigned(partitions: readonly TopicPartition[]): Promise<void> | void;
  /** They are gone already (session lost): commits for them would be refused. */
  onPartitionsLost(partitions: readonly TopicPartition[]): Promise<void> | void;
}

/** A member of a consumer group (classic protocol). Headers are kept bit-identical. */
export interface Consumer {
  /** A RegExp has to match the whole name, as in Java. Callbacks run inside `poll` and `close`, never beside them. */
  subscribe(topics: readonly string[] | RegExp | TopicPattern, listener?: RebalanceListener): void;
  /**
   * Records that are there, else whatever arrives within `timeoutMs`; [] on time-out or `wakeup`, and while no broker can
   * be reached. Keys and values share memory with what was fetched: copy what you keep for long. Rejects when the
   * membership can't go on.
   */
  poll(timeoutMs: number): Promise<ConsumerRecord[]>;
  wakeup(): void;
  assignment(): TopicPartition[];
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  paused(): TopicPartition[];
  seek(partition: TopicPartition, offset: bigint): void;
  /** Next offset to be returned by poll; null before it is known, which it is when partitions are assigned. */
  position(partition: TopicPartition): bigint | null;
  /**
   * Nothing is committed unless this is called (or `enable.auto.commit=true` is given: Java's default is the other way
   * round). Rejects with `CommitFailedException` when the partitions may be others' by now, with
   * `RebalanceInProgressException` while they change hands.
   */
  commit(offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void>;
  committed(partitions: readonly TopicPartition[]): Promise<OffsetMap>;
  /** High watermark of a partition minus position, as of the last fetch. */
  lag(partition: TopicPartition): bigint | null;
  /** Null while the brokers answer. */
  trouble?(): Trouble | null;
  close(): Promise<void>;
}

/** Where a reader starts in a partition. */
export type StartOffset = 'earliest' | 'latest' | { offset: bigint } | { timestamp: bigint };

export interface FetchedRecords {
  records: ConsumerRecord[];
  /** Offsets that were skipped without a record being there (compaction, retention): `[from, to)`. */
  gaps: { topic: string; partition: number; from: bigint; to: bigint }[];
}

/**
 * Reads partitions by assignment, with no group and nothing committed, and makes no topic by looking at it. Where no
 * broker was ever reached its calls reject at once; later outages are waited for up to `default.api.timeout.ms`.
 */
export interface PartitionReader {
  /** Rejects with `UnknownTopicOrPartitionException` for a partition that is not there. */
  assign(partitions: readonly (TopicPartition & { start: StartOffset })[]): Promise<void>;
  /**
   * Like `Consumer.poll`; pulls nothing when nobody calls (that is the back-pressure). Rejects at a damaged batch with
   * `CorruptRecordException`, at an offset that is not there by `auto.offset.reset` (none: `OffsetOutOfRangeException`).
   */
  poll(timeoutMs: number): Promise<FetchedRecords>;
  wakeup(): void;
  position(partition: TopicPartition): bigint | null;
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>>;
  endOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>>;
  /** First offset whose timestamp is at or after the given one; null when there is none. */
  offsetsForTimes(partitions: readonly (TopicPartition & { timestamp: bigint })[]): Promise<Map<string, bigint | null>>;
  close(): Promise<void>;
}

export interface TopicDescription {
  name: string;
  topicId: string;
  internal: boolean;
  partitions: { partition: number; leader: number; replicas: number[]; isr: number[] }[];
}

/** Replicas that may lead although they are not in sync (KIP-966). */
export interface EligibleLeaders {
  eligible: readonly number[];
  lastKnown: readonly number[];
}

/** Where a partition's replicas are going (KIP-455). */
export interface Reassignment {
  replicas: readonly number[];
  adding: readonly number[];
  removing: readonly number[];
}

export interface NewTopic {
  name: string;
  /** -1: the broker's default */
  numPartitions: number;
  replicationFactor: number;
  /** The brokers of each partition, from 0 on; both numbers are -1 then. */
  assignments?: readonly (readonly number[])[];
  configs?: Readonly<Record<string, string>>;
}

export interface ConfigEntry {
  name: string;
  value: string | null;
  isDefault: boolean;
  readOnly: boolean;
  sensitive: boolean;
}

/** Whose settings are meant: `{ type: 'broker', name: '' }` are the defaults of all brokers. Java: `ConfigResource`. */
export interface ConfigResource {
  type: 'topic' | 'broker' | 'broker-logger' | 'client-metrics' | 'group';
  name: string;
}

/** Where a value comes from. Java: `ConfigEntry.ConfigSource`. */
export type ConfigSource =
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_LOGGER_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'DYNAMIC_CLIENT_METRICS_CONFIG'
  | 'DYNAMIC_GROUP_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'UNKNOWN';

export interface DescribedConfig extends ConfigEntry {
  source: ConfigSource;
  /** The values that hold in turn when the one before is taken away; the first is in force. */
  synonyms: { name: string; value: string | null; source: ConfigSource }[];
}

export interface GroupListing {
  groupId: string;
  state: string;
  protocolType: string;
  /** `classic`, `consumer`, `share`, `streams`; empty from a broker before Kafka 3.8 */
  type: string;
}

export interface BrokerAddress {
  id: number;
  host: string;
  port: number;
}

export interface GroupMember {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  assignment: TopicPartition[];
  /** Of the new protocol (KIP-848) alone: what the member is on its way to. */
  targetAssignment: TopicPartition[] | null;
  memberEpoch: number | null;
  /** Null when it is not known which protocol the member speaks; false: the classic one. */
  upgraded: boolean | null;
}

export interface GroupDescription {
  groupId: string;
  state: string;
  protocolType: string;
  coordinator: BrokerAddress;
  /** Empty for a group without members. */
  partitionAssignor: string;
  /** Both null for a group of the classic protocol. */
  groupEpoch: number | null;
  targetAssignmentEpoch: number | null;
  members: GroupMember[];
}

/** As with the reader, a cluster that was never reached is told at once: `clusterId()` is how to ask whether one is there. */
export interface Admin {
  clusterId(): Promise<string | null>;
  brokers(): Promise<BrokerAddress[]>;
  listTopics(): Promise<string[]>;
  describeTopics(topics: readonly string[]): Promise<TopicDescription[]>;
  /** Rejects with Kafka's error class (`TopicExistsException`, `InvalidPartitionsException`…). */
  createTopics(topics: readonly NewTopic[]): Promise<void>;
  deleteTopics(topics: readonly string[]): Promise<void>;
  /** @param assignments the brokers of each new partition; absent: the cluster finds them */
  createPartitions(topic: string, totalCount: number, assignments?: readonly (readonly number[])[]): Promise<void>;
  /** By `topicPartitionKey`, asked for in pages; null from a broker before Kafka 3.7. */
  eligibleLeaders(topics: readonly string[], pageSize: number): Promise<ReadonlyMap<string, EligibleLeaders> | null>;
  /** Of these partitions, by `topicPartitionKey`; empty where it can't be asked for. */
  reassignments(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Reassignment>>;
  describeTopicConfigs(topics: readonly string[]): Promise<Map<string, ConfigEntry[]>>;
  /** null removes the setting. */
  alterTopicConfigs(topic: string, changes: Readonly<Record<string, string | null>>): Promise<void>;
  /** Every setting of a resource, sorted by name, with where its value comes from. */
  describeConfigs(resource: ConfigResource): Promise<DescribedConfig[]>;
  /** null removes the setting. The broker refuses a name that stands there twice. */
  alterConfigs(
    resource: ConfigResource,
    changes: Iterable<readonly [name: string, value: string | null]>,
  ): Promise<void>;
  /**
   * Deletes what is before these offsets (-1: everything committed); each partition's new first offset, or why it could
   * not be done.
   */
  deleteRecords(
    beforeOffsets: readonly (TopicPartition & { offset: bigint })[],
  ): Promise<(TopicPartition & { result: bigint | Error })[]>;
  listGroups(): Promise<GroupListing[]>;
  describeGroups(groups: readonly string[]): Promise<GroupDescription[]>;
  groupOffsets(group: string): Promise<OffsetMap>;
  alterGroupOffsets(group: string, offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void>;
  /**
   * Forgets committed offsets, so that the group starts there by `auto.offset.reset`. Rejects with
   * `GroupSubscribedToTopicException` while a member reads the topic, with `GroupIdNotFoundException` without such a
   * group; a partition without an offset is no error.
   */
  deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void>;
  /** The same with an answer for each partition; null: done. Rejects when the group itself is refused. */
  deleteGroupOffsetsEach(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<(TopicPartition & { error: Error | null })[]>;
  deleteGroups(groups: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** How a room gets its clients; the composition hands one in, made by `kafkaClients(time, logger)`. */
export interface KafkaClients {
  producer(config: ClientConfig): Producer;
  consumer(config: ClientConfig): Consumer;
  partitionReader(config: ClientConfig): PartitionReader;
  admin(config: ClientConfig): Admin;
}
