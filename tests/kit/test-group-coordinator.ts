import type { CoordinatorRecord } from '../../main/broker/coordinator/coordinator-topic.ts';
import { GroupCoordinator } from '../../main/broker/coordinator/group-coordinator.ts';
import type { GroupCoordinatorOptions } from '../../main/broker/coordinator/group-coordinator-options.ts';
import { silentLogger } from '../../main/logging.ts';

/** What a coordinator has written, and whether it can write now. */
export interface WrittenOffsets {
  records: CoordinatorRecord[];
  broken: boolean;
}

/** Groups over a log in memory that has one partition. */
export function testGroupCoordinator(
  written: WrittenOffsets,
  options: Pick<GroupCoordinatorOptions, 'time' | 'randomId'> & Partial<GroupCoordinatorOptions>,
): GroupCoordinator {
  return new GroupCoordinator({
    logger: silentLogger,
    log: {
      append: async (_, records) => {
        if (written.broken) throw new Error('disk full');
        written.records.push(...records);
      },
      partitionFor: () => 0,
    },
    initialRebalanceDelayMs: 0,
    minSessionTimeoutMs: 6000,
    maxSessionTimeoutMs: 1_800_000,
    maxSize: 2_147_483_647,
    topicNamed: () => undefined,
    topicNameOf: () => undefined,
    topicNames: { revision: 0, names: () => [] },
    consumerSessionTimeoutMs: 45_000,
    consumerHeartbeatIntervalMs: 5000,
    consumerMaxSize: 2_147_483_647,
    migrationPolicy: 'bidirectional',
    offsetsRetentionMs: 3_600_000,
    maxMetadataLength: 4096,
    ...options,
  });
}
