import { KafkaException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import type { TopicDescription } from '../../kafka/api.ts';
import { UsageError } from '../command-context.ts';
import type { ConsumerGroupsRun } from './run.ts';
import { parseTopicArguments } from './topic-arguments.ts';

/** Those of `--topic`, or all that the group has offsets of; none for `--from-file`, which names its own. */
export async function partitionsToReset(
  { options, given, admin }: ConsumerGroupsRun,
  groupId: string,
): Promise<TopicPartition[]> {
  if (given.has('all-topics')) {
    const committed = [...(await admin.groupOffsets(groupId)).values()];
    return checked(committed, await admin.describeTopics(topicsOf(committed)));
  }
  if (!given.has('topic')) {
    if (given.has('from-file')) return [];
    throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.');
  }
  const { partitions, topics } = parseTopicArguments(options.topic ?? []);
  const described = await admin.describeTopics([...new Set([...topicsOf(partitions), ...topics])]);
  const whole = described
    .filter(({ name }) => topics.includes(name))
    .flatMap(({ name: topic, partitions: all }) => all.map(({ partition }) => ({ topic, partition })));
  return checked([...partitions, ...whole], described);
}

function topicsOf(partitions: readonly TopicPartition[]): string[] {
  return [...new Set(partitions.map(({ topic }) => topic))];
}

/** Each once. Throws for those that are not there or have no leader. Java: `OffsetsUtils.checkAllTopicPartitionsValid`. */
export function checked(partitions: readonly TopicPartition[], topics: readonly TopicDescription[]): TopicPartition[] {
  const leaders = new Map(
    topics.flatMap(({ name, partitions: all }) =>
      all.map(({ partition, leader }) => [topicPartitionKey(name, partition), leader] as const),
    ),
  );
  const byKey = new Map(partitions.map((it) => [topicPartitionKey(it.topic, it.partition), it]));
  const keys = [...byKey.keys()];
  const missing = keys.filter((key) => !leaders.has(key));
  if (missing.length > 0) throw new PartitionsMissing(`The partitions "${missing.join(',')}" do not exist`);
  const leaderless = keys.filter((key) => (leaders.get(key) as number) < 0);
  if (leaderless.length > 0) throw new LeadersMissing(`The partitions "${leaderless.join(',')}" have no leader`);
  return [...byKey.values()];
}

class PartitionsMissing extends KafkaException {
  // Kafka's class is UnknownTopicOrPartitionException; its sentence is its own here.
  override readonly javaClass = 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException';
}

class LeadersMissing extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.common.errors.LeaderNotAvailableException';
}
