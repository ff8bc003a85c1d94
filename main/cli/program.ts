import { Command, CommanderError } from 'commander';
import { KafkaException } from '../../common/errors.ts';
import { RUNNEL_VERSION } from '../../common/version.ts';
import type { KafkaClients } from '../kafka/api.ts';
import {
  type AddCommand,
  type CommandContext,
  CommandFailure,
  Interrupted,
  sentenceOf,
  UsageError,
} from './command-context.ts';
import { addComplete } from './commands/complete.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfigs } from './commands/configs.ts';
import { addConnect } from './commands/connect/index.ts';
import { addConnectDistributed } from './commands/connect-distributed.ts';
import { addConnectPluginPath } from './commands/connect-plugin-path.ts';
import { addConnectStandalone } from './commands/connect-standalone.ts';
import { addConsoleConsumer } from './commands/console-consumer.ts';
import { addConsoleProducer } from './commands/console-producer.ts';
import { addConsumerGroups } from './commands/consumer-groups.ts';
import { addCreatePlugin } from './commands/create-plugin.ts';
import { addDeleteRecords } from './commands/delete-records.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDumpLog } from './commands/dump-log.ts';
import { addGetOffsets } from './commands/get-offsets.ts';
import { addRestoreBackup } from './commands/restore-backup.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addTopics } from './commands/topics.ts';
import { addVersion } from './commands/version.ts';
import { EXIT } from './exit-codes.ts';

/** Every command, in the order of `runnel --help`. */
const COMMANDS: readonly AddCommand[] = [
  addDemo,
  addSandbox,
  addConnectStandalone,
  addConnectDistributed,
  addConnect,
  addConsoleConsumer,
  addConsoleProducer,
  addTopics,
  addConsumerGroups,
  addConfigs,
  addGetOffsets,
  addDeleteRecords,
  addDumpLog,
  addConnectPluginPath,
  addCreatePlugin,
  addDoctor,
  addRestoreBackup,
  addCompletion,
  addComplete,
  addVersion,
];

/** What these load is ready at once, or they load the Kafka client themselves; for all others it is loaded before. */
const WITHOUT_KAFKA = new Set([
  '__complete',
  'completion',
  'connect',
  'connect-distributed',
  'connect-plugin-path',
  'connect-standalone',
  'create-plugin',
  'dump-log',
  'restore-backup',
  'sandbox',
  'version',
]);

const CANNOT_START = new Set([
  'PORT_IN_USE',
  'BROKER_UNREACHABLE',
  'DATA_LOCKED',
  'DATA_UNREADABLE',
  'WORKER_UNREACHABLE',
]);

/** What a run gets of the world besides its arguments. */
export type Surroundings = Omit<CommandContext, 'clients' | 'setExitCode'>;

/** Runs `runnel` with these arguments; resolves to its exit code. */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = EXIT.ok;
  let clients: KafkaClients | null = null;
  const context: CommandContext = {
    ...surroundings,
    get clients() {
      if (clients === null) throw new Error('This command is listed as one that needs no Kafka client');
      return clients;
    },
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = createProgram(context);
  program.hook('preAction', async (_, command) => {
    if (!WITHOUT_KAFKA.has(topLevel(command).name())) clients = await surroundings.loadClients(surroundings.logger);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return failed(error, context);
  }
}

/** The definitions of all commands; nothing runs. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('runnel')
    .description('Kafka ETL on a laptop: a Kafka Connect worker, a Kafka sandbox, and the tools that go with them.')
    .version(RUNNEL_VERSION, '--version', 'print the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .showHelpAfterError('(--help lists the options)');
  for (const add of COMMANDS) add(program, context);
  return program;
}

function topLevel(command: Command): Command {
  return command.parent === null || command.parent.parent === null ? command : topLevel(command.parent);
}

/** Says what went wrong, once; gives the exit code for it. */
function failed(error: unknown, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof UsageError) {
    context.tell(`${sentenceOf(error)}\n(--help lists the options)`);
    return EXIT.failed;
  }
  if (error instanceof CommandFailure) {
    context.tell(error.message);
    tellStack(context, error.cause);
    return error.exitCode;
  }
  context.tell(sentenceOf(error));
  tellStack(context, error);
  return error instanceof KafkaException && CANNOT_START.has(error.code) ? EXIT.cannotStart : EXIT.failed;
}

/** What is no error of ours is a defect, and then the frames are wanted. */
function tellStack(context: CommandContext, error: unknown): void {
  if (!(error instanceof KafkaException) && error instanceof Error && error.stack) context.tell(error.stack);
}
