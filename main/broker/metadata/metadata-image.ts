import type { MetadataRecord, MetadataRecordInput } from './metadata-records.ts';

export const TOPIC_RESOURCE = 2;
export const BROKER_RESOURCE = 4;
const BROKER_LEADER_EPOCH = 0;

export interface TopicImage {
  readonly name: string;
  readonly id: string;
  partitions: number;
  /** What was set for it. */
  readonly configs: Map<string, string>;
}

/** What the metadata log says when it is read from beginning to end. Java: `MetadataImage`. */
export class MetadataImage {
  readonly topics = new Map<string, TopicImage>();
  /** What was set for brokers while they ran, by their number, and for all of them by the empty name. */
  readonly brokerConfigs = new Map<string, Map<string, string>>();
  /** Ids of topics that were deleted, as far back as the log goes. */
  readonly removed = new Set<string>();
  /** Producer ids below it were set aside. */
  nextProducerId = 0n;
  readonly #byId = new Map<string, TopicImage>();

  replay({ kind, value }: MetadataRecord): void {
    switch (kind) {
      case 'topic': {
        if (this.#byId.has(value.topicId)) return;
        const topic = { name: value.name, id: value.topicId, partitions: 0, configs: new Map() };
        this.topics.set(topic.name, topic);
        this.#byId.set(topic.id, topic);
        return;
      }
      case 'partition': {
        const topic = this.#byId.get(value.topicId);
        if (topic) topic.partitions = Math.max(topic.partitions, value.partitionId + 1);
        return;
      }
      case 'config': {
        const configs = this.#configs(value.resourceType, value.resourceName);
        if (value.value === null) configs?.delete(value.name);
        else configs?.set(value.name, value.value);
        return;
      }
      case 'removeTopic': {
        const topic = this.#byId.get(value.topicId);
        this.removed.add(value.topicId);
        if (!topic) return;
        this.#byId.delete(topic.id);
        this.topics.delete(topic.name);
        return;
      }
      case 'producerIds':
        if (value.nextProducerId > this.nextProducerId) this.nextProducerId = value.nextProducerId;
        return;
    }
  }

  #configs(type: number, name: string): Map<string, string> | undefined {
    if (type === TOPIC_RESOURCE) return this.topics.get(name)?.configs;
    if (type !== BROKER_RESOURCE) return undefined;
    const configs = this.brokerConfigs.get(name) ?? new Map<string, string>();
    this.brokerConfigs.set(name, configs);
    return configs;
  }

  /** The records that make this image, for a log that begins with it. */
  records(brokerId: number, directoryId: string): MetadataRecordInput[] {
    const records: MetadataRecordInput[] = [producerIds(brokerId, this.nextProducerId)];
    for (const [name, configs] of this.brokerConfigs) {
      records.push(...changedConfigs(BROKER_RESOURCE, name, new Map(), configs));
    }
    for (const { name, id, partitions, configs } of this.topics.values()) {
      records.push(...newTopic(name, id, configs), ...newPartitions(id, 0, partitions, brokerId, directoryId));
    }
    return records;
  }
}

export function newTopic(name: string, topicId: string, configs: ReadonlyMap<string, string>): MetadataRecordInput[] {
  return [{ kind: 'topic', value: { name, topicId } }, ...changedConfigs(TOPIC_RESOURCE, name, new Map(), configs)];
}

/** Partitions from `from` on, up to `count` in all. */
export function newPartitions(
  topicId: string,
  from: number,
  count: number,
  brokerId: number,
  directoryId: string,
): MetadataRecordInput[] {
  return Array.from({ length: Math.max(0, count - from) }, (_, i) => ({
    kind: 'partition',
    value: {
      partitionId: from + i,
      topicId,
      replicas: [brokerId],
      isr: [brokerId],
      removingReplicas: [],
      addingReplicas: [],
      leader: brokerId,
      leaderEpoch: BROKER_LEADER_EPOCH,
      partitionEpoch: 0,
      directories: [directoryId],
    },
  }));
}

/** From one set of a resource's settings to another. */
export function changedConfigs(
  resourceType: number,
  resourceName: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): MetadataRecordInput[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({
      kind: 'config',
      value: { resourceType, resourceName, name, value: after.get(name) ?? null },
    }));
}

export function producerIds(brokerId: number, nextProducerId: bigint): MetadataRecordInput {
  return { kind: 'producerIds', value: { brokerId, nextProducerId } };
}
