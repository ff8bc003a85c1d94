import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { RUNNEL_VERSION } from '../../../common/version.ts';
import { type AddCommand, type CommandContext, UsageError } from '../command-context.ts';
import { PLUGIN_TYPES, type PluginType, pluginSkeleton } from '../plugin-skeleton/skeleton.ts';

interface Options {
  type: PluginType;
  group: string;
}

/** `runnel create-plugin`: a plugin package that works as it stands, to be changed into what is wanted. */
export const addCreatePlugin: AddCommand = (program, context) => {
  program
    .command('create-plugin')
    .description('Make the folder of a plugin package: a plugin that works, its test, and how to install it.')
    .argument('<folder>', 'where it is made; its last part is the name of the package')
    .addOption(new Option('--type <type>', 'what it is').choices([...PLUGIN_TYPES]).default('source'))
    .option('--group <name>', 'the package that its class name begins with', 'com.example')
    .action((folder: string, options: Options) => run(folder, options, context));
};

async function run(path: string, { type, group }: Options, context: CommandContext): Promise<void> {
  const folder = resolve(path);
  const name = basename(folder);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new UsageError(`${name} is no name for an npm package: use small letters, digits and hyphens`);
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(group))
    throw new UsageError(`--group ${group} is no name of a Java package: use words with dots between them`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`${folder} is there and not empty: name a folder that is not there`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of pluginSkeleton({ name, type, group, runnel: runnelReference() }))
    writeFileSync(join(folder, file), text);
  await context.write(`Made ${folder}. Next:\n  cd ${path}\n  npm install\n  npm test\n`);
}

/** A Runnel that npm or an installer put there is in the registry; a checkout is named by its folder. */
function runnelReference(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const installed = /[\\/](node_modules|app\.asar)([\\/]|$)/.test(root);
  return installed ? `^${RUNNEL_VERSION}` : `file:${root}`;
}
