import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CommandResult, toItsEnd, tracked } from './run-command.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs a command as the author of a plugin would; rejects with what it said when it fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<CommandResult> {
  const env = {
    ...process.env,
    NODE_ENV: '',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_offline: 'true',
  };
  const result = await toItsEnd(
    tracked(spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })),
    undefined,
    110_000,
  );
  if (result.code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result;
}

/** What packages import lies in out/; up to date it takes no time. */
export function buildProduct(): Promise<CommandResult> {
  return run(process.execPath, [join(ROOT, 'scripts/build.mjs')], ROOT);
}

/** npm of this Node, which asks no registry. */
export function npm(args: readonly string[], cwd: string): Promise<CommandResult> {
  return run('npm', args, cwd);
}

/** Runs the package's own tests by this Node. */
export function nodeTest(cwd: string): Promise<CommandResult> {
  return run(process.execPath, ['--test', '--test-reporter=tap'], cwd);
}

/** Beside the package lies this checkout, as `npm install` would link it. */
export function linkRunnel(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@runnel-app'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/@runnel-app/runnel'));
}

/** Checks the types of these files by the declarations that the product has, strictly. */
export function checkTypes(folder: string, files: readonly string[]): Promise<CommandResult> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
  return run(process.execPath, [tsc, ...options, ...types, ...files], folder);
}

/** Packs the package and installs it into a folder for plugin.path; the folder of the installed package. */
export async function packAndInstall(folder: string, name: string, into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  await npm(['pack', '--pack-destination', into], folder);
  const packed = readdirSync(into).find((file) => file.endsWith('.tgz')) as string;
  await npm(['install', '--prefix', into, join(into, packed)], into);
  return join(into, 'node_modules', name);
}
