import type { Command } from 'commander';
import type { ConfigKeyInfo, PluginInfo } from '../../../../common/connect/config-infos.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { segment } from '../../connect/connect-client.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  all?: true;
  output?: OutputFormat;
}

/** `runnel connect plugins`: what the worker has, and what a plugin can be told. */
export const addPlugins: AddCommand = (connect, context) => {
  const command = connect
    .command('plugins')
    .description('List the connectors that the worker has installed, or the configuration keys of a plugin.')
    .argument('[class]', 'show the keys of this one; an alias will do')
    .option('--all', 'converters, transformations and predicates as well')
    .action((className: string | undefined, options: Options, self: Command) => run(className, options, self, context));
  addOutputOption(command, ['wide', 'json', 'name']);
  addExamples(command, [
    ['runnel connect plugins --all', 'everything that is installed'],
    ['runnel connect plugins FileStreamSource', 'its keys; -o wide with what they mean'],
  ]);
};

async function run(
  className: string | undefined,
  options: Options,
  self: Command,
  context: CommandContext,
): Promise<void> {
  const client = await connectTo(self, context);
  const style = styleFor(context.interactive, context.env);
  if (className !== undefined) {
    const keys = await client.get<ConfigKeyInfo[]>(`/connector-plugins/${segment(className)}/config`);
    if (options.output === 'json') return void (await context.write(`${writeAnswer(keys, 2)}\n`));
    if (options.output === 'name')
      return writeLines(
        context,
        keys.map(({ name }) => name),
      );
    const wide = options.output === 'wide';
    const rows = keys.map((key) => [
      key.name,
      key.type.toLowerCase(),
      key.required ? { text: 'required', style: 'yellow' as const } : defaultText(key),
      key.importance.toLowerCase(),
      ...(wide ? [plainText(key.documentation)] : []),
    ]);
    return writeLines(
      context,
      table(['KEY', 'TYPE', 'DEFAULT', 'IMPORTANCE', ...(wide ? ['MEANING'] : [])], rows, style),
    );
  }
  const plugins = await client.get<PluginInfo[]>(`/connector-plugins${options.all ? '?connectorsOnly=false' : ''}`);
  const order = (a: PluginInfo, b: PluginInfo) => compare(a.type, b.type) || compare(a.class, b.class);
  if (options.output === 'json') return void (await context.write(`${writeAnswer(plugins, 2)}\n`));
  const sorted = plugins.toSorted(order);
  if (options.output === 'name')
    return writeLines(
      context,
      sorted.map((plugin) => plugin.class),
    );
  const rows = sorted.map((plugin) => [plugin.class, plugin.type, plugin.version ?? '-']);
  await writeLines(context, table(['CLASS', 'TYPE', 'VERSION'], rows, style));
}

function defaultText({ default_value: value }: ConfigKeyInfo): string {
  return value === null ? '-' : value === '' ? '""' : value;
}

/** Connect's documentation is HTML in places. */
function plainText(html: string): string {
  return html
    .replace(/<[a-z/][^>]*>/gi, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
