import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLibs } from '../../scripts/kafka-jars.mjs';
import { freePort, spawnJava } from './apache-kafka.ts';
import { keepLog, stopServer, writeProperties } from './java-server.ts';

export interface ApacheConnect {
  /** `http://127.0.0.1:12345` */
  url: string;
  port: number;
  /** Where its offsets file is; free for a test's own files. */
  folder: string;
  stop(): Promise<void>;
}

/** Kafka Connect standalone on a free port, with FileStream on its plugin path; ready when `GET /` answers 200. */
export async function startApacheConnect(
  bootstrapServers: string,
  properties: Readonly<Record<string, string>> = {},
): Promise<ApacheConnect> {
  const folder = mkdtempSync(join(tmpdir(), 'apache-connect-'));
  const plugins = join(folder, 'plugins', 'connect-file');
  mkdirSync(plugins, { recursive: true });
  for (const jar of readdirSync(kafkaLibs()))
    if (jar.startsWith('connect-file')) symlinkSync(join(kafkaLibs(), jar), join(plugins, jar));
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
  const child = spawnJava('org.apache.kafka.connect.cli.ConnectStandalone', [file]);
  const log = keepLog(child);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Kafka Connect ended before it was ready:\n${log()}`);
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    port,
    folder,
    stop: () => stopServer(child, folder),
  };
}
