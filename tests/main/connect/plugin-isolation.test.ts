import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LogEntry } from '../../../common/logger.ts';
import { type ConnectStandalone, startConnectStandalone } from '../../../main/connect/connect-standalone.ts';
import { forkPlugin } from '../../../main/connect/fork-plugin.ts';
import type { PluginChild } from '../../../main/connect/runtime/plugin-process.ts';
import { kafkaClients } from '../../../main/kafka/index.ts';
import { createLogger } from '../../../main/logging.ts';
import { systemTime as time } from '../../../main/time.ts';
import {
  CALLS,
  type EvilCall,
  MISDEEDS,
  type Misdeed,
  writeEvilModule,
  writeEvilPlugin,
} from '../../kit/evil-plugin.ts';
import { TestSandbox } from '../../kit/test-sandbox.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
/** Long enough for a call that is right, on a machine that has much else to do. */
const CALL_S = 15;
const ALL = process.env.RUNNEL_TESTS === 'night';
/** The modules that can't be imported; each costs a process at the start of the worker. */
const MODULES: readonly Misdeed[] = ALL ? MISDEEDS : ['throws', 'exits'];

let folder: string;
let sandbox: TestSandbox;
let worker: ConnectStandalone;
const entries: LogEntry[] = [];
const children = new Set<PluginChild>();
/** The longest that REST has taken to answer. */
let slowest = 0;
let asking = true;
let asked: Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-isolation-'));
  mkdirSync(join(folder, 'plugins'));
  writeEvilPlugin(join(folder, 'plugins'));
  for (const does of MODULES) writeEvilModule(join(folder, 'plugins'), does);
  // Each of many processes begins with what the first one has compiled.
  vi.stubEnv('NODE_COMPILE_CACHE', join(folder, 'compiled'));
  sandbox = await TestSandbox.start();
  const logger = createLogger({ time, write: (entry) => entries.push(entry) });
  const fork = forkPlugin(new URL('../../../main/connect/plugin-process.ts', import.meta.url), time);
  worker = await startConnectStandalone({
    properties: {
      'bootstrap.servers': `127.0.0.1:${sandbox.sandbox.port}`,
      'key.converter': STRING,
      'value.converter': STRING,
      'plugin.path': join(folder, 'plugins'),
      'runnel.plugin.heap.mib': '64',
      'task.shutdown.graceful.timeout.ms': '1000',
      'offset.flush.timeout.ms': '500',
      'offset.flush.interval.ms': '50',
      listeners: 'http://127.0.0.1:0',
    },
    clients: kafkaClients({ time, logger: logger.named('kafka'), random: Math.random }),
    time,
    logger,
    random: Math.random,
    databasePath: join(folder, 'connect.sqlite'),
    taskThread: null,
    forkPlugin(options) {
      const child = fork(options);
      children.add(child);
      child.onExit(() => children.delete(child));
      return child;
    },
    pluginTimeouts: { callMs: CALL_S * 1_000, loadMs: 60_000, silenceMs: CALL_S * 1_000 },
    onLog: (entry) => entries.push(entry),
  });
  asked = keepAsking();
  expect(await put('healthy', { topic: 'healthy' })).toMatchObject({ status: 201 });
  await untilRunning('healthy');
}, 300_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  asking = false;
  await asked;
  await worker?.stop();
  await sandbox?.close();
  expect(children.size).toBe(0);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A person who looks at the connectors all the time. */
async function keepAsking(): Promise<void> {
  while (asking) {
    const start = performance.now();
    const answer = await fetch(`${worker.restUrl}/connectors?expand=status`);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    slowest = Math.max(slowest, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > 150_000) throw new Error(`Never true: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function states(name: string): string {
  const { connector, tasks } = worker.herder.connectorStatus(name);
  return [connector.state, ...tasks.map((task) => task.state)].join(' ');
}

/** The connector and its tasks: two of a source, one of a sink. */
const untilRunning = (name: string) =>
  until(
    () => /^RUNNING( RUNNING)+$/.test(states(name)),
    () => `${name} ${states(name)}`,
  );

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${worker.restUrl}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, text: await answer.text() };
}

const put = (name: string, config: Record<string, string>) =>
  call('PUT', `/connectors/${name}/config`, { 'connector.class': 'com.example.Evil', 'tasks.max': '2', ...config });

async function healthyOffset(): Promise<bigint> {
  const { offsets } = await worker.herder.connectorOffsets('healthy');
  const first = offsets.find(({ partition }) => partition.source === 'first');
  return (first?.offset?.number as bigint | undefined) ?? 0n;
}

const LATE = new RegExp(`did not come back within ${CALL_S} s|has not turned for ${CALL_S} s`);

/** What the status or the answer says in the end. */
const REASONS: Readonly<Record<Misdeed, RegExp>> = {
  throws: /no/,
  rejects: /no/,
  hangs: new RegExp(`did not come back within ${CALL_S} s`),
  loops: LATE,
  exits: /ended unexpectedly with exit code 3 \(process\.exit\(3\) was called\)/,
  aborts: /was ended by SIGABRT/,
  'is killed': /was ended by SIGKILL/,
  'eats memory': /has run out of memory \(its heap may have 64 MiB,/,
  // On a busy machine filling them takes longer than a call may.
  'eats buffers': /has run out of memory \(its heap|did not come back within|has not turned for/,
  'throws late': /ended unexpectedly with exit code 1 \(nobody catches this\)/,
  // What nobody reads as fast as it is printed stays in its own heap.
  'floods its output': /did not come back within|has not turned for|has run out of memory/,
};

const SINK_CALLS: readonly EvilCall[] = ['put', 'preCommit'];
const kindOf = (where: EvilCall, name: string): Record<string, string> =>
  SINK_CALLS.includes(where) ? { 'connector.class': 'com.example.EvilSink', topics: 'healthy' } : { topic: name };

/** What a call's misdeed looks like from outside. */
async function outcome(name: string, does: Misdeed, where: EvilCall): Promise<string> {
  const config = { ...kindOf(where, name), does, in: where };
  if (where === 'validate') {
    const { status, text } = await put(name, config);
    expect(status).toBe(500);
    return text;
  }
  if (where === 'alterOffsets') {
    await call('POST', '/connectors', {
      name,
      config: { 'connector.class': 'com.example.Evil', ...config },
      initial_state: 'STOPPED',
    });
    expect(states(name)).toBe('STOPPED');
    const { status, text } = await call('DELETE', `/connectors/${name}/offsets`);
    expect(status).toBe(500);
    return text;
  }
  expect(await put(name, config)).toMatchObject({ status: 201 });
  const traces = () => {
    const { connector, tasks } = worker.herder.connectorStatus(name);
    return [connector, ...tasks].map((it) => it.trace ?? '').join('\n');
  };
  const stops = where === 'stop' || where === 'task stop';
  // A commit that fails is tried again later.
  const retried = where === 'preCommit' && (does === 'throws' || does === 'rejects');
  const waits = where === 'poll' || where === 'task start' || SINK_CALLS.includes(where);
  // A task that waits, or is about to stop, is not FAILED.
  if (stops || retried || (does === 'hangs' && waits)) {
    if (where !== 'task start') await untilRunning(name);
    expect((await call('PUT', `/connectors/${name}/stop`)).status).toBe(204);
    expect(states(name)).toBe('STOPPED');
    return 'STOPPED';
  }
  await until(
    () => REASONS[does].test(traces()),
    () => `${does} in ${where}: ${traces()}`,
  );
  return traces();
}

const ci: [Misdeed, EvilCall][] = [
  ['exits', 'validate'],
  ['loops', 'validate'],
  ['eats memory', 'start'],
  ['floods its output', 'start'],
  ['aborts', 'taskConfigs'],
  ['loops', 'stop'],
  ['is killed', 'alterOffsets'],
  ['loops', 'poll'],
  ['throws late', 'poll'],
  ['hangs', 'poll'],
  ['hangs', 'put'],
  ['eats buffers', 'put'],
];
const cases = ALL ? MISDEEDS.flatMap((does) => CALLS.map((where): [Misdeed, EvilCall] => [does, where])) : ci;

test('packages that misbehave when they are imported are told in the log, and the others are there', async () => {
  const { status, text } = await call('GET', '/connector-plugins');
  expect(status).toBe(200);
  expect(text).toContain('{"class":"com.example.Evil","type":"source","version":"6.6.6"}');
  for (const does of MODULES) {
    const module = join(folder, 'plugins', `evil-${does.replaceAll(' ', '-')}`);
    const line = entries.find((it) => it.text.startsWith(`The plugins of ${module} are not used`));
    const trace = does === 'hangs' || does === 'loops' ? /The import did not come back within 60 s/ : REASONS[does];
    expect(line?.trace, does).toMatch(trace);
  }
});

// Side by side, as it would be in a worker: four at a time, so that each has its turn on a small machine.
test.concurrent.each(cases)(
  'a connector that %s in %s fails by itself: REST answers, others go on, and it can be replaced',
  async (does, where) => {
    const name = `${does} in ${where}`.replaceAll(' ', '-');
    const before = await healthyOffset();
    const said = await outcome(name, does, where);
    if (said !== 'STOPPED') expect(said).toMatch(REASONS[does]);
    expect((await put(name, kindOf(where, name))).status).toBeLessThan(300);
    if (where === 'alterOffsets' || said === 'STOPPED') await call('PUT', `/connectors/${name}/resume`);
    await untilRunning(name);
    expect((await call('DELETE', `/connectors/${name}`)).status).toBe(204);
    expect(await healthyOffset()).toBeGreaterThan(before);
    expect(states('healthy')).toBe('RUNNING RUNNING RUNNING');
  },
  400_000,
);

test('meanwhile REST has answered at once', () => {
  console.log(`The slowest of REST's answers took ${Math.round(slowest)} ms`);
  // Nobody's misdeed lasts less than this: whoever waited for one has waited longer.
  expect(slowest).toBeLessThan(CALL_S * 1_000);
});
