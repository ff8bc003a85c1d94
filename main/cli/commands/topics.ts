import type { AddCommand } from '../command-context.ts';
import { addExamples } from '../command-examples.ts';
import { collect, once } from '../kafka-options.ts';
import { addOutputOption } from '../output/output-option.ts';

/** As the option parser has them. Numbers are looked at when they are used, as Kafka does. */
export interface TopicsOptions {
  bootstrapServer?: string;
  commandConfig?: string;
  list?: true;
  create?: true;
  describe?: true;
  alter?: true;
  delete?: true;
  topic?: string;
  topicId?: string;
  partitions?: string;
  replicationFactor?: string;
  replicaAssignment?: string;
  config?: string[];
  deleteConfig?: string;
  ifExists?: true;
  ifNotExists?: true;
  excludeInternal?: true;
  topicsWithOverrides?: true;
  underReplicatedPartitions?: true;
  unavailablePartitions?: true;
  underMinIsrPartitions?: true;
  atMinIsrPartitions?: true;
  partitionSizeLimitPerResponse?: string;
  output?: 'json';
}

/** `runnel topics`: options and output of `kafka-topics.sh` 4.3. */
export const addTopics: AddCommand = (program, context) => {
  const command = program
    .command('topics')
    .description('Create, delete, describe or change a topic, as kafka-topics does.')
    .option('--bootstrap-server <server to connect to>', 'REQUIRED: the Kafka server to connect to')
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--list', 'list all available topics')
    .option('--create', 'create a new topic')
    .option('--describe', 'list details for the given topics')
    .option('--alter', 'alter the number of partitions (settings are altered by `runnel configs`)')
    .option('--delete', 'delete a topic')
    .option('--topic <topic>', 'the topic; a regular expression except for --create', once('topic'))
    .option('--topic-id <topic-id>', 'the topic id to describe', once('topic-id'))
    .option('--partitions <# of partitions>', 'the number of partitions', once('partitions'))
    .option('--replication-factor <replication factor>', 'the replication factor', once('replication-factor'))
    .option(
      '--replica-assignment <brokers>',
      'the brokers of each partition: those of one partition with colons between, partitions with commas',
      once('replica-assignment'),
    )
    .option('--config <name=value>', 'a setting of the topic to create', collect)
    .option('--delete-config <name>', 'no longer supported; `runnel configs` does it')
    .option('--if-exists', 'alter, delete or describe only a topic that exists')
    .option('--if-not-exists', 'create only a topic that does not exist')
    .option('--exclude-internal', 'leave internal topics out')
    .option('--topics-with-overrides', 'describe only topics whose settings differ from the default')
    .option('--under-replicated-partitions', 'describe only partitions with replicas that are not in sync')
    .option('--unavailable-partitions', 'describe only partitions without a leader')
    .option('--under-min-isr-partitions', 'describe only partitions with fewer replicas in sync than their minimum')
    .option('--at-min-isr-partitions', 'describe only partitions with as many replicas in sync as their minimum')
    .option('--partition-size-limit-per-response <number>', 'how many partitions one answer may describe')
    .action(async (options: TopicsOptions) => {
      const { runTopics } = await import('../topics/run.ts');
      await runTopics(options, context);
    });
  addOutputOption(command, ['json']);
  addExamples(command, [
    ['--bootstrap-server localhost:9092 --create --topic t --partitions 3', 'a topic'],
    ['--bootstrap-server localhost:9092 --describe --topic "orders.*"', 'all whose names begin so'],
  ]);
};
