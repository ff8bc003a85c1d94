import { KafkaException } from '../../../common/errors.ts';
import type { Admin, PartitionReader } from '../../kafka/api.ts';
import { adminConfig } from '../admin-config.ts';
import { type CommandContext, UsageError } from '../command-context.ts';
import type { ConsumerGroupsOptions } from '../commands/consumer-groups.ts';
import { GivenOptions } from '../given-options.ts';
import { isUnreachable, javaMessage, javaText, tellError } from '../kafka-failure.ts';
import { writeLines } from '../output/write-lines.ts';
import { checkConsumerGroupsOptions } from './check-options.ts';
import { deleteGroups } from './delete-groups.ts';
import { deleteOffsets } from './delete-offsets.ts';
import { describeGroups } from './describe-groups.ts';
import { listGroups } from './list-groups.ts';
import { resetOffsets } from './reset-offsets.ts';
import { validateRegex } from './validate-regex.ts';

/** What the actions work with. */
export interface ConsumerGroupsRun {
  options: ConsumerGroupsOptions;
  given: GivenOptions;
  context: CommandContext;
  admin: Admin;
  /** For the ends of partitions. */
  reader: PartitionReader;
}

/** An answer of Kafka's that ends the action; `message` is what stands after "failed due to". */
export class ActionFailure extends Error {
  declare readonly cause: KafkaException;

  constructor(message: string, cause: KafkaException) {
    super(message, { cause });
  }
}

const DEFAULT_TIMEOUT_MS = 5000;
const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const;
const ACTION: Record<Exclude<(typeof ACTIONS)[number], 'validate-regex'>, (run: ConsumerGroupsRun) => Promise<void>> = {
  list: listGroups,
  describe: describeGroups,
  delete: deleteGroups,
  'reset-offsets': resetOffsets,
  'delete-offsets': deleteOffsets,
};

/** Java: `ConsumerGroupCommand`. */
export async function runConsumerGroups(options: ConsumerGroupsOptions, context: CommandContext): Promise<void> {
  const given = new GivenOptions(options);
  checkConsumerGroupsOptions(given, options, context);
  const action = given.action(
    ACTIONS,
    `Command must include exactly one action: ${ACTIONS.map((name) => `--${name}`).join(', ')}`,
  );
  if (action === 'validate-regex') return validateRegex(options.validateRegex ?? '', context);
  const config = adminConfig({ ...options, bootstrapServer: options.bootstrapServer ?? '' });
  const timeout = await numbers(options, context);
  if (timeout === undefined) return;
  const timeouts = { 'default.api.timeout.ms': `${timeout}`, 'request.timeout.ms': `${timeout}` };
  const admin = context.clients.admin({ ...config, ...timeouts });
  const reader = context.clients.partitionReader({ ...config, ...timeouts });
  try {
    await ACTION[action]({ options, given, context, admin, reader });
  } catch (error) {
    if (error instanceof ActionFailure) await failed(context, error.message, error.cause);
    else if (error instanceof KafkaException && !isUnreachable(error)) await failed(context, javaText(error), error);
    else throw error;
  } finally {
    await Promise.all([reader.close(), admin.close()]);
  }
}

/** For what Java throws as it is, where elsewhere (and for what it wraps) the class stands in front. */
export async function withPlainMessage<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof KafkaException) || isUnreachable(error)) throw error;
    const isWrapped = error.javaClass.startsWith('java.text.') || error.javaClass.startsWith('java.io.');
    throw new ActionFailure(isWrapped ? javaText(error) : javaMessage(error), error);
  }
}

async function failed(context: CommandContext, message: string, cause: KafkaException): Promise<void> {
  await printError(context, `Executing consumer group command failed due to ${message}`);
  tellError(context, cause);
}

/** Java: `ConsumerGroupCommand.printError`. */
export async function printError(context: CommandContext, sentence: string): Promise<void> {
  await writeLines(context, ['', `Error: ${sentence}`]);
}

/** The time-out, ms; undefined when a number among the options is none: that is said here, with Kafka's sentence. */
async function numbers(options: ConsumerGroupsOptions, context: CommandContext): Promise<number | undefined> {
  const given = { 'to-offset': options.toOffset, 'shift-by': options.shiftBy, timeout: options.timeout };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || /^[-+]?\d{1,18}$/.test(value)) continue;
    await printError(
      context,
      `Executing consumer group command failed due to Cannot parse argument '${value}' of option ${name}`,
    );
    return undefined;
  }
  const timeout = Number(options.timeout ?? DEFAULT_TIMEOUT_MS);
  if (timeout <= 0) throw new UsageError(`Cannot parse argument '${timeout}' of option timeout: it has to be above 0`);
  return timeout;
}
