import { expect, test } from 'vitest';
import type { ConnectException } from '../../../../common/errors.ts';
import type { ConnectorListener } from '../../../../main/connect/runtime/connector-host.ts';
import type { FromPlugin, ToPlugin } from '../../../../main/connect/runtime/plugin-messages.ts';
import {
  type PluginChild,
  PluginProcess,
  type PluginTimeouts,
} from '../../../../main/connect/runtime/plugin-process.ts';
import { PluginProcessHost } from '../../../../main/connect/runtime/plugin-process-host.ts';
import { PluginProcessPool } from '../../../../main/connect/runtime/plugin-process-pool.ts';
import { MockTime } from '../../../kit/mock-time.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';

const TIMEOUTS: PluginTimeouts = { callMs: 90_000, loadMs: 30_000, silenceMs: 60_000 };

/** A process that answers calls as it is told to, and questions whether it still turns unless it is silent. */
class FakeChild implements PluginChild {
  readonly received: ToPlugin[] = [];
  silent = false;
  killed = false;
  /** Calls that it leaves unanswered. */
  deaf = new Set<string>();
  #tell: (message: FromPlugin) => void = () => {};
  #print: (line: string) => void = () => {};
  readonly #exits: ((exit: { code: number | null; signal: string | null }) => void)[] = [];

  postMessage(message: ToPlugin): void {
    this.received.push(message);
    if (this.silent) return;
    if (message.type === 'ping') queueMicrotask(() => this.#tell({ type: 'pong' }));
    if (message.type === 'exit') queueMicrotask(() => this.exit({ code: 0, signal: null }));
    if (message.type !== 'call' || this.deaf.has(message.method)) return;
    const value = message.method === 'load' ? [] : message.method === 'stopConnector' ? true : null;
    queueMicrotask(() => this.#tell({ type: 'result', call: message.call, value }));
  }
  say(message: FromPlugin): void {
    this.#tell(message);
  }
  print(line: string): void {
    this.#print(line);
  }
  exit(exit: { code: number | null; signal: string | null }): void {
    for (const listener of this.#exits.splice(0)) listener(exit);
  }
  kill(): void {
    this.killed = true;
    this.exit({ code: null, signal: 'SIGKILL' });
  }
  onMessage(listener: (message: FromPlugin) => void): void {
    this.#tell = listener;
  }
  onOutput(listener: (line: string) => void): void {
    this.#print = listener;
  }
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void {
    this.#exits.push(listener);
  }
}

function newProcess() {
  const time = new MockTime();
  const child = new FakeChild();
  const deaths: ConnectException[] = [];
  const { logger, lines } = recordingLogger();
  const process = new PluginProcess({
    name: 'connector a',
    load: { packages: ['/plugins/p'], others: [], worker: {} },
    heapMiB: 512,
    delayMs: 0,
    fork: () => child,
    timeouts: TIMEOUTS,
    time,
    logger,
    onLog: () => {},
    onDeath: (error) => deaths.push(error),
  });
  return { time, child, process, deaths, lines };
}

const SPEC = { connector: 'a', config: { 'connector.class': 'x.A' } };

test('a call that does not come back in 90 s is refused with plugin, call and cure, and ends the process', async () => {
  const { time, child, process, deaths } = newProcess();
  await time.advance(0);
  child.deaf.add('taskConfigs');
  const outcome = process.call('taskConfigs', { run: 0, maxTasks: 1 }).catch((error: unknown) => error);
  await time.advance(89_999);
  expect(child.killed).toBe(false);
  await time.advance(1);
  expect(await outcome).toMatchObject({
    code: 'PLUGIN_TIMEOUT',
    message:
      'The call of taskConfigs did not come back within 90 s, and the process of connector a was ended (plugin package /plugins/p)',
    hint: expect.stringContaining('try it again'),
  });
  expect(child.killed).toBe(true);
  expect(deaths).toHaveLength(1);
  await expect(process.call('alterOffsets', { spec: SPEC, offsets: [] })).rejects.toMatchObject({
    code: 'PLUGIN_TIMEOUT',
  });
});

test('a package whose import never ends is given up after 30 s', async () => {
  const { time, child, process } = newProcess();
  child.deaf.add('load');
  const outcome = process.descriptions().catch((error: unknown) => error);
  await time.advance(0);
  await time.advance(30_000);
  expect(await outcome).toMatchObject({ message: expect.stringContaining('The import did not come back within 30 s') });
  expect(child.killed).toBe(true);
});

test('a process that does not turn for a minute is ended; one that turns is not, however long it works', async () => {
  const { time, child, process, deaths } = newProcess();
  await time.advance(0);
  await process.descriptions();
  for (let second = 0; second < 600; second += 2) await time.advance(2_000);
  expect(child.killed).toBe(false);
  child.silent = true;
  for (let second = 0; second < 70; second += 2) await time.advance(2_000);
  expect(child.killed).toBe(true);
  expect(deaths[0]?.message).toBe('The process of connector a has not turned for 60 s and was ended');
});

test('what it printed last tells that it ran out of memory', async () => {
  const { time, child, process, deaths, lines } = newProcess();
  await time.advance(0);
  await process.descriptions();
  child.print('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory');
  child.exit({ code: null, signal: 'SIGABRT' });
  expect(deaths[0]?.message).toBe(
    'The process of connector a has run out of memory (its heap may have 512 MiB, its buffers some 512 MiB)',
  );
  expect(deaths[0]?.hint).toContain('runnel.plugin.heap.mib');
  expect(lines[0]).toMatch(/^INFO FATAL ERROR/);
});

test('messages that nobody knows do nothing', async () => {
  const { time, child, process, deaths } = newProcess();
  await time.advance(0);
  await process.descriptions();
  for (const message of [
    { type: 'x' },
    { type: 'result', call: 99, value: 1 },
    { type: 'running', id: 7 },
    { type: 'raised', run: 3 },
  ])
    child.say(message as FromPlugin);
  expect(deaths).toEqual([]);
  await process.end();
  expect(deaths).toEqual([]);
});

function newHost(deaf: readonly string[] = []) {
  const time = new MockTime();
  const children: { child: FakeChild; at: number }[] = [];
  const host = new PluginProcessHost({
    registry: { packagesOf: () => ['/plugins/p'], others: () => [], settled: async () => {} },
    worker: {},
    fork() {
      const child = new FakeChild();
      child.deaf = new Set(deaf);
      children.push({ child, at: time.hiResMilliseconds() });
      return child;
    },
    heapMiB: 512,
    timeouts: TIMEOUTS,
    time,
    logger: recordingLogger().logger,
    onLog: () => {},
  });
  const failures: string[] = [];
  const listener: ConnectorListener = {
    onReconfigurationRequested: () => failures.push('reconfigure'),
    onFailure: (error) => failures.push(error.message),
  };
  const start = () => host.startConnector(SPEC, listener, new AbortController().signal);
  return { time, children, host, failures, start };
}

test('a process that dies again and again is started with growing pauses', async () => {
  const { time, children, failures, start } = newHost();
  const pauses: number[] = [];
  for (let death = 0; death < 6; death++) {
    const asked = time.hiResMilliseconds();
    const started = start();
    for (let turn = 0; turn < 100 && children.length === death; turn++) await time.advance(turn === 0 ? 0 : 50);
    await started;
    pauses.push((children[death]?.at as number) - asked);
    children[death]?.child.exit({ code: 1, signal: null });
  }
  expect(pauses).toEqual([0, 0, 250, 500, 1_000, 2_000]);
  expect(failures).toHaveLength(6);
  expect(failures[0]).toBe('The process of connector a ended unexpectedly with exit code 1');
});

test('what a stopped run still says is not heard, and its process is gone after the release', async () => {
  const { time, children, host, failures, start } = newHost();
  const started = start();
  await time.advance(0);
  const connector = await started;
  const { child } = children[0] as { child: FakeChild };
  child.say({ type: 'reconfigure', run: 0 });
  expect(failures).toEqual(['reconfigure']);
  expect(await connector.stop(5_000)).toBe(true);
  child.say({ type: 'reconfigure', run: 0 });
  await host.release('a');
  expect(failures).toEqual(['reconfigure']);
  expect(child.received.at(-1)).toEqual({ type: 'exit' });
});

test('a stop that hangs is given up in its time, not in that of other calls', async () => {
  const { time, children, failures, start } = newHost();
  const started = start();
  await time.advance(0);
  const connector = await started;
  (children[0] as { child: FakeChild }).child.deaf.add('stopConnector');
  const stopped = connector.stop(5_000);
  await time.advance(6_000);
  expect(await stopped).toBe(false);
  expect(failures).toEqual([]);
});

test('a start that is given up ends the process at once', async () => {
  const { time, children, host } = newHost(['startConnector']);
  const given = new AbortController();
  const listener: ConnectorListener = { onReconfigurationRequested: () => {}, onFailure: () => {} };
  const started = host.startConnector(SPEC, listener, given.signal).catch((error: unknown) => error);
  await time.advance(0);
  const { child } = children[0] as { child: FakeChild };
  const reason = new Error('enough');
  given.abort(reason);
  expect(await started).toBe(reason);
  expect(child.killed).toBe(true);
});

test('at most four are asked at a time; the fifth waits for its turn, and not for ever', async () => {
  const time = new MockTime();
  let made = 0;
  const pool = new PluginProcessPool(time, 90_000, () => {
    made++;
    return { gone: false, packages: ['/p'], end: async () => {} } as unknown as PluginProcess;
  });
  const blocked = Array.from({ length: 4 }, () => Promise.withResolvers<string>());
  const first = blocked.map(({ promise }) => pool.use(['/p'], () => promise));
  const fifth = pool.use(['/p'], async () => 'fifth');
  const sixth = pool.use(['/p'], async () => 'sixth');
  await time.advance(0);
  expect(made).toBe(4);
  blocked[0]?.resolve('first');
  expect(await Promise.all([first[0], fifth, sixth])).toEqual(['first', 'fifth', 'sixth']);
  expect(made).toBe(4);
  const again = pool.use(['/p'], () => Promise.withResolvers<string>().promise).catch(() => {});
  const late = pool.use(['/p'], async () => 'late').catch((error: unknown) => error);
  await time.advance(90_000);
  expect(await late).toMatchObject({ code: 'PLUGIN_TIMEOUT' });
  void again;
});
