import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_VERSION, kafkaLibs } from '../../../scripts/kafka-jars.mjs';
import { fetchJars, jarFolder } from '../../../scripts/maven-jars.mjs';
import { CONFLUENT_KAFKA_VERSION, pythonOfClient } from '../../../scripts/python-client.mjs';
import { needs, type Tool } from '../needs.ts';
import { tracked } from '../run-command.ts';
import type { Ability } from './abilities.ts';

/** A client that the sandbox is tried with. */
export interface RealClient {
  name: string;
  version: string;
  /** What it is, for the table of clients. */
  what: string;
  /** What it can't do on any broker, with the reason. */
  cannot: Readonly<Partial<Record<Ability, string>>>;
  /** What a test of it lacks on this machine; undefined when nothing. */
  missing(): string | undefined;
  /** The program that tries it; `prefix` for the names of its topics and groups. */
  start(servers: string, prefix: string): ChildProcess;
}

/** The last client of Kafka 3: many programs still have it. */
const EARLIER_CLIENT = '3.9.1';
const FIXTURES = join(import.meta.dirname, '../../fixtures');

const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};

function started(command: string, args: readonly string[]): ChildProcess {
  return tracked(spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
}

const program = (file: string) => (servers: string, prefix: string) =>
  started(process.execPath, [join(import.meta.dirname, 'programs', file), servers, prefix]);

function java(libs: string, file: string, ...args: string[]): ChildProcess {
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx256m'];
  return started('java', [...flags, '-cp', join(libs, '*'), join(FIXTURES, 'java', file), ...args]);
}

const missing =
  (...tools: Tool[]) =>
  () =>
    needs(...tools);

const sameForAll = <const A extends Ability>(abilities: readonly A[], reason: string) =>
  Object.fromEntries(abilities.map((ability) => [ability, reason])) as Record<A, string>;

const JAVA: Pick<RealClient, 'what' | 'cannot'> = {
  what: 'Kafka’s own, for programs on the JVM, with both group protocols',
  cannot: {},
};

const NO_KIP_848 = sameForAll(
  ['consumer-group', 'consumer-committed', 'consumer-static', 'restart-consumer-consume'],
  'it has the classic protocol alone',
);

export const REAL_CLIENTS: readonly RealClient[] = [
  {
    name: 'kafkajs',
    version: devDependencies.kafkajs as string,
    what: 'JavaScript',
    cannot: {
      ...NO_KIP_848,
      ...sameForAll(['snappy', 'lz4', 'zstd'], 'they come from packages of others'),
      static: 'it has no `group.instance.id`',
    },
    missing: missing(),
    start: program('kafkajs.ts'),
  },
  {
    name: '@platformatic/kafka',
    version: devDependencies['@platformatic/kafka'] as string,
    what: 'JavaScript, streams',
    cannot: {
      static: 'it leaves its group when it is closed, static or not',
      fencing: 'the later producer of a transactional id asks with producer id 0, and is fenced itself',
    },
    missing: missing(),
    start: program('platformatic.ts'),
  },
  {
    name: 'confluent-kafka',
    version: CONFLUENT_KAFKA_VERSION,
    what: 'librdkafka for Python',
    cannot: {},
    missing: missing('confluent-kafka'),
    start: (servers, prefix) => started(pythonOfClient(), [join(FIXTURES, 'python/real_client.py'), servers, prefix]),
  },
  {
    name: 'kcat',
    version: '1.7.1',
    what: 'librdkafka 2.0 at a command line, as Debian has it',
    cannot: {
      ...NO_KIP_848,
      ...sameForAll(['topics', 'configs', 'delete-records', 'groups'], 'it administers nothing but asks for offsets'),
      'transaction-offsets': 'its transactions hold the records of its input alone',
      'restart-transaction': 'it waits for its input’s end before it sends the last block',
    },
    missing: missing('kcat'),
    start: program('kcat.ts'),
  },
  {
    ...JAVA,
    name: 'Java client',
    version: EARLIER_CLIENT,
    missing: missing('kafka'),
    start: (servers, prefix) => java(jarFolder(`kafka-clients-${EARLIER_CLIENT}`), 'RealClient.java', servers, prefix),
  },
  {
    ...JAVA,
    name: 'Java client',
    version: KAFKA_VERSION,
    missing: missing('kafka'),
    start: (servers, prefix) => java(kafkaLibs(), 'RealClient.java', servers, prefix),
  },
  {
    name: 'Kafka’s console tools',
    version: KAFKA_VERSION,
    what: 'kafka-console-producer, kafka-topics, kafka-consumer-groups and their like',
    cannot: {
      ...sameForAll(['transactions', 'fencing'], 'none of them aborts; kafka-producer-perf-test commits (tried apart)'),
      ...sameForAll(['transaction-offsets', 'restart-transaction'], 'none of them keeps a transaction open'),
    },
    missing: missing('kafka'),
    start: program('console-tools.ts'),
  },
];

/** Before the first start of the earlier Java client; Maven fetches it once. */
export function fetchEarlierClient(): void {
  fetchJars(`kafka-clients-${EARLIER_CLIENT}`, [`org.apache.kafka:kafka-clients:${EARLIER_CLIENT}`]);
}
