import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consumerGroupDescribe, describeGroups } from '../../main/protocol/messages/index.ts';
import { freePort, spawnJava } from '../kit/apache-kafka.ts';
import { keepLog } from '../kit/java-server.ts';
import { needs } from '../kit/needs.ts';
import { RawClient } from '../kit/raw-client.ts';
import { SpawnedSandbox } from '../kit/spawned-sandbox.ts';
import { TransactionalClient } from '../kit/transactional-client.ts';

const SESSION_MS = 6_000;
/** Longer than every session and transaction. */
const SLEEP_MS = process.env.RUNNEL_TESTS === 'night' ? 90_000 : 9_000;
/** On a quiet machine; elsewhere it has to come. */
const BACK_WITHIN_MS = process.env.RUNNEL_TESTS === 'night' ? 5_000 : 60_000;
const OVERRIDES = {
  'group.consumer.session.timeout.ms': `${SESSION_MS}`,
  'group.consumer.heartbeat.interval.ms': '1000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
};
const CONSOLE_CONSUMER = 'org.apache.kafka.tools.consumer.ConsoleConsumer';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A Java console consumer of `flow`, in a process that can be put to sleep. */
class JavaConsumer {
  readonly #child: ChildProcess;
  readonly #values: string[] = [];

  constructor(server: string, group: string, settings: Readonly<Record<string, string>>) {
    const all = Object.entries({ 'auto.commit.interval.ms': '300', ...settings }).flatMap(([name, value]) => [
      '--command-property',
      `${name}=${value}`,
    ]);
    const args = ['--bootstrap-server', server, '--topic', 'flow', '--group', group, '--from-beginning', ...all];
    this.#child = spawnJava(CONSOLE_CONSUMER, args);
    let rest = '';
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() as string;
      this.#values.push(...lines);
    });
    this.log = keepLog(this.#child);
  }

  readonly log: () => string;

  get values(): readonly string[] {
    return this.#values;
  }

  sleep(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

describe.skipIf(needs('kafka'))('sleep and wake', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sleep-'));
  const javaConsumers: JavaConsumer[] = [];
  const js: string[] = [];
  let sandbox: SpawnedSandbox;
  let raw: RawClient;
  let admin: Admin;
  let producer: Producer;
  let consumer: Consumer;
  let classic: JavaConsumer;
  let modern: JavaConsumer;
  let sent = 0;
  let isSending = true;
  let sending: Promise<void>;

  async function keepSending(): Promise<void> {
    for (; isSending; await pause(20)) {
      await producer.send({ topic: 'flow', messages: [{ value: `${sent}` }] });
      sent++;
    }
  }

  async function until(what: string, isSo: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await isSo())) {
      if (performance.now() > end) {
        const logs = javaConsumers.map(({ log }) => log().split('\n').slice(-5).join('\n'));
        throw new Error(`Not within ${limitMs} ms: ${what}\n${[sandbox.log, ...logs].join('\n---\n')}`);
      }
      await pause(50);
    }
  }

  /** A record that is sent from now on is there. */
  const flows = (values: readonly string[], limitMs = 60_000) => {
    const now = `${sent + 1}`;
    return until(`${now} comes`, () => values.includes(now), limitMs);
  };

  async function members() {
    const { groups } = await raw.request(describeGroups, 5, { groups: ['java', 'js'] });
    const described = await raw.request(consumerGroupDescribe, 0, {
      groupIds: ['modern'],
      includeAuthorizedOperations: false,
    });
    const { groupEpoch, members: modernMembers } = described.groups[0]!;
    return {
      classic: groups.map(({ groupState, members: each }) => [groupState, each.map(({ memberId }) => memberId)]),
      modern: [groupEpoch, modernMembers.map(({ memberId, memberEpoch }) => [memberId, memberEpoch])],
    };
  }

  beforeAll(async () => {
    sandbox = new SpawnedSandbox(join(folder, 'data'), await freePort(), OVERRIDES);
    await sandbox.start();
    const kafka = new Kafka({ brokers: [sandbox.server], logLevel: logLevel.NOTHING, retry: { retries: 30 } });
    admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'flow' }, { topic: 'transacted' }] });
    producer = kafka.producer({ idempotent: true });
    await producer.connect();
    sending = keepSending();
    const session = { 'session.timeout.ms': `${SESSION_MS}`, 'heartbeat.interval.ms': '1000' };
    classic = new JavaConsumer(sandbox.server, 'java', session);
    modern = new JavaConsumer(sandbox.server, 'modern', { 'group.protocol': 'consumer' });
    javaConsumers.push(classic, modern);
    consumer = kafka.consumer({ groupId: 'js', sessionTimeout: SESSION_MS, heartbeatInterval: 1000 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'flow', fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        js.push(String(message.value));
      },
    });
    raw = await RawClient.connect(sandbox.port);
  });
  afterAll(async () => {
    isSending = false;
    sandbox.wake();
    for (const each of javaConsumers) each.end();
    await sending;
    await consumer.disconnect();
    await producer.disconnect();
    await admin.disconnect();
    raw.close();
    await sandbox.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('when the sandbox slept, with or without its clients, everybody is still in the groups and the flow is back', async () => {
    await Promise.all([flows(classic.values), flows(modern.values), flows(js)]);
    const before = await members();
    const transaction = new TransactionalClient(raw, 'sleeper');
    expect(await transaction.init(SESSION_MS)).toBe(0);
    expect(await transaction.add('transacted', 0)).toEqual([0]);
    expect(await transaction.write('transacted', 0, ['before'])).toBe(0);
    modern.sleep();
    sandbox.sleep();
    await pause(SLEEP_MS);
    sandbox.wake();
    modern.wake();
    const written = transaction.write('transacted', 0, ['after']);
    await Promise.all([classic.values, modern.values, js].map((values) => flows(values, BACK_WITHIN_MS)));
    expect(await written).toBe(0);
    expect(await transaction.end(true)).toBe(0);
    expect((await transaction.read('transacted', 0, 'read_committed')).values).toEqual(['before', 'after']);
    expect(await members()).toEqual(before);
  });

  test('a consumer that slept alone has lost its place: what it commits then moves nothing back', async () => {
    const committed = async () => {
      const [topic] = await admin.fetchOffsets({ groupId: 'java', topics: ['flow'] });
      return Number(topic?.partitions[0]?.offset);
    };
    classic.sleep();
    const second = new JavaConsumer(sandbox.server, 'java', { 'session.timeout.ms': `${SESSION_MS}` });
    javaConsumers.push(second);
    await until('another takes its place', () => second.values.length > 0);
    const passed = await committed();
    classic.wake();
    let highest = passed;
    const rejoined = () => until('it is a member again', async () => (await members()).classic[0]![1]!.length === 2);
    await Promise.all([
      rejoined(),
      until('its commits were tried', async () => {
        const now = await committed();
        expect(now).toBeGreaterThanOrEqual(highest);
        highest = now;
        return now > passed + 100;
      }),
    ]);
    // Nothing is left out: what one did not print before it slept, the other has.
    const printed = new Set([...classic.values, ...second.values].map(Number));
    for (let i = 0; i < passed; i++) expect(printed).toContain(i);
  });
});
