import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { runJava } from '../../kit/apache-kafka.ts';
import { needs } from '../../kit/needs.ts';
import { toItsEnd, tracked } from '../../kit/run-command.ts';
import { runRunnel, spawnRunnel } from '../../kit/runnel.ts';

const root = mkdtempSync(join(tmpdir(), 'saved-sandbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [here, there] = [join(root, 'here'), join(root, 'there')];
const archive = join(root, 'saved.tar.gz');

async function start(dataDir: string): Promise<{ port: number; stop(signal?: NodeJS.Signals): Promise<unknown> }> {
  const child: ChildProcess = spawnRunnel(['sandbox', '--port', '0', '--data-dir', dataDir, '--topics', 'a:3']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', (text) => resolve(Number(/localhost:(\d+)/.exec(String(text))?.[1])));
    void ended.then((code) => reject(new Error(`The sandbox ended with ${code}`)));
  });
  return {
    port,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

const kcat = (port: number, args: string[], input?: string) =>
  toItsEnd(tracked(spawn('kcat', ['-b', `localhost:${port}`, ...args])), input);
const kafka = (port: number) => new Kafka({ brokers: [`localhost:${port}`], logLevel: logLevel.NOTHING });

/** All that a client can see of it. */
async function seen(port: number) {
  const admin = kafka(port).admin();
  await admin.connect();
  const { clusterId } = await admin.describeCluster();
  const topics = (await admin.fetchTopicMetadata()).topics
    .map(({ name, partitions }) => [name, partitions.length])
    .sort();
  const offsets = await admin.fetchOffsets({ groupId: 'shop', topics: ['a'] });
  await admin.disconnect();
  const read = await kcat(port, [
    '-C',
    '-t',
    'a',
    '-o',
    'beginning',
    '-e',
    '-q',
    '-f',
    '%p %o %k %s\n',
    '-X',
    'isolation.level=read_committed',
  ]);
  return { clusterId, topics, offsets, records: read.stdout.toString().split('\n').sort() };
}

test.skipIf(needs('kcat', 'kafka'))(
  'topics, groups, transactions and cluster id are the same in another folder, after a clean stop and after a kill; kcat and DumpLogSegments read it',
  async () => {
    let sandbox = await start(here);
    await kcat(sandbox.port, ['-P', '-t', 'a', '-K', ':'], 'ada:tea\nbob:beer\neve:milk\n');
    const client = kafka(sandbox.port);
    const producer = client.producer({ transactionalId: 'till', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const committed = await producer.transaction();
    await committed.send({ topic: 'a', messages: [{ key: 'tx', value: 'paid' }] });
    await committed.sendOffsets({
      consumerGroupId: 'shop',
      topics: [{ topic: 'a', partitions: [{ partition: 1, offset: '1' }] }],
    });
    await committed.commit();
    const aborted = await producer.transaction();
    await aborted.send({ topic: 'a', messages: [{ key: 'tx', value: 'not paid' }] });
    await aborted.abort();
    await producer.disconnect();
    const before = await seen(sandbox.port);
    expect(before.records.filter((line) => line.endsWith('paid'))).toHaveLength(1);
    expect(before.records).toHaveLength(5);

    // It runs: it is stopped for the moment of it, and is there again at the same port.
    const whileRunning = join(root, 'while-running.tar.gz');
    const running = await runRunnel(['sandbox', 'save', whileRunning, '--data-dir', here]);
    expect([running.code, running.stderr]).toEqual([0, '']);
    expect(await seen(sandbox.port)).toEqual(before);
    const copy = join(root, 'copy');
    expect((await runRunnel(['sandbox', 'restore', whileRunning, '--data-dir', copy])).code).toBe(0);
    const copied = await start(copy);
    expect(await seen(copied.port)).toEqual(before);
    await copied.stop();
    const twice = await runRunnel(['sandbox', 'save', whileRunning, '--data-dir', here]);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('is there already')]);
    const inside = await runRunnel(['sandbox', 'restore', whileRunning, '--data-dir', here, '--replace']);
    expect([inside.code, inside.stderr]).toEqual([
      2,
      expect.stringMatching(/process \d+\)[\s\S]*Stop that sandbox first/),
    ]);
    // Killed: nothing says that it stopped cleanly, in the archive neither.
    await sandbox.stop('SIGKILL');
    const saved = await runRunnel(['sandbox', 'save', archive, '--data-dir', here]);
    expect([saved.code, saved.stderr]).toEqual([0, '']);

    const restored = await runRunnel(['sandbox', 'restore', archive, '--data-dir', there]);
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    for (let life = 0; life < 2; life++) {
      sandbox = await start(there);
      expect(await seen(sandbox.port)).toEqual(before);
      await sandbox.stop();
    }
    // An idempotent producer that goes on is the same one.
    sandbox = await start(there);
    const again = kafka(sandbox.port).producer({ transactionalId: 'till', idempotent: true, maxInFlightRequests: 1 });
    await again.connect();
    const next = await again.transaction();
    await next.send({ topic: 'a', messages: [{ key: 'tx', value: 'paid again' }] });
    await next.commit();
    await again.disconnect();
    expect((await seen(sandbox.port)).records).toHaveLength(before.records.length + 1);
    await sandbox.stop();

    const data = join(there, 'sandbox');
    const logs = readdirSync(data)
      .filter((name) => /-\d+$/.test(name))
      .flatMap((name) =>
        readdirSync(join(data, name))
          .filter((file) => file.endsWith('.log'))
          .map((file) => join(data, name, file)),
      );
    const dump = await runJava('org.apache.kafka.tools.DumpLogSegments', [
      '--deep-iteration',
      '--files',
      logs.join(','),
    ]);
    const text = dump.stdout.toString();
    expect([dump.code, text.match(/isvalid: false|Found timestamp mismatch|Found invalid/g)]).toEqual([0, null]);
    expect(text).toContain('endTxnMarker: COMMIT');

    const refused = await runRunnel(['sandbox', 'restore', archive, '--data-dir', there]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--replace')]);
    expect(existsSync(join(there, 'sandbox.restoring'))).toBe(false);
  },
);
