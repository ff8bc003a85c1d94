import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProducerRecord } from '../../common/kafka/records.ts';
import { kafkaClients } from '../../main/kafka/index.ts';
import { silentLogger } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import { type ApacheKafka, runJava, startApacheKafka } from '../kit/apache-kafka.ts';
import { needs } from '../kit/needs.ts';
import { runRunnel } from '../kit/runnel.ts';

const bytes = (text: string) => Buffer.from(text);
const int64 = (value: bigint) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
};
const float64 = (value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return buffer;
};
const int32 = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const float32 = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatBE(value);
  return buffer;
};
const int16 = (value: number) => {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
};

// Recent: Kafka's retention would delete older records while the test runs.
const T = BigInt(Date.now());
const text: ProducerRecord[] = [
  { topic: 'text', partition: 0, key: bytes('k1'), value: bytes('first'), timestamp: T },
  { topic: 'text', partition: 0, key: null, value: bytes('no key'), timestamp: T + 1n },
  { topic: 'text', partition: 0, key: bytes('k3'), value: null, timestamp: T + 2n },
  { topic: 'text', partition: 0, key: bytes(''), value: bytes(''), timestamp: 0n },
  {
    topic: 'text',
    partition: 0,
    key: bytes('k5'),
    value: bytes('Frankfurt フランクフルト \u{1F300} Zürich'),
    timestamp: T + 3n,
    headers: [
      { key: bytes('a'), value: bytes('1') },
      { key: bytes('a'), value: bytes('2') },
      { key: bytes('empty'), value: bytes('') },
      { key: bytes('none'), value: null },
    ],
  },
  { topic: 'text', partition: 0, key: bytes('k6'), value: bytes('two\nlines\ttab'), timestamp: T + 4n },
  {
    topic: 'text',
    partition: 0,
    key: bytes('k7'),
    value: Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x5c, 0x7e]),
    timestamp: T + 5n,
    headers: [{ key: bytes('schlüssel'), value: Buffer.from([0xc3, 0x28]) }],
  },
];
const numbers = (topic: string, values: Buffer[]): ProducerRecord[] =>
  values.map((value, i) => ({ topic, partition: 0, key: int32(i), value, timestamp: T }));
const typed: ProducerRecord[] = [
  ...numbers('longs', [0n, -1n, 968476484095610881n, 9223372036854775807n, -9223372036854775808n].map(int64)),
  ...numbers(
    'doubles',
    [0, -0, 1, 1.5, 1e10, 1e-5, 1 / 3, 1.7976931348623157e308, 5e-324, Number.NaN, -Infinity, 2e-3, 123456789].map(
      float64,
    ),
  ),
  ...numbers('floats', [0, 1.1, 16777216, 1e10, 3.4028234663852886e38, 1e-45, 0.001].map(float32)),
  ...numbers('shorts', [0, -1, 32767].map(int16)),
  ...numbers('booleans', [Buffer.from([0]), Buffer.from([1])]),
  ...numbers('uuids', [bytes('123e4567-e89b-12d3-a456-426614174000'), bytes('1-2-3-4-5')]),
  // In the middle a value that no LongDeserializer can read.
  ...numbers('mixed', [int64(1n), bytes('oops'), int64(3n)]),
];
const many: ProducerRecord[] = Array.from({ length: 300 }, (_, i) => ({
  topic: i % 2 === 0 ? 'many.a' : 'many.b',
  partition: 0,
  key: bytes(`${i}`),
  value: bytes(`value ${i}`),
  timestamp: T + BigInt(i),
}));

const S = 'org.apache.kafka.common.serialization.';
const all = ['print.timestamp', 'print.partition', 'print.offset', 'print.headers', 'print.key', 'print.value'];
const on = (...names: string[]) => names.flatMap((name) => ['--formatter-property', `${name}=true`]);
const property = (text: string) => ['--formatter-property', text];
const start = ['--topic', 'text', '--from-beginning', '--max-messages', '7'];
const typedTopic = (topic: string, count: number) => [
  '--topic',
  topic,
  '--from-beginning',
  '--max-messages',
  `${count}`,
];

/** What is typed after `--bootstrap-server`. */
const COMBINATIONS: readonly (readonly string[])[] = [
  start,
  [...start, ...on('print.key')],
  [...start, ...on('print.timestamp')],
  [...start, ...on('print.offset')],
  [...start, ...on('print.partition')],
  [...start, ...on('print.headers')],
  [...start, ...on('print.epoch', 'print.delivery')],
  [...start, ...on(...all)],
  [...start, ...on(...all, 'print.epoch', 'print.delivery')],
  [...start, ...on('print.key'), ...property('print.value=false')],
  [...start, ...property('print.value=false')],
  [...start, ...on('print.headers'), ...property('print.value=false')],
  [...start, ...property('print.value= TRUE '), ...property('print.key=yes')],
  [...start, ...on('print.key'), ...property('key.separator=|')],
  [...start, ...on('print.key'), ...property('key.separator=')],
  [...start, ...on('print.key'), ...property('key.separator==>')],
  [...start, ...property('line.separator=;;')],
  [...start, ...on('print.headers'), ...property('headers.separator= & ')],
  [...start, ...on(...all), ...property('null.literal=<null>')],
  [...start, ...on(...all), ...property('null.literal=')],
  [...start, '--formatter', 'org.apache.kafka.tools.consumer.NoOpMessageFormatter'],
  [...start, '--formatter', 'org.apache.kafka.tools.consumer.DefaultMessageFormatter', ...on('print.key')],
  [...start, '--property', 'print.key=true'],
  [...start, '--consumer-property', 'fetch.min.bytes=1'],
  [...start, '--command-property', 'max.poll.records=1'],
  [...start, '--isolation-level', 'read_committed'],
  [...start, '--isolation-level', 'read_uncommitted', ...on('print.offset')],
  [
    ...start,
    '--value-deserializer',
    `${S}StringDeserializer`,
    '--key-deserializer',
    `${S}StringDeserializer`,
    ...on('print.key'),
  ],
  [...start, '--value-deserializer', `${S}BytesDeserializer`],
  [...start, ...on('print.headers'), ...property(`headers.deserializer=${S}StringDeserializer`)],
  ['--topic', 'text', '--from-beginning', '--max-messages', '3'],
  ['--topic', 'text', '--from-beginning', '--max-messages', '0'],
  ['--topic', 'text', '--from-beginning', '--timeout-ms', '2500'],
  ['--topic', 'text', '--partition', '0', '--from-beginning', '--max-messages', '7'],
  ['--topic', 'text', '--partition', '0', '--offset', 'earliest', '--max-messages', '2', ...on('print.offset')],
  ['--topic', 'text', '--partition', '0', '--offset', '4', '--max-messages', '3', ...on('print.offset')],
  ['--topic', 'text', '--partition', '0', '--offset', 'latest', '--timeout-ms', '1500'],
  ['--topic', 'text', '--timeout-ms', '2000'],
  ['--topic', 'text', '--group', 'readers', '--from-beginning', '--max-messages', '4', ...on('print.offset')],
  ['--include', 'many\\.a|nothing', '--from-beginning', '--max-messages', '150'],
  ['--topic', 'many.b', '--from-beginning', '--max-messages', '150', ...on('print.offset', 'print.timestamp')],
  [...typedTopic('longs', 5), '--value-deserializer', `${S}LongDeserializer`],
  [
    ...typedTopic('longs', 5),
    ...property(`value.deserializer=${S}LongDeserializer`),
    ...property(`key.deserializer=${S}IntegerDeserializer`),
    ...on('print.key'),
  ],
  [...typedTopic('doubles', 13), '--value-deserializer', `${S}DoubleDeserializer`],
  [...typedTopic('floats', 7), '--value-deserializer', `${S}FloatDeserializer`],
  [...typedTopic('shorts', 3), '--value-deserializer', `${S}ShortDeserializer`],
  [...typedTopic('booleans', 2), '--value-deserializer', `${S}BooleanDeserializer`],
  [...typedTopic('uuids', 2), '--value-deserializer', `${S}UUIDDeserializer`],
  [...typedTopic('mixed', 3), '--value-deserializer', `${S}LongDeserializer`],
  [
    ...typedTopic('mixed', 3),
    '--value-deserializer',
    `${S}LongDeserializer`,
    '--skip-message-on-error',
    ...on('print.offset'),
  ],
  [...start, ...on('print.key'), '--key-deserializer', `${S}IntegerDeserializer`, '--skip-message-on-error'],
  // Wrong usage: the exit code is what scripts see.
  ['--topic', 'text', '--include', 'text'],
  ['--topic', 'text', '--offset', '3'],
  ['--topic', 'text', '--partition', '0', '--offset', '-3'],
  ['--topic', 'text', '--partition', '0', '--group', 'g', '--max-messages', '1'],
];

// The quick level takes every fourth, so that a run touches each kind.
const chosen =
  process.env.RUNNEL_TESTS === 'quick' || !process.env.RUNNEL_TESTS
    ? COMBINATIONS.filter((_, i) => i % 4 === 0)
    : COMBINATIONS;

describe.skipIf(needs('kafka'))('console-consumer prints what kafka-console-consumer prints', () => {
  let kafka: ApacheKafka;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'console-consumer-'));
    kafka = await startApacheKafka();
    const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
    const admin = clients.admin({ 'bootstrap.servers': kafka.bootstrapServers });
    const records = [...text, ...typed, ...many];
    await admin.createTopics(
      [...new Set(records.map((record) => record.topic))].map((name) => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
      })),
    );
    const producer = clients.producer({ 'bootstrap.servers': kafka.bootstrapServers, acks: 'all' });
    const failures: Error[] = [];
    for (const record of records) producer.send(record, (_, error) => error && failures.push(error));
    await producer.close();
    expect(failures).toEqual([]);
    await admin.close();
  });

  afterAll(async () => {
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const both = async (args: readonly string[]) => {
    const full = ['--bootstrap-server', kafka.bootstrapServers, ...args];
    // A group of one's own each: the second to run would find the first one's offsets.
    const grouped = (who: string) => full.map((arg) => (arg === 'readers' ? `readers-${who}` : arg));
    const [theirs, ours] = await Promise.all([
      runJava('org.apache.kafka.tools.consumer.ConsoleConsumer', grouped('java')),
      runRunnel(['console-consumer', ...grouped('runnel')]),
    ]);
    return { theirs, ours };
  };

  test.each(chosen.map((args) => ({ name: args.join(' '), args })))('$name', async ({ args }) => {
    const { theirs, ours } = await both(args);
    expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'));
    expect({ code: ours.code, stderr: ours.stderr }).toMatchObject({ code: theirs.code });
  });

  test('settings come from files as well, and the option goes before the file', async () => {
    const consumer = join(folder, 'consumer.properties');
    const formatter = join(folder, 'formatter.properties');
    writeFileSync(consumer, 'max.poll.records=2\nauto.offset.reset=earliest\n');
    writeFileSync(formatter, 'print.key=true\nkey.separator=\\u002d\\u003e\nprint.offset=true\n');
    const files = [
      '--topic',
      'text',
      '--max-messages',
      '7',
      '--command-config',
      consumer,
      '--formatter-config',
      formatter,
    ];
    const { theirs, ours } = await both([...files, ...property('print.offset=false')]);
    expect(ours.stdout.toString('latin1')).toBe(theirs.stdout.toString('latin1'));
    expect(ours.stdout.toString()).toContain('k1->first');
  });
});
