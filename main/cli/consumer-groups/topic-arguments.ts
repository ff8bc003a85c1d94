import type { TopicPartition } from '../../../common/kafka/records.ts';
import { UsageError } from '../command-context.ts';

/** `--topic` arguments: partitions that are named, and topics of which all are meant. */
export function parseTopicArguments(args: readonly string[]): { partitions: TopicPartition[]; topics: string[] } {
  return {
    partitions: args.filter((it) => it.includes(':')).flatMap(partitionsOf),
    topics: args.filter((it) => !it.includes(':')),
  };
}

/** `topic:0,1,2`. Java: `OffsetsUtils.parseTopicsWithPartitions`. */
function partitionsOf(argument: string): TopicPartition[] {
  const [topic, partitions, ...more] = argument.split(':');
  if (!topic || !partitions || more.length > 0) {
    throw new UsageError(`Invalid topic arg '${argument}', expected topic name and partitions`);
  }
  return partitions.split(',').map((text) => {
    if (!/^\d{1,9}$/.test(text)) {
      throw new UsageError(`Invalid partition '${text}' specified in topic arg '${argument}''`);
    }
    return { topic, partition: Number(text) };
  });
}
