import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kafkaLibs } from '../scripts/kafka-jars.mjs';
import { freePort, startApacheKafka } from '../tests/kit/apache-kafka.ts';
import { cpuSeconds, pssMiB } from './proc.ts';
import { type Measured, startMeasured } from './process.ts';

const BUILT = resolve(import.meta.dirname, '../out/main/cli.js');
const RUNNEL = resolve(import.meta.dirname, '../scripts/runnel.mjs');
/** The collector that needs least of a small machine; Kafka's own scripts ask for another and for 2 GiB. */
const JAVA_FLAGS = ['-XX:+UseSerialGC', '-Xmx512m', '-Djava.awt.headless=true'];
const JAVA = [...JAVA_FLAGS, '-cp', join(kafkaLibs(), '*')];
/** As a server runs: with both of its compilers, which our tests leave out for a short start. */
const BROKER_FLAGS = ['-XX:TieredStopAtLevel=4', '-Xmx1g'];

export interface Broker {
  bootstrapServers: string;
  /** Where its partitions lie. */
  logDir: string;
  readonly pid: number;
  cpuSeconds(): number;
  pssMiB(): number;
  /** Ends it, and starts it on the same data; `meanwhile` runs between. Resolves to the seconds from start to ready. */
  restart(signal: 'SIGTERM' | 'SIGKILL', meanwhile?: () => void): Promise<number>;
  stop(): Promise<void>;
}

/** One side of a comparison: the same four programs, once ours and once Apache's. */
export interface Contender {
  name: 'runnel' | 'apache';
  broker(): Promise<Broker>;
  /** connect-standalone with worker settings and connector files; `rest` is where its REST API will answer. */
  worker(settings: Readonly<Record<string, string>>, connectorFiles: readonly string[], restPort: number): Measured;
  consoleConsumer(args: readonly string[]): Measured;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'runnel-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function propertiesFile(path: string, settings: Readonly<Record<string, string>>): string {
  writeFileSync(
    path,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return path;
}

export const runnel: Contender = {
  name: 'runnel',
  async broker() {
    const data = temporaryFolder();
    const port = await freePort();
    const start = async () => {
      const args = ['sandbox', '--port', `${port}`, '--data-dir', data.path];
      // As it is installed: without reading the sources.
      const process = startMeasured(globalThis.process.execPath, [BUILT, ...args]);
      await process.line(/is ready/);
      return process;
    };
    let process = await start();
    return {
      bootstrapServers: `127.0.0.1:${port}`,
      logDir: join(data.path, 'sandbox'),
      get pid() {
        return process.pid;
      },
      cpuSeconds: () => process.cpuSeconds(),
      pssMiB: () => process.pssMiB(),
      async restart(signal, meanwhile = () => {}) {
        await process.stop(signal);
        meanwhile();
        const began = performance.now();
        process = await start();
        return (performance.now() - began) / 1000;
      },
      async stop() {
        await process.stop();
        data.remove();
      },
    };
  },
  worker(settings, connectorFiles, restPort) {
    const folder = temporaryFolder();
    const file = propertiesFile(join(folder.path, 'worker.properties'), {
      ...settings,
      listeners: `http://127.0.0.1:${restPort}`,
      'offset.storage.file.filename': join(folder.path, 'offsets'),
    });
    return startMeasured(globalThis.process.execPath, [RUNNEL, 'connect-standalone', file, ...connectorFiles]);
  },
  consoleConsumer: (args) =>
    startMeasured(globalThis.process.execPath, [RUNNEL, 'console-consumer', ...args], 'discarded'),
};

export const apache: Contender = {
  name: 'apache',
  async broker() {
    const kafka = await startApacheKafka({}, BROKER_FLAGS);
    return {
      bootstrapServers: kafka.bootstrapServers,
      logDir: kafka.logDir,
      get pid() {
        return kafka.pid;
      },
      cpuSeconds: () => cpuSeconds(kafka.pid),
      pssMiB: () => pssMiB(kafka.pid),
      restart: kafka.restart,
      stop: kafka.stop,
    };
  },
  worker(settings, connectorFiles, restPort) {
    const folder = temporaryFolder();
    const plugins = join(folder.path, 'plugins', 'connect-file');
    mkdirSync(plugins, { recursive: true });
    for (const jar of readdirSync(kafkaLibs())) {
      if (jar.startsWith('connect-file')) symlinkSync(join(kafkaLibs(), jar), join(plugins, jar));
    }
    const file = propertiesFile(join(folder.path, 'worker.properties'), {
      ...settings,
      listeners: `http://127.0.0.1:${restPort}`,
      'offset.storage.file.filename': join(folder.path, 'offsets'),
      'plugin.path': join(folder.path, 'plugins'),
    });
    return startMeasured('java', [...JAVA, 'org.apache.kafka.connect.cli.ConnectStandalone', file, ...connectorFiles]);
  },
  consoleConsumer: (args) =>
    startMeasured('java', [...JAVA, 'org.apache.kafka.tools.consumer.ConsoleConsumer', ...args], 'discarded'),
};
