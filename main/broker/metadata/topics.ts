import type { PartitionLog } from '../log/partition-log.ts';

export interface Topic {
  readonly name: string;
  /** Kafka's base64url form; a topic that is made anew has a new one (KIP-516) */
  readonly id: string;
  readonly isInternal: boolean;
  /** What was set for it; everything else is the broker's default. */
  readonly configs: ReadonlyMap<string, string>;
  /** By partition number. */
  readonly logs: readonly PartitionLog[];
}

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
  addPartitions(name: string, totalCount: number): Promise<void>;
  /** Replaces what was set for the topic. */
  setConfigs(name: string, configs: ReadonlyMap<string, string>): Promise<void>;
}
