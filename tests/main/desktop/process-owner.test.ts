import { expect, test } from 'vitest';
import { BadRequestException, DisconnectException } from '../../../common/errors.ts';
import type { Child } from '../../../main/desktop/child.ts';
import { ProcessOwner } from '../../../main/desktop/process-owner.ts';
import { silentLogger } from '../../../main/logging.ts';
import { MockTime } from '../../kit/mock-time.ts';

/** A process that does what the test says. */
class FakeChild implements Child {
  killed = false;
  ended = false;
  begun = Promise.withResolvers<{ n: number }>();
  readonly number: number;
  readonly #listeners: ((code: number) => void)[] = [];

  constructor(number: number) {
    this.number = number;
  }
  pid = () => 1000 + this.number;
  control = { postMessage() {}, onMessage() {}, onClose() {}, close() {} };
  connect() {}
  kill() {
    this.killed = true;
    this.die(9);
  }
  onExit(listener: (code: number) => void) {
    this.#listeners.push(listener);
  }
  die(code: number) {
    this.begun.reject(new DisconnectException('gone'));
    for (const listener of this.#listeners.splice(0)) listener(code);
  }
}

function owner() {
  const time = new MockTime();
  const children: FakeChild[] = [];
  const owned = new ProcessOwner<{ n: number }>(
    {
      name: 'worker',
      fork() {
        const child = new FakeChild(children.length);
        child.begun.promise.catch(() => {});
        children.push(child);
        return child;
      },
      begin: (child) => (child as FakeChild).begun.promise,
      async end(child) {
        (child as FakeChild).ended = true;
        (child as FakeChild).die(0);
      },
    },
    time,
    silentLogger,
  );
  const statuses: string[] = [];
  owned.onChange(({ status }) => {
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  const last = () => children.at(-1) as FakeChild;
  const begin = async () => {
    last().begun.resolve({ n: last().number });
    await time.advance(0);
  };
  return { owned, time, children, statuses, last, begin };
}

test('a start resolves when the process says that it can be used', async () => {
  const { owned, begin, statuses } = owner();
  const ready = owned.start();
  expect(owned.start()).not.toBe(undefined);
  await begin();
  expect(await ready).toEqual({ n: 0 });
  expect(await owned.start()).toEqual({ n: 0 });
  expect(owned.state).toMatchObject({ status: 'running', ready: { n: 0 }, pid: 1000, restarts: 0 });
  expect(statuses).toEqual(['starting', 'running']);
});

test('a process that dies is started again at once, and a second time after a pause', async () => {
  const { owned, time, children, last, begin, statuses } = owner();
  void owned.start();
  await begin();
  last().die(1);
  await time.advance(0);
  expect(children.length).toBe(2);
  expect(owned.child).toBeUndefined();
  expect(owned.state).toMatchObject({
    status: 'restarting',
    ready: null,
    restarts: 1,
    error: { code: 'PROCESS_DIED' },
  });
  const again = owned.start();
  await begin();
  expect(await again).toEqual({ n: 1 });
  last().die(1);
  await time.advance(249);
  expect(children.length).toBe(2);
  await time.advance(1);
  expect(children.length).toBe(3);
  expect(statuses).toEqual(['starting', 'running', 'restarting', 'running', 'restarting']);
});

test('one that dies before it can be used is started again, and the start waits for that', async () => {
  const { owned, time, last, begin } = owner();
  const ready = owned.start();
  await time.advance(0);
  last().die(139);
  await time.advance(0);
  await begin();
  expect(await ready).toEqual({ n: 1 });
});

test('one that dies six times within a minute is left alone, and a new start tries again', async () => {
  const { owned, time, children, last } = owner();
  const ready = owned.start();
  const rejected = expect(ready).rejects.toMatchObject({ code: 'PROCESS_DIED' });
  for (let i = 0; i < 6; i++) {
    await time.advance(0);
    last().die(1);
    await time.advance(4_000);
  }
  await rejected;
  expect(children.length).toBe(6);
  expect(owned.state).toMatchObject({ status: 'failed', error: { code: 'PROCESS_DIED' } });
  expect(time.pending).toBe(0);
  void owned.start().catch(() => {});
  expect(children.length).toBe(7);
});

test('one that dies once in a while is always started again', async () => {
  const { owned, time, children, last, begin } = owner();
  void owned.start();
  for (let i = 0; i < 20; i++) {
    await begin();
    last().die(1);
    await time.advance(61_000);
  }
  expect(children.length).toBe(21);
});

test('one that refuses to begin is not tried again and its reason stays', async () => {
  const { owned, time, children, last } = owner();
  const ready = owned.start();
  last().begun.reject(new BadRequestException('Port 8083 is in use'));
  await expect(ready).rejects.toThrow('Port 8083 is in use');
  await time.advance(100_000);
  expect(children.length).toBe(1);
  expect(last().killed).toBe(true);
  expect(owned.state).toMatchObject({ status: 'failed', error: { message: 'Port 8083 is in use' } });
});

test('a stop ends it cleanly and leaves nothing', async () => {
  const { owned, time, last, begin, statuses } = owner();
  void owned.start();
  await begin();
  await owned.stop();
  expect(last()).toMatchObject({ ended: true, killed: false });
  expect(owned.state).toMatchObject({ status: 'stopped', ready: null, pid: undefined, error: null });
  expect(statuses).toEqual(['starting', 'running', 'stopping', 'stopped']);
  expect(time.pending).toBe(0);
});

test('one that does not end within 15 s is killed', async () => {
  const { owned, time, last, begin } = owner();
  void owned.start();
  await begin();
  last().die = ((original) => (code: number) => {
    if (code !== 0) original.call(last(), code);
  })(last().die);
  const stopped = owned.stop();
  await time.advance(14_999);
  expect(last().killed).toBe(false);
  await time.advance(1);
  expect(last().killed).toBe(true);
  await stopped;
});

test('a stop while it starts kills it, and the start is told', async () => {
  const { owned, last } = owner();
  const ready = owned.start();
  const told = expect(ready).rejects.toMatchObject({ code: 'CANCELLED' });
  await owned.stop();
  await told;
  expect(last().killed).toBe(true);
});

test('a stop while it waits to be started again ends the waiting', async () => {
  const { owned, time, children, last, begin } = owner();
  void owned.start();
  await begin();
  last().die(1);
  await time.advance(0);
  last().die(1);
  await time.advance(0);
  const count = children.length;
  await owned.stop();
  await time.advance(60_000);
  expect(children.length).toBe(count);
  expect(owned.state.status).toBe('stopped');
});

test('a start during a stop starts a new process when the old one is gone', async () => {
  const { owned, time, children, begin } = owner();
  void owned.start();
  await begin();
  const stopped = owned.stop();
  const ready = owned.start();
  await stopped;
  await time.advance(0);
  await begin();
  expect(await ready).toEqual({ n: 1 });
  expect(children.length).toBe(2);
});
