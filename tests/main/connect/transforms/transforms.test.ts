import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../main/connect/api/config-validation.ts';
import type { ConnectRecord, SinkRecord } from '../../../../main/connect/api/records.ts';
import { transformations } from '../../../../main/connect/transforms/index.ts';
import { expectAsJava } from '../../../kit/connect-oracle/expect-as-java.ts';
import { cpuMilliseconds } from '../../../kit/cpu-time.ts';

function create(name: string, config: Record<string, string>) {
  const plugin = transformations.find((it) => it.className.endsWith(name));
  if (plugin === undefined) throw new Error(name);
  return plugin.create(config);
}

function record(value: unknown): ConnectRecord {
  return {
    topic: 'tweets',
    kafkaPartition: 0,
    keySchema: null,
    key: null,
    valueSchema: null,
    value,
    timestamp: null,
    headers: [],
  };
}

describe('transformations and predicates', () => {
  expectAsJava('transforms');

  test('each class is listed once, with a summary and documentation for each key', () => {
    const names = transformations.map((it) => it.className);
    expect(new Set(names).size).toBe(names.length);
    for (const plugin of transformations) {
      expect(plugin.summary).toMatch(/\.$/);
      for (const [name, key] of Object.entries(plugin.config.keys)) {
        expect(key.doc, `${plugin.className} ${name}`).toMatch(/\w/);
        if (key.default !== undefined) key.validator?.ensureValid(name, key.default);
      }
    }
  });

  test('a record is never changed in place, and keeps what the transformation does not know', () => {
    const before = {
      ...record(new Map([['id', 1n]])),
      kafkaOffset: 7n,
      originalTopic: 'o',
    } as unknown as SinkRecord;
    Object.freeze(before);
    const after = create('InsertField$Value', { 'offset.field': 'o' }).apply(before);
    expect(after).toMatchObject({ kafkaOffset: 7n, originalTopic: 'o' });
    expect(after?.value).toEqual(
      new Map([
        ['id', 1n],
        ['o', 7n],
      ]),
    );
    expect(before.value).toEqual(new Map([['id', 1n]]));
  });

  test.each(['__proto__', 'constructor', 'toString'])('a field called %s is a field like any other', (name) => {
    const hoisted = create('HoistField$Value', { field: name }).apply(record('x'));
    expect(hoisted?.value).toEqual(new Map([[name, 'x']]));
    const renamed = create('ReplaceField$Value', { renames: `a:${name}` }).apply(record(new Map([['a', 1n]])));
    expect(renamed?.value).toEqual(new Map([[name, 1n]]));
    const kept = create('ReplaceField$Value', { exclude: 'x' }).apply(record(new Map([[name, 1n]])));
    expect(kept?.value).toEqual(new Map([[name, 1n]]));
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  test('RegexRouter answers within 50 ms for a pattern that would explode', () => {
    const router = create('RegexRouter', { regex: '(a+)+b', replacement: 'x' });
    const spent = cpuMilliseconds(() => {
      expect(router.apply({ ...record(null), topic: 'a'.repeat(249) })?.topic).toBe('a'.repeat(249));
    });
    expect(spent).toBeLessThan(50);
  });

  test.each([
    [{ regex: '(', replacement: 'x' }, 'Invalid value ( for configuration regex: Invalid regex: '],
    [{ regex: 'a', replacement: '$1' }, 'Invalid value $1 for configuration replacement: No group 1'],
    [{ regex: 'a' }, 'Missing required configuration "replacement" which has no default value.'],
  ])('RegexRouter refuses %j at the start', (config, message) => {
    expect(() => create('RegexRouter', config as Record<string, string>)).toThrow(message);
  });
});

describe('Confluent’s Filter', () => {
  const german = record(
    new Map<string, unknown>([
      ['lang', 'de'],
      ['id', 968476484095610881n],
      ['none', null],
    ]),
  );

  function filter(condition: string, type: string, missing?: string) {
    const config = { 'filter.condition': condition, 'filter.type': type };
    return create('Filter$Value', missing === undefined ? config : { ...config, 'missing.or.null.behavior': missing });
  }

  test('include keeps what matches, exclude drops it', () => {
    expect(filter("$[?(@.lang == 'de')]", 'include').apply(german)).toBe(german);
    expect(filter("$[?(@.lang == 'en')]", 'include').apply(german)).toBeNull();
    expect(filter("$[?(@.lang == 'de')]", 'exclude').apply(german)).toBeNull();
    expect(filter("$[?(@.lang == 'en')]", 'exclude').apply(german)).toBe(german);
    expect(filter('$[?(@.id == 968476484095610881)]', 'include').apply(german)).toBe(german);
    expect(filter('$[?(@.id == 968476484095610880)]', 'include').apply(german)).toBeNull();
  });

  test('a path without a filter matches when there is something', () => {
    expect(filter('$.lang', 'include').apply(german)).toBe(german);
    expect(filter('$.lang', 'exclude').apply(german)).toBeNull();
  });

  test.each(['$.nope', '$.nope.deeper', '$.none', "$.nope[?(@.x == 'y')]"])(
    'what is missing or null on the way fails, or is kept or dropped as configured: %s',
    (path) => {
      expect(() => filter(path, 'include').apply(german)).toThrow(/lacks a field of filter.condition/);
      expect(filter(path, 'include', 'exclude').apply(german)).toBeNull();
      expect(filter(path, 'exclude', 'include').apply(german)).toBe(german);
    },
  );

  test('what is missing inside of a filter does not match, and is no error', () => {
    expect(filter("$[?(@.nope == 'x')]", 'include').apply(german)).toBeNull();
    expect(filter("$[?(@.nope == 'x')]", 'exclude').apply(german)).toBe(german);
  });

  test('a null value is missing', () => {
    expect(() => filter('$.lang', 'include').apply(record(null))).toThrow(/null or lacks/);
    expect(filter('$.lang', 'include', 'include').apply(record(null))).not.toBeNull();
  });

  test.each(['$.organization == 5', '$[', '$.tags.length()', ''])('the condition %j is refused', (condition) => {
    const plugin = transformations.find((it) => it.className === 'io.confluent.connect.transforms.Filter$Value')!;
    expect(() => parseConfig(plugin.config, { 'filter.condition': condition, 'filter.type': 'include' })).toThrow(
      /Invalid value .* for configuration filter\.condition: .* at position \d+ of/,
    );
  });

  test('a regular expression that would explode on a text answers within 50 ms', () => {
    const evil = record(new Map([['text', `${'a'.repeat(5000)}!`]]));
    const spent = cpuMilliseconds(() => {
      expect(filter('$[?(@.text =~ /(a+)+b/)]', 'include').apply(evil)).toBeNull();
    });
    expect(spent).toBeLessThan(50);
  });
});
