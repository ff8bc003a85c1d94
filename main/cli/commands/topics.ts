import { KafkaException } from '../../../common/errors.ts';
import type { Admin, ConfigEntry, TopicDescription } from '../../kafka/api.ts';
import { INTERNAL_TOPICS, includeList } from '../../topics/topic-filter.ts';
import { type AddCommand, type CommandContext, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { collect, integer, loadProps } from '../kafka-options.ts';

interface Options {
  bootstrapServer: string;
  commandConfig?: string;
  list?: true;
  create?: true;
  describe?: true;
  alter?: true;
  delete?: true;
  topic?: string;
  topicId?: string;
  partitions?: number;
  replicationFactor?: number;
  config?: string[];
  ifExists?: true;
  ifNotExists?: true;
  excludeInternal?: true;
  topicsWithOverrides?: true;
}

const ACTIONS = ['list', 'describe', 'create', 'alter', 'delete'] as const;

/** `runnel topics`: options and output of `kafka-topics.sh` 4.3. */
export const addTopics: AddCommand = (program, context) => {
  program
    .command('topics')
    .description('Create, delete, describe or change a topic, as kafka-topics does.')
    .requiredOption('--bootstrap-server <server to connect to>', 'REQUIRED: the Kafka server to connect to')
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--list', 'list all available topics')
    .option('--create', 'create a new topic')
    .option('--describe', 'list details for the given topics')
    .option('--alter', 'alter the number of partitions')
    .option('--delete', 'delete a topic')
    .option('--topic <topic>', 'the topic; a regular expression except for --create')
    .option('--topic-id <topic-id>', 'the topic id to describe')
    .option('--partitions <# of partitions>', 'the number of partitions', integer('partitions'))
    .option('--replication-factor <replication factor>', 'the replication factor', integer('replication-factor'))
    .option('--config <name=value>', 'a setting of the topic to create', collect)
    .option('--if-exists', 'alter, delete or describe only a topic that exists')
    .option('--if-not-exists', 'create only a topic that does not exist')
    .option('--exclude-internal', 'leave internal topics out')
    .option('--topics-with-overrides', 'describe only topics whose settings differ from the default')
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const actions = ACTIONS.filter((name) => options[name]);
  if (actions.length !== 1) {
    throw new UsageError('Command must include exactly one action: --list, --describe, --create, --alter or --delete');
  }
  if (!options.topic && !options.topicId && !options.list && !options.describe)
    throw new UsageError('Missing required argument "[topic]"');
  const admin = context.clients.admin({
    ...Object.fromEntries(loadProps(options.commandConfig)),
    'bootstrap.servers': options.bootstrapServer,
  });
  try {
    const lines = await ACTION[actions[0] as (typeof ACTIONS)[number]](admin, options);
    await context.write(lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    // What the cluster answered is said as Kafka's tool says it; that there is none, as everywhere, with the cure.
    if (!(error instanceof KafkaException) || error.javaClass.endsWith('.NetworkException')) throw error;
    await context.write(`Error while executing topic command : ${error.message}\n`);
    context.tell(`${error.javaClass}: ${error.message}`);
    context.setExitCode(EXIT.failed);
  } finally {
    await admin.close();
  }
}

/** Each action gives the lines to print. */
const ACTION: Record<(typeof ACTIONS)[number], (admin: Admin, options: Options) => Promise<string[]>> = {
  // One line even when there is none: that is what println of an empty list gives.
  list: async (admin, options) => [(await topicsOf(admin, options)).join('\n')],
  create,
  async alter(admin, options) {
    const partitions = options.partitions;
    if (partitions === undefined) throw new UsageError('Missing required argument "[partitions]"');
    for (const topic of await existing(admin, options)) await admin.createPartitions(topic, partitions);
    return [];
  },
  async delete(admin, options) {
    const topics = await existing(admin, options);
    if (topics.length > 0) await admin.deleteTopics(topics);
    return [];
  },
  describe,
};

async function create(admin: Admin, options: Options): Promise<string[]> {
  const name = options.topic as string;
  const { partitions, replicationFactor } = options;
  if (replicationFactor !== undefined && (replicationFactor < 1 || replicationFactor > 32767)) {
    throw new UsageError('The replication factor must be between 1 and 32767 inclusive');
  }
  if (partitions !== undefined && partitions < 1) throw new UsageError('The partitions must be greater than 0');
  const lines = /[._]/.test(name)
    ? [
        "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
      ]
    : [];
  try {
    await admin.createTopics([
      {
        name,
        numPartitions: partitions ?? -1,
        replicationFactor: replicationFactor ?? -1,
        configs: topicConfigs(options),
      },
    ]);
    lines.push(`Created topic ${name}.`);
  } catch (error) {
    const exists = error instanceof KafkaException && error.javaClass.endsWith('.TopicExistsException');
    if (!exists || !options.ifNotExists) throw error;
  }
  return lines;
}

function topicConfigs(options: Options): Record<string, string> {
  const configs = new Map<string, string>();
  for (const argument of options.config ?? []) {
    const parts = argument.split(/\s*=\s*/);
    if (parts.length !== 2) {
      throw new UsageError(
        'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
      );
    }
    configs.set((parts[0] as string).trim(), (parts[1] as string).trim());
  }
  return Object.fromEntries(configs);
}

async function topicsOf(admin: Admin, options: Options): Promise<string[]> {
  const filter = options.topic === undefined ? undefined : includeList(options.topic);
  const all = (await admin.listTopics()).sort((a, b) => (a < b ? -1 : 1));
  return all.filter(
    (name) => (!filter || filter.test(name)) && !(options.excludeInternal && INTERNAL_TOPICS.has(name)),
  );
}

async function existing(admin: Admin, options: Options): Promise<string[]> {
  const topics = await topicsOf(admin, options);
  if (topics.length === 0 && options.topic !== undefined && !options.ifExists) {
    throw new UsageError(`Topic '${options.topic}' does not exist as expected`);
  }
  return topics;
}

async function describe(admin: Admin, options: Options): Promise<string[]> {
  let descriptions: TopicDescription[];
  if (options.topicId !== undefined) {
    descriptions = (await admin.describeTopics(await admin.listTopics())).filter((t) => t.topicId === options.topicId);
    if (descriptions.length === 0 && !options.ifExists) {
      throw new UsageError(`TopicId '${options.topicId}' does not exist as expected`);
    }
  } else {
    descriptions = await admin.describeTopics(await existing(admin, options));
  }
  const configs = await admin.describeTopicConfigs(descriptions.map((topic) => topic.name));
  return descriptions.flatMap((topic) => {
    const overrides = (configs.get(topic.name) ?? []).filter((entry) => !entry.isDefault);
    if (options.topicsWithOverrides) return overrides.length === 0 ? [] : [topicLine(topic, overrides)];
    return [topicLine(topic, overrides), ...partitionLines(topic)];
  });
}

function topicLine(topic: TopicDescription, overrides: readonly ConfigEntry[]): string {
  const configs = overrides.map((entry) => `${entry.name}=${entry.value}`).join(',');
  const replicas = topic.partitions[0]?.replicas.length ?? 0;
  return `Topic: ${topic.name}\tTopicId: ${topic.topicId}\tPartitionCount: ${topic.partitions.length}\tReplicationFactor: ${replicas}\tConfigs: ${configs}`;
}

function partitionLines(topic: TopicDescription): string[] {
  return [...topic.partitions]
    .sort((a, b) => a.partition - b.partition)
    .map(
      (p) =>
        `\tTopic: ${topic.name}\tPartition: ${p.partition}\tLeader: ${p.leader < 0 ? 'none' : p.leader}\tReplicas: ${p.replicas.join(',')}\tIsr: ${p.isr.join(',')}\tElr: \tLastKnownElr: `,
    );
}
