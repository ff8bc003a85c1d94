import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { ConnectorOffsets } from '../../../../common/connect/connector-state-info.ts';
import { ConfigException } from '../../../../common/errors.ts';
import { type AddCommand, type CommandContext, UsageError } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { type OffsetChange, parseOffsetArguments, parseOffsetsFile } from '../../connect/offset-changes.ts';
import { offsetTable } from '../../connect/offset-table.ts';
import { confirm, selectConnectors } from '../../connect/select-connectors.ts';
import { whileStopped } from '../../connect/while-stopped.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  file?: string;
  stop?: true;
  yes?: true;
  output?: OutputFormat;
}

/** `runnel connect offsets`: where a connector stands, and changing that (KIP-875). */
export const addOffsets: AddCommand = (connect, context) => {
  const offsets = connect
    .command('offsets')
    .description('Show, set or reset the offsets of a connector, source or sink.');
  addGet(offsets, context);
  addSet(offsets, context);
  addReset(offsets, context);
};

const addGet: AddCommand = (offsets, context) => {
  const command = offsets
    .command('get')
    .description('Show where a connector stands.')
    .argument('<connector>', 'its name')
    .action((name: string, options: Options, self: Command) => get(name, options, self, context));
  addOutputOption(command, ['json']);
  addExamples(command, [
    ['runnel connect offsets get tweets', 'as a table'],
    ['runnel connect offsets get tweets -o json > offsets.json', 'as offsets set takes it back'],
  ]);
};

const addSet: AddCommand = (offsets, context) => {
  const command = offsets
    .command('set')
    .description('Set offsets of a connector; partitions that are not named keep theirs.')
    .argument('<connector>', 'its name')
    .argument('[partition=offset...]', 'topic:partition=offset of a sink, {…}={…} of a source; null resets a partition')
    .option('-f, --file <file>', 'JSON as offsets get -o json writes it; - is standard input')
    .option('--stop', 'stop the connector for it, and give it back its state')
    .action((name: string, args: string[], options: Options, self: Command) => set(name, args, options, self, context));
  addExamples(command, [
    ['runnel connect offsets set to-file --stop lines:0=42 lines:1=0', 'a sink'],
    [`runnel connect offsets set from-file '{"filename":"/a.txt"}={"position":0}'`, 'a source that is STOPPED'],
    ['runnel connect offsets set tweets -f offsets.json --stop', 'what offsets get wrote'],
  ]);
};

const addReset: AddCommand = (offsets, context) => {
  const command = offsets
    .command('reset')
    .description('Forget all offsets of a connector: it begins again from the start.')
    .argument('<connector>', 'its name')
    .option('--stop', 'stop the connector for it, and give it back its state')
    .option('-y, --yes', 'do not ask')
    .action((name: string, options: Options, self: Command) => reset(name, options, self, context));
  addExamples(command, [['runnel connect offsets reset tweets --stop --yes', 'and it reads everything again']]);
};

async function get(pattern: string, options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  const answer = await client.get<ConnectorOffsets>(`/connectors/${segment(name)}/offsets`);
  if (options.output === 'json') await context.write(`${writeAnswer(answer, 2)}\n`);
  else if (answer.offsets.length === 0) context.tell(`${name} has no offsets stored.`);
  else await writeLines(context, offsetTable(answer.offsets, styleFor(context.interactive, context.env)));
}

async function set(
  pattern: string,
  args: string[],
  options: Options,
  self: Command,
  context: CommandContext,
): Promise<void> {
  const changes = await changesOf(args, options.file, context);
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  await whileStopped(client, name, options.stop === true, context, async () => {
    const { message } = await client.patch<{ message: string }>(`/connectors/${segment(name)}/offsets`, {
      offsets: changes,
    });
    await writeLines(context, [`${name}: ${message}`]);
  });
}

async function reset(pattern: string, options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  await confirm(`Forget all offsets of ${name}?`, options.yes, context);
  await whileStopped(client, name, options.stop === true, context, async () => {
    const { message } = await client.delete<{ message: string }>(`/connectors/${segment(name)}/offsets`);
    await writeLines(context, [`${name}: ${message}`]);
  });
}

async function changesOf(args: string[], file: string | undefined, context: CommandContext): Promise<OffsetChange[]> {
  if ((args.length === 0) === (file === undefined))
    throw new UsageError('Say which offsets: either partition=offset arguments, or --file');
  if (file === undefined) return parseOffsetArguments(args);
  if (file === '-') return parseOffsetsFile('standard input', await text(context.stdin));
  try {
    return parseOffsetsFile(file, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new ConfigException(`Can't read ${file}: ${(error as Error).message}`, {
      key: file,
      code: 'FILE_UNREADABLE',
    });
  }
}
