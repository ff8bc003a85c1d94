import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Sandbox } from '../../../../main/broker/sandbox.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { fetch, joinGroup, metadata, produce } from '../../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../../main/time.ts';
import { batchOf } from '../../../kit/log-environment.ts';
import { RawClient } from '../../../kit/raw-client.ts';

const RESTARTS = { quick: 10, ci: 30, night: 1000 }[process.env.RUNNEL_TESTS ?? 'quick'] ?? 10;
/** Code is compiled and tables are made in the first ones. */
const WARM_UP = 5;
const MIB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface Left {
  files: number;
  /** Servers, sockets and timers that keep the process alive. */
  resources: number;
  heapMiB: number;
}

async function whatIsLeft(): Promise<Left> {
  // What a closed socket leaves is gone in the next turns.
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    files: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().length,
    heapMiB: (heapUsed + arrayBuffers) / MIB,
  };
}

/** With a client in the middle of everything: a group that is being joined, a fetch that waits. */
async function life(dataDir: string, turn: number): Promise<void> {
  const sandbox = await Sandbox.start({
    dataDir,
    port: 0,
    time: systemTime,
    logger: silentLogger,
    randomBytes,
    lock: () => ({ release: () => {} }),
    overrides: { 'offsets.topic.num.partitions': '2' },
  });
  const client = await RawClient.connect(sandbox.port);
  await client.request(metadata, 6, { topics: [{ name: 'tweets' }], allowAutoTopicCreation: true });
  const { responses } = await client.request(produce, 9, {
    acks: -1,
    timeoutMs: 60_000,
    topicData: [
      { name: 'tweets', partitionData: [{ index: 0, records: batchOf(['x'], { timestamp: BigInt(Date.now()) }) }] },
    ],
  });
  expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: BigInt(turn) });
  const waiting = [
    client.request(joinGroup, 2, {
      groupId: 'readers',
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    }),
    client.request(fetch, 11, {
      maxWaitMs: 30_000,
      minBytes: 1,
      maxBytes: MIB,
      topics: [
        { topic: 'tweets', partitions: [{ partition: 0, fetchOffset: BigInt(turn) + 1n, partitionMaxBytes: MIB }] },
      ],
    }),
  ].map((request) => request.catch(() => {}));
  const other = await RawClient.connect(sandbox.port);
  await other.request(metadata, 6, { topics: [] });
  await sandbox.close();
  await Promise.all(waiting);
  await Promise.all([client.closed, other.closed]);
}

test(`${RESTARTS} lives of a sandbox in one process leave nothing of it behind`, { timeout: 600_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-bounds-'));
  try {
    for (let i = 0; i < WARM_UP; i++) await life(dataDir, i);
    const before = await whatIsLeft();
    for (let i = WARM_UP; i < WARM_UP + RESTARTS; i++) await life(dataDir, i);
    const after = await whatIsLeft();
    if (process.env.RUNNEL_TESTS === 'night') console.log(`${RESTARTS} restarts:`, before, after);
    expect(after.files).toBeLessThanOrEqual(before.files);
    expect(after.resources).toBeLessThanOrEqual(before.resources);
    expect(after.heapMiB - before.heapMiB).toBeLessThan(4 + RESTARTS / 100);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
