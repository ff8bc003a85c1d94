import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoInfo } from '../../../common/connect/worker-info.ts';
import { openDataFolder } from '../../data-folder.ts';
import type { StartOffset } from '../../kafka/api.ts';
import { createLogger, writeToStderr } from '../../logging.ts';
import type { AddCommand, CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { port, positive } from '../kafka-options.ts';
import { openRoot } from '../open-root.ts';

interface Options {
  port?: number;
  dataDir?: string;
  rate?: number;
  duration?: number;
}

/** Without a terminal nobody presses Ctrl-C. */
const UNATTENDED_SECONDS = 10;

/** `runnel demo`: sandbox, worker with the demo's connector, and a consumer, in this one process. */
export const addDemo: AddCommand = (program, context) => {
  program
    .command('demo')
    .description(
      'Watch sample tweets flow through a connector into a topic: broker, worker and consumer in one command.',
    )
    .option('--rate <records>', 'records a second, up to 50000; without it 20', positive('rate', 50_000))
    .option(
      '--duration <seconds>',
      `end after so long; without it at Ctrl-C, or after ${UNATTENDED_SECONDS} s when the output is no terminal`,
      positive('duration'),
    )
    .option('--port <port>', 'the port of the broker; without it 9092 or the next free one', port('port'))
    .option(
      '--data-dir <folder>',
      'keep everything in this folder and go on with it next time; without it nothing is kept',
    )
    .addHelpText(
      'after',
      `
The posts are synthetic and come with Runnel: it works offline, and nothing leaves this computer.

Exit codes: ${EXIT.ok} ended by Ctrl-C or after its time, ${EXIT.failed} wrong usage, ${EXIT.cannotStart} can't start: port or folder in use.`,
    )
    .action((options: Options) => run(options, context));
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const { startConnectStandalone, startDemo, startSandbox } = await loadParts();
  const root = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'runnel-demo-')) : openRoot(options.dataDir);
  const folder = openDataFolder(root);
  const logger = createLogger({ time: context.time, write: writeToStderr, level: 'WARN' }, 'cli.Demo');
  // Closed in the opposite order, also when a later one can't start.
  const opened: (() => void | Promise<void>)[] = [];
  if (options.dataDir === undefined) opened.push(() => rmSync(root, { recursive: true, force: true }));
  try {
    const sandbox = await startSandbox({ dataDir: folder.sandbox, port: options.port, logger }, context);
    opened.push(() => sandbox.close());
    const bootstrapServers = `localhost:${sandbox.port}`;
    const worker = await startConnectStandalone({
      properties: {
        'bootstrap.servers': bootstrapServers,
        'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
        'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'value.converter.schemas.enable': 'false',
      },
      databasePath: join(folder.worker, 'connect.sqlite'),
      clients: context.clients,
      time: context.time,
      logger,
      random: context.random,
      taskThread: context.taskThread,
      onLog: writeToStderr,
    });
    opened.push(() => worker.stop());
    const admin = context.clients.admin({ 'bootstrap.servers': bootstrapServers });
    opened.push(() => admin.close());
    const demo = await startDemo({ herder: worker.herder, admin }, options.rate);
    const where = `topic ${demo.topic} on ${bootstrapServers}`;
    await context.write(
      [
        `Broker     ${bootstrapServers} (${options.dataDir === undefined ? 'nothing is kept' : `kept in ${root}`})`,
        `Worker     ${worker.restUrl === null ? 'without REST' : worker.restUrl}`,
        `Connector  ${demo.connector}: ${demo.recordsPerSecond} sample posts a second into topic ${demo.topic}`,
        `Try        npx --no runnel console-consumer --bootstrap-server ${bootstrapServers} --topic ${demo.topic}`,
        '',
        '',
      ].join('\n'),
    );
    await watch(
      { demo, bootstrapServers, where, start: options.dataDir === undefined ? 'earliest' : 'latest' },
      options,
      context,
    );
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** Broker and worker are large: `--help` and the other commands do without them. */
async function loadParts() {
  const [worker, demo, sandbox] = await Promise.all([
    import('../../connect/connect-standalone.ts'),
    import('../../connect/demo.ts'),
    import('../../sandbox/start-sandbox.ts'),
  ]);
  return { ...worker, ...demo, ...sandbox };
}

interface Watched {
  demo: DemoInfo;
  bootstrapServers: string;
  where: string;
  start: StartOffset;
}

/** Shows the topic until Ctrl-C, the end of its time, or until nobody reads the output. */
async function watch(watched: Watched, options: Options, context: CommandContext): Promise<void> {
  const { time, clients, signal, interactive, write } = context;
  const reader = clients.partitionReader({ 'bootstrap.servers': watched.bootstrapServers, 'client.id': 'demo' });
  const wake = () => reader.wakeup();
  signal.addEventListener('abort', wake);
  const seconds = options.duration ?? (interactive ? Number.POSITIVE_INFINITY : UNATTENDED_SECONDS);
  const { DemoScreen } = await import('../demo-screen.ts');
  const screen = new DemoScreen({
    time,
    write,
    interactive,
    columns: () => process.stdout.columns || 80,
    where: watched.where,
  });
  try {
    await reader.assign(await partitionsOf(watched, context));
    const end = time.hiResMilliseconds() + seconds * 1_000;
    for (;;) {
      const left = end - time.hiResMilliseconds();
      if (signal.aborted || left <= 0) break;
      const { records } = await reader.poll(Math.max(1, Math.min(500, left)));
      if (!(await screen.show(records))) return;
    }
    await screen.finish();
  } finally {
    signal.removeEventListener('abort', wake);
    await reader.close();
  }
}

async function partitionsOf({ demo, bootstrapServers, start }: Watched, { clients }: CommandContext) {
  const admin = clients.admin({ 'bootstrap.servers': bootstrapServers });
  try {
    const [topic] = await admin.describeTopics([demo.topic]);
    return (topic?.partitions ?? []).map(({ partition }) => ({ topic: demo.topic, partition, start }));
  } finally {
    await admin.close();
  }
}
