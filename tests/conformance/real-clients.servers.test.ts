import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sandbox } from '../../main/broker/sandbox.ts';
import { silentLogger } from '../../main/logging.ts';
import { FileLock } from '../../main/storage/file-lock.ts';
import { systemTime } from '../../main/time.ts';
import { runJava } from '../kit/apache-kafka.ts';
import { needs } from '../kit/needs.ts';
import { toItsEnd, tracked } from '../kit/run-command.ts';

const TOOLS = 'org.apache.kafka.tools.';
let dataDir: string;
let sandbox: Sandbox;
let server: string;

const start = (port: number) =>
  Sandbox.start({
    dataDir,
    port,
    time: systemTime,
    logger: silentLogger,
    randomBytes,
    lock: (path) => FileLock.acquire(path, 500),
  });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'real-clients-'));
  sandbox = await start(0);
  server = `localhost:${sandbox.port}`;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const lines = (count: number, prefix = 'line') => Array.from({ length: count }, (_, i) => `${prefix} ${i}`);
const java = async (tool: string, args: readonly string[], input?: string) => {
  const { code, stdout, stderr } = await runJava(TOOLS + tool, ['--bootstrap-server', server, ...args], input);
  expect(code, stderr).toBe(0);
  return stdout.toString();
};

describe.skipIf(needs('kcat'))('kcat', () => {
  const kcat = async (args: readonly string[], input?: string) => {
    const result = await toItsEnd(tracked(spawn('kcat', ['-b', server, ...args], { stdio: 'pipe' })), input);
    expect(result.code, result.stderr).toBe(0);
    return result.stdout.toString();
  };

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces with %s and reads the same back', async (codec) => {
    const text = `${lines(500, 'a line that repeats itself').join('\n')}\n`;
    await kcat(['-P', '-t', `kcat-${codec}`, '-z', codec], text);
    expect(await kcat(['-C', '-t', `kcat-${codec}`, '-o', 'beginning', '-e', '-q'])).toBe(text);
  });

  test('keeps keys, headers and tombstones, seeks by time and from the end', async () => {
    await kcat(['-P', '-t', 'kcat-keys', '-K', ':', '-H', 'a=1', '-H', 'a=2', '-Z'], 'k1:v1\nk2:\nk3:v3\n');
    const format = ['-f', '%k|%s|%S|%h\n', '-e', '-q'];
    expect(await kcat(['-C', '-t', 'kcat-keys', '-o', 'beginning', ...format])).toBe(
      'k1|v1|2|a=1,a=2\nk2||-1|a=1,a=2\nk3|v3|2|a=1,a=2\n',
    );
    expect(await kcat(['-C', '-t', 'kcat-keys', '-o', '-1', ...format])).toBe('k3|v3|2|a=1,a=2\n');
    expect(await kcat(['-C', '-t', 'kcat-keys', '-o', 's@0', ...format])).toContain('k1|v1');
  });

  test('reads as a group, and the next member goes on where it ended', async () => {
    await kcat(['-P', '-t', 'kcat-group'], `${lines(100).join('\n')}\n`);
    const group = ['-G', 'kcat-readers', '-X', 'auto.offset.reset=earliest', '-q', 'kcat-group'];
    expect((await kcat(['-c', '40', ...group])).trimEnd().split('\n')).toEqual(lines(100).slice(0, 40));
    expect((await kcat(['-e', ...group])).trimEnd().split('\n').at(-1)).toBe('line 99');
  });

  test('lists topics and partitions', async () => {
    expect(await kcat(['-L', '-J'])).toContain('"topic":"kcat-keys"');
  });
});

test('kafkajs produces, consumes as a group and administers', async () => {
  const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kafkajs', numPartitions: 3 }] });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  await producer.send({ topic: 'kafkajs', messages: lines(300).map((value, i) => ({ key: `${i}`, value })) });
  const consumer = kafka.consumer({ groupId: 'kafkajs-readers' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'kafkajs', fromBeginning: true });
  const seen: string[] = [];
  await new Promise<void>((done) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(String(message.value));
        if (seen.length === 300) done();
      },
    });
  });
  expect(seen.sort()).toEqual(lines(300).sort());
  await consumer.disconnect();
  await producer.disconnect();
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: 'kafkajs', configNames: ['cleanup.policy', 'retention.ms'] }],
  });
  expect(described.resources[0]?.configEntries.map(({ configName }) => configName)).toEqual([
    'cleanup.policy',
    'retention.ms',
  ]);
  await admin.deleteGroups(['kafkajs-readers']);
  await admin.deleteTopics({ topics: ['kafkajs'] });
  expect(await admin.listTopics()).not.toContain('kafkajs');
  await admin.disconnect();
});

test('kafkajs moves records in transactions: all of one and the offset behind it, or nothing', async () => {
  const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'moved', numPartitions: 2 }, { topic: 'source' }] });
  const producer = kafka.producer({ transactionalId: 'mover', maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  for (let i = 0; i < 10; i++) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'moved', messages: lines(10, `${i}`).map((value) => ({ key: value, value })) });
    await transaction.sendOffsets({
      consumerGroupId: 'movers',
      topics: [{ topic: 'source', partitions: [{ partition: 0, offset: `${i}` }] }],
    });
    if (i % 2 === 0) await transaction.commit();
    else await transaction.abort();
  }
  const offsets = await admin.fetchOffsets({ groupId: 'movers', topics: ['source'] });
  expect(offsets[0]?.partitions[0]?.offset).toBe('8');
  const consumer = kafka.consumer({ groupId: 'moved-readers' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'moved', fromBeginning: true });
  const seen: string[] = [];
  await new Promise<void>((done) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(String(message.value));
        if (seen.length === 50) done();
      },
    });
  });
  expect(seen.sort()).toEqual([0, 2, 4, 6, 8].flatMap((i) => lines(10, `${i}`)).sort());
  await consumer.disconnect();
  await producer.disconnect();
  await admin.disconnect();
});

describe.skipIf(needs('kafka'))("Kafka's own tools", () => {
  test('a transactional Java producer commits, and a reader of committed records sees it all', async () => {
    await java('TopicCommand', ['--create', '--topic', 'perf', '--partitions', '2']);
    const settings = [`bootstrap.servers=${server}`, 'acks=all', 'linger.ms=1'];
    const sent = await runJava(`${TOOLS}ProducerPerformance`, [
      ...['--topic', 'perf', '--num-records', '5000', '--record-size', '50', '--throughput', '-1'],
      ...['--transactional-id', 'perf-id', '--transaction-duration-ms', '20', '--command-property', ...settings],
    ]);
    expect(sent.code, `${sent.stdout}${sent.stderr}`).toBe(0);
    const read = await runJava(`${TOOLS}consumer.ConsoleConsumer`, [
      ...['--bootstrap-server', server, '--topic', 'perf', '--from-beginning', '--max-messages', '5000'],
      ...['--isolation-level', 'read_committed', '--timeout-ms', '20000'],
    ]);
    expect(String(read.stdout).trimEnd().split('\n')).toHaveLength(5000);
    expect(await java('TransactionsCommand', ['list'])).toMatch(/perf-id\s+1\s+\d+\s+CompleteCommit/);
    expect(await java('TransactionsCommand', ['describe', '--transactional-id', 'perf-id'])).toContain(
      'CompleteCommit',
    );
    expect(await java('TransactionsCommand', ['describe-producers', '--topic', 'perf', '--partition', '0'])).toMatch(
      /\d+\s+\d+\s+0\s+-1\s+\d+\s+None/,
    );
    expect(await java('TransactionsCommand', ['find-hanging', '--broker-id', '1'])).not.toContain('perf ');
  });

  test('reads the transaction log and the index of aborted transactions as its own', async () => {
    const state = await runJava(`${TOOLS}consumer.ConsoleConsumer`, [
      ...['--bootstrap-server', server, '--topic', '__transaction_state', '--from-beginning', '--timeout-ms', '5000'],
      ...['--formatter', `${TOOLS}consumer.TransactionLogMessageFormatter`],
    ]);
    // It puts nothing between two records.
    const records = String(state.stdout)
      .trimEnd()
      .split(/(?<=\})(?=\{"key")/)
      .map((line) => JSON.parse(line));
    const mover = records.filter(({ key }) => key.data.transactionalId === 'mover');
    expect(mover.at(-1).value.data).toMatchObject({ transactionStatus: 5, transactionTimeoutMs: 60000 });
    await sandbox.close();
    sandbox = await start(sandbox.port);
    const [index] = readdirSync(join(dataDir, 'moved-0')).filter((name) => name.endsWith('.txnindex'));
    const dump = await runJava(`${TOOLS}DumpLogSegments`, ['--files', join(dataDir, 'moved-0', index as string)]);
    expect(String(dump.stdout).match(/version: 0 producerId: \d+ firstOffset: \d+ lastOffset: \d+/g)).toHaveLength(5);
  });

  test('the console producer and consumer', async () => {
    await java(
      'ConsoleProducer',
      ['--topic', 'java', '--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:'],
      'k:one\nl:two\n',
    );
    const read = await java('consumer.ConsoleConsumer', [
      '--topic',
      'java',
      '--from-beginning',
      '--max-messages',
      '2',
      '--group',
      'java-readers',
      '--formatter-property',
      'print.key=true',
    ]);
    expect(read).toBe('k\tone\nl\ttwo\n');
  });

  test('consumers of the new group protocol share a topic, and their group is described', async () => {
    await java('TopicCommand', ['--create', '--topic', 'shared', '--partitions', '4']);
    const consume = (count: number) =>
      runJava(`${TOOLS}consumer.ConsoleConsumer`, [
        ...['--bootstrap-server', server, '--topic', 'shared', '--from-beginning', '--timeout-ms', '8000'],
        ...['--max-messages', `${count}`, '--command-property', 'group.protocol=consumer', '--group', 'sharers'],
      ]);
    const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 'shared', messages: lines(100).map((value) => ({ value, key: value })) });
    expect(
      String((await consume(60)).stdout)
        .trimEnd()
        .split('\n'),
    ).toHaveLength(60);
    expect(await java('consumer.group.ConsumerGroupCommand', ['--describe', '--group', 'sharers', '--state'])).toMatch(
      /sharers .*uniform +Empty/,
    );
    expect(await java('consumer.group.ConsumerGroupCommand', ['--list', '--type'])).toMatch(/sharers +Consumer/);
    // What the first has committed is not read again.
    const rest = String((await consume(40)).stdout)
      .trimEnd()
      .split('\n');
    expect(rest).toHaveLength(40);
    await producer.send({ topic: 'shared', messages: lines(40, 'late').map((value) => ({ value, key: value })) });
    await producer.disconnect();
    const both = await Promise.all([consume(1000), consume(1000)]);
    const seen = both.flatMap(({ stdout }) => String(stdout).trimEnd().split('\n')).filter((line) => line !== '');
    expect(seen.sort()).toEqual(lines(40, 'late').sort());
  });

  test('topics: created, described, altered, listed, deleted', async () => {
    expect(
      await java('TopicCommand', [
        '--create',
        '--topic',
        'made',
        '--partitions',
        '2',
        '--config',
        'retention.ms=60000',
      ]),
    ).toBe('Created topic made.\n');
    const described = await java('TopicCommand', ['--describe', '--topic', 'made']);
    expect(described).toMatch(
      /^Topic: made\tTopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: .*retention\.ms=60000/,
    );
    expect(described).toContain('Partition: 1\tLeader: 1\tReplicas: 1\tIsr: 1');
    await java('TopicCommand', ['--alter', '--topic', 'made', '--partitions', '5']);
    expect(await java('TopicCommand', ['--describe', '--topic', 'made'])).toContain('PartitionCount: 5');
    expect((await java('TopicCommand', ['--list'])).split('\n')).toContain('made');
    await java('TopicCommand', ['--delete', '--topic', 'made']);
    expect((await java('TopicCommand', ['--list'])).split('\n')).not.toContain('made');
  });

  test('configurations of a topic', async () => {
    await java('TopicCommand', ['--create', '--topic', 'configured']);
    await java('config.ConfigCommand', [
      '--alter',
      '--entity-type',
      'topics',
      '--entity-name',
      'configured',
      '--add-config',
      'max.message.bytes=2000000',
    ]).catch(async () => {
      // The class moved between releases.
      const { code, stderr } = await runJava('kafka.admin.ConfigCommand', [
        '--bootstrap-server',
        server,
        '--alter',
        '--entity-type',
        'topics',
        '--entity-name',
        'configured',
        '--add-config',
        'max.message.bytes=2000000',
      ]);
      expect(code, stderr).toBe(0);
    });
    expect(await java('TopicCommand', ['--describe', '--topic', 'configured'])).toContain('max.message.bytes=2000000');
  });

  test('consumer groups: listed, described, reset, deleted', async () => {
    await java(
      'ConsoleProducer',
      ['--topic', 'grouped'],
      lines(10)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await java('consumer.ConsoleConsumer', [
      '--topic',
      'grouped',
      '--from-beginning',
      '--max-messages',
      '7',
      '--group',
      'grouped-readers',
    ]);
    const command = 'consumer.group.ConsumerGroupCommand';
    expect((await java(command, ['--list'])).split('\n')).toContain('grouped-readers');
    expect(await java(command, ['--describe', '--group', 'grouped-readers'])).toMatch(
      /grouped-readers\s+grouped\s+0\s+7\s+10\s+3/,
    );
    await java(command, [
      '--reset-offsets',
      '--group',
      'grouped-readers',
      '--topic',
      'grouped',
      '--to-offset',
      '2',
      '--execute',
    ]);
    expect(await java(command, ['--describe', '--group', 'grouped-readers'])).toMatch(/grouped\s+0\s+2\s+10\s+8/);
    expect(await java(command, ['--delete', '--group', 'grouped-readers'])).toContain(
      "Deletion of requested consumer groups ('grouped-readers') was successful.",
    );
  });

  test('offsets by GetOffsetShell', async () => {
    expect(await java('GetOffsetShell', ['--topic', 'grouped', '--time', '-1'])).toBe('grouped:0:10\n');
    expect(await java('GetOffsetShell', ['--topic', 'grouped', '--time', '-2'])).toBe('grouped:0:0\n');
  });

  test('DumpLogSegments reads every file that was written, and a restart serves the same', async () => {
    const port = sandbox.port;
    await sandbox.close();
    for (const folder of readdirSync(dataDir).filter((name) => /-\d+$/.test(name) && !name.startsWith('__cluster'))) {
      const files = readdirSync(join(dataDir, folder))
        .filter((name) => /\.(log|index|timeindex|snapshot)$/.test(name))
        .map((name) => join(dataDir, folder, name));
      const decoder = folder.startsWith('__consumer_offsets') ? ['--offsets-decoder'] : [];
      const { code, stdout, stderr } = await runJava(`${TOOLS}DumpLogSegments`, [
        '--print-data-log',
        ...decoder,
        '--files',
        files.join(','),
      ]);
      expect(code, `${folder}: ${stderr}`).toBe(0);
      expect(stdout.toString()).not.toMatch(
        /isvalid: false|Found timestamp mismatch|Index entries out of order|Mismatches in/,
      );
    }
    sandbox = await start(port);
    expect(
      await java('consumer.ConsoleConsumer', ['--topic', 'grouped', '--from-beginning', '--max-messages', '10']),
    ).toBe(`${lines(10).join('\n')}\n`);
  });
});
