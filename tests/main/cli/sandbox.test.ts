import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeConfigs, metadata } from '../../../main/protocol/messages/index.ts';
import { freePort } from '../../kit/apache-kafka.ts';
import { RawClient } from '../../kit/raw-client.ts';
import { runRunnel, spawnRunnel } from '../../kit/runnel.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  child: ChildProcess;
  port: number;
  /** Standard output and error so far. */
  printed(): string;
  ended: Promise<number | null>;
}

/** Resolves at the ready line. */
function start(...args: string[]): Promise<Running> {
  const child = spawnRunnel(['sandbox', ...args]);
  let [out, err] = ['', ''];
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stderr?.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      out += text;
      const port = /ready on localhost:(\d+) .*\n/.exec(out)?.[1];
      if (port) resolve({ child, port: Number(port), printed: () => out + err, ended });
    });
    void ended.then((code) => reject(new Error(`The sandbox ended with ${code}: ${err}`)));
  });
}

/** As it lies in Kafka's config folder, by its keys and values. */
const STOCK_PROPERTIES = `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:9093
listeners=PLAINTEXT://:PORT,CONTROLLER://:9093
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:PORT,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kraft-combined-logs
num.partitions=1
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
`;

test("Kafka's own server.properties start it; --override goes before the file, --port before listeners", async () => {
  const file = join(folder, 'server.properties');
  writeFileSync(file, STOCK_PROPERTIES.replaceAll('PORT', '9092'));
  const readyFile = join(folder, 'ready');
  writeFileSync(readyFile, 'of an earlier one');
  const running = await start(
    ...[file, '--port', '0', '--in-memory', '--topics', 'a:3,b', '--ready-file', readyFile],
    ...['--override', 'num.partitions=4', '--override', 'advertised.listeners='],
  );
  expect(readFileSync(readyFile, 'utf8')).toBe(`localhost:${running.port}\n`);
  const client = await RawClient.connect(running.port);
  const { topics } = await client.request(metadata, 12, { topics: null });
  expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
    ['a', 3],
    ['b', 4],
  ]);
  const { results } = await client.request(describeConfigs, 4, {
    resources: [{ resourceType: 4, resourceName: '1', configurationKeys: ['num.partitions', 'log.retention.hours'] }],
  });
  expect(results[0]?.configs.map(({ value, configSource }) => [value, configSource])).toEqual([
    ['4', 4],
    ['168', 4],
  ]);
  client.close();
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(existsSync(readyFile)).toBe(false);
  expect(running.printed()).toMatch(/change nothing here: .*num\.network\.threads, num\.io\.threads/);
});

test('what is in memory is gone; a parent that goes takes the sandbox with it; nobody has to read what it prints', async () => {
  const running = await start('--in-memory', '--port', '0', '--exit-with-parent');
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
  running.child.stdin?.end();
  expect(await new Promise((resolve) => running.child.once('exit', resolve))).toBe(0);
}, 60_000);

test('a listener of its own tells the name that containers are given', async () => {
  const port = await freePort();
  const running = await start(
    ...['--in-memory', '--port', '0', '--share', `127.0.0.1:${port}`, '--share-as', 'host.docker.internal'],
  );
  const client = await RawClient.connect(port);
  const { brokers } = await client.request(metadata, 12, { topics: [] });
  expect(brokers).toMatchObject([{ host: 'host.docker.internal', port }]);
  client.close();
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
  expect(running.printed()).toContain(`clients are told host.docker.internal:${port}.`);
});

test.each<[says: string, args: string[], code: number]>([
  ["can't be '../x:y'", ['--topics', 'a,../x:y'], 1],
  ['names a twice', ['--topics', 'a,a:2'], 1],
  ['is num.partitions meant?', ['--override', 'num.partition=3'], 1],
  ['there is no ZooKeeper', ['--override', 'zookeeper.connect=localhost:2181'], 1],
  ["Can't read /nowhere/server.properties", ['/nowhere/server.properties'], 1],
  [
    "The ready file /nowhere/ready can't be written",
    ['--in-memory', '--port', '0', '--ready-file', '/nowhere/ready'],
    1,
  ],
  ['--share-as is no name or address', ['--share', '127.0.0.1:9094', '--share-as', '0.0.0.0'], 1],
  ['--share-containers contradicts', ['--share-containers', '--share', '0.0.0.0:9094'], 1],
  ['would be reached by other computers: 192.168.1.5', ['--override', 'listeners=PLAINTEXT://192.168.1.5:9092'], 1],
])('wrong usage is told: %s', async (says, args, expected) => {
  const { code, stderr } = await runRunnel(['sandbox', ...args]);
  expect([code, stderr.toLowerCase()]).toEqual([expected, expect.stringContaining(says.toLowerCase())]);
});
