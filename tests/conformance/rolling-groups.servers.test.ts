import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTopics, listGroups } from '../../main/protocol/messages/index.ts';
import { freePort, runJava, spawnJava, startApacheKafka } from '../kit/apache-kafka.ts';
import { endServer } from '../kit/java-server.ts';
import { needs } from '../kit/needs.ts';
import { RawClient } from '../kit/raw-client.ts';
import { SpawnedSandbox } from '../kit/spawned-sandbox.ts';

const PROGRAM = join(import.meta.dirname, '../fixtures/java/RollingGroups.java');
const isNight = process.env.RUNNEL_TESTS === 'night';
const PARTITIONS = 6;
/** Consumers of each group. */
const NUMBERS = isNight ? [0, 1, 2] : [0, 1];
/** Members are told within half a second that others have come. */
const SETTINGS = {
  'group.consumer.min.heartbeat.interval.ms': '200',
  'group.consumer.heartbeat.interval.ms': '200',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '2',
};
/** One whose consumers give everything back to be divided anew, and one whose consumers keep what they may keep. */
const GROUPS = ['eager', 'cooperative'];

/** Real consumers of Java, that change their protocol as a test says. */
class Rolling {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(server: string) {
    this.#child = spawnJava(PROGRAM, [server, 'rolled', String(PARTITIONS)]);
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#errors = (this.#errors + chunk).slice(-20_000)));
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(() => endServer(this.#child, 'SIGKILL'));
  }

  /** The consumer of this number in every group; resolves when all have partitions and have got on. */
  async change(number: number, protocol: 'classic' | 'consumer' | 'as-it-is'): Promise<void> {
    this.#child.stdin!.write(`${GROUPS.map((group) => `${group} ${number} ${protocol}`).join(',')}\n`);
    expect(await this.#line()).toBe('changed');
  }

  /** What each group has read. */
  async end() {
    this.#child.stdin!.write('end\n');
    const groups = [];
    for (let line = await this.#line(); line !== 'ended'; line = await this.#line()) groups.push(JSON.parse(line));
    return groups;
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    return done ? `The program ended: ${this.#errors}` : value;
  }
}

async function typesOf(port: number): Promise<unknown> {
  const client = await RawClient.connect(port);
  const { groups } = await client.request(listGroups, 5, { statesFilter: [], typesFilter: [] });
  client.close();
  return Object.fromEntries(groups.map(({ groupId, groupType }) => [groupId, groupType.toLowerCase()]));
}

const all = (type: string) => Object.fromEntries(GROUPS.map((group) => [group, type]));

/** The consumers of each group go over to the new protocol one after the other, and back; `inBetween` when one has. */
async function rollThereAndBack(port: number, inBetween: () => Promise<void>): Promise<void> {
  const client = await RawClient.connect(port);
  const topic = { name: 'rolled', numPartitions: PARTITIONS, replicationFactor: 1, assignments: [], configs: [] };
  await client.request(createTopics, 7, { topics: [topic], timeoutMs: 30_000 });
  client.close();
  const rolling = new Rolling(`127.0.0.1:${port}`);
  for (const number of NUMBERS) await rolling.change(number, 'classic');
  expect(await typesOf(port)).toEqual(all('classic'));
  const [first, ...others] = NUMBERS as [number, ...number[]];
  await rolling.change(first, 'consumer');
  expect(await typesOf(port)).toEqual(all('consumer'));
  await inBetween();
  await rolling.change(first, 'as-it-is');
  for (const number of others) await rolling.change(number, 'consumer');
  for (const number of others) await rolling.change(number, 'classic');
  expect(await typesOf(port)).toEqual(all('consumer'));
  await rolling.change(first, 'classic');
  expect(await typesOf(port)).toEqual(all('classic'));
  for (const { group, produced, read, twiceThoughCommitted } of await rolling.end()) {
    expect({ group, read, twiceThoughCommitted }).toEqual({ group, read: produced, twiceThoughCommitted: 0 });
  }
}

describe.skipIf(needs('kafka'))('consumers of Java change their protocol one after the other, and back', () => {
  test('on the sandbox, which is killed while some of them have; Kafka reads what it wrote of it', {
    timeout: 240_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rolling-groups-'));
    const sandbox = new SpawnedSandbox(folder, await freePort(), SETTINGS);
    onTestFinished(async () => {
      await sandbox.end();
      rmSync(folder, { recursive: true, force: true });
    });
    await sandbox.start();
    await rollThereAndBack(sandbox.port, async () => {
      await sandbox.end('SIGKILL');
      await sandbox.start();
    });
    await sandbox.end('SIGTERM');
    const logs = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.startsWith('__consumer_offsets') && file.endsWith('.log'));
    const { code, stdout, stderr } = await runJava('org.apache.kafka.tools.DumpLogSegments', [
      ...['--offsets-decoder', '--files', logs.map((file) => join(folder, file)).join(',')],
    ]);
    expect(code, String(stderr)).toBe(0);
    const records = String(stdout);
    expect(records).toMatch(
      /"type":"5",.*"classicMemberMetadata":\{"sessionTimeoutMs":45000,"supportedProtocols":\[\{"name":"range"/,
    );
    expect(records).toMatch(/"name":"cooperative-sticky"/);
    expect(records).toMatch(/"type":"2","data":\{"group":"eager"\}\} payload: <DELETE>/);
  });

  test.runIf(isNight)('on Apache Kafka', { timeout: 240_000 }, async () => {
    const kafka = await startApacheKafka(SETTINGS);
    onTestFinished(() => kafka.stop());
    await rollThereAndBack(kafka.port, async () => {});
  });
});
