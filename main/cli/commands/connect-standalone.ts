import { KafkaException } from '../../../common/errors.ts';
import type { ConnectorFile } from '../../connect/connector-files.ts';
import { createLogger, writeToStderr } from '../../logging.ts';
import { type AddCommand, type CommandContext, CommandFailure, untilAborted } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';

/** `runnel connect-standalone`: arguments and exit codes of `connect-standalone.sh`. */
export const addConnectStandalone: AddCommand = (program, context) => {
  program
    .command('connect-standalone')
    .description('Run a Kafka Connect worker with connectors from files, as connect-standalone does.')
    .argument('<worker.properties>', "the worker's settings")
    .argument('[connector files...]', 'connectors to create or update: properties files, or either JSON form')
    .addHelpText(
      'after',
      `
State is kept in SQLite beside offset.storage.file.filename. Connectors made by REST come back at the next start.

Exit codes: ${EXIT.ok} ended cleanly, ${EXIT.failed} wrong usage, ${EXIT.cannotStart} the worker can't start, ${EXIT.connectorNotCreated} a connector of the command line could not be created.`,
    )
    .action((workerFile: string, connectorFiles: string[]) => run(workerFile, connectorFiles, context));
};

async function run(workerFile: string, connectorFiles: readonly string[], context: CommandContext): Promise<void> {
  const { readConnectorFile, readWorkerProperties } = await import('../../connect/connector-files.ts');
  const logger = createLogger({ time: context.time, write: writeToStderr, level: 'INFO' }, 'cli.ConnectStandalone');
  const properties = orElse(EXIT.cannotStart, () => readWorkerProperties(workerFile));
  const connectors = connectorFiles.map(
    (file): ConnectorFile => orElse(EXIT.connectorNotCreated, () => readConnectorFile(file)),
  );
  const { startConnectStandalone } = await import('../../connect/connect-standalone.ts');
  const { forkPlugin } = await import('../../connect/fork-plugin.ts');
  const started = context.time.hiResMilliseconds();
  const worker = await startConnectStandalone({
    properties,
    connectors,
    // They log as the worker does: admin/loggers reaches them too.
    clients: await context.loadClients(logger),
    time: context.time,
    logger,
    random: context.random,
    taskThread: context.taskThread,
    forkPlugin: forkPlugin(context.pluginProcess, context.time),
    onLog: writeToStderr,
    kafkaOpts: process.env.KAFKA_OPTS,
    requireKafka: true,
  }).catch((error: unknown) => {
    const notCreated = error instanceof KafkaException && error.code === 'CONNECTOR_NOT_CREATED';
    throw new CommandFailure(notCreated ? EXIT.connectorNotCreated : EXIT.cannotStart, error);
  });
  const took = Math.round(context.time.hiResMilliseconds() - started);
  context.tell(
    `Kafka Connect worker is ready after ${took} ms: ${worker.restUrl === null ? 'REST is off' : `REST at ${worker.restUrl}`} (state in ${worker.databasePath})`,
  );
  try {
    await untilAborted(context.signal);
  } finally {
    await worker.stop();
  }
}

function orElse<T>(exitCode: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandFailure(exitCode, error);
  }
}
