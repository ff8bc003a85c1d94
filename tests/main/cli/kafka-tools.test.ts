import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { silentLogger } from '../../../main/logging.ts';
import { encodeRecordBatch } from '../../../main/protocol/records/encode-records.ts';
import { systemTime } from '../../../main/time.ts';
import { freePort } from '../../kit/apache-kafka.ts';
import { runInProcess } from '../../kit/run-program.ts';
import { TestSandbox } from '../../kit/test-sandbox.ts';

const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: () => 0.5 });
const API = 'org.apache.kafka.tools.api';
let sandbox: TestSandbox;
let server: string;
let folder: string;
beforeAll(async () => {
  sandbox = await TestSandbox.start();
  server = `localhost:${sandbox.sandbox.port}`;
  folder = mkdtempSync(join(tmpdir(), 'kafka-tools-'));
  const admin = clients.admin({ 'bootstrap.servers': server });
  await admin.createTopics([
    { name: 'b', numPartitions: 12, replicationFactor: 1, configs: { 'retention.ms': '9007199254740993' } },
    { name: 'a', numPartitions: 1, replicationFactor: 1 },
  ]);
  await admin.alterGroupOffsets('g', [{ topic: 'b', partition: 10, offset: 9_007_199_254_740_993n }]);
  await admin.close();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (line: string, to = server) => {
  const words = line.replaceAll('{dir}', folder).split(' ');
  const args = words.flatMap((word) => (word === 'S' ? ['--bootstrap-server', to] : [word]));
  return runInProcess(args, { surroundings: { loadClients: async () => clients } });
};
const file = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);

test('rows are sorted, partitions by number', async () => {
  const { stdout } = await run('consumer-groups S --reset-offsets --group new --topic b --to-earliest --dry-run');
  const partitions = stdout.match(/(?<=^new +b +)\d+/gm);
  expect(partitions?.map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test.each([
  ['topics', 'Command must include exactly one action: --list, --describe, --create, --alter or --delete.'],
  ['topics S --delete', 'Missing required argument "[topic]".'],
  [
    'consumer-groups S --list --members',
    'Option(s) [members] are unavailable given other options on the command line.',
  ],
  [
    'configs S --describe --topic a --topic b',
    'Found multiple arguments for option topic, but you asked for only one.',
  ],
  ['delete-records S', 'Missing required argument "[offset-json-file]".'],
  ['get-offsets', 'Missing required argument "[bootstrap-server]".'],
  ['dump-log', 'Missing required argument "[files]".'],
])('wrong usage is one sentence and the way to the options: %s', async (line, sentence) => {
  expect(await run(line)).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n(--help lists the options)\n` });
});

test('nothing is deleted without a name, and what is wrong with an action is found before any request', async () => {
  await run('topics S --delete');
  await run('topics S --delete --topic-id AAAAAAAAAAAAAAAAAAAABg');
  await run('consumer-groups S --delete');
  expect((await run('topics S --list')).stdout).toBe('__consumer_offsets\na\nb\n');
  expect((await run('consumer-groups S --list')).stdout).toBe('g\n');
});

test('an error of the broker is told without a trace, with what can be done', async () => {
  const { code, stdout, stderr } = await run('consumer-groups S --describe --group none');
  expect(code).toBe(0);
  expect(stdout).toBe(
    '\nError: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group none not found.\n',
  );
  expect(stderr).toBe(
    'org.apache.kafka.common.errors.GroupIdNotFoundException: Group none not found. --list shows the groups that are there.\n',
  );
});

test.each([
  'topics S --list',
  'consumer-groups S --list',
  'consumer-groups S --reset-offsets --group g --topic a --to-latest --execute',
  'configs S --describe --topic a',
  'get-offsets S',
])('that nothing listens is told at once, with the cure: %s', async (line) => {
  const { code, stdout, stderr } = await run(line, `localhost:${await freePort()}`);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^Nothing listens at localhost:\d+\. Start a Kafka broker there, or .*`runnel sandbox`\.\n$/);
});

test('records of a partition that is not there, and of one that is', async () => {
  file('o.json', '{"partitions":[{"topic":"no","partition":0,"offset":0},{"topic":"a","partition":0,"offset":0}]}');
  const { code, stdout } = await run('delete-records S --offset-json-file {dir}/o.json');
  expect(code).toBe(0);
  expect(stdout.split('\n').slice(2, -1)).toEqual([
    'partition: a-0\tlow_watermark: 0',
    'partition: no-0\terror: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.',
  ]);
});

test('an offset beyond what a double holds is not changed on its way', async () => {
  file('long.json', '{"partitions":[{"topic":"a","partition":0,"offset":9007199254740993}]}');
  const { stdout } = await run('delete-records S --offset-json-file {dir}/long.json');
  expect(stdout).toContain('OffsetOutOfRangeException');
  file('plan.csv', 'b,0,9007199254740993\n');
  const { stderr } = await run('consumer-groups S --reset-offsets --group new --from-file {dir}/plan.csv --dry-run');
  expect(stderr).toContain('New offset (9007199254740993) is higher than latest offset for topic partition b-0.');
});

test.each([
  [
    'configs S --describe --entity-type users',
    'Entities of type users are not supported: Runnel has no quotas and SCRAM credentials of users.',
  ],
  [
    'configs S --alter --client c --add-config x=1',
    'Entities of type clients are not supported: Runnel has no quotas of clients.',
  ],
  ['configs S --describe --ip-defaults', 'Entities of type ips are not supported: Runnel has no quotas of addresses.'],
  [
    'configs S --describe --client-metrics m',
    'Entities of type client-metrics are not supported: Runnel has no telemetry of clients.',
  ],
  [
    'configs --bootstrap-controller localhost:1 --describe --topic a',
    '--bootstrap-controller is not supported: brokers pass on what is for the controller. Use --bootstrap-server.',
  ],
  ['configs S --alter --broker 7 --add-config x=1', 'There is no broker 7. The brokers are: 1.'],
])('settings that Runnel does not keep, brokers that are not there: %s', async (line, sentence) => {
  const { code, stdout, stderr } = await run(line);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
});

describe('files', () => {
  test.each([
    ['--remote-log-metadata-decoder', '--remote-log-metadata-decoder is not supported: there is no tiered storage.'],
    ['--share-group-state-decoder', '--share-group-state-decoder is not supported: there are no share groups.'],
    [
      '--value-decoder-class com.example.Mine',
      "The decoder class com.example.Mine can't be loaded here: a Java class.",
    ],
  ])('what dump-log does not read is said: %s', async (options, sentence) => {
    const { code, stderr } = await run(`dump-log ${options} --files {dir}/x.log`);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });

  test('what dump-log does not read: a batch of a format before Kafka 0.11', async () => {
    const old = Buffer.alloc(34);
    old.writeInt32BE(22, 8);
    file('00000000000000000000.log', old);
    const { code, stderr } = await run('dump-log --files {dir}/00000000000000000000.log');
    expect([code, stderr]).toEqual([1, expect.stringContaining('Message format 0 is not supported')]);
  });

  test('keys and values may be numbers', async () => {
    const [key, value] = [Buffer.alloc(4), Buffer.alloc(8)];
    key.writeInt32BE(-5);
    value.writeBigInt64BE(9_007_199_254_740_993n);
    file('00000000000000000000.log', encodeRecordBatch([{ timestamp: 1n, key, value }]));
    const decoders = ['--key-decoder-class', `${API}.IntegerDecoder`, '--value-decoder-class', `${API}.LongDecoder`];
    const { stdout } = await run(`dump-log ${decoders.join(' ')} --files {dir}/00000000000000000000.log`);
    expect(stdout).toContain('headerKeys: [] key: -5 payload: 9007199254740993\n');
  });

  test('dump-log leaves an index of a broken length as it is', async () => {
    file('00000000000000000005.log', '');
    file('00000000000000000005.index', Buffer.alloc(13));
    const { code, stderr } = await run('dump-log --index-sanity-check --files {dir}/00000000000000000005.index');
    expect([code, stderr]).toEqual([1, expect.stringContaining('is corrupt, found 13 bytes')]);
    expect(readFileSync(join(folder, '00000000000000000005.index'))).toHaveLength(13);
  });

  test('a number of bytes has to be one', async () => {
    const { code, stderr } = await run('dump-log --max-bytes -1 --files {dir}/x.log');
    expect([code, stderr]).toEqual([1, expect.stringContaining("Cannot parse argument '-1' of option max-bytes")]);
  });
});

test.each([
  ['topics S --list', ['__consumer_offsets', 'a', 'b']],
  [
    'topics S --describe --topic b',
    [
      expect.objectContaining({
        name: 'b',
        configs: { 'min.insync.replicas': '1', 'retention.ms': '9007199254740993' },
      }),
    ],
  ],
  ['consumer-groups S --list', [{ groupId: 'g', type: 'Classic', state: 'Empty' }]],
  [
    'consumer-groups S --describe --group g',
    [
      expect.objectContaining({
        partitions: [expect.objectContaining({ topic: 'b', currentOffset: '9007199254740993', logEndOffset: '0' })],
      }),
    ],
  ],
  ['consumer-groups S --describe --group g --members', [expect.objectContaining({ members: [] })]],
  ['consumer-groups S --describe --group g --state', [expect.objectContaining({ state: 'Empty', numMembers: 0 })]],
  [
    'configs S --describe --topic b',
    [
      expect.objectContaining({
        entityName: 'b',
        configs: [expect.objectContaining({ name: 'retention.ms', source: 'DYNAMIC_TOPIC_CONFIG' })],
      }),
    ],
  ],
  ['get-offsets S --topic a', [{ topic: 'a', partition: 0, offset: '0' }]],
])('JSON of everything that can be listed: %s', async (line, expected) => {
  const { code, stdout } = await run(`${line} -o json`);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(expected);
});
