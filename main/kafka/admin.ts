import { type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import { UnsupportedVersionException } from '../protocol/exceptions.ts';
import { type MetadataResponse, metadata as metadataApi } from '../protocol/messages/03-metadata.ts';
import { createTopics } from '../protocol/messages/19-create-topics.ts';
import { deleteTopics } from '../protocol/messages/20-delete-topics.ts';
import { createPartitions } from '../protocol/messages/37-create-partitions.ts';
import { incrementalAlterConfigs } from '../protocol/messages/44-incremental-alter-configs.ts';
import { ApiException, Errors } from '../protocol/messages/errors.ts';
import type { Api, RequestInput, ResponseOf } from '../protocol/schema/api.ts';
import { ZERO_UUID } from '../protocol/schema/uuid.ts';
import {
  askConfigs,
  askTopicConfigs,
  brokerOf,
  configEntries,
  RESOURCE_TYPES,
  sortedEntries,
} from './admin/configs.ts';
import { askDeleteRecords, type DeletedRecords, type RecordsToDelete } from './admin/delete-records.ts';
import { deleteGroup, describeGroup, listAllGroups } from './admin/groups.ts';
import { askEligibleLeaders, askReassignments } from './admin/replicas.ts';
import type {
  Admin,
  BrokerAddress,
  ConfigEntry,
  ConfigResource,
  DescribedConfig,
  EligibleLeaders,
  GroupDescription,
  GroupListing,
  NewTopic,
  OffsetAndMetadata,
  OffsetMap,
  Reassignment,
  TopicDescription,
} from './api.ts';
import type { Cluster } from './cluster/cluster.ts';
import { topicMessage } from './cluster/metadata-cache.ts';
import { topicMetadata } from './cluster/topic-metadata.ts';
import { ClientClosedException, TimeoutException } from './errors.ts';
import { GroupCoordinator } from './group/group-coordinator.ts';
import { commitOffsets, FROM_OUTSIDE, fetchCommitted } from './group/group-offsets.ts';
import { deleteCommitted } from './group/offset-deletion.ts';

/** Operations of IncrementalAlterConfigs (KIP-339). */
const SET = 0;
const DELETE = 1;
/** How long a change may take until the broker that is asked shows it, ms. */
const VISIBLE_TIMEOUT_MS = 5_000;

export interface KafkaAdminOptions {
  cluster: Cluster;
  apiTimeoutMs: number;
  requestTimeoutMs: number;
}

/** Java: `KafkaAdminClient`. */
export class KafkaAdmin implements Admin {
  readonly #cluster: Cluster;
  readonly #apiTimeoutMs: number;
  readonly #requestTimeoutMs: number;
  #closed = false;

  constructor({ cluster, apiTimeoutMs, requestTimeoutMs }: KafkaAdminOptions) {
    this.#cluster = cluster;
    this.#apiTimeoutMs = apiTimeoutMs;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  clusterId(): Promise<string | null> {
    return this.#retrying('Describing the cluster', async () => {
      await this.#cluster.refreshed();
      return this.#cluster.clusterId;
    });
  }

  brokers(): Promise<BrokerAddress[]> {
    return this.#retrying('Describing the cluster', async () => {
      await this.#cluster.refreshed();
      return this.#cluster.nodes();
    });
  }

  async listTopics(): Promise<string[]> {
    const response = await this.#metadata(null);
    return response.topics.flatMap(({ name, errorCode }) => (name !== null && errorCode === 0 ? [name] : [])).sort();
  }

  async describeTopics(topics: readonly string[]): Promise<TopicDescription[]> {
    if (topics.length === 0) return [];
    const response = await this.#metadata(topics);
    const found = new Map(response.topics.map((topic) => [topic.name, topic]));
    return topics.map((name) => {
      const topic = found.get(name);
      const errorCode = topic ? topic.errorCode : Errors.UNKNOWN_TOPIC_OR_PARTITION;
      if (!topic || errorCode !== 0) throw new ApiException(errorCode, topicMessage(errorCode, name), { key: name });
      const { topicId, internal, partitions } = topicMetadata(topic);
      return {
        name,
        topicId: topicId ?? '',
        internal,
        partitions: partitions.map(({ partition, leader, replicas, isr }) => ({ partition, leader, replicas, isr })),
      };
    });
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    if (topics.length === 0) return;
    await this.#controller(
      'Creating topics',
      createTopics,
      {
        topics: topics.map(({ name, numPartitions, replicationFactor, assignments, configs }) => ({
          name,
          numPartitions,
          replicationFactor,
          assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
          configs: Object.entries(configs ?? {}).map(([key, value]) => ({ name: key, value })),
        })),
        timeoutMs: this.#requestTimeoutMs,
      },
      (response) => response.topics,
    );
    const names = topics.map(({ name }) => name);
    await this.#seen(
      names,
      ({ errorCode, partitions }) => errorCode === 0 && partitions.every(({ leaderId }) => leaderId >= 0),
    );
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    await this.#controller(
      'Deleting topics',
      deleteTopics,
      {
        topics: topics.map((name) => ({ name, topicId: ZERO_UUID })),
        topicNames: topics,
        timeoutMs: this.#requestTimeoutMs,
      },
      (response) => response.responses,
    );
    await this.#seen(topics, ({ errorCode }) => errorCode !== 0);
  }

  async createPartitions(
    topic: string,
    totalCount: number,
    assignments?: readonly (readonly number[])[],
  ): Promise<void> {
    await this.#controller(
      'Creating partitions',
      createPartitions,
      {
        topics: [
          {
            name: topic,
            count: totalCount,
            assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
          },
        ],
        timeoutMs: this.#requestTimeoutMs,
        validateOnly: false,
      },
      (response) => response.results,
    );
    await this.#seen(
      [topic],
      ({ partitions }) => partitions.length >= totalCount && partitions.every(({ leaderId }) => leaderId >= 0),
    );
  }

  eligibleLeaders(topics: readonly string[], pageSize: number): Promise<ReadonlyMap<string, EligibleLeaders> | null> {
    return this.#unlessUnsupported(null, 'Describing topics', () =>
      askEligibleLeaders(this.#cluster, topics, pageSize),
    );
  }

  reassignments(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Reassignment>> {
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, list]) => ({
      name,
      partitionIndexes: list.map(({ partition }) => partition),
    }));
    if (topics.length === 0) return Promise.resolve(new Map());
    return this.#unlessUnsupported(new Map(), 'Listing reassignments', async () => {
      if (this.#cluster.controllerId < 0) await this.#cluster.refreshed();
      return askReassignments(this.#cluster, this.#cluster.controllerId, topics, this.#requestTimeoutMs);
    });
  }

  async describeTopicConfigs(topics: readonly string[]): Promise<Map<string, ConfigEntry[]>> {
    if (topics.length === 0) return new Map();
    return configEntries(
      await this.#retrying('Describing configurations', () => askTopicConfigs(this.#cluster, topics)),
    );
  }

  async alterTopicConfigs(topic: string, changes: Readonly<Record<string, string | null>>): Promise<void> {
    await this.alterConfigs({ type: 'topic', name: topic }, Object.entries(changes));
  }

  async describeConfigs(resource: ConfigResource): Promise<DescribedConfig[]> {
    const response = await this.#retrying('Describing configurations', async () => {
      await this.#known(brokerOf(resource));
      return askConfigs(this.#cluster, resource);
    });
    return sortedEntries(response);
  }

  async alterConfigs(
    resource: ConfigResource,
    changes: Iterable<readonly [name: string, value: string | null]>,
  ): Promise<void> {
    const configs = [...changes].map(([name, value]) => ({
      name,
      configOperation: value === null ? DELETE : SET,
      value,
    }));
    const body = {
      resources: [{ resourceType: RESOURCE_TYPES[resource.type], resourceName: resource.name, configs }],
      validateOnly: false,
    };
    const node = brokerOf(resource);
    if (node === undefined) {
      await this.#controller('Changing configurations', incrementalAlterConfigs, body, alteredResources);
      return;
    }
    await this.#known(node);
    const response = await this.#retrying('Changing configurations', () =>
      this.#cluster.request(node, incrementalAlterConfigs, body),
    );
    throwFirst(alteredResources(response));
  }

  async deleteRecords(beforeOffsets: readonly RecordsToDelete[]): Promise<DeletedRecords[]> {
    if (beforeOffsets.length === 0) return [];
    const topics = [...new Set(beforeOffsets.map(({ topic }) => topic))];
    const { topics: described } = await this.#metadata(topics);
    const leaders = new Map(
      described.flatMap((topic) =>
        topic.partitions.map((it) => [topicPartitionKey(topic.name ?? '', it.partitionIndex), it.leaderId] as const),
      ),
    );
    const byLeader = Map.groupBy(beforeOffsets, (it) => leaders.get(topicPartitionKey(it.topic, it.partition)) ?? -1);
    const results = [...byLeader].map(([leader, records]) =>
      leader < 0
        ? records.map(({ topic, partition }) => ({ topic, partition, result: noSuchPartition(topic, partition) }))
        : this.#retrying('Deleting records', () =>
            askDeleteRecords(this.#cluster, leader, records, this.#requestTimeoutMs),
          ),
    );
    return (await Promise.all(results)).flat();
  }

  listGroups(): Promise<GroupListing[]> {
    return this.#retrying('Listing groups', async () => {
      await this.#cluster.refreshed();
      return listAllGroups(this.#cluster);
    });
  }

  describeGroups(groups: readonly string[]): Promise<GroupDescription[]> {
    return Promise.all(
      groups.map((group) => this.#retrying(`Describing group ${group}`, () => describeGroup(this.#cluster, group))),
    );
  }

  groupOffsets(group: string): Promise<OffsetMap> {
    const coordinator = new GroupCoordinator(this.#cluster, group);
    return this.#retrying(`Reading offsets of group ${group}`, () => fetchCommitted(coordinator, null, false));
  }

  async alterGroupOffsets(group: string, offsets: readonly (TopicPartition & OffsetAndMetadata)[]): Promise<void> {
    if (offsets.length === 0) return;
    const coordinator = new GroupCoordinator(this.#cluster, group);
    try {
      await this.#changingOffsets(`Changing offsets of group ${group}`, () =>
        commitOffsets(coordinator, FROM_OUTSIDE, offsets),
      );
    } catch (error) {
      if (!(error instanceof ApiException) || error.errorCode !== Errors.UNKNOWN_MEMBER_ID) throw error;
      throw new ApiException(
        Errors.NON_EMPTY_GROUP,
        `The group ${group} has members: its offsets are theirs to commit`,
        {
          key: group,
          hint: 'Stop its consumers first.',
          cause: error,
        },
      );
    }
  }

  async deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    const refused = (await this.deleteGroupOffsetsEach(group, partitions)).find(({ error }) => error !== null);
    if (refused?.error) throw refused.error;
  }

  async deleteGroupOffsetsEach(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<(TopicPartition & { error: Error | null })[]> {
    if (partitions.length === 0) return [];
    const coordinator = new GroupCoordinator(this.#cluster, group);
    return this.#retrying(`Deleting offsets of group ${group}`, () => deleteCommitted(coordinator, partitions));
  }

  async deleteGroups(groups: readonly string[]): Promise<void> {
    await Promise.all(
      groups.map((group) => {
        const coordinator = new GroupCoordinator(this.#cluster, group);
        return this.#retrying(`Deleting group ${group}`, () => deleteGroup(coordinator));
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cluster.close();
  }

  #metadata(topics: readonly string[] | null) {
    return this.#retrying('Describing topics', async () => {
      const response = await this.#cluster.requestAny(metadataApi, {
        topics: topics === null ? null : topics.map((name) => ({ name })),
        allowAutoTopicCreation: false,
      });
      if (response.errorCode !== 0) throw new ApiException(response.errorCode);
      return response;
    });
  }

  /** To the controller where the cluster names one; in KRaft every broker passes it on. */
  async #controller<A extends Api>(
    what: string,
    api: A,
    body: RequestInput<A>,
    resultsOf: (response: ResponseOf<A>) => readonly Result[],
  ): Promise<void> {
    const results = await this.#retrying(what, async () => {
      if (this.#cluster.controllerId < 0) await this.#cluster.refreshed();
      const { controllerId } = this.#cluster;
      try {
        const response =
          controllerId < 0
            ? await this.#cluster.requestAny(api, body)
            : await this.#cluster.request(controllerId, api, body);
        const answered = resultsOf(response);
        if (answered.some(({ errorCode }) => errorCode === Errors.NOT_CONTROLLER)) {
          throw new ApiException(Errors.NOT_CONTROLLER);
        }
        return answered;
      } catch (error) {
        this.#cluster.requestRefresh();
        throw error;
      }
    });
    throwFirst(results);
  }

  /**
   * The controller has done it; brokers learn of it a moment later. Waits until the one that is asked shows it, so that
   * the next call finds what this one made. When that takes long it is not an error: the change is made.
   */
  async #seen(topics: readonly string[], isThere: (topic: DescribedTopic) => boolean): Promise<void> {
    try {
      await this.#cluster.retrying(VISIBLE_TIMEOUT_MS, 'Waiting for the change', async () => {
        const response = await this.#metadata(topics);
        if (!response.topics.every(isThere)) throw new ApiException(Errors.LEADER_NOT_AVAILABLE);
      });
    } catch (error) {
      if (!(error instanceof TimeoutException)) throw error;
    }
  }

  /** A partition that is not there is told at once, as Java's admin client does: nobody is about to make it. */
  async #changingOffsets(what: string, attempt: () => Promise<void>): Promise<void> {
    const refusal = await this.#retrying(what, async () => {
      try {
        await attempt();
        return null;
      } catch (error) {
        if (error instanceof ApiException && error.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION) return error;
        throw error;
      }
    });
    if (refusal !== null) throw refusal;
  }

  /** Metadata that has this broker, if it is a broker of the cluster at all. */
  async #known(node: number | undefined): Promise<void> {
    if (node !== undefined && !this.#cluster.knowsNode(node)) await this.brokers();
  }

  /** What an older broker does not have, or does not show to this user, is left out. */
  async #unlessUnsupported<T>(otherwise: T, what: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.#retrying(what, attempt);
    } catch (error) {
      const isRefused = error instanceof ApiException && error.errorCode === Errors.CLUSTER_AUTHORIZATION_FAILED;
      if (isRefused || error instanceof UnsupportedVersionException) return otherwise;
      throw error;
    }
  }

  async #retrying<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new ClientClosedException('This admin client has been closed.');
    return this.#cluster.retrying(this.#apiTimeoutMs, what, attempt);
  }
}

type DescribedTopic = MetadataResponse['topics'][number];

interface Result {
  name: string | null;
  errorCode: number;
  errorMessage: string | null;
}

function alteredResources({ responses }: ResponseOf<typeof incrementalAlterConfigs>): Result[] {
  return responses.map((each) => ({ ...each, name: each.resourceName }));
}

function noSuchPartition(topic: string, partition: number): ApiException {
  return new ApiException(Errors.UNKNOWN_TOPIC_OR_PARTITION, undefined, { key: topicPartitionKey(topic, partition) });
}

/** The broker's own words for the first that failed. */
function throwFirst(results: readonly Result[]): void {
  for (const { name, errorCode, errorMessage } of results) {
    if (errorCode === 0) continue;
    throw new ApiException(errorCode, errorMessage ?? topicMessage(errorCode, name ?? ''), { key: name ?? undefined });
  }
}
