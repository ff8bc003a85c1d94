import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ConfigException } from '../../../common/errors.ts';
import { type CommandContext, UsageError } from '../command-context.ts';
import { positive } from '../kafka-options.ts';
import { ConnectClient } from './connect-client.ts';
import { workerAddress } from './worker-address.ts';

interface ConnectionOptions {
  url?: string;
  dataDir?: string;
  user?: string;
  passwordFile?: string;
  cacert?: string;
  cert?: string;
  key?: string;
  timeout: number;
}

/** Connect itself gives up after 90 s, and says what it was waiting for. */
const TIMEOUT_S = 100;
const RETRY_FOR_MS = 30_000;

/** The options that say which worker is asked, and how. They may stand before or after a subcommand. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'address of the worker, or of several of one cluster with commas between (RUNNEL_CONNECT_URL names it as well); ' +
        'by default the worker of the app on this computer',
    )
    .option('--data-dir <folder>', 'the data folder of the app whose worker is meant (RUNNEL_HOME names it as well)')
    .option(
      '--user <name>',
      'user of basic authentication; the password comes from --password-file, RUNNEL_CONNECT_PASSWORD or the terminal',
    )
    .option('--password-file <file>', 'file whose first line is the password')
    .option('--cacert <file>', 'PEM file of the authorities that are trusted to sign the certificate of the worker')
    .option('--cert <file>', 'PEM file of a certificate to show to the worker')
    .option('--key <file>', 'PEM file of the private key of --cert')
    .option('--timeout <seconds>', 'time limit of a request', positive('timeout'), TIMEOUT_S);
}

/** The worker that this command's options name. Asks for the password when one is missing and a person is there. */
export async function connectTo(
  command: Command,
  context: CommandContext,
  retryForMs = RETRY_FOR_MS,
): Promise<ConnectClient> {
  const options = command.optsWithGlobals<ConnectionOptions>();
  const address = workerAddress(options.url, options.dataDir, context.env);
  if ((options.cert === undefined) !== (options.key === undefined))
    throw new UsageError('--cert and --key belong together: give both');
  const read = (option: string, file: string | undefined) =>
    file === undefined ? {} : { [option]: readOptionFile(`--${option}`, file) };
  const ca = options.cacert === undefined ? {} : { ca: readOptionFile('--cacert', options.cacert) };
  const user = options.user ?? address.user ?? (context.env.RUNNEL_CONNECT_USER || null);
  return new ConnectClient({
    urls: address.urls,
    credentials: user === null ? null : { user, password: await password(user, address.password, options, context) },
    tls: { ...ca, ...read('cert', options.cert), ...read('key', options.key) },
    timeoutMs: options.timeout * 1_000,
    retryForMs,
    time: context.time,
    random: context.random,
    signal: context.signal,
    tell: (line) => context.tell(line),
  });
}

async function password(
  user: string,
  inUrl: string | null,
  options: ConnectionOptions,
  context: CommandContext,
): Promise<string> {
  if (options.passwordFile !== undefined)
    return readOptionFile('--password-file', options.passwordFile).split(/\r?\n/)[0] as string;
  const given = context.env.RUNNEL_CONNECT_PASSWORD ?? inUrl;
  if (given !== null) return given;
  if (context.ask === null)
    throw new UsageError(`A password for ${user} is missing: give --password-file or set RUNNEL_CONNECT_PASSWORD`);
  const answer = await context.ask(`Password of ${user}: `, { hidden: true });
  if (answer === null) throw new UsageError('No password was given');
  return answer;
}

function readOptionFile(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigException(`Can't read ${file} of ${option}: ${(error as Error).message}`, {
      code: 'FILE_UNREADABLE',
      key: file,
      cause: error,
    });
  }
}
