import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { BROKERS, type RunningBroker } from '../kit/brokers.ts';
import { CONFIGS, CONSUMER_GROUPS, DELETE_RECORDS, FILES, GET_OFFSETS, TOPICS } from '../kit/kafka-tools/cases.ts';
import { ToolsOracle } from '../kit/kafka-tools/oracle.ts';
import { type PreparedBroker, prepareBroker } from '../kit/kafka-tools/prepared-broker.ts';
import { needs } from '../kit/needs.ts';
import { type ProgramRun, runInProcess } from '../kit/run-program.ts';

const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
// The records are old: none may go while the tools are asked.
const SETTINGS = {
  'log.retention.hours': '-1',
  'group.consumer.session.timeout.ms': '60000',
  'group.initial.rebalance.delay.ms': '0',
};

let oracle: ToolsOracle;
let folder: string;
beforeAll(() => {
  if (needs('kafka')) return;
  oracle = new ToolsOracle();
  folder = mkdtempSync(join(tmpdir(), 'kafka-tools-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});
afterAll(async () => {
  await oracle?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Words that are not the same twice, in the same length: columns are as wide as what is in them. */
function normalized(text: string, server: string): string {
  return (
    text
      .replaceAll(server, 'SERVER')
      .replaceAll(server.replace('localhost', '127.0.0.1'), 'SERVER')
      .replaceAll(folder, 'FOLDER')
      // Other listeners of a broker, and where it keeps its files.
      .replace(/127\.0\.0\.1:\d+|(?<=\/tmp\/(apache-kafka|runnel-sandbox)-)\w+/g, 'OTHER')
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '00000000-0000-0000-0000-000000000000')
      .replace(/TopicId: [\w-]{22}/g, 'TopicId: ID')
      .replace(/(?<=\tConfigs: ).*/g, (configs) =>
        configs
          .split(/,(?=[\w.]+=)/)
          .sort()
          .join(),
      )
  );
}

/** Java lists some words in the order of a hash table that is another in each process. */
function withoutOrder(line: string): string {
  return /Valid (states|types) are|following scenarios|takes (one of these|the following) options|Option combination/.test(
    line,
  )
    ? line
        .split(/[[\]:, ]+/)
        .sort()
        .join(' ')
    : line;
}

function linesOf(text: string): string[] {
  return text.split('\n').sort();
}

/** The first line of standard error without the names of exceptions; '' when standard output has the sentence, with a trace of it here. */
function sentenceOf({ stderr, stdout }: ProgramRun): string {
  const [first = ''] = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('SLF4J'));
  const sentence = first.replace(/^(Exception in thread "main" )?([\w.$]+(Exception|Error): )*/, '').replace(/\.$/, '');
  const isTraceOnly = first.startsWith('com.fasterxml.') || stdout.includes(sentence) || stdout.includes('\nError: ');
  return isTraceOnly ? '' : sentence;
}

/** At night on Apache Kafka too. */
const PLAYED = BROKERS.filter(({ name }) => name === 'the sandbox' || process.env.RUNNEL_TESTS === 'night');

describe.skipIf(needs('kafka')).each(PLAYED)("$name, asked by Kafka's tools and by ours", ({ start }) => {
  let brokers: RunningBroker[] = [];
  let prepared: PreparedBroker[] = [];
  beforeAll(async () => {
    brokers = [await start(SETTINGS), await start(SETTINGS)];
    prepared = await Promise.all(brokers.map((broker) => prepareBroker(clients, broker)));
  });
  afterAll(async () => {
    for (const each of prepared) await each.close();
    for (const broker of brokers) await broker.stop();
  });

  const both = async (line: string): Promise<[java: ProgramRun, ours: ProgramRun]> => {
    const run = async (server: string, by: (args: readonly string[]) => Promise<ProgramRun>) => {
      const words = line.replaceAll('{dir}', folder).split(' ');
      const args = words.flatMap((word) => (word === 'S' ? ['--bootstrap-server', server] : [word]));
      const { code, stdout, stderr } = await by(args);
      return { code, stdout: normalized(stdout, server), stderr: normalized(stderr, server) };
    };
    const [first, second] = brokers.map(({ bootstrapServers }) => bootstrapServers) as [string, string];
    return Promise.all([
      run(first, (args) => oracle.run(args)),
      run(second, (args) => runInProcess(args, { surroundings: { loadClients: async () => clients } })),
    ]);
  };

  test.each([
    ['topics', TOPICS],
    ['get-offsets', GET_OFFSETS],
    ['consumer-groups', CONSUMER_GROUPS],
    ['delete-records', DELETE_RECORDS],
    ['configs', CONFIGS],
  ])('%s: the same output and the same exit code', async (_, cases) => {
    const different: unknown[] = [];
    for (const each of cases.split('\n').filter((line) => line !== '')) {
      const [, mark, line = '', reason] = /^(~ )?(.*?)(?: => (.*))?$/.exec(each) ?? [];
      const [java, ours] = await both(line);
      const told = withoutOrder(sentenceOf(java));
      const tells = ours.stderr.split('\n').map((it) => withoutOrder(it.replace(/\.$/, '')));
      const isSame =
        java.code === ours.code &&
        (mark ? linesOf(java.stdout).join() === linesOf(ours.stdout).join() : java.stdout === ours.stdout) &&
        (reason !== undefined || tells.some((it) => it.includes(told)));
      if (!isSame) different.push({ line, java: { ...java, stderr: told }, ours });
    }
    expect(different).toEqual([]);
  });
});
