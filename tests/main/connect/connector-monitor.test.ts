import { expect, test } from 'vitest';
import type { ConnectorSummary } from '../../../common/connect/connector-summary.ts';
import { ConnectorMonitor } from '../../../main/connect/connector-monitor.ts';
import { silentLogger } from '../../../main/logging.ts';
import { FakeHerder } from '../../kit/fake-herder.ts';
import { MockTime } from '../../kit/mock-time.ts';

function start() {
  const fake = new FakeHerder();
  const time = new MockTime();
  const monitor = new ConnectorMonitor({ herder: fake.herder(), time, logger: silentLogger });
  const seen: ConnectorSummary[][] = [];
  const listen = () => monitor.onSummaries((summaries) => seen.push(summaries));
  return { fake, time, listen, seen, last: () => seen.at(-1) as ConnectorSummary[] };
}

test('a listener gets the present list at once, and then one a second', async () => {
  const { fake, time, listen, seen } = start();
  fake.add('b');
  fake.add('a', { topics: ['z', 'tweets'] });
  listen();
  expect(seen[0]?.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(seen[0]?.[0]).toMatchObject({
    type: 'source',
    connectorClass: 'FileStreamSource',
    tasksMax: 1,
    topics: ['tweets', 'z'],
    finished: false,
    recordsPerSecond: 0,
    demo: false,
  });
  await time.advance(3_000);
  expect(seen.length).toBe(4);
});

test('a change of state is told at once, several in one turn together', async () => {
  const { fake, time, listen, seen, last } = start();
  const connector = fake.add('a');
  listen();
  connector.state = 'PAUSED';
  fake.change('a');
  fake.change('a');
  await time.advance(0);
  expect(seen.length).toBe(2);
  expect(last()[0]?.connector.state).toBe('PAUSED');
  fake.all.delete('a');
  fake.change('a');
  await time.advance(0);
  expect(last()).toEqual([]);
});

test('rates are those of the last seconds, and a task that begins anew goes on being counted', async () => {
  const { fake, time, listen, last } = start();
  const { tasks } = fake.add('a');
  const task = tasks[0] as (typeof tasks)[number];
  task.metrics.records = 1_000_000;
  listen();
  expect(last()[0]).toMatchObject({ records: 1_000_000, recordsPerSecond: 0 });
  for (let second = 0; second < 10; second++) {
    task.metrics.records += 500;
    await time.advance(1_000);
  }
  expect(last()[0]?.recordsPerSecond).toBeGreaterThan(400);
  expect(last()[0]?.recordsPerSecond).toBeLessThan(600);
  task.metrics.records = 0;
  task.metrics.errors = 3;
  await time.advance(1_000);
  task.metrics.records = 70;
  await time.advance(1_000);
  expect(last()[0]).toMatchObject({ records: 1_005_070, errors: 3 });
});

test("a source's offset is one line; a sink's lag is the sum of its tasks, unknown when one's is", async () => {
  const { fake, time, listen, last } = start();
  fake.add('source', { offset: { position: 968476484095610881n } });
  const sink = fake.add('sink', {
    type: 'sink',
    tasks: [1, 2].map(() => ({
      state: 'RUNNING',
      metrics: fake.add('x').tasks[0]?.metrics as never,
      failureCode: null,
    })),
  });
  fake.all.delete('x');
  for (const task of sink.tasks) task.metrics.lag = 7n;
  listen();
  await time.advance(1_000);
  expect(last().map(({ name, offset, lag }) => [name, offset, lag])).toEqual([
    ['sink', null, 14n],
    ['source', 'position 968476484095610881', null],
  ]);
  (sink.tasks[1] as (typeof sink.tasks)[number]).metrics.lag = null;
  await time.advance(1_000);
  expect(last()[0]?.lag).toBeNull();
});

test('a source that has no more is finished, and what a task waits for is told', async () => {
  const { fake, time, listen, last } = start();
  const { tasks } = fake.add('a', { state: 'RUNNING' });
  const task = tasks[0] as (typeof tasks)[number];
  task.metrics.waitingFor = { what: 'a line in /tmp/in.txt', since: 5 };
  listen();
  expect(last()[0]).toMatchObject({ finished: false, waitingFor: { what: 'a line in /tmp/in.txt' } });
  task.failureCode = 'FINISHED';
  await time.advance(1_000);
  expect(last()[0]?.finished).toBe(true);
});

test('nothing is looked at when nobody listens', async () => {
  const { fake, time, listen } = start();
  fake.add('a');
  const stopOne = listen();
  const stopTwo = listen();
  stopOne();
  expect(fake.listeners).toBe(1);
  stopTwo();
  await time.advance(5_000);
  expect(fake.listeners).toBe(0);
  expect(time.pending).toBe(0);
});

test('a listener that comes back after a while sees no burst of what was done meanwhile', async () => {
  const { fake, time, listen, last } = start();
  const { tasks } = fake.add('a');
  listen()();
  await time.advance(60_000);
  (tasks[0] as (typeof tasks)[number]).metrics.records = 1_000_000;
  listen();
  await time.advance(1_000);
  expect(last()[0]).toMatchObject({ records: 1_000_000, recordsPerSecond: 0 });
});
