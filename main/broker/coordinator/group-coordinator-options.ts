import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { OffsetsLog } from './group-log.ts';
import type { MigrationPolicy } from './group-migration.ts';
import type { TopicNames } from './topic-patterns.ts';

/** What groups need, and the broker's settings of them. */
export interface GroupCoordinatorOptions {
  time: Time;
  logger: Logger;
  log: OffsetsLog;
  /** A random id for new members (a UUID). */
  randomId(): string;
  initialRebalanceDelayMs: number;
  minSessionTimeoutMs: number;
  maxSessionTimeoutMs: number;
  /** `group.max.size` */
  maxSize: number;
  topicNamed(name: string): { id: string; partitions: number } | undefined;
  topicNameOf(topicId: string): string | undefined;
  topicNames: TopicNames;
  /** Of groups of the new protocol (`group.consumer.session.timeout.ms`, `group.consumer.heartbeat.interval.ms`). */
  consumerSessionTimeoutMs: number;
  consumerHeartbeatIntervalMs: number;
  /** `group.consumer.max.size` */
  consumerMaxSize: number;
  /** `group.consumer.migration.policy` */
  migrationPolicy: MigrationPolicy;
  /** Offsets of a group without members are forgotten after so long (`offsets.retention.minutes`). */
  offsetsRetentionMs: number;
  /** The longest text beside an offset (`offset.metadata.max.bytes`). */
  maxMetadataLength: number;
}
