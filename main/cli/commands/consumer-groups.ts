import type { AddCommand, CommandContext } from '../command-context.ts';
import { addExamples } from '../command-examples.ts';
import { collect } from '../kafka-options.ts';
import { addOutputOption } from '../output/output-option.ts';

/** As the option parser has them. What `--to-offset` and its like hold is looked at when it is used, as Kafka does. */
export interface ConsumerGroupsOptions {
  bootstrapServer?: string;
  commandConfig?: string;
  group?: string[];
  topic?: string[];
  allGroups?: true;
  allTopics?: true;
  list?: true;
  describe?: true;
  delete?: true;
  deleteOffsets?: true;
  resetOffsets?: true;
  validateRegex?: string;
  timeout?: string;
  dryRun?: true;
  execute?: true;
  export?: true;
  toOffset?: string;
  fromFile?: string;
  toDatetime?: string;
  byDuration?: string;
  toEarliest?: true;
  toLatest?: true;
  toCurrent?: true;
  shiftBy?: string;
  members?: true;
  offsets?: true;
  verbose?: true;
  state?: string | true;
  type?: string | true;
  output?: 'json';
}

/** `runnel consumer-groups`: options and output of `kafka-consumer-groups.sh` 4.3. */
export const addConsumerGroups: AddCommand = (program, context) => {
  const command = program
    .command('consumer-groups')
    .description('List, describe or delete consumer groups, or reset their offsets, as kafka-consumer-groups does.')
    .option(
      '--bootstrap-server <server to connect to>',
      'REQUIRED (but for --validate-regex): the Kafka server to connect to',
    )
    .option('--command-config <file>', 'properties file of admin client settings')
    .option('--timeout <ms>', 'how long a request may take (default: 5000)')
    .option('--list', 'list all consumer groups')
    .option('--describe', 'describe groups and how far behind they are')
    .option('--delete', 'delete whole groups')
    .option('--delete-offsets', 'delete offsets of a group; may name several topics')
    .option('--reset-offsets', 'reset offsets of a group that has no members')
    .option('--validate-regex <regex>', 'say whether this is a regular expression (RE2) that groups can subscribe with')
    .option('--group <consumer group>', 'the group; may be given several times', collect)
    .option('--all-groups', 'all groups')
    .option('--topic <topic>', 'a topic, or some of its partitions: topic1:0,1,2; may be given several times', collect)
    .option('--all-topics', 'all topics that the group has offsets of')
    .option('--offsets', 'with --describe: the partitions with offsets and lag (this is what it shows by itself)')
    .option('--members', 'with --describe: the members')
    .option('--state [states]', 'with --describe: the state; with --list: the states, or only groups in these')
    .option('--type [types]', 'with --list: the types of the groups, or only groups of these: classic,consumer')
    .option('--verbose', 'with --describe: more columns')
    .option('--to-earliest', 'reset to the earliest offset')
    .option('--to-latest', 'reset to the latest offset')
    .option('--to-current', 'reset to the current offset')
    .option('--to-offset <offset>', 'reset to this offset')
    .option('--shift-by <number-of-offsets>', 'reset by n from the current offset, forward or (negative) back')
    .option('--to-datetime <datetime>', 'reset to the first record from then on: YYYY-MM-DDThh:mm:ss.sss')
    .option('--by-duration <duration>', 'reset to the first record since so long ago: PnDTnHnMnS')
    .option('--from-file <CSV file>', 'reset to the offsets of a file that --export has written')
    .option('--dry-run', 'show what --reset-offsets would do (this is what it does by itself)')
    .option('--execute', 'do it')
    .option('--export', 'print the result of --reset-offsets as CSV')
    .action(async (options: ConsumerGroupsOptions) => {
      const { runConsumerGroups } = await import('../consumer-groups/run.ts');
      await runConsumerGroups(options, context satisfies CommandContext);
    });
  addOutputOption(command, ['json']);
  addExamples(command, [
    ['--bootstrap-server localhost:9092 --describe --group g', 'how far behind the group is'],
    ['--bootstrap-server localhost:9092 --reset-offsets --group g --topic t --to-earliest --execute', 'read again'],
  ]);
  command.addHelpText(
    'after',
    `
What Kafka answers with an error is printed on standard output after "Error:", and the exit code is 0: so does kafka-consumer-groups, and scripts rely on it.`,
  );
};
