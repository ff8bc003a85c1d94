import type { MetadataRecord, MetadataRecordInput } from './metadata-records.ts';

const TOPIC_RESOURCE = 2;
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
        if (value.resourceType !== TOPIC_RESOURCE) return;
        const configs = this.topics.get(value.resourceName)?.configs;
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

  /** The records that make this image, for a log that begins with it. */
  records(brokerId: number, directoryId: string): MetadataRecordInput[] {
    const records: MetadataRecordInput[] = [producerIds(brokerId, this.nextProducerId)];
    for (const { name, id, partitions, configs } of this.topics.values()) {
      records.push(...newTopic(name, id, configs), ...newPartitions(id, 0, partitions, brokerId, directoryId));
    }
    return records;
  }
}

export function newTopic(name: string, topicId: string, configs: ReadonlyMap<string, string>): MetadataRecordInput[] {
  return [{ kind: 'topic', value: { name, topicId } }, ...changedConfigs(name, new Map(), configs)];
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

/** From one set of settings to another. */
export function changedConfigs(
  topic: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): MetadataRecordInput[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({
      kind: 'config',
      value: { resourceType: TOPIC_RESOURCE, resourceName: topic, name, value: after.get(name) ?? null },
    }));
}

export function producerIds(brokerId: number, nextProducerId: bigint): MetadataRecordInput {
  return { kind: 'producerIds', value: { brokerId, nextProducerId } };
}
