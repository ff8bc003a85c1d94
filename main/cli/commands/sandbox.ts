import { join } from 'node:path';
import { createLogger, writeToStderr } from '../../logging.ts';
import { type AddCommand, type CommandContext, untilAborted } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { collect, parseKeyValueArgs, port } from '../kafka-options.ts';
import { openRoot } from '../open-root.ts';
import { type ShareOptions, sharedListener } from '../shared-listener.ts';

interface Options extends ShareOptions {
  port?: number;
  dataDir?: string;
  override?: string[];
}

/** `runnel sandbox`: the broker alone, until Ctrl-C. */
export const addSandbox: AddCommand = (program, context) => {
  program
    .command('sandbox')
    .description('Run a Kafka broker on this computer, for as long as the command runs.')
    .option('--port <port>', 'the port to listen on; without it 9092 or the next free one, 0 for any', port('port'))
    .option(
      '--data-dir <folder>',
      "Runnel's data folder, topics are kept in its sandbox/ (RUNNEL_HOME names it as well)",
    )
    .option('--override <property=value>', 'a broker property, may be given several times', collect)
    .option('--share <host:port>', 'listen there as well, for clients on other machines; 0.0.0.0 is every address')
    .option('--share-key <file>', 'the private key of that listener (PEM, without a password)')
    .option('--share-cert <file>', 'its certificate with the chain (PEM)')
    .option(
      '--share-users <file>',
      'who may come by it: a line name=password for each (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512)',
    )
    .option('--share-insecurely', 'without TLS and users: whoever reaches the address reads and writes everything')
    .addHelpText(
      'after',
      `
It listens on 127.0.0.1 and ::1 only, unless it is shared. Topics, records and consumer offsets are there again at the next start.
When clients can connect it says "Runnel sandbox is ready on localhost:PORT (data in DIR)" on standard output.

Exit codes: ${EXIT.ok} ended by Ctrl-C, ${EXIT.failed} wrong usage, ${EXIT.cannotStart} can't start: port in use, folder in use or unreadable.`,
    )
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const shared = sharedListener(options);
  const { startSandbox } = await import('../start-sandbox.ts');
  const sandbox = await startSandbox(
    {
      dataDir: join(openRoot(options.dataDir), 'sandbox'),
      port: options.port,
      shared,
      overrides: Object.fromEntries(parseKeyValueArgs(options.override)),
      logger: createLogger({ time: context.time, write: writeToStderr, level: 'INFO' }, 'server.Sandbox'),
    },
    context,
  );
  try {
    await context.write(`Runnel sandbox is ready on localhost:${sandbox.port} (data in ${sandbox.dataDir})\n`);
    if (shared) {
      const how = shared.tls ? 'by TLS, to the users of --share-users' : 'to EVERYBODY who reaches that address';
      await context.write(`It is open on ${options.share} as well, ${how}.\n`);
    }
    await untilAborted(context.signal);
  } finally {
    await sandbox.close();
  }
}
