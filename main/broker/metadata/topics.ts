import type { PartitionLog } from '../log/partition-log.ts';

/** What was set for a topic; everything else is the broker's default. */
export type TopicConfigs = ReadonlyMap<string, string>;

export interface Topic {
  readonly name: string;
  /** Kafka's base64url form; a topic that is made anew has a new one (KIP-516) */
  readonly id: string;
  readonly isInternal: boolean;
  readonly configs: TopicConfigs;
  /** By partition number. */
  readonly logs: readonly PartitionLog[];
}

/** What is set from what was; called when it is certain that nobody else changes it meanwhile. What it throws ends the change. */
export type ChangeConfigs = (now: TopicConfigs) => TopicConfigs;

/**
 * The topics of this broker, with their logs. Changes are durable when the promise resolves, and happen in the order
 * of the calls. Methods throw ApiException with Kafka's code: INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS,
 * INVALID_PARTITIONS, INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION, KAFKA_STORAGE_ERROR.
 */
export interface Topics {
  /** Another one after each topic that was made or deleted. */
  readonly revision: number;
  all(): readonly Topic[];
  get(name: string): Topic | undefined;
  byId(topicId: string): Topic | undefined;
  /** What `create` would refuse. */
  checkNew(name: string, numPartitions: number, configs: ReadonlyMap<string, string>): void;
  create(name: string, numPartitions: number, configs: ReadonlyMap<string, string>): Promise<Topic>;
  delete(name: string): Promise<void>;
  /** What `addPartitions` would refuse now. */
  checkAddition(name: string, totalCount: number): void;
  addPartitions(name: string, totalCount: number): Promise<void>;
  /** `change` is asked when the changes before this one are done: it makes of what is set for the topic what shall be. */
  changeConfigs(name: string, change: ChangeConfigs): Promise<void>;
}
