import type { Command } from 'commander';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { awaitState } from '../../connect/await-state.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { forEachConnector } from '../../connect/for-each-connector.ts';
import { confirm, selectConnectors } from '../../connect/select-connectors.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  yes?: true;
  resetOffsets?: true;
  output?: OutputFormat;
}

/** A connector that is to forget its offsets is given so long to stop. */
const STOP_MS = 60_000;

/** `runnel connect delete`: connectors, and their offsets when that is said. */
export const addDelete: AddCommand = (connect, context) => {
  const command = connect
    .command('delete')
    .description('Delete connectors. Offsets of a source stay: one of the same name goes on where this one was.')
    .argument('<connectors...>', 'names or patterns')
    .option('-y, --yes', 'do not ask')
    .option('--reset-offsets', 'stop it and forget its offsets first')
    .action((patterns: string[], options: Options, self: Command) => run(patterns, options, self, context));
  addOutputOption(command, ['name']);
  addExamples(command, [
    ['runnel connect delete tweets', 'asks first, at a terminal'],
    ['runnel connect delete tweets --yes --reset-offsets', 'and a new one of that name begins from the start'],
  ]);
};

async function run(patterns: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const names = await selectConnectors(client, patterns);
  const what = options.resetOffsets ? ' and the offsets of' : '';
  const whose = names.length === 1 ? 'it' : 'each';
  await confirm(`Delete ${names.join(', ')}${what === '' ? '' : `${what} ${whose}`}?`, options.yes, context);
  const connectors = names.map((name) => ({ name }));
  await forEachConnector(connectors, context, async ({ name }) => {
    const path = `/connectors/${segment(name)}`;
    if (options.resetOffsets) {
      await client.put(`${path}/stop`);
      await awaitState(client, name, 'STOPPED', { time: context.time, signal: context.signal, timeoutMs: STOP_MS });
      await client.delete(`${path}/offsets`);
    }
    await client.delete(path);
    await writeLines(context, [options.output === 'name' ? name : `${name} deleted`]);
  });
}
