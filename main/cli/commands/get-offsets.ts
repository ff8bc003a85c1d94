import { KafkaException } from '../../../common/errors.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';
import { INTERNAL_TOPICS } from '../../topics/topic-filter.ts';
import { adminConfig } from '../admin-config.ts';
import { type AddCommand, type CommandContext, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { GivenOptions } from '../given-options.ts';
import { javaText } from '../kafka-failure.ts';
import { addOutputOption } from '../output/output-option.ts';
import { writeLines } from '../output/write-lines.ts';
import { topicAndPartitions, topicPartitionList } from '../topic-partition-filter.ts';

interface Options {
  bootstrapServer?: string;
  commandConfig?: string;
  topic?: string;
  partitions?: string;
  topicPartitions?: string;
  time: string;
  excludeInternalTopics?: true;
  output?: 'json';
}

/** Words for the timestamps that mean a place. Java: `OffsetSpec`. */
const PLACES: ReadonlyMap<string, bigint> = new Map([
  ['latest', -1n],
  ['earliest', -2n],
  ['max-timestamp', -3n],
  ['earliest-local', -4n],
  ['latest-tiered', -5n],
  ['earliest-pending-upload', -6n],
]);

/** `runnel get-offsets`: options and output of `kafka-get-offsets.sh` 4.3. */
export const addGetOffsets: AddCommand = (program, context) => {
  const command = program
    .command('get-offsets')
    .description('Print the offsets of partitions, as kafka-get-offsets does.')
    .option('--bootstrap-server <server to connect to>', 'REQUIRED: the Kafka server to connect to')
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--topic <topic>', 'the topic, or a regular expression; all topics by default')
    .option('--partitions <partition ids>', 'numbers of partitions with commas between; all by default')
    .option(
      '--topic-partitions <list>',
      'instead of both: topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3 (without the end)',
    )
    .option(
      '--time <timestamp>',
      'the first offset at or after it: ms since 1970, or -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload',
      'latest',
    )
    .option('--exclude-internal-topics', "leave Kafka's own topics out")
    .action(async (options: Options) => {
      new GivenOptions(options).require('bootstrap-server');
      try {
        await run(options, context);
      } catch (error) {
        if (error instanceof UsageError) throw new UsageError(`Error occurred: ${error.message}`);
        throw error;
      }
    });
  addOutputOption(command, ['json']);
};

async function run(options: Options, context: CommandContext): Promise<void> {
  if (options.topicPartitions !== undefined && (options.topic !== undefined || options.partitions !== undefined))
    throw new UsageError('--topic-partitions cannot be used with --topic or --partitions');
  const timestamp = timestampOf(options.time);
  const filter =
    options.topicPartitions === undefined
      ? topicAndPartitions(options.topic, options.partitions)
      : topicPartitionList(options.topicPartitions);
  const config = adminConfig({ ...options, bootstrapServer: options.bootstrapServer ?? '' });
  const partitions = await partitionsOf(config, options, filter, context);
  if (partitions.length === 0) {
    context.tell('Error occurred: Could not match any topic-partitions with the specified filters');
    return context.setExitCode(EXIT.failed);
  }
  const reader = context.clients.partitionReader(config);
  const found: (TopicPartition & { offset: bigint })[] = [];
  try {
    // One at a time, so that one that can't be had does not keep the others back.
    for (const { topic, partition } of partitions) {
      try {
        const offsets = await reader.offsetsForTimes([{ topic, partition, timestamp }]);
        const offset = offsets.get(topicPartitionKey(topic, partition)) ?? null;
        if (offset !== null) found.push({ topic, partition, offset });
      } catch (error) {
        if (!(error instanceof KafkaException)) throw error;
        context.tell(`Skip getting offsets for topic-partition ${topic}-${partition} due to error: ${javaText(error)}`);
      }
    }
  } finally {
    await reader.close();
  }
  // Offsets as text in JSON: they may be larger than what its numbers hold everywhere.
  const lines =
    options.output === 'json'
      ? [JSON.stringify(found, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)]
      : found.map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}`);
  await writeLines(context, lines);
}

async function partitionsOf(
  config: Readonly<Record<string, string>>,
  { excludeInternalTopics }: Options,
  filter: (topic: string, partition: number) => boolean,
  { clients }: CommandContext,
): Promise<TopicPartition[]> {
  const admin = clients.admin(config);
  try {
    const topics = (await admin.listTopics()).filter((topic) => !excludeInternalTopics || !INTERNAL_TOPICS.has(topic));
    const all = (await admin.describeTopics(topics)).flatMap(({ name, partitions }) =>
      partitions.map(({ partition }) => ({ topic: name, partition })),
    );
    const order = (a: TopicPartition, b: TopicPartition) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
    return all.filter(({ topic, partition }) => filter(topic, partition)).sort(order);
  } finally {
    await admin.close();
  }
}

function timestampOf(time: string): bigint {
  const place = PLACES.get(time);
  if (place !== undefined) return place;
  if (/^-?\d{1,19}$/.test(time)) return BigInt(time);
  const known = [...PLACES].map(([word, number]) => `${number} or ${word}`).join(' / ');
  throw new UsageError(`Malformed time argument ${time}. Please use ${known}, or a specified long format timestamp`);
}
