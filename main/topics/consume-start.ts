import type { ConsumeRequest } from '../../common/kafka/consume.ts';
import { type TopicPartition, topicPartitionKey } from '../../common/kafka/records.ts';
import type { PartitionReader } from '../kafka/api.ts';

/** The offset at which a consumer begins in each partition. Those outside of what a partition has are moved to its nearer end. */
export async function startsOf(
  reader: PartitionReader,
  { start }: ConsumeRequest,
  partitions: readonly TopicPartition[],
  ends: ReadonlyMap<string, bigint>,
): Promise<(TopicPartition & { offset: bigint })[]> {
  const beginnings = await reader.beginningOffsets(partitions);
  const beginningOf = (tp: TopicPartition) => beginnings.get(topicPartitionKey(tp.topic, tp.partition)) ?? 0n;
  const endOf = (tp: TopicPartition) => ends.get(topicPartitionKey(tp.topic, tp.partition)) ?? 0n;
  const at = (wanted: (tp: TopicPartition) => bigint) =>
    partitions.map((tp) => {
      const beginning = beginningOf(tp);
      const end = endOf(tp);
      const offset = wanted(tp);
      return { ...tp, offset: offset < beginning ? beginning : offset > end ? end : offset };
    });
  switch (start.type) {
    case 'now':
      // The ends as they were just seen: nothing that is written from now on is missed.
      return at(endOf);
    case 'beginning':
      return at(beginningOf);
    case 'offset':
      return at(() => start.offset);
    case 'timestamp': {
      const { timestamp } = start;
      const found = await reader.offsetsForTimes(partitions.map((tp) => ({ ...tp, timestamp })));
      return at((tp) => found.get(topicPartitionKey(tp.topic, tp.partition)) ?? endOf(tp));
    }
    case 'last':
      return at((tp) => endOf(tp) - BigInt(start.records));
    case 'positions': {
      const positions = new Map(start.positions.map(({ partition, position }) => [partition, position]));
      return at((tp) => positions.get(tp.partition) ?? beginningOf(tp));
    }
  }
}
