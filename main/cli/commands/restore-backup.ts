import { resolve } from 'node:path';
import type { AddCommand, CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';

/** `runnel restore-backup`: the way out when the worker's state store can't be used. */
export const addRestoreBackup: AddCommand = (program, context) => {
  program
    .command('restore-backup')
    .description("Put the newest good backup in the place of a worker's damaged state store.")
    .argument('<store.sqlite>', 'the file that the worker said it can not use')
    .addHelpText(
      'after',
      `
The damaged store is kept beside it. Says which offsets the sources go on from: what they sent since is sent again.

Exit codes: ${EXIT.ok} restored, ${EXIT.failed} the store is as it should be, ${EXIT.cannotStart} it is in use, or there is no backup.`,
    )
    .action((file: string) => run(resolve(file), context));
};

async function run(file: string, { time, write }: CommandContext): Promise<void> {
  const { restoreWorkerBackup } = await import('../../connect/restore-worker-backup.ts');
  const { backup, setAside, offsets } = restoreWorkerBackup(file, time);
  const lines = [
    `${file} is now what ${backup} was.`,
    ...(setAside === null ? [] : [`What was there is kept as ${setAside}.`]),
    ...(offsets.length === 0
      ? ['No source had stored an offset by then: each begins at its start.']
      : [
          'Sources go on from these offsets; what they sent since is sent again:',
          ...offsets.map(({ connector, partition, offset }) => `  ${connector}  ${partition}  ${offset}`),
        ]),
  ];
  await write(`${lines.join('\n')}\n`);
}
