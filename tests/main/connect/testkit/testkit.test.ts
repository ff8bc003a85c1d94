import { describe, expect, test } from 'vitest';
import { RetriableException } from '../../../../common/errors.ts';
import { configDef } from '../../../../main/connect/api/config-def.ts';
import {
  type SinkTask,
  type SourceTask,
  sinkConnector,
  sourceConnector,
} from '../../../../main/connect/api/connector.ts';
import { converter, predicate, transformation } from '../../../../main/connect/api/plugins.ts';
import type { SourceRecord } from '../../../../main/connect/api/records.ts';
import { Schema } from '../../../../main/connect/api/schema.ts';
import { CATALOGUE } from '../../../../main/connect/catalogue.ts';
import {
  applyTransformation,
  checkPlugin,
  convertBothWays,
  SinkTaskDriver,
  SourceTaskDriver,
  sinkRecord,
  sourceRecord,
} from '../../../../main/connect/testkit/index.ts';

const definition = { version: '1', summary: 'For tests.', config: configDef({}) };
const sourceOf = (task: Partial<SourceTask>) =>
  sourceConnector({
    ...definition,
    className: 'a.Source',
    delivery: 'none',
    examples: [],
    task: () => ({ start() {}, poll: async () => null, stop() {}, ...task }),
  });
const sinkOf = (task: Partial<SinkTask>) =>
  sinkConnector({
    ...definition,
    className: 'a.Sink',
    delivery: 'none',
    examples: [],
    task: () => ({ start() {}, put() {}, stop() {}, ...task }),
  });
/** Polls these records one by one. */
const handsOut = (...records: readonly unknown[]) => {
  const left = [...records];
  return sourceOf({ poll: async () => (left.length === 0 ? null : [left.shift() as SourceRecord]) });
};
const numbered = (number: bigint, partition = 'p') =>
  sourceRecord({ sourcePartition: { partition }, sourceOffset: { number } });

describe('a source is driven as by the worker', () => {
  test('and what it hands out has to be a record', async () => {
    const wrong: [fields: object, message: string][] = [
      [{ topic: '' }, 'topic is ""'],
      [{ kafkaPartition: -1 }, 'kafkaPartition is -1'],
      [{ timestamp: 5 }, 'timestamp is 5'],
      [{ headers: null }, 'headers are null'],
      [{ headers: [{ value: 1n }] }, 'a header is an object without { key, schema, value }'],
      [{ value: undefined }, 'value is undefined'],
      [{ value: { id: 1n } }, 'value has a plain object in it: write a Map'],
      [{ value: [new Map([['a', { b: 1 }]])] }, 'value has a plain object in it'],
      [{ value: () => {} }, 'value has a function in it'],
      [{ key: 5, keySchema: Schema.INT64_SCHEMA }, 'Invalid Java object for schema with type INT64'],
      [{ value: null, valueSchema: Schema.STRING_SCHEMA }, 'null used for required value'],
      [{ sourceOffset: null }, 'sourceOffset is null: write an object'],
      [{ sourceOffset: { at: new Date(0) } }, 'has an object under at'],
      [{ sourcePartition: { n: 2n ** 63n } }, 'beyond int64'],
    ];
    for (const [fields, message] of wrong) {
      const driver = await new SourceTaskDriver(handsOut({ ...sourceRecord(), ...fields })).start({});
      await expect(driver.poll()).rejects.toThrow(message);
    }
  });

  test('and its offsets go forward, in each partition by itself', async () => {
    const forward = [numbered(1n), numbered(2n), numbered(2n), numbered(1n, 'q'), numbered(3n)];
    await expect((await new SourceTaskDriver(handsOut(...forward)).start({})).drain()).resolves.toHaveLength(5);
    const smaller = await new SourceTaskDriver(handsOut(numbered(9n), numbered(10n), numbered(9n))).start({});
    await expect(smaller.drain()).rejects.toThrow('goes back from {"number":10} to {"number":9}');
    const file = (name: string) => sourceRecord({ sourceOffset: { file: name, line: 1n } });
    const again = await new SourceTaskDriver(handsOut(file('a'), file('b'), file('a'))).start({});
    await expect(again.drain()).rejects.toThrow('goes back from');
  });

  test('and goes on at stored offsets, which are what JSON holds of them', async () => {
    const asked: unknown[] = [];
    const source = sourceOf({
      async start(_, context) {
        asked.push(await context.offsets([{ partition: 'p' }, { partition: 'q' }]));
      },
      poll: async () => [numbered(968476484095610881n)],
    });
    const driver = await new SourceTaskDriver(source).start({});
    await driver.poll();
    expect(driver.stored({ partition: 'p' })).toBeNull();
    await driver.commit();
    await driver.restart();
    expect(asked).toEqual([
      [null, null],
      [{ number: 968476484095610881n }, null],
    ]);
    await driver.stop();
  });

  test.each<[string, Partial<SourceTask>, string]>([
    ['poll returns no promise', { poll: (() => null) as never }, 'returned no promise'],
    ['poll resolves to a record', { poll: async () => numbered(1n) as never }, 'neither null nor an array'],
    ['poll waits for ever', { poll: () => new Promise(() => {}) }, 'poll() is still waiting'],
  ])('%s', async (_, task, message) => {
    const driver = await new SourceTaskDriver(sourceOf(task)).start({});
    // Something that moves the mock clock, so that the time of the machine is not waited for.
    keepMoving(driver.time);
    await expect(driver.poll()).rejects.toThrow(message);
  });

  test.each<[string, Partial<SourceTask>, string]>([
    ['poll does not look at its signal', { poll: () => new Promise(() => {}) }, 'although its signal has aborted'],
    ['stop does not end', { stop: () => new Promise(() => {}) }, 'stop() does not end in time'],
  ])('%s', async (_, task, message) => {
    const driver = await new SourceTaskDriver(sourceOf(task)).start({});
    keepMoving(driver.time);
    await expect(driver.stop()).rejects.toThrow(message);
  });

  test('a timer that is left behind', async () => {
    const source = sourceOf({ start: (_, { time }) => void time.timer(1_000_000, () => {}) });
    await expect((await new SourceTaskDriver(source).start({})).stop()).rejects.toThrow('A timer is left after stop()');
  });
});

/** A timer that sets itself again. */
function keepMoving(time: SourceTaskDriver['time']): void {
  time.timer(100, () => keepMoving(time));
}

describe('a sink is driven as by the worker', () => {
  test('records come again after a RetriableException, when the time that it named has gone by', async () => {
    const seen: [number, number][] = [];
    const driver: SinkTaskDriver = new SinkTaskDriver(
      sinkOf({
        start: (_, context) => context.timeout(250),
        put(records) {
          seen.push([records.length, driver.time.milliseconds()]);
          if (seen.length < 3) throw new RetriableException('not yet');
        },
      }),
    );
    await driver.start({});
    const begin = driver.time.milliseconds();
    await driver.put([sinkRecord({ value: 'a' }), sinkRecord({ value: 'b', kafkaOffset: 1n })]);
    expect(seen.map(([count, at]) => [count, at - begin])).toEqual([
      [2, 0],
      [2, 250],
      [2, 500],
    ]);
    expect(driver.retries).toBe(2);
    expect(await driver.commit()).toEqual([{ topic: 't', partition: 0, offset: 2n }]);
    await driver.stop();
  });

  test('any other error is told, and so is a RetriableException that never ends', async () => {
    const put = (error: Error) => async () => {
      throw error;
    };
    const fails = await new SinkTaskDriver(sinkOf({ put: put(new Error('full')) })).start({});
    await expect(fails.put([sinkRecord()])).rejects.toThrow('full');
    const never = await new SinkTaskDriver(sinkOf({ put: put(new RetriableException('never')) })).start({});
    await expect(never.put([sinkRecord()], 3)).rejects.toThrow('never');
    expect(never.retries).toBe(2);
  });

  test('a rebalance commits and closes what was assigned, then opens the rest', async () => {
    const log: string[] = [];
    const names = (partitions: readonly { topic: string; partition: number }[]) =>
      partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(' ');
    const driver = await new SinkTaskDriver(
      sinkOf({
        open: (partitions) => void log.push(`open ${names(partitions)}`),
        flush: (offsets) => void log.push(`flush ${offsets.map(({ offset }) => offset)}`),
        close: (partitions) => void log.push(`close ${names(partitions)}`),
      }),
    ).start({});
    await driver.put([sinkRecord({ kafkaOffset: 4n })]);
    await driver.assign([{ topic: 't', partition: 1 }]);
    await driver.stop();
    expect(log).toEqual(['open t-0', 'flush 5', 'close t-0', 'open t-1', 'flush ', 'close t-1']);
  });

  test('offsets that are committed were put before', async () => {
    const ahead = await new SinkTaskDriver(
      sinkOf({ preCommit: () => [{ topic: 't', partition: 0, offset: 7n }] }),
    ).start({});
    await expect(ahead.commit()).rejects.toThrow('offset 7 of t-0, where no record was put');
    await ahead.put([sinkRecord({ kafkaOffset: 5n })]);
    await expect(ahead.commit()).rejects.toThrow('where records were put up to 6');
    await ahead.put([sinkRecord({ kafkaOffset: 6n })]);
    await expect(ahead.commit()).resolves.toEqual([{ topic: 't', partition: 0, offset: 7n }]);
  });
});

describe('what works on single records', () => {
  test('a converter has to bring back what it took', () => {
    const text = converter({
      ...definition,
      className: 'a.Text',
      create: () => ({
        fromConnectData: (_topic, _schema, value) => (value === null ? null : Buffer.from(String(value))),
        toConnectData: (_topic, bytes) => ({ schema: null, value: bytes === null ? null : String(bytes) }),
      }),
    });
    expect(String(convertBothWays(text, { value: 'a' }).bytes)).toBe('a');
    expect(() => convertBothWays(text, { value: 5n })).toThrow('5n came back as "5"');
  });

  test('a transformation may not change what it got', () => {
    const of = (apply: (record: never) => unknown) =>
      transformation({ ...definition, className: 'a.T', create: () => ({ apply: apply as never }) });
    const record = sourceRecord({ headers: [{ key: 'a', schema: null, value: null }] });
    const wrong: ((record: { topic: string; headers: unknown[] }) => unknown)[] = [
      (it) => {
        it.topic = 'other';
        return it;
      },
      (it) => {
        it.headers.push(1);
        return it;
      },
      () => undefined,
      (it) => ({ ...it, topic: 5 }),
    ];
    for (const apply of wrong) expect(() => applyTransformation(of(apply as never), {}, record)).toThrow();
    expect(
      applyTransformation(
        of(() => null),
        {},
        record,
      ),
    ).toBeNull();
    const inner = new Map([['n', 1n]]);
    const changed = sourceRecord({ value: new Map([['list', [inner]]]) });
    const inside = (it: SourceRecord) => {
      inner.set('n', 2n);
      return it;
    };
    expect(() => applyTransformation(of(inside as never), {}, changed)).toThrow('changed the key or value that it got');
  });

  test('a plugin is used as well as looked at', async () => {
    const shared = { start() {}, poll: async () => null, stop() {} };
    const source = sourceOf({});
    await expect(checkPlugin({ ...source, task: () => shared })).rejects.toThrow('returned the same task twice');
    await expect(checkPlugin({ ...source, task: () => ({}) as never })).rejects.toThrow('without poll()');
    await expect(checkPlugin({ ...source, taskConfigs: () => [{}, {}] }, {})).rejects.toThrow(
      'returned 2 for at most 1',
    );
    await expect(checkPlugin({ ...source, taskConfigs: () => [{ a: 1 }] as never }, {})).rejects.toThrow(
      'names and texts',
    );
    await expect(checkPlugin({ ...source, validate: () => [{ key: 'x', message: 'y' }] }, {})).rejects.toThrow(
      '{ key, message }',
    );
    await expect(checkPlugin({ ...source, summary: '' })).rejects.toThrow('a.Source, summary: is ""');
    const test = predicate({ ...definition, className: 'a.P', create: () => ({}) as never });
    await expect(checkPlugin(test)).rejects.toThrow('without test()');
    const keyed = { ...test, config: configDef({ size: { type: 'INT', importance: 'LOW', doc: 'x' } }) };
    await expect(checkPlugin(keyed)).rejects.toThrow('needs size');
  });
});

test.each([...CATALOGUE.connectors, ...CATALOGUE.plugins].map((it) => [it.className, it.kind, it] as const))(
  'what comes with Runnel is a plugin like any other: %s as %s',
  async (_name, _kind, plugin) => {
    // Only its definition can be looked at when it needs a configuration that nobody knows.
    await checkPlugin(plugin).catch((error: Error) => {
      if (!/^[\w.$]+, config: (needs|is refused: (No field|Neither)) [^\n]*$/.test(error.message)) throw error;
    });
  },
);
