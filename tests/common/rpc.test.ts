import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { AlreadyExistsException, DisconnectException, RemoteException } from '../../common/errors.ts';
import { fromMessagePort } from '../../common/port.ts';
import { type Client, call, client, event, type Services, serve, stream } from '../../common/rpc.ts';

const contract = {
  add: call(z.object({ a: z.bigint(), b: z.bigint() })).of<bigint>(),
  nothing: call().of<void>(),
  never: call().of<void>(),
  fail: call().of<void>(),
  count: stream(z.object({ to: z.int() })).of<number>(),
  forever: stream().of<number>(),
  state: event().of<number>(),
};

interface Probe {
  made: number;
  ended: number;
  aborted: number;
  emit: ((value: number) => void) | undefined;
  listeners: number;
}

const closers: (() => void)[] = [];
const closeAll = () => {
  for (const close of closers.splice(0)) close();
};
afterEach(closeAll);

function connect(services: Partial<Services<typeof contract>> = {}) {
  const { port1, port2 } = new MessageChannel();
  const probe: Probe = { made: 0, ended: 0, aborted: 0, emit: undefined, listeners: 0 };
  const close = serve(fromMessagePort(port1), contract, {
    add: ({ a, b }) => a + b,
    nothing: () => {},
    never: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          probe.aborted++;
          reject(signal.reason);
        });
      }),
    fail: () => {
      throw new AlreadyExistsException('Connector tweets already exists', {
        hint: 'Choose another name',
        key: 'tweets',
        cause: new TypeError('the first reason'),
      });
    },
    async *count({ to }) {
      for (let i = 0; i < to; i++) yield i;
    },
    async *forever(_, signal) {
      try {
        while (!signal.aborted) yield probe.made++;
      } finally {
        probe.ended++;
      }
    },
    state: (_, emit) => {
      probe.listeners++;
      probe.emit = emit;
      emit(0);
      return () => void probe.listeners--;
    },
    ...services,
  });
  closers.push(close);
  return { far: client(contract, fromMessagePort(port2)), port: port2, probe, close };
}

/** Lets everything that is under way on the ports arrive. */
async function settle() {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('calls', () => {
  test('carry int64 both ways', async () => {
    const { far } = connect();
    expect(await far.add({ a: 968476484095610881n, b: 0n })).toBe(968476484095610881n);
    expect(await far.nothing()).toBeUndefined();
  });

  test('are typed by the contract', () => {
    expectTypeOf<Client<typeof contract>['add']>().parameter(0).toEqualTypeOf<{ a: bigint; b: bigint }>();
    expectTypeOf<Client<typeof contract>['add']>().returns.toEqualTypeOf<Promise<bigint>>();
    expectTypeOf<Parameters<Client<typeof contract>['nothing']>>().toEqualTypeOf<
      [options?: { signal?: AbortSignal }]
    >();
    expectTypeOf<Client<typeof contract>['count']>().returns.toEqualTypeOf<AsyncIterableIterator<number>>();
  });

  test('fail with the class name, code, hint, key and cause of the far side', async () => {
    const error = await connect()
      .far.fail()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RemoteException);
    expect(error).toMatchObject({
      name: 'AlreadyExistsException',
      javaClass: 'org.apache.kafka.connect.errors.AlreadyExistsException',
      code: 'ALREADY_EXISTS',
      message: 'Connector tweets already exists',
      hint: 'Choose another name',
      key: 'tweets',
      cause: { name: 'TypeError', message: 'the first reason' },
    });
  });

  test('are cancelled on the server when the signal aborts', async () => {
    const { far, probe } = connect();
    const controller = new AbortController();
    const pending = far.never({ signal: controller.signal });
    await settle();
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await settle();
    expect(probe.aborted).toBe(1);
  });

  test('fail when the port closes, on both sides', async () => {
    const { far, port, probe } = connect();
    const pending = far.never();
    await settle();
    port.close();
    await expect(pending).rejects.toBeInstanceOf(DisconnectException);
    await settle();
    expect(probe.aborted).toBe(1);
    await expect(far.nothing()).rejects.toBeInstanceOf(DisconnectException);
  });
});

describe('what a contract does not allow is refused', () => {
  test.each([
    ['wrong types', { a: '1', b: 2n }],
    ['missing fields', { a: 1n }],
    ['nothing', undefined],
  ])('arguments with %s', async (_, args) => {
    const { far } = connect();
    const add = far.add as (args: unknown) => Promise<unknown>;
    await expect(add(args)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test.each(['constructor', '__proto__', 'toString', 'then', 'Add', ''])('the method %j', async (method) => {
    const { far, port } = connect();
    const answers: unknown[] = [];
    port.on('message', (answer) => answers.push(answer));
    port.postMessage({ type: 'open', id: 7, method, args: {} });
    await settle();
    expect(answers).toEqual([{ type: 'error', id: 7, error: expect.objectContaining({ code: 'BAD_REQUEST' }) }]);
    expect(await far.add({ a: 1n, b: 1n })).toBe(2n);
  });

  test('messages that are no request are dropped and the next one is answered', async () => {
    const { far, port } = connect();
    const rubbish = [null, 1, 'x', [], {}, { type: 'open' }, { type: 'open', id: -1, method: 'add' }, new Map()];
    for (const message of [...rubbish, { type: 'credit', id: 99, count: 1e9 }, { type: 'cancel', id: 'x' }])
      port.postMessage(message);
    expect(await far.add({ a: 1n, b: 1n })).toBe(2n);
  });

  test('more than a thousand open calls', async () => {
    const { far } = connect();
    const pending = Array.from({ length: 1000 }, () => far.never().catch(() => {}));
    await expect(far.nothing()).rejects.toThrow('More than 1000');
    closeAll();
    await Promise.all(pending);
  });
});

describe('streams', () => {
  test('bring every item in order', async () => {
    for (const credit of [1, 2, 7]) {
      const items: number[] = [];
      for await (const item of connect().far.count({ to: 100 }, { credit })) items.push(item);
      expect(items).toEqual(Array.from({ length: 100 }, (_, i) => i));
    }
  });

  test('work only for a reader that waits, and at most its credit ahead', async () => {
    const { far, probe } = connect();
    const one = far.forever();
    await settle();
    expect(probe.made).toBe(0);
    await one.next();
    await settle();
    expect(probe.made).toBe(1);
    const ahead = connect();
    const reader = ahead.far.forever({ credit: 3 });
    await reader.next();
    await settle();
    expect(ahead.probe.made).toBe(3);
    await reader.next();
    await settle();
    expect(ahead.probe.made).toBe(2 + 3);
  });

  test('end on the server when the reader leaves the loop', async () => {
    const { far, probe } = connect();
    for await (const item of far.forever({ credit: 2 })) if (item === 5) break;
    await settle();
    expect(probe.ended).toBe(1);
  });

  test('end on the server when the port closes or the signal aborts', async () => {
    const { far, port, probe } = connect();
    const controller = new AbortController();
    const aborted = far.forever({ signal: controller.signal });
    await aborted.next();
    controller.abort(new Error('left'));
    await expect(aborted.next()).rejects.toThrow('left');
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    const closed = far.forever();
    await closed.next();
    const waiting = closed.next();
    await waiting;
    port.close();
    await settle();
    await expect(closed.next()).rejects.toBeInstanceOf(DisconnectException);
    expect(probe.ended).toBe(2);
  });

  test('give what arrived before they fail', async () => {
    const { far } = connect({
      async *count() {
        yield 1;
        yield 2;
        throw new AlreadyExistsException('third');
      },
    });
    const items: number[] = [];
    const read = async () => {
      for await (const item of far.count({ to: 9 }, { credit: 5 })) {
        items.push(item);
        await settle();
      }
    };
    await expect(read()).rejects.toThrow('third');
    expect(items).toEqual([1, 2]);
  });
});

describe('events', () => {
  test('give the present value, then each new one, until the listener leaves', async () => {
    const { far, probe } = connect();
    const seen: number[] = [];
    const stop = far.state((value) => seen.push(value));
    await settle();
    probe.emit?.(1);
    await settle();
    stop();
    await settle();
    probe.emit?.(2);
    await settle();
    expect(seen).toEqual([0, 1]);
    expect(probe.listeners).toBe(0);
  });

  test('skip values for a listener that is slow, never the last one', async () => {
    const { far, probe } = connect();
    const seen: number[] = [];
    far.state((value) => seen.push(value));
    await settle();
    for (let i = 1; i <= 1000; i++) probe.emit?.(i);
    await settle();
    expect(seen).toEqual([0, 1, 1000]);
  });

  test('end on the server when the port closes, and tell the listener', async () => {
    const { far, port, probe } = connect();
    const errors: Error[] = [];
    far.state(
      () => {},
      (error) => errors.push(error),
    );
    await settle();
    expect(probe.listeners).toBe(1);
    port.close();
    await settle();
    expect(probe.listeners).toBe(0);
    expect(errors[0]).toBeInstanceOf(DisconnectException);
  });
});
