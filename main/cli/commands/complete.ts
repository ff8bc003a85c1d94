import { Argument, type Command } from 'commander';
import type { PluginInfo } from '../../../common/connect/config-infos.ts';
import type { AddCommand, CommandContext } from '../command-context.ts';
import type { DynamicOffer } from '../completion/completion-tree.ts';
import type { ConnectClient } from '../connect/connect-client.ts';
import { addConnectionOptions, connectTo } from '../connect/connection-options.ts';
import { writeLines } from '../output/write-lines.ts';

/** Nobody waits longer for a word. */
const TIMEOUT_S = 2;

const NAMES: Readonly<Record<DynamicOffer, (client: ConnectClient) => Promise<string[]>>> = {
  connectors: (client) => client.get<string[]>('/connectors'),
  plugins: async (client) => {
    const plugins = await client.get<PluginInfo[]>('/connector-plugins?connectorsOnly=false');
    return plugins.flatMap((plugin) => [plugin.class, ...aliasOf(plugin)]);
  },
  loggers: async (client) => ['root', ...Object.keys(await client.get<object>('/admin/loggers'))],
};

/**
 * `runnel __complete`: names for the scripts of `runnel completion`. The rest of the line says which worker is meant.
 * It never asks for a password and never waits long; its errors are exit codes that a shell does not show.
 */
export const addComplete: AddCommand = (program, context) => {
  const command: Command = program
    .command('__complete', { hidden: true })
    .addArgument(new Argument('<kind>').choices(Object.keys(NAMES)))
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (kind: DynamicOffer, _words: string[], _options: object, self: Command) => {
      self.setOptionValue('timeout', TIMEOUT_S);
      const silent: CommandContext = Object.create(context, { ask: { value: null } });
      const client = await connectTo(self, silent, 0);
      await writeLines(context, [...new Set(await NAMES[kind](client))].sort());
    });
  addConnectionOptions(command);
};

/** Connectors are known by their short name as well. Java: `PluginUtils.prunedName`. */
function aliasOf({ class: className, type }: PluginInfo): string[] {
  if (type !== 'source' && type !== 'sink') return [];
  return [className.slice(className.lastIndexOf('.') + 1).replace(/(?<=.)Connector$/, '')];
}
