import { afterEach, expect, test } from 'vitest';
import { DataException, traceOf } from '../../../../common/errors.ts';
import type { LogEntry } from '../../../../common/logger.ts';
import { ThreadTaskHost } from '../../../../main/connect/runtime/thread-task-host.ts';
import type { TaskListener } from '../../../../main/connect/runtime/worker-task.ts';
import { MemoryOffsetBackingStore } from '../../../../main/connect/storage/memory-stores.ts';
import { createLogger, silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';
import { WORKER } from '../../../kit/task-harness.ts';

const hosts: ThreadTaskHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

function newHost(threads: number, logger = silentLogger, silenceMs?: number) {
  const log: LogEntry[] = [];
  const host = new ThreadTaskHost({
    entry: new URL('../../../kit/evil-task-thread.ts', import.meta.url),
    threads,
    workerData: null,
    maxHeapMiB: 64,
    ...(silenceMs !== undefined && { silenceMs }),
    time: systemTime,
    logger,
    onLog: (entry) => log.push(entry),
  });
  hosts.push(host);
  return { host, log };
}

const store = new MemoryOffsetBackingStore(systemTime);

function startTask(host: ThreadTaskHost, connector: string, does: string, more: Partial<TaskListener> = {}) {
  const states: string[] = [];
  let failure: Error | null = null;
  const config = { name: connector, 'connector.class': 'test.Evil', does };
  const hosted = host.start(
    {
      connector,
      task: 0,
      connectorClass: 'test.Evil',
      connectorConfig: config,
      taskConfig: config,
      worker: { ...WORKER, 'offset.flush.interval.ms': '20' },
      paused: false,
    },
    {
      onRunning: () => states.push('RUNNING'),
      onPaused: () => states.push('PAUSED'),
      onFailure: (error) => {
        failure = error;
        states.push('FAILED');
      },
      onTopicUsed: () => {},
      readOffsets: async (partitions) => store.get(connector, partitions),
      storeOffsets: async (offsets) => store.set(connector, offsets),
      ...more,
    },
  );
  return { hosted, states, failure: () => failure };
}

async function until(condition: () => boolean): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > 100_000) throw new Error(`Never true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const stored = (connector: string) => (store.get(connector, [{ source: 'p' }])[0]?.number as bigint | undefined) ?? 0n;

test('a task in a thread reads and stores offsets here, counts, logs, pauses and ends cleanly', async () => {
  const { host, log } = newHost(1);
  store.set('good', [{ partition: { source: 'p' }, offset: { number: 100n } }]);
  const task = startTask(host, 'good', 'work');
  await until(() => stored('good') > 100n);
  expect(log[0]).toMatchObject({ context: 'good|task-0', logger: 'test.Evil', level: 'INFO' });
  await until(() => task.hosted.metrics().records > 0);
  task.hosted.pause();
  await until(() => task.states.at(-1) === 'PAUSED');
  task.hosted.resume();
  await until(() => task.states.at(-1) === 'RUNNING');
  host.dropConnections();
  await until(() => log.some((entry) => entry.text === 'connections dropped'));
  expect(await task.hosted.stop(5_000)).toBe(true);
  const last = stored('good');
  const again = startTask(host, 'good', 'work');
  await until(() => log.some((entry) => entry.text === `started at ${Number(last)}`));
  expect(await again.hosted.stop(5_000)).toBe(true);
  expect(task.failure()).toBeNull();
});

test('the levels of the worker’s loggers are those of its threads, of running ones and of new ones', async () => {
  const logger = createLogger({ time: systemTime, write: () => {} });
  const { loggers } = logger;
  const { host, log } = newHost(2, logger);
  const name = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
  const lines = (connector: string, level: string) =>
    log.filter((it) => it.context === `${connector}|task-0` && it.level === level);
  startTask(host, 'a', 'work');
  await until(() => loggers.level(name) !== null && loggers.level('test.Evil') !== null);
  expect(lines('a', 'DEBUG')).toEqual([]);
  // Made by the task itself, in its thread: the worker knows it all the same.
  expect(loggers.allLevels().get('test.Evil')).toEqual({ level: 'INFO', last_modified: null });
  expect(loggers.setLevel(name, 'DEBUG')).toEqual([name]);
  await until(() => lines('a', 'DEBUG').length > 2);
  startTask(host, 'b', 'work');
  await until(() => lines('b', 'DEBUG').length > 2);
  loggers.setLevel('root', 'OFF');
  startTask(host, 'c', 'work');
  // Lines that were on their way still come; then all three go on in silence.
  const all = () => ['a', 'b', 'c'].map(stored);
  let [known, before] = [-1, all()];
  await until(() => {
    if (!all().every((number, i) => number > before[i]! + 20n)) return false;
    const isSilent = log.length === known;
    [known, before] = [log.length, all()];
    return isSilent;
  });
  expect(lines('c', 'INFO')).toEqual([]);
});

test('an error keeps its class name, message, code and frames', async () => {
  const { host } = newHost(1);
  const task = startTask(host, 'a', 'throws at the start');
  await until(() => task.states.includes('FAILED'));
  expect(traceOf(task.failure())).toMatch(/^java\.lang\.Exception: no\n\tat .*evil-task-thread/);
});

test('a store that refuses an offset fails the task there', async () => {
  const { host } = newHost(1);
  const task = startTask(host, 'a', 'work', {
    storeOffsets: async () => {
      throw new DataException('beyond int64');
    },
  });
  await until(() => task.states.includes('FAILED'));
  expect(task.failure()).toMatchObject({ code: 'INVALID_DATA', message: 'beyond int64' });
});

test.each([
  ['exits', 'process.exit(3) was called'],
  ['throws late', 'nobody catches this'],
  ['rejects late', 'nobody waits for this'],
])(
  'a task that %s takes its thread down and FAILS with the reason; its neighbours go on from their offsets',
  async (does, reason) => {
    const { host, log } = newHost(1);
    const neighbours = ['one', 'two', 'three'].map((name) => startTask(host, name, 'work'));
    await until(() => neighbours.every((it) => it.states.includes('RUNNING')));
    await until(() => stored('one') > 0n && stored('three') > 0n);
    neighbours[1]?.hosted.pause();
    await until(() => neighbours[1]?.states.at(-1) === 'PAUSED');
    const evil = startTask(host, 'evil', does);
    await until(() => evil.states.includes('FAILED'));
    expect(evil.failure()).toMatchObject({ code: 'THREAD_ENDED', cause: { message: reason } });
    await until(() => log.filter((entry) => /^started at [1-9]/.test(entry.text)).length >= 2);
    await until(() => neighbours.every((it) => it.states.length >= 2));
    expect(neighbours.map((it) => it.states.at(-1))).toEqual(['RUNNING', 'PAUSED', 'RUNNING']);
    expect(neighbours.map((it) => it.failure())).toEqual([null, null, null]);
    const before = stored('one');
    await until(() => stored('one') > before);
    expect(await Promise.all(neighbours.map((it) => it.hosted.stop(5_000)))).toEqual([true, true, true]);
    expect(await startTask(host, 'late', 'work').hosted.stop(5_000)).toBe(true);
  },
);

test.each(['eats memory', 'loops'])(
  'of tasks that share a thread the one that %s is found out and FAILS, the others go on',
  async (does) => {
    const { host } = newHost(1, undefined, 2_000);
    const good = ['one', 'two', 'three'].map((name) => startTask(host, name, 'work'));
    await until(() => good.every((it) => it.states.includes('RUNNING')));
    const evil = startTask(host, 'evil', does);
    await until(() => evil.states.includes('FAILED'));
    if (does === 'loops')
      expect(evil.failure()?.message).toBe('The thread of the task did not turn for 2 s and was ended');
    else expect(evil.failure()).toMatchObject({ cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } });
    const before = ['one', 'two', 'three'].map(stored);
    await until(() => ['one', 'two', 'three'].every((name, i) => stored(name) > (before[i] as bigint)));
    expect(good.map((it) => it.failure())).toEqual([null, null, null]);
    expect(await Promise.all(good.map((it) => it.hosted.stop(5_000)))).toEqual([true, true, true]);
  },
);

test('a task that never lets its thread turn is ended with the thread when it is to stop', async () => {
  const { host } = newHost(2);
  const good = startTask(host, 'good', 'work');
  await until(() => good.states.includes('RUNNING'));
  const loop = startTask(host, 'loop', 'loops');
  await until(() => loop.states.includes('RUNNING'));
  const before = stored('good');
  expect(await loop.hosted.stop(100)).toBe(false);
  expect(loop.failure()).toBeNull();
  await until(() => stored('good') > before);
  expect(good.states).toEqual(['RUNNING']);
  expect(await good.hosted.stop(5_000)).toBe(true);
});

test('a task that is given up stores no offsets any more, and its thread gets no new tasks', async () => {
  const { host } = newHost(1);
  const stuck = startTask(host, 'stuck', 'never resolves');
  await until(() => stuck.states.includes('RUNNING'));
  expect(await stuck.hosted.stop(50)).toBe(false);
  const next = startTask(host, 'good', 'work');
  await until(() => next.states.includes('RUNNING'));
  expect(await next.hosted.stop(5_000)).toBe(true);
});

test('tasks spread over the threads', async () => {
  const { host } = newHost(2);
  const tasks = ['a', 'b', 'c', 'd'].map((name) => startTask(host, name, 'work'));
  await until(() => tasks.every((task) => task.states.includes('RUNNING')));
  const results = await Promise.all(tasks.map((task) => task.hosted.stop(5_000)));
  expect(results).toEqual([true, true, true, true]);
});
