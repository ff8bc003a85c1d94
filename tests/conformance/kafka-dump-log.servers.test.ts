import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NodeFileSystem } from '../../main/broker/log/node-file-system.ts';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { findCoordinator } from '../../main/protocol/messages/10-find-coordinator.ts';
import { systemTime } from '../../main/time.ts';
import { startApacheKafka } from '../kit/apache-kafka.ts';
import { ToolsOracle } from '../kit/kafka-tools/oracle.ts';
import { prepareBroker } from '../kit/kafka-tools/prepared-broker.ts';
import { needs } from '../kit/needs.ts';
import { RawClient } from '../kit/raw-client.ts';
import { runInProcess } from '../kit/run-program.ts';
import { TestSandbox } from '../kit/test-sandbox.ts';
import { TransactionalClient } from '../kit/transactional-client.ts';

const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
const API = 'org.apache.kafka.tools.api';
const KEY = ['--key-decoder-class'];
const VALUE = ['--value-decoder-class'];
const isNight = process.env.RUNNEL_TESTS === 'night';

/** What is in the folder of a broker that keeps groups, transactions and a topic of several segments. */
async function written(port: number): Promise<void> {
  const server = { bootstrapServers: `localhost:${port}`, port };
  const prepared = await prepareBroker(clients, { ...server, stop: async () => {} });
  const config = { 'bootstrap.servers': server.bootstrapServers };
  const admin = clients.admin(config);
  const configs = { 'segment.bytes': '1048576' };
  await admin.createTopics([
    { name: 'rolled', numPartitions: 1, replicationFactor: 1, configs },
    { name: 'numbers', numPartitions: 1, replicationFactor: 1 },
  ]);
  await admin.close();
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const producer = clients.producer({ ...config, 'compression.type': codec, 'batch.size': '20000' });
    const headers = [
      { key: Buffer.from('first'), value: Buffer.from('1') },
      { key: Buffer.from('ü'), value: null },
    ];
    for (let i = 0; i < 600; i++) {
      const value = i % 50 === 0 ? null : randomBytes(700);
      producer.send({ topic: 'rolled', key: i % 7 === 0 ? null : Buffer.from(`key ${i}`), value, headers });
      // Batches would grow while a request is under way.
      if (i % 20 === 0) await producer.flush();
    }
    await producer.close();
  }
  const numbers = clients.producer(config);
  const [four, eight] = [Buffer.from('fffffffb', 'hex'), Buffer.from('0020000000000001', 'hex')];
  numbers.send({ topic: 'numbers', key: four, value: eight });
  await numbers.close();
  const raw = await RawClient.connect(port);
  const transactions = new TransactionalClient(raw, 'a transaction');
  // Who asks for the coordinator makes its topic.
  await raw.request(findCoordinator, 4, { keyType: 1, coordinatorKeys: [transactions.transactionalId] });
  for (let i = 0; i < 6; i++) {
    // A coordinator that is only just there has to be asked again.
    for (let wait = 0; (await transactions.init()) !== 0; wait++) {
      if (wait > 100) throw new Error('InitProducerId is refused');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await transactions.add('rolled', 0);
    await transactions.write('rolled', 0, ['one', 'two']);
    await transactions.end(i % 2 === 0);
  }
  raw.close();
  await prepared.close();
}

/** A copy of what is there: files that nobody writes any more. */
async function folderOf(name: string, into: string): Promise<void> {
  if (name === 'the sandbox') {
    const dataDir = mkdtempSync(join(tmpdir(), 'dumped-sandbox-'));
    const sandbox = await TestSandbox.start({ dataDir, disk: new NodeFileSystem() });
    await written(sandbox.sandbox.port);
    await sandbox.close();
    cpSync(dataDir, into, { recursive: true });
    rmSync(dataDir, { recursive: true, force: true });
    return;
  }
  const kafka = await startApacheKafka({ 'log.index.interval.bytes': '4096' });
  await written(kafka.port);
  cpSync(kafka.logDir, into, { recursive: true });
  await kafka.stop();
}

describe.skipIf(needs('kafka')).each(['the sandbox', ...(isNight ? ['Apache Kafka'] : [])])('files of %s', (name) => {
  let folder: string;
  let oracle: ToolsOracle;
  beforeAll(async () => {
    oracle = new ToolsOracle();
    folder = mkdtempSync(join(tmpdir(), 'dumped-'));
    await folderOf(name, folder);
  });
  afterAll(async () => {
    await oracle?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const files = (topic: string, suffix: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => basename(dirname(file)).startsWith(topic) && file.endsWith(suffix))
      .sort()
      .map((file) => join(folder, file));

  async function compare(options: readonly string[], of: readonly string[]): Promise<string> {
    expect(of.length, `files for ${options.join(' ')}`).toBeGreaterThan(0);
    const args = ['dump-log', ...options, '--files', of.join(',')];
    // Ours first: Kafka's cuts an index of a broken length.
    const ours = await runInProcess(args);
    const java = await oracle.run(args);
    const lines = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('SLF4J'))
        .sort();
    expect(ours.code, ours.stderr).toBe(java.code);
    if (java.stdout !== ours.stdout) {
      const at = java.stdout.split('\n').findIndex((line, i) => ours.stdout.split('\n')[i] !== line);
      expect(ours.stdout.split('\n').slice(at, at + 3)).toEqual(java.stdout.split('\n').slice(at, at + 3));
    }
    if (java.code === 0) expect(lines(ours.stderr)).toEqual(lines(java.stderr));
    return ours.stdout;
  }

  test.each([
    '',
    '--deep-iteration',
    '--print-data-log',
    '--print-data-log --skip-record-metadata',
    '--max-bytes 200 --print-data-log',
    '--max-bytes 0',
    '--offsets-decoder',
    '--key-decoder-class org.apache.kafka.tools.api.StringDecoder --value-decoder-class',
  ])('segments: %s', async (line) => {
    const options = line.split(' ').filter((word) => word !== '');
    const of = ['a-', 'b.c-', 'rolled-'].flatMap((topic) => files(topic, '.log'));
    expect(of.length).toBeGreaterThan(5);
    expect(await compare(options, of)).toContain('Log starting offset: 0');
  });

  test.each([
    [['--offsets-decoder'], '__consumer_offsets', '.log', '"committed'],
    [['--offsets-decoder', '--skip-record-metadata'], '__consumer_offsets', '.log', '"subscription":{"topics":["a"]'],
    [['--print-data-log'], '__consumer_offsets', '.log', 'payload: '],
    [['--transaction-log-decoder'], '__transaction_state', '.log', '"transactionStatus":5'],
    [['--cluster-metadata-decoder'], '__cluster_metadata', '.log', '"type":"PARTITION_RECORD"'],
    [[], 'rolled-', '.txnindex', 'version: 0 producerId: '],
    [[], 'rolled-', '.snapshot', 'producerEpoch: '],
    [[], 'rolled-', '.index', 'offset: '],
    [['--verify-index-only'], 'rolled-', 'index', 'Dumping'],
    [['--index-sanity-check'], 'rolled-', '.timeindex', 'passed sanity check'],
    [['--max-message-size', '100000'], 'rolled-', '.index', 'position: '],
    [[], 'rolled-', '.timeindex', 'timestamp: '],
    [[], '', '.properties', 'Dumping'],
    [
      [...KEY, `${API}.IntegerDecoder`, ...VALUE, `${API}.LongDecoder`],
      'numbers-',
      '.log',
      'key: -5 payload: 9007199254740993',
    ],
  ] as const)('%j of %s…%s', async (options, topic, suffix, expected) => {
    const said = await compare(options, files(topic, suffix));
    if (!expected.startsWith('"committed')) expect(said).toContain(expected);
    else expect(said).toContain('"commitTimestamp":');
  });

  // The sandbox keeps its metadata in one log.
  const inSnapshots = name === 'Apache Kafka' ? test : () => undefined;
  inSnapshots('snapshots of the metadata', async () => {
    const checkpoints = readdirSync(join(folder, '__cluster_metadata-0')).filter((it) => it.endsWith('.checkpoint'));
    const of = checkpoints.map((file) => join(folder, '__cluster_metadata-0', file));
    await compare(['--cluster-metadata-decoder'], of.length > 0 ? of : [join(folder, 'bootstrap.checkpoint')]);
  });

  describe('damaged', () => {
    let damaged: string;
    /** The files of one segment in a folder of their own, changed. */
    function damage(change: (bytes: Buffer) => Buffer, suffix = '.log'): string {
      rmSync(damaged, { recursive: true, force: true });
      mkdirSync(damaged);
      const [log = ''] = files('rolled-', '.log');
      for (const each of ['.log', '.index', '.timeindex']) {
        const bytes = readFileSync(log.replace(/\.log$/, each));
        writeFileSync(join(damaged, `${'0'.repeat(20)}${each}`), each === suffix ? change(bytes) : bytes);
      }
      return join(damaged, `${'0'.repeat(20)}${suffix}`);
    }
    beforeAll(() => {
      damaged = join(folder, 'damaged-0');
    });

    test.each([0, 5, 16, 17, 60, 61, 70, 20_000, 100_000])('cut after %i bytes', async (length) => {
      await compare(['--deep-iteration'], [damage((bytes) => bytes.subarray(0, length))]);
    });

    test('bytes at the end that are no batch', async () => {
      await compare([], [damage((bytes) => Buffer.concat([bytes, Buffer.alloc(10, 1)]))]);
      await compare([], [damage((bytes) => Buffer.concat([bytes, Buffer.alloc(100, 0)]))]);
    });

    test.each([2, 14, 22, 25, 30, 40, 45, 52, 54, 100, 5000])('byte %i changed', async (at) => {
      const file = damage((bytes) => {
        bytes[at] = (bytes[at] as number) ^ 0x01;
        return bytes;
      });
      await compare([], [file]);
    });

    test.each(['.index', '.timeindex'])('%s with entries that fit nothing', async (suffix) => {
      const entry = suffix === '.index' ? 8 : 12;
      const file = damage((bytes) => {
        // The offset of the second entry.
        const at = suffix === '.index' ? entry : entry + 8;
        bytes.writeInt32BE(bytes.readInt32BE(at) + 1, at);
        return bytes;
      }, suffix);
      await compare([], [file]);
      await compare(['--verify-index-only'], [file]);
      await compare(['--index-sanity-check'], [file]);
    });

    test('a time index whose times go back', async () => {
      const file = damage((bytes) => {
        bytes.writeBigInt64BE(5n, 12);
        return bytes;
      }, '.timeindex');
      await compare([], [file]);
    });

    test('an index of a broken length, an empty one, one without its log', async () => {
      await compare(['--index-sanity-check'], [damage((bytes) => bytes.subarray(0, 13), '.index')]);
      await compare([], [damage(() => Buffer.alloc(0), '.index')]);
      const file = damage((bytes) => bytes, '.index');
      rmSync(file.replace('.index', '.log'));
      await compare([], [file]);
    });

    test('a snapshot whose checksum is wrong', async () => {
      const [snapshot = ''] = files('rolled-', '.snapshot').slice(-1);
      const bytes = readFileSync(snapshot);
      bytes[20] = (bytes[20] as number) ^ 1;
      mkdirSync(damaged, { recursive: true });
      const file = join(damaged, basename(snapshot));
      writeFileSync(file, bytes);
      await compare([], [file]);
    });

    test('files that are not there, and a command line without any', async () => {
      await compare([], [join(folder, '00000000000000000000.log')]);
      const [java, ours] = [await oracle.run(['dump-log']), await runInProcess(['dump-log'])];
      expect([ours.code, ours.stdout]).toEqual([java.code, java.stdout]);
      const wrong = ['dump-log', '--max-bytes', 'x', '--files', 'y.log'];
      expect((await runInProcess(wrong)).stderr).toContain("Cannot parse argument 'x' of option max-bytes");
    });
  });
});
