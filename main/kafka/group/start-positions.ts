import { ConfigException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { ApiException, Errors } from '../../protocol/messages/errors.ts';
import type { OffsetMap } from '../api.ts';
import { isRetriable } from '../errors.ts';
import { lookUpResetOffsets, type ResetLookupOptions } from '../fetch/reset-lookup.ts';

/** What looking up a start may take before reading goes on with the partitions that have one, ms. */
const TIMEOUT_MS = 5_000;

/**
 * Where each partition goes on: behind what is committed, else by `auto.offset.reset`. Partitions that can't be looked up
 * now (no leader) are left out.
 *
 * @throws NoOffsetForPartitionException when nothing is committed and the policy is none
 */
export async function startPositions(
  options: Omit<ResetLookupOptions, 'timeoutMs'>,
  assignment: readonly TopicPartition[],
  committed: OffsetMap,
): Promise<Map<string, bigint>> {
  const positions = new Map<string, bigint>();
  for (const [key, { offset }] of committed) positions.set(key, offset);
  const without = assignment.filter(({ topic, partition }) => !positions.has(topicPartitionKey(topic, partition)));
  if (without.length === 0) return positions;
  if (options.policy === 'none') throw new NoOffsetForPartitionException(without);
  try {
    const found = await lookUpResetOffsets({ ...options, timeoutMs: TIMEOUT_MS }, without);
    for (const [key, { offset }] of found) positions.set(key, offset);
  } catch (error) {
    const absent = error instanceof ApiException && error.errorCode === Errors.UNKNOWN_TOPIC_OR_PARTITION;
    if (!isRetriable(error) && !absent) throw error;
  }
  return positions;
}

/** Java: `org.apache.kafka.clients.consumer.NoOffsetForPartitionException`. */
class NoOffsetForPartitionException extends ConfigException {
  override readonly javaClass = 'org.apache.kafka.clients.consumer.NoOffsetForPartitionException';

  constructor(partitions: readonly TopicPartition[]) {
    const names = partitions.map(({ topic, partition }) => topicPartitionKey(topic, partition)).join(', ');
    super(`Undefined offset with no reset policy for partitions: [${names}]`, {
      code: 'NO_OFFSET',
      key: 'auto.offset.reset',
      hint: 'Set auto.offset.reset to earliest or latest, or commit offsets for the group first.',
    });
  }
}
