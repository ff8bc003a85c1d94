import { describe, expect, expectTypeOf, test } from 'vitest';
import { configDef } from '../../../../main/connect/api/config-def.ts';
import { embedKeys, toConfigInfos } from '../../../../main/connect/api/config-infos.ts';
import { parseConfig, validateConfig } from '../../../../main/connect/api/config-validation.ts';
import type { Password } from '../../../../main/connect/api/password.ts';
import { atLeast, validList } from '../../../../main/connect/api/validators.ts';
import { expectAsJava } from '../../../kit/connect-oracle/expect-as-java.ts';

const DEF = configDef({
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Topic', group: 'Main' },
  'batch.size': { type: 'INT', default: 100, validator: atLeast(1), importance: 'LOW', doc: 'Batch', group: 'Main' },
  secret: { type: 'PASSWORD', default: null, importance: 'HIGH', doc: 'Secret' },
  mode: {
    type: 'STRING',
    default: 'a',
    importance: 'LOW',
    doc: 'Mode',
    dependents: ['extra'],
    recommender: { validValues: () => ['a', 'b'], visible: () => true },
  },
  extra: {
    type: 'LONG',
    default: 0n,
    importance: 'LOW',
    doc: 'Only with mode b',
    recommender: { validValues: () => [], visible: (_name, parsed) => parsed.mode === 'b' },
  },
});

describe('configurations', () => {
  expectAsJava('config');

  test('parsed values have the types of their keys', () => {
    const parsed = parseConfig(DEF, { topic: 't', extra: '9007199254740993' });
    expectTypeOf(parsed.topic).toEqualTypeOf<string>();
    expectTypeOf(parsed['batch.size']).toEqualTypeOf<number>();
    expectTypeOf(parsed.secret).toEqualTypeOf<Password | null>();
    expectTypeOf(parsed.extra).toEqualTypeOf<bigint>();
    expect({ ...parsed }).toEqual({ topic: 't', 'batch.size': 100, secret: null, mode: 'a', extra: 9007199254740993n });
  });

  test('the first wrong key is the one in the error, by name', () => {
    expect(() => parseConfig(DEF, {})).toThrow('Missing required configuration "topic" which has no default value.');
    expect(() => parseConfig(DEF, { topic: 't', 'batch.size': '0' })).toThrow(
      expect.objectContaining({ key: 'batch.size', code: 'INVALID_CONFIG' }),
    );
  });

  test('a key named like a property of every object is not found by accident', () => {
    const def = configDef({ constructor: { type: 'STRING', default: 'd', importance: 'LOW', doc: '' } });
    expect(parseConfig(def, {}).constructor).toBe('d');
    expect(parseConfig(def, JSON.parse('{"constructor":"x","__proto__":{"constructor":"y"}}')).constructor).toBe('x');
  });

  test('recommenders see what was parsed, and hide and advise', () => {
    const visible = (config: Record<string, string>) =>
      Object.fromEntries(validateConfig(DEF, config).map((value) => [value.name, value.visible]));
    expect(visible({ topic: 't' }).extra).toBe(false);
    expect(visible({ topic: 't', mode: 'b' }).extra).toBe(true);
    expect(validateConfig(DEF, { topic: 't' }).find((value) => value.name === 'mode')?.recommendedValues).toEqual([
      'a',
      'b',
    ]);
  });

  test('a password is hidden in REST, given or by default', () => {
    const infos = toConfigInfos('x', DEF, validateConfig(DEF, { topic: 't', secret: 'abc' }));
    expect(JSON.stringify(infos)).not.toContain('abc');
    expect(infos.configs.find((it) => it.value.name === 'secret')?.value.value).toBe('[hidden]');
  });

  test('keys of a part get its prefix, group and order', () => {
    const keys = embedKeys('transforms.a.', 'Transforms: a', 2, DEF);
    expect(Object.keys(keys)).toContain('transforms.a.batch.size');
    expect(keys['transforms.a.topic']).toMatchObject({ group: 'Transforms: a: Main', order: 2, displayName: 'topic' });
    expect(keys['transforms.a.mode']?.dependents).toEqual(['transforms.a.extra']);
    const [extra] = validateConfig({ keys }, { 'transforms.a.topic': 't', 'transforms.a.mode': 'b' }).slice(-1);
    expect(extra).toMatchObject({ name: 'transforms.a.extra', visible: true });
    const [batch] = validateConfig({ keys }, { 'transforms.a.batch.size': '0' }).slice(1);
    expect(batch?.errors).toEqual(['Invalid value 0 for configuration batch.size: Value must be at least 1']);
  });

  test('a list of fixed values refuses others and repetitions', () => {
    const def = configDef({ list: { type: 'LIST', validator: validList(['a', 'b']), importance: 'LOW', doc: '' } });
    expect(parseConfig(def, { list: 'b,a' }).list).toEqual(['b', 'a']);
    expect(() => parseConfig(def, { list: 'a,a' })).toThrow("Configuration 'list' values must not be duplicated.");
    expect(() => parseConfig(def, { list: 'a,c' })).toThrow('String must be one of: a, b');
  });
});
