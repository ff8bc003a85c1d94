import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLibs } from '../../scripts/kafka-jars.mjs';
import { endServer, keepLog, stopServer, writeProperties } from './java-server.ts';
import { type CommandResult, toItsEnd, tracked } from './run-command.ts';

const JAVA_FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx512m', '-Djava.awt.headless=true'];

/** Starts a class of Apache Kafka's jars, `org.apache.kafka.tools.TopicCommand` for example; `libs` are folders with more. */
export function spawnJava(
  mainClass: string,
  args: readonly string[],
  flags: readonly string[] = [],
  libs: readonly string[] = [],
): ChildProcess {
  const classPath = [kafkaLibs(), ...libs].map((folder) => join(folder, '*')).join(':');
  return tracked(
    spawn('java', [...JAVA_FLAGS, ...flags, '-cp', classPath, mainClass, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
}

/** Runs it to its end; `input` is its standard input. */
export function runJava(mainClass: string, args: readonly string[], input?: string | Buffer): Promise<CommandResult> {
  return toItsEnd(spawnJava(mainClass, args), input);
}

export interface ApacheKafka {
  bootstrapServers: string;
  port: number;
  /** Of every listener, by its name; `PLAINTEXT` is the one of `port`. */
  ports: Readonly<Record<string, number>>;
  /** Where it keeps its log; DumpLogSegments reads there. */
  logDir: string;
  readonly pid: number;
  /**
   * Ends it by a signal, and starts it on the same ports and data; `meanwhile` runs between. Resolves to the seconds
   * from its start to its first answer.
   */
  restart(signal: 'SIGTERM' | 'SIGKILL', meanwhile?: () => void): Promise<number>;
  stop(): Promise<void>;
}

export interface More {
  /** Further listeners, with the security protocol of each: `{ TLS: 'SSL' }`. */
  listeners?: Readonly<Record<string, string>>;
  /** Further arguments of `kafka-storage.sh format`, `--add-scram`. */
  format?: readonly string[];
}

/**
 * A single KRaft node on free ports with its data in a temporary folder; ready when it answers a request. `flags` are
 * for the JVM and overrule ours, which make its start short.
 */
export async function startApacheKafka(
  properties: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
  { listeners = {}, format = [] }: More = {},
): Promise<ApacheKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'apache-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const logDir = join(folder, 'data');
  const ports: Record<string, number> = { PLAINTEXT: port };
  for (const name of Object.keys(listeners)) ports[name] = await freePort();
  const advertised = Object.entries(ports).map(([name, each]) => `${name}://127.0.0.1:${each}`);
  const protocols = Object.entries({ PLAINTEXT: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', ...listeners });
  const settings: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: [...advertised, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': protocols.map((each) => each.join(':')).join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': logDir,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '5',
    'group.initial.rebalance.delay.ms': '0',
    ...properties,
  };
  const file = join(folder, 'server.properties');
  writeProperties(file, settings);
  const clusterId = randomBytes(16).toString('base64url');
  const formatted = await runJava('kafka.tools.StorageTool', [
    'format',
    `--cluster-id=${clusterId}`,
    '-c',
    file,
    ...format,
  ]);
  if (formatted.code !== 0) throw new Error(`StorageTool failed: ${formatted.stderr}${formatted.stdout.toString()}`);
  const start = async () => {
    const child = spawnJava('kafka.Kafka', [file], flags);
    const log = keepLog(child);
    const ended = new Promise<never>((_, reject) =>
      child.on('exit', (code) => reject(new Error(`Apache Kafka ended with ${code} before it was ready:\n${log()}`))),
    );
    await Promise.race([ready(port), ended]);
    // Once it is ready, its end is its user's doing.
    ended.catch(() => {});
    return child;
  };
  let child = await start();
  return {
    bootstrapServers: `127.0.0.1:${port}`,
    port,
    ports,
    logDir,
    get pid() {
      return child.pid as number;
    },
    async restart(signal, meanwhile = () => {}) {
      await endServer(child, signal);
      meanwhile();
      const began = performance.now();
      child = await start();
      return (performance.now() - began) / 1000;
    },
    stop: () => stopServer(child, folder),
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** An ApiVersions request (key 18, version 0) until one is answered: an open port alone is not a broker yet. */
async function ready(port: number): Promise<void> {
  const request = Buffer.from('0000000a0012000000000001ffff', 'hex');
  for (;;) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = new Socket();
      const done = (result: boolean) => {
        socket.destroy();
        resolve(result);
      };
      socket.setTimeout(1000, () => done(false));
      socket.on('error', () => done(false));
      socket.on('close', () => done(false));
      socket.on('data', () => done(true));
      socket.connect(port, '127.0.0.1', () => socket.write(request));
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
