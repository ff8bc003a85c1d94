import { type AddCommand, type CommandContext, sentenceOf, UsageError } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';

interface Options {
  pluginLocation?: string[];
  pluginPath?: string[];
  workerConfig?: string[];
}

const COLUMNS = [
  'pluginName',
  'firstAlias',
  'secondAlias',
  'pluginVersion',
  'pluginType',
  'isLoadable',
  'hasManifest',
  'pluginLocation',
];

/** `runnel connect-plugin-path list`: what is on a plugin path, without a worker. Java: `ConnectPluginPath`. */
export const addConnectPluginPath: AddCommand = (program, context) => {
  const collect = (value: string, before: string[] = []) => [...before, value];
  program
    .command('connect-plugin-path')
    .description('Look at the plugin packages of plugin.path, without a worker.')
    .command('list')
    .description('List the plugins of these folders, and why packages among them can not be used.')
    .option('--plugin-location <folder>', 'one package or folder of packages; may be repeated', collect)
    .option('--plugin-path <folders>', 'a list of folders with commas between them; may be repeated', collect)
    .option('--worker-config <file>', "a worker's properties with plugin.path in it; may be repeated", collect)
    .addHelpText(
      'after',
      `\nThe packages are loaded: their code runs, as it would in a worker.\n\nExit codes: ${EXIT.ok} everything can be used, ${EXIT.failed} something can not.`,
    )
    .action((options: Options) => run(options, context));
};

async function run(
  { pluginLocation = [], pluginPath = [], workerConfig = [] }: Options,
  context: CommandContext,
): Promise<void> {
  const { readWorkerProperties } = await import('../../connect/connector-files.ts');
  const { loadInstalledPlugins } = await import('../../connect/installed-plugins.ts');
  const configured = workerConfig.map((file) => readWorkerProperties(file)['plugin.path'] ?? '');
  const folders = [...pluginLocation, ...pluginPath, ...configured].filter((it) => it.trim() !== '');
  if (folders.length === 0)
    throw new UsageError('Must specify at least one --plugin-location, --plugin-path, or --worker-config');
  const { plugins, refused } = await loadInstalledPlugins(folders.join(','));
  const rows = plugins.map(({ className, aliases: [first, second], version, kind, location }) => [
    className,
    first,
    second ?? 'N/A',
    version,
    kind,
    'true',
    'true',
    location,
  ]);
  const lines = [COLUMNS, ...rows].map((row) => row.join('\t'));
  const totals = ['Total plugins:      ', 'Loadable plugins:   ', 'Compatible plugins: '];
  await context.write(`${[...lines, '', ...totals.map((it) => `${it}\t${plugins.length}`)].join('\n')}\n`);
  for (const error of refused) context.tell(sentenceOf(error));
  if (refused.length > 0) context.setExitCode(EXIT.failed);
}
