import type { AddCommand } from '../command-context.ts';
import { addExamples } from '../command-examples.ts';
import { once } from '../kafka-options.ts';

/** As the option parser has them. */
export interface DumpLogOptions {
  files?: string;
  printDataLog?: true;
  deepIteration?: true;
  indexSanityCheck?: true;
  verifyIndexOnly?: true;
  maxMessageSize?: string;
  maxBytes?: string;
  skipRecordMetadata?: true;
  offsetsDecoder?: true;
  transactionLogDecoder?: true;
  keyDecoderClass?: string | true;
  valueDecoderClass?: string | true;
  clusterMetadataDecoder?: true;
  remoteLogMetadataDecoder?: true;
  shareGroupStateDecoder?: true;
}

/** `runnel dump-log`: options and output of `kafka-dump-log.sh` 4.3. It reads files; no broker is asked. */
export const addDumpLog: AddCommand = (program, context) => {
  const command = program
    .command('dump-log')
    .description("Print a broker's files (the sandbox's or Kafka's own), as kafka-dump-log does.")
    .option(
      '--files <files>',
      'REQUIRED: .log, .index, .timeindex, .txnindex, .snapshot and .checkpoint files with commas between',
      once('files'),
    )
    .option('--print-data-log', 'print keys and values as well')
    .option('--deep-iteration', 'print every record of a batch (--print-data-log does)')
    .option('--index-sanity-check', 'only check what a broker checks of an index when it starts')
    .option('--verify-index-only', 'only compare an index with its log, do not print it')
    .option('--max-message-size <size>', 'bytes of the largest batch that an index may point to (default: 5242880)')
    .option('--max-bytes <size>', 'bytes of a log to read; all by default')
    .option('--skip-record-metadata', 'with --print-data-log: keys and values alone')
    .option('--offsets-decoder', 'records are those of __consumer_offsets')
    .option('--transaction-log-decoder', 'records are those of __transaction_state')
    .option(
      '--key-decoder-class [class]',
      'how keys are read: org.apache.kafka.tools.api.StringDecoder, IntegerDecoder or LongDecoder',
    )
    .option('--value-decoder-class [class]', 'how values are read, the same classes')
    .option('--cluster-metadata-decoder', 'records are those of __cluster_metadata')
    .option('--remote-log-metadata-decoder', 'not supported: there is no tiered storage')
    .option('--share-group-state-decoder', 'not supported: there are no share groups')
    .action(async (options: DumpLogOptions) => {
      const { runDumpLog } = await import('../dump-log/run.ts');
      await runDumpLog(options, context);
    });
  addExamples(command, [
    ['--print-data-log --files sandbox/t-0/00000000000000000000.log', 'every record of a segment'],
    ['--offsets-decoder --files sandbox/__consumer_offsets-0/00000000000000000000.log', 'what groups committed'],
  ]);
};
