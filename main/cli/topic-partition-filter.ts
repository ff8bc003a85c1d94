import { includeList, javaRegex } from '../topics/topic-filter.ts';
import { UsageError } from './command-context.ts';

/** Which partitions of which topics are meant. */
export type TopicPartitionFilter = (topic: string, partition: number) => boolean;

/** `--topic` and `--partitions` of kafka-get-offsets; absent: all. Java: `GetOffsetShell.createTopicPartitionFilterWithTopicAndPartitionPattern`. */
export function topicAndPartitions(topic: string | undefined, partitions: string | undefined): TopicPartitionFilter {
  const names = topic === undefined ? null : includeList(topic);
  const numbers =
    partitions === undefined || partitions === ''
      ? null
      : new Set(partitions.split(',').map(partitionNumber(partitions)));
  return (name, partition) => (names === null || names.test(name)) && (numbers === null || numbers.has(partition));
}

function partitionNumber(all: string): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text)) return Number(text);
    throw new UsageError(`--partitions expects a comma separated list of numeric partition ids, but received: ${all}`);
  };
}

/** `orders:0,lines:0-2,x:5-,y:-3,z`: a regular expression of topics and a range without its end. Java: `parseRuleSpec`. */
export function topicPartitionList(list: string): TopicPartitionFilter {
  const rules = list.split(',').map(rule);
  return (topic, partition) => rules.some((fits) => fits(topic, partition));
}

function rule(text: string): TopicPartitionFilter {
  const match = /^([^:,]*)(?::(?:(\d*)|(?:(\d*)-(\d*))))?$/.exec(text);
  if (match === null) throw new UsageError(`Invalid rule specification: ${text}`);
  const [, topic = '', one, from, to] = match;
  const names = topic === '' ? null : javaRegex(topic, 'topic-partitions');
  const lower = one ? Number(one) : from ? Number(from) : 0;
  const upper = one ? lower + 1 : to ? Number(to) : Number.POSITIVE_INFINITY;
  return (name, partition) => (names === null || names.test(name)) && partition >= lower && partition < upper;
}
