import type { Command } from 'commander';
import type { AddCommand } from '../../command-context.ts';
import { addConnectionOptions } from '../../connect/connection-options.ts';
import { EXIT } from '../../exit-codes.ts';
import { addApply } from './apply.ts';
import { addPause, addResume, addStop } from './change-state.ts';
import { addConfig } from './config.ts';
import { addCreate } from './create.ts';
import { addDelete } from './delete.ts';
import { addDescribe } from './describe.ts';
import { addEdit } from './edit.ts';
import { addHealth } from './health.ts';
import { addList } from './list.ts';
import { addLoggers } from './loggers.ts';
import { addOffsets } from './offsets.ts';
import { addPlugins } from './plugins.ts';
import { addRestart } from './restart.ts';
import { addSet } from './set.ts';
import { addTopics } from './topics.ts';
import { addValidate } from './validate.ts';
import { addConnectVersion } from './version.ts';

/** In the order of `runnel connect --help`. */
const SUBCOMMANDS: readonly AddCommand[] = [
  addList,
  addDescribe,
  addCreate,
  addApply,
  addValidate,
  addConfig,
  addSet,
  addEdit,
  addPause,
  addResume,
  addStop,
  addRestart,
  addDelete,
  addOffsets,
  addTopics,
  addLoggers,
  addPlugins,
  addHealth,
  addConnectVersion,
];

/** `runnel connect`: connectors of this computer's worker, or of any Kafka Connect that speaks REST. */
export const addConnect: AddCommand = (program, context) => {
  const connect: Command = program.command('connect');
  connect
    .description('Look at and change the connectors of a Kafka Connect worker: the one on this computer, or any other.')
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      showGlobalOptions: true,
      // Of the options above, only those of `connect` have a meaning below it.
      visibleGlobalOptions: (command) => (command.parent?.name() === 'runnel' ? [] : [...connect.options]),
    });
  addConnectionOptions(connect).addHelpText(
    'after',
    `
Names of connectors may be patterns ('tweets-*'). Values of passwords are shown as [hidden]; [hidden] in a file or
argument stands for the value that the worker has.

Exit codes: ${EXIT.ok} done, ${EXIT.failed} refused, invalid, not found or wrong usage, ${EXIT.cannotStart} no worker can be reached, ${EXIT.interrupted} ended by Ctrl-C.`,
  );
  for (const add of SUBCOMMANDS) add(connect, context);
};
