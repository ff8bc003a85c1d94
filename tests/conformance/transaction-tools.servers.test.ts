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
    const committed = ['--isolation-level', 'read_committed'];
    const read = await java('consumer.ConsoleConsumer', [
      ...['--topic', 'moved', '--from-beginning', '--max-messages', '50', ...committed],
    ]);
    expect(read.split('\n')).toHaveLength(51);
  });
});
