import type { MetadataResponse, metadata } from '../../protocol/messages/03-metadata.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { RequestInput } from '../../protocol/schema/api.ts';
import type { Address } from './address.ts';
import { type PartitionMetadata, type TopicMetadata, topicMetadata } from './topic-metadata.ts';

/** What the brokers last said of themselves and of the topics that are wanted. No I/O. Java: `MetadataSnapshot`. */
export class MetadataCache {
  readonly nodes = new Map<number, Address>();
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #errors = new Map<string, ApiException>();
  #wanted: Set<string> | 'all' = new Set();
  #clusterId: string | null = null;
  #controllerId = -1;

  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** Node id, -1 when not known. */
  get controllerId(): number {
    return this.#controllerId;
  }

  topics(): TopicMetadata[] {
    return [...this.#topics.values()];
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name);
  }

  /** What the brokers said of a topic that they don't give out. */
  topicError(name: string): ApiException | undefined {
    return this.#errors.get(name);
  }

  partition(topic: string, partition: number): PartitionMetadata | undefined {
    return this.#topics.get(topic)?.partitions.find((each) => each.partition === partition);
  }

  /** Adds topics to be asked for; returns whether one of them is unknown so far. */
  want(topics: Iterable<string>): boolean {
    if (this.#wanted === 'all') return false;
    let news = false;
    for (const topic of topics) {
      if (this.#wanted.has(topic)) continue;
      this.#wanted.add(topic);
      news ||= !this.#topics.has(topic);
    }
    return news;
  }

  /** Only these from now on, or all that exist; returns whether something is unknown so far. */
  wantOnly(topics: Iterable<string> | 'all'): boolean {
    if (topics === 'all') {
      const news = this.#wanted !== 'all';
      this.#wanted = 'all';
      return news;
    }
    const kept = new Set(topics);
    for (const name of this.#topics.keys()) if (!kept.has(name)) this.#topics.delete(name);
    this.#wanted = new Set();
    return this.want(kept);
  }

  request(allowAutoTopicCreation: boolean): RequestInput<typeof metadata> {
    const wanted = this.#wanted;
    // An empty list means all topics in version 0 only, which no broker of magic 2 needs.
    return {
      topics: wanted === 'all' ? null : [...wanted].map((name) => ({ name })),
      allowAutoTopicCreation: allowAutoTopicCreation && wanted !== 'all',
    };
  }

  /** @throws ApiException for an error of the whole answer; `InconsistentClusterIdException` for another cluster's */
  take(response: MetadataResponse): void {
    const { errorCode, clusterId, controllerId, brokers, topics } = response;
    if (errorCode !== 0 && errorCode !== Errors.REBOOTSTRAP_REQUIRED) throw new ApiException(errorCode);
    this.#checkClusterId(clusterId);
    this.#controllerId = controllerId;
    this.nodes.clear();
    for (const { nodeId, host, port } of brokers) this.nodes.set(nodeId, { host, port });
    this.#errors.clear();
    if (this.#wanted === 'all') {
      const present = new Set(topics.map((topic) => topic.name));
      for (const name of this.#topics.keys()) if (!present.has(name)) this.#topics.delete(name);
    }
    for (const topic of topics) {
      const name = topic.name ?? '';
      if (topic.errorCode === 0) this.#topics.set(name, this.#unlessSame(topicMetadata(topic)));
      else {
        this.#topics.delete(name);
        this.#errors.set(name, new ApiException(topic.errorCode, topicMessage(topic.errorCode, name), { key: name }));
      }
    }
  }

  /** Something wanted may be there soon: a topic that is not known everywhere, a partition without a leader. */
  get isUnsettled(): boolean {
    for (const error of this.#errors.values()) if (error.retriable) return true;
    for (const topic of this.#topics.values()) {
      if (this.#wanted !== 'all' && !this.#wanted.has(topic.name)) continue;
      if (topic.partitions.some(({ leader }) => leader < 0)) return true;
    }
    return false;
  }

  /** The object known before when nothing changed: who holds it needn't look again. */
  #unlessSame(topic: TopicMetadata): TopicMetadata {
    const known = this.#topics.get(topic.name);
    return known && JSON.stringify(known) === JSON.stringify(topic) ? known : topic;
  }

  /** Another cluster at the same address has other records behind the same offsets: nothing may go on by itself. */
  #checkClusterId(clusterId: string | null): void {
    if (clusterId !== null && this.#clusterId !== null && clusterId !== this.#clusterId) {
      throw new ApiException(
        Errors.INCONSISTENT_CLUSTER_ID,
        `The brokers are those of another cluster now: ${clusterId} instead of ${this.#clusterId}`,
        { hint: 'Offsets of the old cluster mean nothing there. Check what runs at the address, then start again.' },
      );
    }
    this.#clusterId ??= clusterId;
  }
}

/** Where our words say more than the code's. */
export function topicMessage(errorCode: number, name: string): string | undefined {
  if (errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION) return `There is no topic ${name}`;
  if (errorCode === Errors.INVALID_TOPIC_EXCEPTION) return `Invalid topic name: ${name}`;
  if (errorCode === Errors.TOPIC_AUTHORIZATION_FAILED) return `Not authorized to access topic: ${name}`;
  return undefined;
}
