import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { Time } from '../../../common/time.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AutoOffsetReset } from '../settings/auto-offset-reset.ts';
import { EARLIEST_TIMESTAMP, type FoundOffset, LATEST_TIMESTAMP, lookUpOffsets } from './offset-lookup.ts';

export interface ResetLookupOptions {
  cluster: Cluster;
  time: Time;
  policy: AutoOffsetReset;
  isolationLevel: 'read_committed' | 'read_uncommitted';
  timeoutMs: number;
}

/**
 * Where partitions start by `auto.offset.reset`; with a duration at the end, when nothing is as young as that. Rejects as
 * `lookUpOffsets` does.
 */
export async function lookUpResetOffsets(
  { cluster, time, policy, isolationLevel, timeoutMs }: ResetLookupOptions,
  partitions: readonly TopicPartition[],
): Promise<Map<string, FoundOffset>> {
  const isolation = isolationLevel === 'read_committed' ? 1 : 0;
  const at = (timestamp: bigint, each: readonly TopicPartition[]) =>
    lookUpOffsets(
      cluster,
      each.map(({ topic, partition }) => ({ topic, partition, timestamp })),
      isolation,
      timeoutMs,
    );
  if (typeof policy !== 'object') return at(policy === 'earliest' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP, partitions);
  const found = await at(BigInt(Math.max(0, time.milliseconds() - policy.agoMs)), partitions);
  const without = partitions.filter(
    ({ topic, partition }) => (found.get(topicPartitionKey(topic, partition))?.offset ?? 0n) < 0n,
  );
  if (without.length === 0) return found;
  return new Map([...found, ...(await at(LATEST_TIMESTAMP, without))]);
}
