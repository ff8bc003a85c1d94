import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ConfigInfos } from '../../../../common/connect/config-infos.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { asConfig, type Config } from '../../connect/config-diff.ts';
import { writeAnswer } from '../../connect/connect-answer.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { connectorSources } from '../../connect/connector-sources.ts';
import { forEachConnector } from '../../connect/for-each-connector.ts';
import { Secrets } from '../../connect/secrets.ts';
import { errorRows, validateConfig } from '../../connect/validate-config.ts';
import { EXIT } from '../../exit-codes.ts';
import { parseKeyValueArgs } from '../../kafka-options.ts';
import { addOutputOption, type OutputFormat } from '../../output/output-option.ts';
import { styleFor } from '../../output/style.ts';
import { aligned, table } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

interface Options {
  output?: OutputFormat;
}

/** `runnel connect validate`: what the worker finds in a configuration, without creating anything. */
export const addValidate: AddCommand = (connect, context) => {
  const command = connect
    .command('validate')
    .description('Let the worker look at configurations: the errors at their keys. Nothing is created.')
    .argument('<file|class>', 'a file, a folder, - for standard input, or a class of connector (aliases are known)')
    .argument('[files|key=value...]', 'more files; settings after a class')
    .action((first: string, rest: string[], options: Options, self: Command) =>
      run([first, ...rest], options, self, context),
    );
  addOutputOption(command, ['json', 'wide']);
  command.addHelpText('after', '\n-o wide lists every key with its value. The exit code is 1 when there are errors.');
  addExamples(command, [
    ['runnel connect validate tweets.json', 'a file'],
    ['runnel connect validate FileStreamSource name=x topic=lines', 'a class and settings'],
  ]);
};

async function run(args: string[], options: Options, self: Command, context: CommandContext): Promise<void> {
  const configs = await configsOf(args, context);
  const client = await connectTo(self, context);
  const secrets = new Secrets(client);
  const found: ConfigInfos[] = [];
  await forEachConnector(configs, context, async ({ name, config }) => {
    const infos = await withoutSecrets(await validateConfig(client, config), config, secrets);
    found.push(infos);
    if (infos.error_count > 0) context.setExitCode(EXIT.failed);
    if (options.output !== 'json') await writeLines(context, linesOf(name, infos, options.output === 'wide', context));
  });
  if (options.output === 'json') await context.write(`${writeAnswer(found.length === 1 ? found[0] : found, 2)}\n`);
}

async function configsOf(args: string[], { stdin }: CommandContext): Promise<{ name: string; config: Config }[]> {
  const [first = '', ...rest] = args;
  const isFile = first === '-' || existsSync(first) || /[/\\]|\.(?:json|properties)$/.test(first);
  if (!isFile) {
    const config = new Map([['connector.class', first], ...parseKeyValueArgs(rest)]);
    return [{ name: config.get('name') ?? first, config }];
  }
  const sources = await connectorSources(args, stdin);
  return sources.map(({ name, config }) => ({ name, config: asConfig(config, name) }));
}

function linesOf(name: string, infos: ConfigInfos, wide: boolean, context: CommandContext): string[] {
  const style = styleFor(context.interactive, context.env);
  const keys = infos.configs.filter(
    ({ definition, value }) => definition !== null && (wide || value.errors.length > 0),
  );
  const rows = keys.map(({ definition, value }) => [
    { text: `  ${value.name}`, style: value.errors.length > 0 ? ('red' as const) : ('plain' as const) },
    definition?.type.toLowerCase() ?? '',
    value.value ?? '',
  ]);
  const all = wide ? table(['  KEY', 'TYPE', 'VALUE'], rows, style) : [];
  const errors = aligned(errorRows(infos), style);
  const count = infos.error_count === 1 ? '1 error' : `${infos.error_count} errors`;
  return [infos.error_count === 0 ? `${name} is valid` : `${name} has ${count}`, ...all, ...errors];
}

async function withoutSecrets(infos: ConfigInfos, config: Config, secrets: Secrets): Promise<ConfigInfos> {
  const secret = await secrets.keysIn(config);
  const hidden = (name: string) => secret.has(name);
  return {
    ...infos,
    configs: infos.configs.map(({ definition, value }) => ({
      definition,
      value: hidden(value.name) && value.value !== null ? { ...value, value: '[hidden]' } : value,
    })),
  };
}
