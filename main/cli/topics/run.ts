import { KafkaException } from '../../../common/errors.ts';
import type { Admin } from '../../kafka/api.ts';
import { INTERNAL_TOPICS, includeList } from '../../topics/topic-filter.ts';
import { adminConfig } from '../admin-config.ts';
import { type CommandContext, UsageError } from '../command-context.ts';
import type { TopicsOptions } from '../commands/topics.ts';
import { EXIT } from '../exit-codes.ts';
import { GivenOptions } from '../given-options.ts';
import { isUnreachable, tellError } from '../kafka-failure.ts';
import { writeLines } from '../output/write-lines.ts';
import { checkTopicsOptions, type TopicsAction } from './check-options.ts';
import { createTopic } from './create-topic.ts';
import { describeTopics } from './describe-topics.ts';
import { parseInteger, replicaAssignment } from './numbers.ts';

/** What the actions work with. */
export interface TopicsRun {
  options: TopicsOptions;
  given: GivenOptions;
  context: CommandContext;
  admin: Admin;
}

/** Java: `TopicCommand`. */
export async function runTopics(options: TopicsOptions, context: CommandContext): Promise<void> {
  const given = new GivenOptions(options);
  const action = checkTopicsOptions(given, context);
  const admin = context.clients.admin(adminConfig({ ...options, bootstrapServer: options.bootstrapServer ?? '' }));
  try {
    await ACTION[action]({ options, given, context, admin });
  } catch (error) {
    // What is wrong with a value is said as what the cluster answered is; that there is none, as everywhere, with the cure.
    if (!(error instanceof UsageError) && isUnreachable(error)) throw error;
    await writeLines(context, [`Error while executing topic command : ${(error as Error).message}`]);
    if (error instanceof KafkaException) tellError(context, error);
    context.setExitCode(EXIT.failed);
  } finally {
    await admin.close();
  }
}

const ACTION: Record<TopicsAction, (run: TopicsRun) => Promise<void>> = {
  async list(run) {
    const topics = await topicsOf(run);
    // One line even when there is none: that is what println of an empty list gives.
    await writeLines(run.context, [
      run.options.output === 'json' ? JSON.stringify(topics, null, 2) : topics.join('\n'),
    ]);
  },
  create: createTopic,
  async alter(run) {
    const { options, admin } = run;
    const partitions = parseInteger('partitions', options.partitions ?? '');
    const assignment = replicaAssignment(options.replicaAssignment);
    const topics = await existing(run);
    for (const { name, partitions: present } of await admin.describeTopics(topics)) {
      await admin.createPartitions(name, partitions, assignment?.slice(present.length));
    }
  },
  async delete(run) {
    await run.admin.deleteTopics(await existing(run));
  },
  describe: describeTopics,
};

/** Sorted names that `--topic` and `--exclude-internal` let through. */
async function topicsOf({ options, admin }: TopicsRun): Promise<string[]> {
  const filter = options.topic === undefined ? undefined : includeList(options.topic);
  const all = (await admin.listTopics()).sort((a, b) => (a < b ? -1 : 1));
  return all.filter(
    (name) => (!filter || filter.test(name)) && !(options.excludeInternal && INTERNAL_TOPICS.has(name)),
  );
}

/** The same; a topic that was asked for has to be there, unless `--if-exists` is given. */
export async function existing(run: TopicsRun): Promise<string[]> {
  const { topic, ifExists } = run.options;
  const topics = await topicsOf(run);
  if (topics.length === 0 && topic && !ifExists) {
    throw new UsageError(`Topic '${topic}' does not exist as expected`);
  }
  return topics;
}
