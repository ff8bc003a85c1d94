import { type CommandContext, UsageError } from '../command-context.ts';
import type { GivenOptions } from '../given-options.ts';

const ACTIONS = ['list', 'describe', 'create', 'alter', 'delete'] as const;
export type TopicsAction = (typeof ACTIONS)[number];

/** Options with the actions that they belong to. */
const BELONGS_TO: readonly (readonly [option: string, actions: readonly TopicsAction[]])[] = [
  ['config', ['alter', 'create']],
  ['partitions', ['alter', 'create']],
  ['replication-factor', ['create']],
  ['replica-assignment', ['alter', 'create']],
  ['under-replicated-partitions', ['describe']],
  ['under-min-isr-partitions', ['describe']],
  ['at-min-isr-partitions', ['describe']],
  ['unavailable-partitions', ['describe']],
  ['topics-with-overrides', ['describe']],
  ['if-exists', ['alter', 'delete', 'describe']],
  ['if-not-exists', ['create']],
  ['exclude-internal', ['list', 'describe']],
];
export const REPORTS = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
] as const;

/** Which action is meant. Throws UsageError with Kafka's sentences. Java: `TopicCommandOptions.checkArgs`. */
export function checkTopicsOptions(given: GivenOptions, context: CommandContext): TopicsAction {
  const action = given.action(
    ACTIONS,
    'Command must include exactly one action: --list, --describe, --create, --alter or --delete',
  );
  if (given.has('delete-config')) {
    context.tell(
      'delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.',
    );
  }
  if (!given.has('bootstrap-server')) throw new UsageError('--bootstrap-server must be specified');
  if (action === 'describe' && given.has('if-exists') && !given.has('topic') && !given.has('topic-id')) {
    throw new UsageError('--topic or --topic-id is required to describe a topic');
  }
  // Without it, --delete and --alter would be for every topic.
  if (action !== 'list' && action !== 'describe') given.require('topic');
  if (action === 'alter') {
    if (given.has('config')) {
      throw new UsageError(
        'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)',
      );
    }
    given.require('partitions');
  }
  for (const [option, actions] of BELONGS_TO) {
    given.exclude(
      option,
      ACTIONS.filter((other) => !actions.includes(other)),
    );
    if (option === 'replica-assignment' && action === 'create') {
      given.exclude(option, ['partitions', 'replication-factor']);
    }
    if ((REPORTS as readonly string[]).includes(option)) given.exclude(option, ['topics-with-overrides']);
  }
  return action;
}
