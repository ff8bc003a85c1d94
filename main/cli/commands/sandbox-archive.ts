import { join, resolve } from 'node:path';
import type { AddCommand, CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { openRoot } from '../open-root.ts';

interface Options {
  dataDir?: string;
  replace?: boolean;
}

const DATA_DIR = ['--data-dir <folder>', "Runnel's data folder (RUNNEL_HOME names it as well)"] as const;

/** `runnel sandbox save`: the whole sandbox as one file. */
export const addSandboxSave: AddCommand = (sandbox, context) => {
  sandbox
    .command('save')
    .description('Save the whole sandbox to one file: topics, groups, transactions, cluster id.')
    .argument('<file.tar.gz>', 'the file to write; nothing is replaced')
    .option(...DATA_DIR)
    .addHelpText(
      'after',
      `
A sandbox that runs is stopped for the moment of it and goes on where it was; its clients connect again by themselves.
"runnel sandbox restore" brings it back, here or on another computer.

Exit codes: ${EXIT.ok} saved, ${EXIT.failed} there is no sandbox, or the file is there or can't be written, ${EXIT.cannotStart} the sandbox is running and can't be asked.`,
    )
    .action((file: string, _: Options, command: { optsWithGlobals(): Options }) =>
      save(resolve(file), command.optsWithGlobals(), context),
    );
};

/** `runnel sandbox restore`: what `save` has written, in the place of the sandbox. */
export const addSandboxRestore: AddCommand = (sandbox, context) => {
  sandbox
    .command('restore')
    .description('Bring back a sandbox from a file that "sandbox save" has written.')
    .argument('<file.tar.gz>', 'the file to read')
    .option(...DATA_DIR)
    .option('--replace', 'set the sandbox that is there aside, under another name in the same folder')
    .addHelpText(
      'after',
      `
The data folder is the old one or the new one whole, never a mixture; what is there is never removed.

Exit codes: ${EXIT.ok} restored, ${EXIT.failed} the file can't be used, or a sandbox is there and --replace is not, ${EXIT.cannotStart} the sandbox is running, or its folder can't be written.`,
    )
    .action((file: string, _: Options, command: { optsWithGlobals(): Options }) =>
      restore(resolve(file), command.optsWithGlobals(), context),
    );
};

async function save(file: string, { dataDir }: Options, { write }: CommandContext): Promise<void> {
  const { saveRunningSandbox } = await import('../../sandbox/control.ts');
  const folder = join(openRoot(dataDir), 'sandbox');
  const { files, bytes } = await saveRunningSandbox(folder, file);
  await write(`The sandbox in ${folder} is saved in ${file} (${files} files with ${bytes} bytes).\n`);
}

async function restore(file: string, { dataDir, replace }: Options, { write, time }: CommandContext): Promise<void> {
  const { restoreSandbox } = await import('../../sandbox/archive/restore-sandbox.ts');
  const folder = join(openRoot(dataDir), 'sandbox');
  const { files, bytes, clusterId, setAside } = await restoreSandbox(folder, file, { replace: replace === true, time });
  const lines = [
    `The sandbox in ${folder} is what was saved (${files} files with ${bytes} bytes, cluster ${clusterId}).`,
  ];
  if (setAside !== null) lines.push(`What was there before is kept in ${setAside}.`);
  await write(`${lines.join('\n')}\n`);
}
