import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLibs } from '../../scripts/kafka-jars.mjs';
import { freePort, spawnJava } from './apache-kafka.ts';
import { connectExtras } from './connect-extras.ts';
import { keepLog, stopServer, writeProperties } from './java-server.ts';

export interface ApacheConnect {
  /** `http://127.0.0.1:12345` */
  url: string;
  port: number;
  /** Where its offsets file is; free for a test's own files. */
  folder: string;
  /** The last of what it logged. */
  log(): string;
  stop(): Promise<void>;
}

export interface ApacheConnectOptions {
  /** With log4j2 and basic authentication, as Kafka's download has them. */
  extras?: boolean;
  /** Of Java. */
  flags?: readonly string[];
  /** For its files; absent: a new one. It goes with the worker. */
  folder?: string;
  /** Where it answers when that is not its http listener. */
  ready?: (url: string) => Promise<number>;
}

/** As Kafka's own connect-log4j2.yaml, without its files. */
const LOG4J = `rootLogger.level=INFO
rootLogger.appenderRef.stdout.ref=STDOUT
appender.console.type=Console
appender.console.name=STDOUT
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %X{connector.context}%m (%c:%L)%n
`;

/** Kafka Connect standalone on a free port, with FileStream on its plugin path; ready when `GET /` answers 200. */
export async function startApacheConnect(
  bootstrapServers: string,
  properties: Readonly<Record<string, string>> = {},
  options: ApacheConnectOptions = {},
): Promise<ApacheConnect> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'apache-connect-'));
  linkFileStream(join(folder, 'plugins'));
  const port = await freePort();
  const settings: Record<string, string> = {
    'bootstrap.servers': bootstrapServers,
    listeners: `http://127.0.0.1:${port}`,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': join(folder, 'offsets'),
    'plugin.path': join(folder, 'plugins'),
    ...properties,
  };
  const file = join(folder, 'worker.properties');
  writeProperties(file, settings);
  const log4j = join(folder, 'log4j2.properties');
  writeFileSync(log4j, LOG4J);
  const flags = [...(options.extras ? [`-Dlog4j2.configurationFile=${log4j}`] : []), ...(options.flags ?? [])];
  const libs = options.extras ? [connectExtras()] : [];
  const child = spawnJava(CONNECT_STANDALONE, [file], flags, libs);
  const url = `http://127.0.0.1:${port}`;
  const log = keepLog(child);
  await untilItAnswers(child, url, options.ready);
  return {
    url,
    port,
    folder,
    log,
    stop: () => stopServer(child, folder),
  };
}

export const CONNECT_STANDALONE = 'org.apache.kafka.connect.cli.ConnectStandalone';

/** Kafka's FileStream connectors, as a folder for `plugin.path`. */
export function linkFileStream(pluginPath: string): void {
  const plugin = join(pluginPath, 'connect-file');
  mkdirSync(plugin, { recursive: true });
  for (const jar of readdirSync(kafkaLibs()))
    if (jar.startsWith('connect-file')) symlinkSync(join(kafkaLibs(), jar), join(plugin, jar));
}

/** Resolves when the worker has its REST resources; its port is open before. Rejects when it has ended. */
export async function untilItAnswers(
  child: ChildProcess,
  url: string,
  ask: (url: string) => Promise<number> = (at) => fetch(at).then((response) => response.status),
): Promise<void> {
  const log = keepLog(child);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Kafka Connect ended before it was ready:\n${log()}`);
    const status = await ask(url).catch(() => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
