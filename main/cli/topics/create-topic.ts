import { KafkaException } from '../../../common/errors.ts';
import { UsageError } from '../command-context.ts';
import { writeLines } from '../output/write-lines.ts';
import { parseInteger, replicaAssignment } from './numbers.ts';
import type { TopicsRun } from './run.ts';

const MAX_REPLICATION_FACTOR = 32_767;

/** `--create`. Java: `TopicService.createTopic`. */
export async function createTopic({ options, admin, context }: TopicsRun): Promise<void> {
  const name = options.topic ?? '';
  const number = (option: string, text: string | undefined) =>
    text === undefined ? undefined : parseInteger(option, text);
  const partitions = number('partitions', options.partitions);
  const replicas = number('replication-factor', options.replicationFactor);
  const assignments = replicaAssignment(options.replicaAssignment);
  const configs = topicConfigs(options.config ?? []);
  if (/[._]/.test(name)) {
    await writeLines(context, [
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
    ]);
  }
  if (replicas !== undefined && (replicas < 1 || replicas > MAX_REPLICATION_FACTOR)) {
    throw new UsageError(`The replication factor must be between 1 and ${MAX_REPLICATION_FACTOR} inclusive`);
  }
  if (partitions !== undefined && partitions < 1) throw new UsageError('The partitions must be greater than 0');
  try {
    await admin.createTopics([
      { name, numPartitions: partitions ?? -1, replicationFactor: replicas ?? -1, assignments, configs },
    ]);
    await writeLines(context, [`Created topic ${name}.`]);
  } catch (error) {
    const exists = error instanceof KafkaException && error.javaClass.endsWith('.TopicExistsException');
    if (!exists || !options.ifNotExists) throw error;
  }
}

function topicConfigs(args: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    args.map((argument) => {
      const [name, value, ...more] = argument.split(/\s*=\s*/);
      // An empty value at the end is none for Java's split.
      if (name === undefined || !value || more.some((part) => part !== '')) {
        throw new UsageError(
          'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
        );
      }
      return [name.trim(), value.trim()];
    }),
  );
}
