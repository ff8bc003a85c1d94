import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configProviders } from '../../../../main/connect/providers/index.ts';
import { ConfigTransformer } from '../../../../main/connect/runtime/config-transformer.ts';
import { PROVIDER_CASES, TRANSFORM_CASES } from '../../../kit/worker-oracle/cases.ts';
import { recordedOk, recordedWorkerAnswer } from '../../../kit/worker-oracle/oracle.ts';

const PACKAGE = 'org.apache.kafka.common.config.provider';
const folder = mkdtempSync(join(tmpdir(), 'runnel-providers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'allowed'));
writeFileSync(join(folder, 'allowed', 'secrets.properties'), 'password=p\\u00fc\nuser=u\n');
writeFileSync(join(folder, 'outside.properties'), 'password=outside\n');
symlinkSync(join(folder, 'outside.properties'), join(folder, 'allowed', 'link.properties'));

function provider(className: string, params: Record<string, string> = {}) {
  const worker: Record<string, string> = {
    'config.providers': 'x',
    'config.providers.x.class': `${PACKAGE}.${className}`,
  };
  for (const [key, value] of Object.entries(params)) worker[`config.providers.x.param.${key}`] = value;
  const made = configProviders(worker).get('x');
  if (made === undefined) throw new Error('There is none');
  return (path: string, ...keys: string[]) => Object.fromEntries(made.get(path, new Set(keys)));
}

test('without config.providers there is none: nothing is read unasked', () => {
  expect(configProviders({}).size).toBe(0);
});

describe('the environment', () => {
  process.env.RUNNEL_TEST_VALUE = 'v';
  test('gives its variables, and leaves out those that are not there', () => {
    expect(provider('EnvVarConfigProvider')('', 'RUNNEL_TEST_VALUE', 'RUNNEL_TEST_NONE')).toEqual({
      RUNNEL_TEST_VALUE: 'v',
    });
  });

  test('gives only those that are allowed', () => {
    const get = provider('EnvVarConfigProvider', { 'allowlist.pattern': 'OTHER_.*' });
    expect(get('', 'RUNNEL_TEST_VALUE')).toEqual({});
  });
});

describe('a properties file', () => {
  const file = join(folder, 'allowed', 'secrets.properties');
  test('gives its values', () => {
    expect(provider('FileConfigProvider')(file, 'password', 'none')).toEqual({ password: 'pü' });
  });

  test('that is not there is an error that names it', () => {
    expect(() => provider('FileConfigProvider')(join(folder, 'none'), 'x')).toThrow(
      `Could not read properties from file ${join(folder, 'none')}`,
    );
  });

  test.each([
    ['outside', () => join(folder, 'outside.properties')],
    ['by the way up', () => join(folder, 'allowed', '..', 'outside.properties')],
    ['by a link', () => join(folder, 'allowed', 'link.properties')],
    ['of the system', () => '/etc/passwd'],
  ])('%s of allowed.paths is not read', (_, path) => {
    const get = provider('FileConfigProvider', { 'allowed.paths': join(folder, 'allowed') });
    expect(get(file, 'user')).toEqual({ user: 'u' });
    expect(() => get(path(), 'password')).toThrow('not within allowed.paths');
  });
});

describe('a folder', () => {
  test('gives the contents of its files, and of nothing else', () => {
    const get = provider('DirectoryConfigProvider', { 'allowed.paths': join(folder, 'allowed') });
    const there = join(folder, 'allowed');
    expect(get(there, 'secrets.properties', 'none', '.', '..', '../outside.properties')).toEqual({
      'secrets.properties': 'password=p\\u00fc\nuser=u\n',
    });
    expect(() => get(there, 'link.properties')).toThrow('not within allowed.paths');
    expect(() => get(folder, 'outside.properties')).toThrow('not within allowed.paths');
  });
});

describe('providers have what Kafka’s have', () => {
  const inFolder = (text: string) => text.replaceAll('{folder}', join(folder, 'case'));

  test.each(PROVIDER_CASES.map((it) => [it.class, it.path, JSON.stringify(it.params), it] as const))(
    '%s %s %s',
    (name, path, _, question) => {
      for (const [file, bytes] of Object.entries(question.files)) {
        mkdirSync(join(folder, 'case', file, '..'), { recursive: true });
        writeFileSync(join(folder, 'case', file), Buffer.from(bytes, 'base64'));
      }
      const params = Object.fromEntries(Object.entries(question.params).map(([key, text]) => [key, inFolder(text)]));
      const ask = () => provider(name, params)(inFolder(path), ...question.keys);
      const java = recordedWorkerAnswer(question);
      const outside = 'allowed.paths' in params && 'ok' in java && Object.keys(java.ok as object).length === 0;
      // Connect passes over a path that is not allowed and leaves the variable as it is, for the connector to trip over.
      if (outside) expect(ask).toThrow('is not within allowed.paths of its config provider');
      else if ('ok' in java) expect(ask()).toEqual(java.ok);
      else if (java.error[0].endsWith('ConfigException')) expect(ask).toThrow(inFolder(java.error[1]));
      else expect(ask).toThrow();
    },
  );

  test.each(TRANSFORM_CASES.map((it) => [it.config.c, it] as const))('%s', (_, question) => {
    const values = new Map(Object.entries(question.values));
    const p = { get: (path: string) => (path === '/a' || path === '' ? values : new Map()) };
    const transformed = new ConfigTransformer(new Map([['p', p]])).transform(question.config);
    expect(transformed).toEqual(recordedOk(question));
  });
});
