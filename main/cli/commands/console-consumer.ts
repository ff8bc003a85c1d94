import type { StartOffset } from '../../kafka/api.ts';
import { runConsoleConsumer } from '../../topics/console-consumer.ts';
import { messageFormatter } from '../../topics/message-formatter.ts';
import { javaRegex } from '../../topics/topic-filter.ts';
import { type AddCommand, type CommandContext, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { collect, eitherSpelling, integer, loadProps, parseKeyValueArgs } from '../kafka-options.ts';

const FORMATTER_PROPERTIES =
  'print.timestamp, print.key, print.offset, print.epoch, print.partition, print.headers, print.value (true|false), ' +
  'key.separator, line.separator, headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer';

interface Options {
  bootstrapServer: string;
  topic?: string;
  include?: string;
  partition?: number;
  offset?: string;
  fromBeginning?: true;
  maxMessages?: number;
  timeoutMs?: number;
  group?: string;
  isolationLevel: string;
  formatter: string;
  formatterProperty?: string[];
  property?: string[];
  formatterConfig?: string;
  commandProperty?: string[];
  consumerProperty?: string[];
  commandConfig?: string;
  'consumer.config'?: string;
  keyDeserializer?: string;
  valueDeserializer?: string;
  skipMessageOnError?: true;
  enableSystestEvents?: true;
}

/** `runnel console-consumer`: options and output of `kafka-console-consumer.sh` 4.3, older spellings included. */
export const addConsoleConsumer: AddCommand = (program, context) => {
  program
    .command('console-consumer')
    .description('Read records from topics and write them to standard output, as kafka-console-consumer does.')
    .requiredOption('--bootstrap-server <server to connect to>', 'REQUIRED: the servers to connect to')
    .option('--topic <topic>', 'the topic to consume from')
    .option('--include <Java regex>', 'regular expression of the topics to consume from')
    .option(
      '--partition <partition>',
      'the partition to consume from; from its end unless --offset is given',
      integer('partition'),
    )
    .option('--offset <consume offset>', "a non-negative number, 'earliest' or 'latest' (needs --partition)")
    .option('--from-beginning', 'start with the earliest record when the group has no committed offset')
    .option('--max-messages <num_messages>', 'exit after so many records', integer('max-messages'))
    .option('--timeout-ms <timeout_ms>', 'exit when no record is available for so long', integer('timeout-ms'))
    .option('--group <consumer group id>', 'the consumer group; its offsets are committed')
    .option('--isolation-level <level>', 'read_committed or read_uncommitted', 'read_uncommitted')
    .option(
      '--formatter <class>',
      'the class that formats records',
      'org.apache.kafka.tools.consumer.DefaultMessageFormatter',
    )
    .option('--formatter-property <prop>', `a property of the formatter: ${FORMATTER_PROPERTIES}`, collect)
    .option('--property <prop>', '(before Kafka 4.2) the same as --formatter-property', collect)
    .option('--formatter-config <config file>', 'properties file of the formatter; --formatter-property goes before it')
    .option('--command-property <consumer_prop>', 'a consumer setting, key=value', collect)
    .option('--consumer-property <consumer_prop>', '(before Kafka 4.2) the same as --command-property', collect)
    .option('--command-config <config file>', 'properties file of consumer settings; --command-property goes before it')
    .option('--consumer.config <config file>', '(before Kafka 4.2) the same as --command-config')
    .option('--key-deserializer <class>', 'the class that deserializes keys')
    .option('--value-deserializer <class>', 'the class that deserializes values')
    .option('--skip-message-on-error', 'skip a record that cannot be formatted instead of ending')
    .option('--enable-systest-events', 'say shutdown_complete at the end')
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  check(options);
  const deprecated: [unknown, string, string][] = [
    [options.consumerProperty, '--consumer-property', '--command-property'],
    [options['consumer.config'], '--consumer.config', '--command-config'],
    [options.property, '--property', '--formatter-property'],
  ];
  const commandProperty = eitherSpelling(
    options.commandProperty,
    '--command-property',
    options.consumerProperty,
    '--consumer-property',
  );
  const commandConfig = eitherSpelling(
    options.commandConfig,
    '--command-config',
    options['consumer.config'],
    '--consumer.config',
  );
  const formatterProperty = eitherSpelling(
    options.formatterProperty,
    '--formatter-property',
    options.property,
    '--property',
  );
  const fromFile = loadProps(commandConfig);
  const extra = parseKeyValueArgs(commandProperty);
  const consumerConfig = consumerProps(options, fromFile, extra);
  const formatter = messageFormatter(options.formatter, formatterArgs(options, formatterProperty));
  // Kafka says this on standard output, before the records; whoever compares both sees the same bytes.
  for (const [value, old, present] of deprecated) {
    if (value !== undefined) {
      await context.write(
        `Option ${old} is deprecated and will be removed in a future version. Use ${present} instead.\n`,
      );
    }
  }
  let processed = 0;
  try {
    await runConsoleConsumer(
      {
        topic: options.topic,
        include: options.include === undefined ? undefined : javaRegex(options.include, 'include'),
        partition: options.partition,
        start: startOffset(options),
        consumerConfig,
        formatter,
        maxMessages: options.maxMessages,
        timeoutMs: options.timeoutMs !== undefined && options.timeoutMs >= 0 ? options.timeoutMs : undefined,
        skipMessageOnError: options.skipMessageOnError === true,
      },
      {
        clients: context.clients,
        time: context.time,
        logger: context.logger.named('tools.ConsoleConsumer'),
        write: context.write,
      },
      context.signal,
      (count) => {
        processed = count;
      },
    );
  } finally {
    context.tell(`Processed a total of ${processed} messages`);
  }
  if (options.enableSystestEvents) await context.write('shutdown_complete\n');
  context.setExitCode(EXIT.ok);
}

function check(options: Options): void {
  if ((options.topic === undefined) === (options.include === undefined)) {
    throw new UsageError('Exactly one of the following arguments is required: [topic], [include]');
  }
  if (options.partition !== undefined) {
    if (options.topic === undefined) throw new UsageError('The topic is required when partition is specified.');
    if (options.fromBeginning && options.offset !== undefined) {
      throw new UsageError('Options from-beginning and offset cannot be specified together.');
    }
  } else if (options.offset !== undefined) {
    throw new UsageError('The partition is required when offset is specified.');
  }
}

function startOffset(options: Options): StartOffset {
  const offset = options.offset?.toLowerCase() ?? (options.fromBeginning ? 'earliest' : 'latest');
  if (offset === 'earliest' || offset === 'latest') return offset;
  if (!/^\d+$/.test(offset)) {
    throw new UsageError(
      `The provided offset value '${options.offset}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
    );
  }
  return { offset: BigInt(offset) };
}

function consumerProps(options: Options, fromFile: ReadonlyMap<string, string>, extra: ReadonlyMap<string, string>) {
  const groups = new Set(
    [options.group, fromFile.get('group.id'), extra.get('group.id')].filter(
      (group): group is string => group !== undefined,
    ),
  );
  if (groups.size > 1) {
    throw new UsageError(
      "The group ids provided in different places (directly using '--group', via '--command-property', or via '--command-config') " +
        `do not match. Detected group ids: ${[...groups].map((group) => `'${group}'`).join(', ')}`,
    );
  }
  const [group] = groups;
  if (group !== undefined && options.partition !== undefined) {
    throw new UsageError('Options group and partition cannot be specified together.');
  }
  const props = new Map([...fromFile, ...extra]);
  const reset = props.get('auto.offset.reset');
  if (options.fromBeginning && reset !== undefined && reset !== 'earliest') {
    throw new UsageError(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option`,
    );
  }
  if (reset === undefined) props.set('auto.offset.reset', options.fromBeginning ? 'earliest' : 'latest');
  props.set('bootstrap.servers', options.bootstrapServer);
  if (!props.has('client.id')) props.set('client.id', 'console-consumer');
  if (!props.has('isolation.level')) props.set('isolation.level', options.isolationLevel);
  if (group === undefined) {
    // A group of one run: nothing is committed for it.
    props.set('group.id', `console-consumer-${Math.floor(Math.random() * 100_000)}`);
    if (!props.has('enable.auto.commit')) props.set('enable.auto.commit', 'false');
  } else {
    props.set('group.id', group);
  }
  return Object.fromEntries(props);
}

function formatterArgs(options: Options, formatterProperty: string[] | undefined): Map<string, string> {
  const args = loadProps(options.formatterConfig);
  if (options.keyDeserializer) args.set('key.deserializer', options.keyDeserializer);
  if (options.valueDeserializer) args.set('value.deserializer', options.valueDeserializer);
  for (const [key, value] of parseKeyValueArgs(formatterProperty)) args.set(key, value);
  return args;
}
