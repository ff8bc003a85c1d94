import { Command, CommanderError } from 'commander';
import { KafkaException } from '../../common/errors.ts';
import { RUNNEL_VERSION } from '../../common/version.ts';
import type { KafkaClients } from '../kafka/api.ts';
import { createLogger, writeToStderr } from '../logging.ts';
import { systemTime } from '../time.ts';
import { type AddCommand, type CommandContext, CommandFailure, sentenceOf, UsageError } from './command-context.ts';
import { addConnectStandalone } from './commands/connect-standalone.ts';
import { addConsoleConsumer } from './commands/console-consumer.ts';
import { addConsoleProducer } from './commands/console-producer.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addTopics } from './commands/topics.ts';
import { addVersion } from './commands/version.ts';
import { EXIT } from './exit-codes.ts';

/** Every command, in the order of `runnel --help`. */
const COMMANDS: readonly AddCommand[] = [
  addDemo,
  addSandbox,
  addConnectStandalone,
  addConsoleConsumer,
  addConsoleProducer,
  addTopics,
  addDoctor,
  addVersion,
];

/** What these load is ready at once; all others also load the Kafka client. */
const WITHOUT_KAFKA = new Set(['sandbox', 'version']);

const CANNOT_START = new Set(['PORT_IN_USE', 'BROKER_UNREACHABLE', 'DATA_LOCKED', 'DATA_UNREADABLE']);

/** Runs `runnel` with these arguments; resolves to its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  process.once('SIGHUP', onSignal);
  let exitCode: number = EXIT.ok;
  let clients: KafkaClients | null = null;
  const logger = createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' });
  const context: CommandContext = {
    time: systemTime,
    logger,
    random: Math.random,
    taskThread: taskThread(),
    get clients() {
      if (clients === null) throw new Error('This command is listed as one that needs no Kafka client');
      return clients;
    },
    stdin: process.stdin,
    write: writeToStdout,
    tell: (line) => void process.stderr.write(`${line}\n`),
    signal: stop.signal,
    interactive: process.stdout.isTTY === true,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = new Command('runnel')
    .description('Kafka ETL on a laptop: a Kafka Connect worker, a Kafka sandbox, and the tools that go with them.')
    .version(RUNNEL_VERSION, '--version', 'print the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .showHelpAfterError('(--help lists the options)');
  for (const add of COMMANDS) add(program, context);
  program.hook('preAction', async (_, command) => {
    if (WITHOUT_KAFKA.has(command.name())) return;
    const { kafkaClients } = await import('../kafka/index.ts');
    clients = kafkaClients({ time: systemTime, logger, random: Math.random });
  });
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help lists the options)');
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
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
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onSignal);
  }
}

/** What is no error of ours is a defect, and then the frames are wanted. */
function tellStack(context: CommandContext, error: unknown): void {
  if (!(error instanceof KafkaException) && error instanceof Error && error.stack) context.tell(error.stack);
}

function taskThread(): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(source ? '../connect/task-thread.ts' : './task-thread.js', import.meta.url);
}

function writeToStdout(chunk: Buffer | string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      if (!error) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A closed pipe is told to the writer by its callback; anything else is a real failure.
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
