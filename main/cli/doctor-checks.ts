import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, homedir, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolderPath } from '../data-folder.ts';
import { type CommandContext, sentenceOf } from './command-context.ts';

/** `lacks`: Runnel can't do its work without it. `note`: something to know, nothing is wrong. */
export interface Finding {
  name: string;
  state: 'ok' | 'note' | 'lacks';
  text: string;
}

/** Looks at one thing; what it throws is a `lacks`. */
export interface Check {
  name: string;
  look(context: CommandContext): Promise<Omit<Finding, 'name'>>;
}

const ok = (text: string) => ({ state: 'ok' as const, text });
const note = (text: string) => ({ state: 'note' as const, text });
const lacks = (text: string) => ({ state: 'lacks' as const, text });

const GIB = 2 ** 30;
/** The sandbox keeps 10 GiB at the most; with less than this nothing comfortable can be done. */
const LITTLE_SPACE = GIB;
const KAFKA_TIMEOUT_MS = 3_000;

/** Everything that `runnel doctor` looks at, in the order it says it. */
export function doctorChecks(options: { dataDir?: string; bootstrapServer?: string }): Check[] {
  return [
    { name: 'Node', look: async () => nodeVersion() },
    { name: 'Machine', look: async () => machine() },
    { name: 'SQLite', look: sqlite },
    { name: 'Data folder', look: async () => dataFolder(options.dataDir) },
    { name: 'Port 9092', look: (context) => brokerPort(context) },
    { name: 'Port 8083', look: () => restPort() },
    ...(options.bootstrapServer === undefined
      ? []
      : [{ name: 'Kafka', look: (context: CommandContext) => kafka(options.bootstrapServer as string, context) }]),
    { name: 'Window', look: async () => window() },
    { name: 'Java', look: () => java() },
  ];
}

/** Every check, one after another: those of ports would disturb each other. */
export async function examine(checks: readonly Check[], context: CommandContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, look } of checks) {
    const finding = await look(context).catch((error: unknown) => lacks(sentenceOf(error)));
    findings.push({ name, ...finding });
  }
  return findings;
}

function nodeVersion() {
  const { node, napi } = process.versions;
  const text = `${node}, Node-API ${napi} (${process.execPath})`;
  if (Number(napi) < 10) return lacks(`${text}: Node 22.14 or newer is needed`);
  return process.env.RUNNEL_NODE_REPLACED
    ? note(`${text}; it came with the packages, as yours (${process.env.RUNNEL_NODE_REPLACED}) is too old`)
    : ok(text);
}

function machine() {
  return ok(
    `${process.platform}-${process.arch}, ${availableParallelism()} processors, ${(totalmem() / GIB).toFixed(1)} GiB of memory`,
  );
}

async function sqlite({ time }: CommandContext) {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-doctor-'));
  try {
    // Loaded here, so that a native module that can't be loaded is a finding and not the end.
    const { Database } = await import('../storage/database.ts');
    const migrations = [{ version: 1, minReaderVersion: 1, sql: 'CREATE TABLE probe (id INTEGER PRIMARY KEY)' }];
    const database = Database.open({ file: join(folder, 'probe.sqlite'), migrations, time });
    const version = database.prepare<{ version: string }>('SELECT sqlite_version() AS version').get()?.version;
    database.close();
    return ok(`${version}, a database could be made and locked`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function dataFolder(dataDir: string | undefined) {
  const root = dataFolderPath({ dataDir, env: process.env, platform: process.platform, home: homedir() });
  let existing = root;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return lacks(
      `${root}: this user may not write to ${existing} (name another folder with --data-dir or RUNNEL_HOME)`,
    );
  }
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  const text = `${root}${existing === root ? '' : ' (made when it is needed)'}, ${(free / GIB).toFixed(1)} GiB free`;
  return free < LITTLE_SPACE ? note(`${text}: that is little`) : ok(text);
}

async function brokerPort(context: CommandContext) {
  if (await isFree(9092)) return ok('free for the sandbox');
  try {
    return note(
      `a Kafka broker answers (cluster ${await clusterId('localhost:9092', context)}): the sandbox takes the next free port`,
    );
  } catch {
    return note('in use by something else than Kafka: the sandbox takes the next free port');
  }
}

async function restPort() {
  if (await isFree(8083)) return ok("free for the worker's REST");
  const next = 'the worker takes the next free port';
  try {
    const answer = await fetch('http://127.0.0.1:8083/', { signal: AbortSignal.timeout(KAFKA_TIMEOUT_MS) });
    const { version } = (await answer.json()) as { version?: unknown };
    if (typeof version === 'string') return note(`a Kafka Connect worker answers (version ${version}): ${next}`);
  } catch {
    // Not HTTP, not JSON, or silent: in any case no worker.
  }
  return note(`in use by something else than Kafka Connect: ${next}`);
}

async function kafka(bootstrapServer: string, context: CommandContext) {
  return ok(`${bootstrapServer} answers (cluster ${await clusterId(bootstrapServer, context)})`);
}

async function clusterId(bootstrapServers: string, { clients }: CommandContext): Promise<string | null> {
  const admin = clients.admin({
    'bootstrap.servers': bootstrapServers,
    'client.id': 'doctor',
    'default.api.timeout.ms': String(KAFKA_TIMEOUT_MS),
  });
  try {
    return await admin.clusterId();
  } finally {
    await admin.close();
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function window() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)
    return note('no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the commands work, the window does not');
  const electron = fileURLToPath(new URL('../../node_modules/electron/dist/version', import.meta.url));
  return existsSync(electron)
    ? ok('a display and Electron are here')
    : note('a display is here; npm start gets Electron');
}

function java(): Promise<Omit<Finding, 'name'>> {
  return new Promise((resolve) => {
    execFile('java', ['-version'], { timeout: 10_000 }, (error, _, stderr) => {
      const version = /version "([^"]+)"/.exec(stderr)?.[1];
      resolve(
        note(
          error !== null || version === undefined
            ? 'not here, and not needed (only the tests compare with Apache Kafka)'
            : `${version}, not needed (only the tests compare with Apache Kafka)`,
        ),
      );
    });
  });
}
