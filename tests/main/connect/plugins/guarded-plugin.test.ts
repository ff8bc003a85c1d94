import { describe, expect, test } from 'vitest';
import { configDef } from '../../../../main/connect/api/config-def.ts';
import {
  type Connector,
  type SinkTask,
  type SinkTaskContext,
  type SourceTask,
  sinkConnector,
  sourceConnector,
} from '../../../../main/connect/api/connector.ts';
import {
  type ConverterPlugin,
  converter,
  type HeaderConverterPlugin,
  headerConverter,
  type PredicatePlugin,
  predicate,
  type TransformationPlugin,
  transformation,
} from '../../../../main/connect/api/plugins.ts';
import { Schema } from '../../../../main/connect/api/schema.ts';
import type { Definition } from '../../../../main/connect/plugins/check-definition.ts';
import { guardedPlugin } from '../../../../main/connect/plugins/guarded-plugin.ts';
import { sourceRecord } from '../../../../main/connect/testkit/records.ts';

// What types would have said, had the plugin been written with them.
type Careless = never;
const signal = new AbortController().signal;
const words = { className: 'a.B', version: '1', summary: 'x', config: configDef({}) };
const connector = { ...words, delivery: 'x', examples: [] };
const guarded = <D extends Definition>(definition: D) => guardedPlugin(definition) as D;
const source = (task: object) => guarded(sourceConnector({ ...connector, task: () => task as Careless }));
const sink = (task: object) => guarded(sinkConnector({ ...connector, task: () => task as Careless }));
const polls = (result: unknown) =>
  source({ start() {}, poll: () => result, stop() {} })
    .task()
    .poll(signal);
const applies = (result: unknown) =>
  guarded<TransformationPlugin>(transformation({ ...words, create: () => ({ apply: () => result as Careless }) }))
    .create({})
    .apply(sourceRecord());
const tests = (result: unknown) =>
  guarded<PredicatePlugin>(predicate({ ...words, create: () => ({ test: () => result as Careless }) }))
    .create({})
    .test(sourceRecord());
const converts = (result: unknown) =>
  guarded<ConverterPlugin>(
    converter({
      ...words,
      create: () => ({ fromConnectData: () => result as Careless, toConnectData: () => result as Careless }),
    }),
  ).create({}, false);
const convertsHeaders = (result: unknown) =>
  guarded<HeaderConverterPlugin>(
    headerConverter({
      ...words,
      create: () => ({ fromConnectHeader: () => result as Careless, toConnectHeader: () => result as Careless }),
    }),
  ).create({});
const commits = async (result: unknown) => {
  const task = sink({ start() {}, put() {}, stop() {}, preCommit: () => result }).task() as SinkTask;
  return task.preCommit?.([{ topic: 't', partition: 0, offset: 5n }]);
};
const header = { name: 'h', key: new Uint8Array(), value: null };

describe('an answer that can not be used is refused by a sentence with its cure', () => {
  const record = sourceRecord();
  const inPoll = (more: object) => () => polls(Promise.resolve([{ ...record, ...more }]));
  test.each<[string, () => unknown, string]>([
    ['task() returns nothing', () => source(undefined as Careless).task(), 'task() returned undefined without start()'],
    [
      'a task without poll',
      () => source({ start() {}, stop() {} }).task(),
      'without poll(): return an object with start, poll, stop',
    ],
    ['a sink without put', () => sink({ start() {}, stop() {} }).task(), 'without put()'],
    [
      'poll forgets to return',
      () => polls(Promise.resolve(undefined)),
      'poll() resolved to undefined: return an array of records, or null for none',
    ],
    ['poll returns one record', () => polls(Promise.resolve(record)), 'poll() resolved to an object: return an array'],
    ['a record that is text', () => polls(Promise.resolve(['x'])), 'a record is "x": return objects'],
    ['no topic', inPoll({ topic: undefined }), "a record's topic is undefined"],
    [
      'a partition that is text',
      inPoll({ kafkaPartition: '0' }),
      'kafkaPartition is "0": write null, or a number from 0',
    ],
    [
      'Date.now() as timestamp',
      inPoll({ timestamp: 1_700_000_000_000 }),
      'timestamp is 1700000000000: write null, or milliseconds as a bigint',
    ],
    ['no value', inPoll({ value: undefined }), "a record's value is undefined: write null for none"],
    ['a schema that is missing', inPoll({ keySchema: undefined }), "a record's keySchema is undefined"],
    ['headers as an object', inPoll({ headers: {} }), "a record's headers are an object: write an array, [] for none"],
    [
      'a header without a schema',
      inPoll({ headers: [{ key: 'a', value: 1n }] }),
      'a header is an object without { key, schema, value }',
    ],
    ['no offset', inPoll({ sourceOffset: undefined }), "a record's sourceOffset is undefined: write an object"],
    [
      'an offset with an object in it',
      inPoll({ sourceOffset: { at: { line: 1 } } }),
      "a record's sourceOffset has an object under at",
    ],
    ['a partition with undefined in it', inPoll({ sourcePartition: { file: undefined } }), 'has undefined under file'],
    [
      'an offset that was never put',
      () => commits([{ topic: 'other', partition: 0, offset: 1n }]),
      'preCommit() returned an array: return those of the offsets it got',
    ],
    [
      'an offset as a number',
      () => commits([{ topic: 't', partition: 0, offset: 1 }]),
      'preCommit() returned an array',
    ],
    ['preCommit forgets to return', () => commits(undefined), 'preCommit() returned undefined'],
    [
      'an async transformation',
      () => applies(Promise.resolve(record)),
      'apply() returned a promise: it has to answer at once, without async',
    ],
    [
      'a transformation that forgets to return',
      () => applies(undefined),
      'apply() returned undefined: return a record, or null to drop it',
    ],
    [
      'a transformation without a topic',
      () => applies({ ...record, topic: '' }),
      'in what apply() returned a record\'s topic is ""',
    ],
    ['an async predicate', () => tests(Promise.resolve(true)), 'test() returned a promise'],
    ['a predicate that is almost true', () => tests('yes'), 'test() returned "yes": return true or false'],
    [
      'a converter to text',
      () => converts('x').fromConnectData('t', null, 1n),
      'fromConnectData() returned "x": return bytes',
    ],
    [
      'an async converter',
      () => converts(Promise.resolve(null)).toConnectData('t', null),
      'toConnectData() returned a promise',
    ],
    [
      'a converter to a bare value',
      () => converts(5n).toConnectData('t', null),
      'toConnectData() returned 5n without { schema, value }',
    ],
    [
      'a header converter to nothing',
      () => convertsHeaders(undefined).toConnectHeader('t', header),
      'toConnectHeader() returned undefined without',
    ],
    [
      'a header converter to a number',
      () => convertsHeaders(1).fromConnectHeader('t', { key: 'h', schema: null, value: 1n }),
      'fromConnectHeader() returned 1',
    ],
    [
      'create returns nothing',
      () => guarded(converter({ ...words, create: () => undefined as Careless })).create({}, true),
      'create() returned undefined without fromConnectData()',
    ],
  ])('%s', async (_, use, message) => {
    const error = await Promise.resolve()
      .then(use)
      .catch((it: unknown) => it);
    expect(error).toMatchObject({ code: 'PLUGIN_MISTAKE' });
    expect((error as Error).message).toContain(`a.B: `);
    expect((error as Error).message).toContain(message);
  });
});

test('what is right goes through as it is, by the object that the plugin made', async () => {
  const record = sourceRecord({ valueSchema: Schema.STRING_SCHEMA, value: 'x', sourceOffset: { n: 1n, done: true } });
  class Task {
    #log: string[] = [];
    start() {
      this.#log.push('start');
    }
    async poll() {
      return [record];
    }
    commitRecord() {
      this.#log.push('commitRecord');
    }
    stop() {
      this.#log.push('stop');
    }
    get log() {
      return this.#log;
    }
  }
  const task = new Task();
  const definition: Connector = sourceConnector({ ...connector, task: () => task });
  const other = guarded(definition).task() as SourceTask;
  await other.start({}, {} as Careless);
  expect((await other.poll(signal))?.[0]).toBe(record);
  other.commitRecord?.(record, null);
  expect(other.commit).toBeUndefined();
  await other.stop();
  expect(task.log).toEqual(['start', 'commitRecord', 'stop']);

  const seen: unknown[] = [];
  const taken = sink({
    start: (_: unknown, context: SinkTaskContext) => void seen.push(context),
    put: (records: unknown) => void seen.push(records),
    open: (partitions: unknown) => void seen.push(partitions),
    stop() {},
  }).task() as SinkTask;
  await taken.put([]);
  await taken.open?.([{ topic: 't', partition: 0 }]);
  expect(seen).toEqual([[], [{ topic: 't', partition: 0 }]]);
  expect([taken.flush, taken.preCommit, taken.close]).toEqual([undefined, undefined, undefined]);
  expect(await commits([])).toEqual([]);
  expect(applies(null)).toBeNull();
  expect(tests(false)).toBe(false);
  expect(converts(null).fromConnectData('t', null, null)).toBeNull();
});
