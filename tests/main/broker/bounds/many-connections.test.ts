import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRequest } from '../../../../main/protocol/frames.ts';
import { apiVersions, fetch, metadata, produce } from '../../../../main/protocol/messages/index.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { RawClient } from '../../../kit/raw-client.ts';
import { WatchedSandbox } from '../../../kit/watched-sandbox.ts';

const CONNECTIONS = { quick: 300, ci: 1000, night: 10_000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 300;
/** Of other things that this process and the sandbox have open. */
const OTHER_FILES = 600;
/** Usual is below 10; the machine may be ten times slower. */
const P99_MS = 1000;
const MIB = 1024 * 1024;

let folder: string;
let sandbox: WatchedSandbox;
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runnel-bounds-'));
  sandbox = await WatchedSandbox.start(folder);
}, 120_000);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function connected(): Promise<Socket> {
  const socket = connect(sandbox.port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** What a client of ordinary manners waits for an answer with a record to write and to read, the 99th of a hundred, ms. */
async function p99(client: RawClient): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const began = performance.now();
    const { responses } = await client.request(produce, 9, {
      acks: -1,
      timeoutMs: 60_000,
      topicData: [{ name: 'mine', partitionData: [{ index: 0, records: batchOf(['x'], { timestamp: now() }) }] }],
    });
    const answer = responses[0]!.partitionResponses[0]!;
    expect(answer.errorCode).toBe(0);
    await client.request(fetch, 11, fetchFrom('mine', answer.baseOffset));
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
}

const now = () => BigInt(Date.now());
const fetchFrom = (topic: string, fetchOffset: bigint) => ({
  maxWaitMs: 1000,
  minBytes: 1,
  maxBytes: 2 * MIB,
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 2 * MIB }] }],
});

test('a crowd that is idle, sends half a frame each or never reads its answers leaves room for others', async () => {
  const limit = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  expect(limit, 'ulimit -n is too low for so many connections').toBeGreaterThan(CONNECTIONS + OTHER_FILES);
  const client = await RawClient.connect(sandbox.port);
  await client.request(metadata, 6, { topics: [{ name: 'mine' }, { name: 'large' }], allowAutoTopicCreation: true });
  for (let i = 0; i < 20; i++) {
    const records = batchOf(['x'.repeat(900_000)], { timestamp: now() });
    await client.request(produce, 9, {
      acks: -1,
      timeoutMs: 60_000,
      topicData: [{ name: 'large', partitionData: [{ index: 0, records }] }],
    });
  }
  const before = await sandbox.usage();
  const alone = await p99(client);

  const versions = Buffer.concat(encodeRequest(apiVersions, 0, 1, 'crowd', {}));
  // It claims a megabyte, and a kilobyte comes.
  const half = Buffer.alloc(1024);
  half.writeInt32BE(MIB);
  const fetches = Buffer.concat(
    Array.from({ length: 4 }, (_, i) => Buffer.concat(encodeRequest(fetch, 11, i, 'crowd', fetchFrom('large', 0n)))),
  );
  let cut = 0;
  for (let i = 0; i < CONNECTIONS; i++) {
    const socket = await connected();
    if (i % 3 === 0) socket.write(versions);
    else if (i % 3 === 1) socket.write(half);
    else {
      // Read only as far as the system does it by itself.
      socket.pause();
      socket.on('close', () => cut++);
      socket.write(fetches);
    }
  }
  const among = await p99(client);
  const usage = await sandbox.usage();
  const grown = (usage.rssBytes - before.rssBytes) / MIB;
  const perConnection = `${((grown * 1024) / CONNECTIONS).toFixed(0)} KiB a connection`;
  const told = `${CONNECTIONS} connections: p99 ${among.toFixed(1)} ms (alone ${alone.toFixed(1)}), ${grown.toFixed(0)} MiB more (${perConnection}), ${cut} cut`;
  if (process.env.RUNNEL_TESTS === 'night') console.log(told);
  expect(among, told).toBeLessThan(P99_MS);
  // All answers that wait have a bound together, whatever the number of those that don't read.
  expect(grown, told).toBeLessThan(500);
  client.close();
}, 600_000);

test('a new client is served, and a reader of much gets all of it', async () => {
  const client = await RawClient.connect(sandbox.port);
  expect((await client.request(apiVersions, 0, {})).errorCode).toBe(0);
  let bytes = 0;
  for (let offset = 0n; offset < 20n; ) {
    const { responses } = await client.request(fetch, 11, fetchFrom('large', offset));
    const { records, errorCode } = responses[0]!.partitions[0]!;
    expect(errorCode).toBe(0);
    bytes += records!.length;
    offset += BigInt(Math.round(records!.length / 900_000));
  }
  expect(bytes).toBeGreaterThan(20 * 900_000);
  client.close();
});
