import type { RecordMetadata } from '../../../common/kafka/records.ts';
import { LineMessageReader } from '../../topics/line-message-reader.ts';

import { type AddCommand, type CommandContext, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { inputLines } from '../input-lines.ts';
import { collect, eitherSpelling, integer, loadProps, parseKeyValueArgs } from '../kafka-options.ts';

const READER_PROPERTIES =
  'parse.key, parse.headers, ignore.error (true|false), key.separator, headers.delimiter, headers.separator, ' +
  'headers.key.separator, null.marker';
const LINE_MESSAGE_READER = /^(org\.apache\.kafka\.tools\.|kafka\.tools\.ConsoleProducer\$)?LineMessageReader$/;

interface Options {
  bootstrapServer?: string;
  brokerList?: string;
  topic: string;
  sync?: true;
  compressionCodec?: string | true;
  batchSize: number;
  maxPartitionMemoryBytes?: number;
  messageSendMaxRetries: number;
  retryBackoffMs: number;
  timeout: number;
  requestRequiredAcks: string;
  requestTimeoutMs: number;
  metadataExpiryMs: number;
  maxBlockMs: number;
  maxMemoryBytes: number;
  socketBufferSize: number;
  lineReader: string;
  readerProperty?: string[];
  property?: string[];
  readerConfig?: string;
  commandProperty?: string[];
  producerProperty?: string[];
  commandConfig?: string;
  'producer.config'?: string;
}

/** `runnel console-producer`: options and line syntax of `kafka-console-producer.sh` 4.3, older spellings included. */
export const addConsoleProducer: AddCommand = (program, context) => {
  program
    .command('console-producer')
    .description('Read lines from standard input and send each as a record, as kafka-console-producer does.')
    .option('--bootstrap-server <server to connect to>', 'REQUIRED: the servers to connect to')
    .option('--broker-list <broker-list>', '(before Kafka 4.0) the same as --bootstrap-server')
    .requiredOption('--topic <topic>', 'REQUIRED: the topic to send to')
    .option('--sync', 'wait for each record before the next is sent')
    .option(
      '--compression-codec [compression-codec]',
      "'none', 'gzip', 'snappy', 'lz4' or 'zstd'; gzip without a value",
    )
    .option('--batch-size <size>', 'bytes of a batch', integer('batch-size'), 16384)
    .option(
      '--max-partition-memory-bytes <bytes>',
      '(deprecated) the same as --batch-size',
      integer('max-partition-memory-bytes'),
    )
    .option('--message-send-max-retries <n>', 'retries', integer('message-send-max-retries'), 3)
    .option('--retry-backoff-ms <ms>', 'retry.backoff.ms', integer('retry-backoff-ms'), 100)
    .option('--timeout <timeout_ms>', 'linger.ms', integer('timeout'), 1000)
    .option('--request-required-acks <acks>', 'acks', '-1')
    .option('--request-timeout-ms <ms>', 'request.timeout.ms', integer('request-timeout-ms'), 1500)
    .option('--metadata-expiry-ms <ms>', 'metadata.max.age.ms', integer('metadata-expiry-ms'), 300_000)
    .option('--max-block-ms <ms>', 'max.block.ms', integer('max-block-ms'), 60_000)
    .option('--max-memory-bytes <bytes>', 'buffer.memory', integer('max-memory-bytes'), 33_554_432)
    .option('--socket-buffer-size <size>', 'send.buffer.bytes', integer('socket-buffer-size'), 102_400)
    .option('--line-reader <reader_class>', 'the class that reads lines', 'org.apache.kafka.tools.LineMessageReader')
    .option('--reader-property <prop>', `a property of the line reader: ${READER_PROPERTIES}`, collect)
    .option('--property <prop>', '(before Kafka 4.2) the same as --reader-property', collect)
    .option('--reader-config <config file>', 'properties file of the line reader; --reader-property goes before it')
    .option('--command-property <producer_prop>', 'a producer setting, key=value', collect)
    .option('--producer-property <producer_prop>', '(before Kafka 4.2) the same as --command-property', collect)
    .option('--command-config <config file>', 'properties file of producer settings; --command-property goes before it')
    .option('--producer.config <config file>', '(before Kafka 4.2) the same as --command-config')
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const readerProperty = eitherSpelling(options.readerProperty, '--reader-property', options.property, '--property');
  if (!LINE_MESSAGE_READER.test(options.lineReader)) {
    throw new UsageError(
      `Line reader ${options.lineReader} is not known: use org.apache.kafka.tools.LineMessageReader`,
    );
  }
  const reader = new LineMessageReader(
    options.topic,
    new Map([...loadProps(options.readerConfig), ...parseKeyValueArgs(readerProperty)]),
  );
  const producer = context.clients.producer(producerProps(options));
  let failed = false;
  const sent = (_: RecordMetadata | null, error: Error | null) => {
    if (!error) return;
    failed = true;
    context.logger.error(`A record of topic ${options.topic} was not sent`, error);
  };
  if (context.interactive) await context.write('>');
  try {
    for await (const line of inputLines(context.stdin, context.signal)) {
      const record = reader.read(line);
      if (options.sync) {
        await new Promise<void>((resolve, reject) =>
          producer.send(record, (_, error) => (error ? reject(error) : resolve())),
        );
      } else if (!producer.send(record, sent)) {
        await producer.drained();
      }
      if (context.interactive) await context.write('>');
    }
  } finally {
    await producer.close();
  }
  // Kafka's own ends with 0 here; a lost record that no script can notice is worse than a difference.
  context.setExitCode(failed ? EXIT.failed : EXIT.ok);
}

function producerProps(options: Options): Record<string, string> {
  const bootstrapServers = options.bootstrapServer ?? options.brokerList;
  if (bootstrapServers === undefined) throw new UsageError('Missing required option(s) [bootstrap-server]');
  const config = eitherSpelling(
    options.commandConfig,
    '--command-config',
    options['producer.config'],
    '--producer.config',
  );
  const property = eitherSpelling(
    options.commandProperty,
    '--command-property',
    options.producerProperty,
    '--producer-property',
  );
  const given = new Map([...loadProps(config), ...parseKeyValueArgs(property)]);
  const codec = options.compressionCodec;
  const fromOptions: [string, string][] = [
    ['linger.ms', String(options.timeout)],
    ['acks', options.requestRequiredAcks],
    ['request.timeout.ms', String(options.requestTimeoutMs)],
    ['retries', String(options.messageSendMaxRetries)],
    ['retry.backoff.ms', String(options.retryBackoffMs)],
    ['send.buffer.bytes', String(options.socketBufferSize)],
    ['buffer.memory', String(options.maxMemoryBytes)],
    ['batch.size', String(options.maxPartitionMemoryBytes ?? options.batchSize)],
    ['metadata.max.age.ms', String(options.metadataExpiryMs)],
    ['max.block.ms', String(options.maxBlockMs)],
    ['client.id', 'console-producer'],
  ];
  for (const [key, value] of fromOptions) if (!given.has(key)) given.set(key, value);
  given.set('compression.type', codec === undefined ? 'none' : codec === true ? 'gzip' : codec);
  given.set('bootstrap.servers', bootstrapServers);
  return Object.fromEntries(given);
}
