import { join } from 'node:path';
import type { Sandbox, SharedListener } from '../../broker/sandbox.ts';
import { createLogger, writeToStderr } from '../../logging.ts';
import { collectForBroker } from '../collector.ts';
import { type AddCommand, type CommandContext, UsageError, untilAborted } from '../command-context.ts';
import { EXIT } from '../exit-codes.ts';
import { collect, loadProps, parseKeyValueArgs, port } from '../kafka-options.ts';
import { openRoot } from '../open-root.ts';
import { ReadyFile } from '../ready-file.ts';
import { type ShareOptions, sharedListener } from '../shared-listener.ts';
import { addSandboxRestore, addSandboxSave } from './sandbox-archive.ts';

interface Options extends ShareOptions {
  port?: number;
  dataDir?: string;
  inMemory?: boolean;
  topics?: ReadonlyMap<string, number | undefined>;
  override?: string[];
  readyFile?: string;
  exitWithParent?: boolean;
}

/** `runnel sandbox`: the broker alone, until Ctrl-C. */
export const addSandbox: AddCommand = (program, context) => {
  const sandbox = program
    .command('sandbox')
    .description('Run a Kafka broker on this computer, for as long as the command runs.')
    .argument('[server.properties]', 'broker properties in a file, as kafka-server-start takes it')
    .option('--port <port>', 'the port to listen on; without it 9092 or the next free one, 0 for any', port('port'))
    .option(
      '--data-dir <folder>',
      "Runnel's data folder, topics are kept in its sandbox/ (RUNNEL_HOME names it as well)",
    )
    .option('--in-memory', 'keep everything in memory; it is gone when the command ends')
    .option(
      '--topics <name[:partitions],…>',
      'topics to make where they are missing, before clients can connect: a:3,b',
      topicCounts,
    )
    .option(
      '--override <property=value>',
      'a broker property, goes before the file; may be given several times',
      collect,
    )
    .option('--ready-file <file>', 'a file that has host:port in it as long as clients can connect')
    .option('--exit-with-parent', 'end when standard input ends, as it does when the program that started it is gone')
    .option('--share <host:port>', 'listen there as well, for clients on other machines; 0.0.0.0 is every address')
    .option('--share-key <file>', 'the private key of that listener (PEM, without a password)')
    .option('--share-cert <file>', 'its certificate with the chain (PEM)')
    .option(
      '--share-users <file>',
      'who may come by it: a line name=password for each (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512)',
    )
    .option('--share-insecurely', 'without TLS and users: whoever reaches the address reads and writes everything')
    .option(
      '--share-as <host>',
      'the name or address that clients of that listener are told; else the one they reached',
    )
    .option(
      '--share-containers',
      'listen for containers of this computer as well, which are told host.docker.internal; without TLS and users',
    )
    .option('--share-wsl', 'listen for Linux in WSL on this Windows as well; without TLS and users')
    .addHelpText(
      'after',
      `
It listens on 127.0.0.1 and ::1 only, unless it is shared. Topics, records and consumer offsets are there again at the next start.
When clients can connect it says "Runnel sandbox is ready on localhost:PORT (data in DIR)" on standard output; its log is on standard error.
Ctrl-C, SIGTERM and SIGHUP end it cleanly, a second one at once: what was acknowledged is there all the same.

Exit codes: ${EXIT.ok} ended by Ctrl-C, ${EXIT.failed} wrong usage, ${EXIT.cannotStart} can't start: port in use, folder in use or unreadable.`,
    )
    .action((file: string | undefined, options: Options) => run(file, options, context));
  addSandboxSave(sandbox, context);
  addSandboxRestore(sandbox, context);
};

async function run(file: string | undefined, options: Options, context: CommandContext): Promise<void> {
  if (options.inMemory && options.dataDir !== undefined)
    throw new UsageError('Options --in-memory and --data-dir cannot be specified together');
  const shared = sharedListener(options);
  const overrides = Object.fromEntries([...loadProps(file), ...parseKeyValueArgs(options.override)]);
  const readyFile = options.readyFile === undefined ? undefined : new ReadyFile(options.readyFile);
  const end = options.exitWithParent ? AbortSignal.any([context.signal, endOf(context.stdin)]) : context.signal;
  collectForBroker();
  const [{ startSandbox }, { serveControl }] = await Promise.all([
    import('../../sandbox/start-sandbox.ts'),
    import('../../sandbox/control.ts'),
  ]);
  const sandbox = await startSandbox(
    {
      dataDir: options.inMemory ? null : join(openRoot(options.dataDir), 'sandbox'),
      port: options.port,
      topics: options.topics,
      shared,
      overrides,
      logger: createLogger({ time: context.time, write: writeToStderr, level: 'INFO' }, 'server.Sandbox'),
    },
    context,
  );
  let control: { close(): void } | undefined;
  try {
    if (!options.inMemory) control = await serveControl(sandbox);
    readyFile?.write(`localhost:${sandbox.port}\n`);
    await context.write(readyText(sandbox, options, shared));
    await untilAborted(end);
  } finally {
    readyFile?.remove();
    control?.close();
    await sandbox.close();
  }
}

function readyText(sandbox: Sandbox, options: Options, shared: SharedListener | undefined): string {
  const where = options.inMemory ? 'in memory, gone at the end' : `data in ${sandbox.dataDir}`;
  const lines = [`Runnel sandbox is ready on localhost:${sandbox.port} (${where})`];
  for (const { name, port: itsPort, advertised } of sandbox.listeners.slice(1, shared ? -1 : undefined)) {
    const told = advertised ? `, whose clients are told ${advertised.host}:${advertised.port}` : '';
    lines.push(`The listener ${name} is on localhost:${itsPort}${told}.`);
  }
  const open = sandbox.listeners.at(-1);
  if (shared && open) {
    const address = `${shared.host.includes(':') ? `[${shared.host}]` : shared.host}:${open.port}`;
    const how = shared.tls ? 'by TLS, to the users of --share-users' : 'to EVERYBODY who reaches that address';
    const told = open.advertised ? `; clients are told ${open.advertised.host}:${open.advertised.port}` : '';
    lines.push(`It is open on ${address} as well, ${how}${told}.`);
    if (options.shareContainers && process.platform === 'linux')
      lines.push('Start containers with --add-host=host.docker.internal:host-gateway, so that they know the name.');
  }
  return `${lines.join('\n')}\n`;
}

/** `a:3,b` */
function topicCounts(text: string): ReadonlyMap<string, number | undefined> {
  const topics = new Map<string, number | undefined>();
  for (const item of text.split(',')) {
    const match = /^([^:\s]+)(?::(\d{1,6}))?$/.exec(item.trim());
    const [, name, partitions] = match ?? [];
    if (name === undefined || partitions === '0' || topics.has(name)) {
      const what = name !== undefined && topics.has(name) ? `names ${name} twice` : `can't be '${item}'`;
      throw new UsageError(`Option topics ${what}: name or name:partitions is needed, with commas between`);
    }
    topics.set(name, partitions === undefined ? undefined : Number(partitions));
  }
  return topics;
}

/** Aborts when nothing more can come. */
function endOf(stream: NodeJS.ReadableStream): AbortSignal {
  const ended = new AbortController();
  stream.once('end', () => ended.abort());
  stream.once('close', () => ended.abort());
  stream.once('error', () => ended.abort());
  stream.resume();
  return ended.signal;
}
