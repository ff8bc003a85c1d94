import { type CommandContext, UsageError } from '../command-context.ts';
import type { ConsumerGroupsOptions } from '../commands/consumer-groups.ts';
import { checkAvailable, type GivenOptions } from '../given-options.ts';

/** Ways to say where to reset to, in the order in which Kafka looks at them. */
const RESET_SCENARIOS = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'to-current',
  'shift-by',
  'from-file',
] as const;

const AVAILABLE_BESIDE = {
  members: ['describe'],
  verbose: ['describe'],
  offsets: ['describe'],
  state: ['describe', 'list'],
  type: ['list'],
} as const;

/** What may stand beside what. Throws UsageError with Kafka's sentences. Java: `ConsumerGroupCommandOptions.checkArgs`. */
export function checkConsumerGroupsOptions(
  given: GivenOptions,
  options: ConsumerGroupsOptions,
  context: CommandContext,
): void {
  checkAvailable(given, AVAILABLE_BESIDE);
  if (!given.has('validate-regex')) given.require('bootstrap-server');
  const groupsAreGiven = given.has('group') || given.has('all-groups');
  const needsGroups = (action: string) => {
    if (!groupsAreGiven) throw new UsageError(`Option [${action}] takes one of these options: [group], [all-groups]`);
  };
  if (given.has('describe')) {
    needsGroups('describe');
    if (['members', 'offsets', 'state'].filter((name) => given.has(name)).length > 1) {
      throw new UsageError('Option [describe] takes at most one of these options: [members], [offsets], [state]');
    }
    if (typeof options.state === 'string') {
      throw new UsageError('Option [describe] does not take a value for [state]');
    }
  }
  if (given.has('delete')) {
    needsGroups('delete');
    if (given.has('topic')) {
      throw new UsageError('The consumer does not support topic-specific offset deletion from a consumer group.');
    }
  }
  if (given.has('delete-offsets') && !(given.has('group') && given.has('topic'))) {
    throw new UsageError('Option [delete-offsets] takes the following options: [group], [topic]');
  }
  if (given.has('reset-offsets')) {
    if (given.has('dry-run') && given.has('execute')) {
      throw new UsageError('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
    }
    if (!given.has('dry-run') && !given.has('execute')) context.tell(NOTHING_IS_DONE);
    needsGroups('reset-offsets');
    for (const scenario of RESET_SCENARIOS) {
      given.exclude(
        scenario,
        RESET_SCENARIOS.filter((other) => other !== scenario),
      );
    }
  }
  given.exclude('group', ['all-groups', 'list']);
  given.exclude('topic', ['list', 'describe']);
}

/** The sentence of Kafka 4.3. */
const NOTHING_IS_DONE =
  'WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.';

/** What a reset needs one of, for the sentence that says so. */
export const RESET_SCENARIOS_TEXT = `[${RESET_SCENARIOS.map((name) => `[${name}]`).join(', ')}]`;
