import { extname } from 'node:path';
import { KafkaException } from '../../../common/errors.ts';
import { type CommandContext, Interrupted, sentenceOf, UsageError } from '../command-context.ts';
import type { DumpLogOptions } from '../commands/dump-log.ts';
import { EXIT } from '../exit-codes.ts';
import { GivenOptions } from '../given-options.ts';
import { dumpBatches, type NonConsecutive } from './dump-batches.ts';
import { dumpOffsetIndex, type IndexMismatches } from './dump-offset-index.ts';
import { dumpProducerSnapshot, dumpTransactionIndex } from './dump-producer-state.ts';
import { dumpTimeIndex, TimeIndexErrors } from './dump-time-index.ts';
import { LineOutput } from './line-output.ts';
import { recordReader } from './record-text.ts';

const DEFAULT_MAX_MESSAGE_SIZE = 5 * 1024 * 1024;

/** Java: `DumpLogSegments`. */
export async function runDumpLog(options: DumpLogOptions, context: CommandContext): Promise<void> {
  new GivenOptions(options).require('files');
  const output = new LineOutput(context);
  const read = recordReader(options);
  const batches = {
    deep: options.deepIteration === true || read !== null,
    read,
    skipRecordMetadata: options.skipRecordMetadata === true,
    maxBytes: options.maxBytes === undefined ? null : integer('max-bytes', options.maxBytes),
  };
  const index = {
    sanityOnly: options.indexSanityCheck === true,
    verifyOnly: options.verifyIndexOnly === true,
    maxMessageSize: integer('max-message-size', options.maxMessageSize ?? `${DEFAULT_MAX_MESSAGE_SIZE}`),
  };
  const mismatches: IndexMismatches = new Map();
  const timeErrors = new TimeIndexErrors();
  const gaps: NonConsecutive = new Map();
  try {
    for (const file of (options.files ?? '').split(',')) {
      await output.line(`Dumping ${file}`);
      switch (extname(file)) {
        case '.log':
        case '.checkpoint':
          await dumpBatches(file, batches, output, gaps);
          break;
        case '.index':
          await dumpOffsetIndex(file, index, output, mismatches);
          break;
        case '.timeindex':
          await dumpTimeIndex(file, index, output, timeErrors);
          break;
        case '.snapshot':
          await dumpProducerSnapshot(file, output, context);
          break;
        case '.txnindex':
          await dumpTransactionIndex(file, output);
          break;
        default:
          await output.flush();
          context.tell(`Ignoring unknown file ${file}`);
      }
    }
    await output.flush();
  } catch (error) {
    if (error instanceof Interrupted) return;
    await output.flush();
    if (!(error instanceof KafkaException) && !isSystemError(error)) throw error;
    context.tell(sentenceOf(error));
    context.setExitCode(EXIT.failed);
    return;
  }
  for (const line of [...mismatchLines(mismatches), ...timeErrors.lines(), ...gapLines(gaps)]) context.tell(line);
}

function integer(option: string, text: string): number {
  if (/^\+?\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Number(text);
  throw new UsageError(`Cannot parse argument '${text}' of option ${option}`);
}

/** A file that is not there, or may not be read. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function mismatchLines(mismatches: IndexMismatches): string[] {
  return [...mismatches].flatMap(([file, pairs]) => [
    `Mismatches in :${file}`,
    ...pairs.sort(([a], [b]) => (a > b ? -1 : 1)).map(([index, log]) => `  Index offset: ${index}, log offset: ${log}`),
  ]);
}

function gapLines(gaps: NonConsecutive): string[] {
  return [...gaps].flatMap(([file, pairs]) => [
    `Non-consecutive offsets in ${file}`,
    ...pairs.map(([offset, next]) => `  ${offset} is followed by ${next}`),
  ]);
}
