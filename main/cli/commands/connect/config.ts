import type { Command } from 'commander';
import { propertiesText } from '../../../../common/connect/properties-text.ts';
import { NotFoundException } from '../../../../common/errors.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { presentConfig } from '../../connect/put-config.ts';
import { Secrets } from '../../connect/secrets.ts';
import { selectConnectors } from '../../connect/select-connectors.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  showSecrets?: true;
  output?: OutputFormat;
}

/** `runnel connect config`: a connector's configuration as a file that `apply` takes back. */
export const addConfig: AddCommand = (connect, context) => {
  const command = connect
    .command('config')
    .description('Print the configuration of a connector as a file that apply takes back, or one value of it.')
    .argument('<connector>', 'its name')
    .argument('[key]', 'print this value alone')
    .option('--show-secrets', 'values of passwords as the worker answers them')
    .action((name: string, key: string | undefined, options: Options, self: Command) =>
      run(name, key, options, self, context),
    );
  addOutputOption(command, ['properties', 'json']);
  addExamples(command, [
    ['runnel connect config tweets > tweets.properties', 'to be kept, or applied elsewhere'],
    ['runnel connect config tweets tasks.max', 'one value'],
  ]);
};

async function run(
  pattern: string,
  key: string | undefined,
  options: Options,
  self: Command,
  context: CommandContext,
): Promise<void> {
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  const present = (await presentConfig(client, name)) ?? new Map<string, string>();
  const config = options.showSecrets ? present : await new Secrets(client).masked(present);
  if (key !== undefined) {
    const value = config.get(key);
    if (value === undefined)
      throw new NotFoundException(`${name} has no value for ${key}`, {
        key,
        hint: `runnel connect plugins ${config.get('connector.class') ?? ''} shows the keys and their defaults.`,
      });
    await writeLines(context, [value]);
  } else if (options.output === 'json') {
    await context.write(`${writeAnswer({ name, config: Object.fromEntries(config) }, 2)}\n`);
  } else {
    await context.write(propertiesText([...config].sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1))));
  }
}

/** What says who and what it is comes first. */
function order(key: string): number {
  return key === 'name' ? 0 : key === 'connector.class' ? 1 : 2;
}
