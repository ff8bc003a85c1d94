// Writes tests/fixtures/protocol/wire.json anew: what kafkajs, kcat and Java's clients say to Apache Kafka, one
// exchange for each client, API and version. Run by hand when a client or Kafka is raised:
//   node scripts/record-wire-fixtures.ts
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, runJava, startApacheKafka } from '../tests/kit/apache-kafka.ts';
import { RecordingProxy } from '../tests/kit/recording-proxy.ts';
import { KAFKA_VERSION } from './kafka-jars.mjs';

const OUTPUT = new URL('../tests/fixtures/protocol/wire.json', import.meta.url);
const MAX_BYTES = 6000;

let target = 0;
const proxy = new RecordingProxy(() => target);
const port = await freePort();
await proxy.listen(port);
const kafka = await startApacheKafka({ 'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}` });
target = kafka.port;
const servers = `127.0.0.1:${port}`;

const rows: { client: string; key: number; version: number; request: string; response: string }[] = [];
const seen = new Set<string>();
let client = '';
proxy.record(({ apiKey, apiVersion, request, response }) => {
  // The broker dials what it advertises: some requests are its own.
  const clientId = request.toString('utf8', 10, 10 + Math.max(0, request.readInt16BE(8)));
  const speaker = /^(AddPartitionsManager|broker-)/.test(clientId) ? `broker ${KAFKA_VERSION}` : client;
  const id = `${speaker} ${apiKey} ${apiVersion}`;
  if (seen.has(id) || request.length + response.length > MAX_BYTES) return;
  seen.add(id);
  const [hexRequest, hexResponse] = [request.toString('hex'), response.toString('hex')];
  rows.push({ client: speaker, key: apiKey, version: apiVersion, request: hexRequest, response: hexResponse });
});

try {
  await recordKafkajs();
  await recordKcat();
  await recordJava();
} finally {
  proxy.close();
  await kafka.stop();
}
rows.sort((a, b) => a.client.localeCompare(b.client) || a.key - b.key || a.version - b.version);
const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
writeFileSync(OUTPUT, `[\n${lines}\n]\n`);
console.log(`${rows.length} exchanges`);

async function recordKafkajs(): Promise<void> {
  client = `kafkajs ${packageVersion('kafkajs')}`;
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  const app = new Kafka({ clientId: 'fixtures', brokers: [servers], logLevel: logLevel.NOTHING });
  const admin = app.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kafkajs', numPartitions: 1 }], waitForLeaders: true });
  await admin.createPartitions({ topicPartitions: [{ topic: 'kafkajs', count: 2 }] });
  await admin.describeConfigs({
    resources: [{ type: 2, name: 'kafkajs', configNames: ['retention.ms'] }],
    includeSynonyms: true,
  });
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: 2, name: 'kafkajs', configEntries: [{ name: 'retention.ms', value: '1000000' }] }],
  });
  const producer = app.producer({ idempotent: true, transactionalId: 'kafkajs-tx', maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({
    topic: 'kafkajs',
    messages: [{ key: 'k', value: 'v', headers: { h: ['1', '2'] } }, { value: null }],
  });
  await transaction.sendOffsets({
    consumerGroupId: 'kafkajs-tx',
    topics: [{ topic: 'kafkajs', partitions: [{ partition: 0, offset: '1' }] }],
  });
  await transaction.commit();
  await producer.disconnect();
  const consumer = app.consumer({ groupId: 'kafkajs' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'kafkajs', fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message, heartbeat }) => {
        await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);
        await heartbeat();
        resolve();
      },
    });
  });
  await admin.describeGroups(['kafkajs']);
  await consumer.disconnect();
  await admin.listGroups();
  await admin.fetchTopicOffsets('kafkajs');
  await admin.fetchOffsets({ groupId: 'kafkajs' });
  await admin.deleteTopicRecords({ topic: 'kafkajs', partitions: [{ partition: 0, offset: '1' }] });
  await admin.deleteGroups(['kafkajs']);
  await admin.deleteTopics({ topics: ['kafkajs'] });
  await admin.disconnect();
}

async function recordKcat(): Promise<void> {
  const version = /Version (\S+).*librdkafka (\S+)/.exec(spawnSync('kcat', ['-V'], { encoding: 'utf8' }).stdout);
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    client = `kcat ${version?.[1]} (librdkafka ${version?.[2]}) ${codec}`;
    const value = 'a line that compresses, compresses and compresses\n'.repeat(5);
    await kcat(['-P', '-t', 'kcat', '-z', codec, '-X', 'linger.ms=50', '-H', 'h=1', '-H', 'h=2'], value);
  }
  client = `kcat ${version?.[1]} (librdkafka ${version?.[2]})`;
  await kcat(['-P', '-t', 'kcat', '-X', 'enable.idempotence=true'], 'idempotent\n');
  await kcat(['-L']);
  await kcat(['-Q', '-t', 'kcat:0:1000']);
  await kcat(['-C', '-t', 'kcat', '-o', 'beginning', '-e']);
  await kcat(['-G', 'kcat', '-o', 'beginning', '-c', '5', 'kcat']);
}

function kcat(args: string[], input = ''): Promise<void> {
  const child = spawn('kcat', ['-b', servers, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`kcat ${args.join(' ')} ended with ${code}`)),
    );
  });
}

async function recordJava(): Promise<void> {
  client = `java ${KAFKA_VERSION}`;
  const b = ['--bootstrap-server', servers];
  const tools = 'org.apache.kafka.tools';
  await java(`${tools}.TopicCommand`, [
    ...b,
    '--create',
    '--topic',
    'java',
    '--partitions',
    '1',
    '--config',
    'retention.ms=100000',
  ]);
  await java(`${tools}.TopicCommand`, [...b, '--describe', '--topic', 'java']);
  await java(`${tools}.TopicCommand`, [...b, '--alter', '--topic', 'java', '--partitions', '2']);
  await java('kafka.admin.ConfigCommand', [
    ...b,
    '--alter',
    '--entity-type',
    'topics',
    '--entity-name',
    'java',
    '--add-config',
    'cleanup.policy=delete',
  ]);
  await java('kafka.admin.ConfigCommand', [...b, '--describe', '--entity-type', 'topics', '--entity-name', 'java']);
  await java(`${tools}.ConsoleProducer`, [...b, '--topic', 'java', '--compression-codec', 'lz4'], 'one\ntwo\n');
  const perf = ['--topic', 'java', '--num-records', '10', '--record-size', '20', '--throughput', '-1'];
  await java(`${tools}.ProducerPerformance`, [...perf, '--bootstrap-server', servers, '--transactional-id', 'java-tx']);
  const consume = ['--topic', 'java', '--from-beginning', '--max-messages', '3', '--timeout-ms', '20000'];
  await java(`${tools}.consumer.ConsoleConsumer`, [...b, ...consume, '--group', 'java-classic']);
  const modern = ['--command-property', 'group.protocol=consumer', '--command-property', 'group.remote.assignor=range'];
  await java(`${tools}.consumer.ConsoleConsumer`, [...b, ...consume, '--group', 'java-consumer', ...modern]);
  for (const group of ['java-classic', 'java-consumer']) {
    await java(`${tools}.consumer.group.ConsumerGroupCommand`, [...b, '--describe', '--group', group]);
  }
  await java(`${tools}.consumer.group.ConsumerGroupCommand`, [...b, '--list', '--state']);
  await java(`${tools}.consumer.group.ConsumerGroupCommand`, [
    ...b,
    '--delete-offsets',
    '--group',
    'java-classic',
    '--topic',
    'java',
  ]);
  await java(`${tools}.consumer.group.ConsumerGroupCommand`, [...b, '--delete', '--group', 'java-classic']);
  await java(`${tools}.GetOffsetShell`, [...b, '--topic', 'java']);
  await java(`${tools}.LogDirsCommand`, [...b, '--describe', '--topic-list', 'java']);
  await java(`${tools}.TransactionsCommand`, [...b, 'list']);
  await java(`${tools}.TransactionsCommand`, [...b, 'describe', '--transactional-id', 'java-tx']);
  await java(`${tools}.TransactionsCommand`, [...b, 'describe-producers', '--topic', 'java', '--partition', '0']);
  await java(`${tools}.ClusterTool`, ['cluster-id', ...b]);
  await java(`${tools}.TopicCommand`, [...b, '--delete', '--topic', 'java']);
}

async function java(mainClass: string, args: string[], input?: string): Promise<void> {
  const { code, stdout, stderr } = await runJava(mainClass, args, input);
  if (code !== 0) throw new Error(`${mainClass} ${args.join(' ')} ended with ${code}: ${stderr}${stdout.toString()}`);
}

function packageVersion(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
