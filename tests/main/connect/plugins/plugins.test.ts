import { describe, expect, test } from 'vitest';
import { configDef } from '../../../../main/connect/api/config-def.ts';
import { sinkConnector, sourceConnector } from '../../../../main/connect/api/connector.ts';
import type { Plugin } from '../../../../main/connect/api/plugins.ts';
import { Plugins } from '../../../../main/connect/plugins/plugins.ts';

const common = { version: '1', summary: '', config: configDef({}) };
const connector = (className: string) =>
  sourceConnector({
    ...common,
    className,
    delivery: '',
    examples: [],
    task: () => ({ start() {}, poll: async () => null, stop() {} }),
  });
const sink = (className: string) =>
  sinkConnector({
    ...common,
    className,
    delivery: '',
    examples: [],
    task: () => ({ start() {}, put() {}, stop() {} }),
  });
const plugin = (kind: Plugin['kind'], className: string) =>
  ({ ...common, kind, className, create: () => ({}) }) as unknown as Plugin;

const plugins = new Plugins({
  connectors: [connector('a.FileStreamSourceConnector'), sink('a.FileStreamSinkConnector'), connector('a.Odd')],
  plugins: [
    plugin('converter', 'b.JsonConverter'),
    plugin('header_converter', 'b.JsonConverter'),
    plugin('header_converter', 'b.SimpleHeaderConverter'),
    plugin('transformation', 'c.Cast$Value'),
    plugin('transformation', 'c.HoistField$Value'),
    plugin('transformation', 'c.RegexRouter'),
    plugin('predicate', 'c.TopicNameMatches'),
  ],
});

describe('a connector is found', () => {
  test.each(['a.FileStreamSourceConnector', 'FileStreamSourceConnector', 'FileStreamSource'])('as %s', (name) => {
    expect(plugins.connector(name).className).toBe('a.FileStreamSourceConnector');
  });

  test.each([
    'filestreamsource',
    'a.FileStreamSource',
    '__proto__',
    'toString',
    'constructor',
    'child_process',
    '../../x',
    'file:///etc/passwd',
    '',
    'JsonConverter',
  ])('but not as %s', (name) => {
    expect(() => plugins.connector(name)).toThrow(
      `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ` +
        'a.FileStreamSinkConnector, a.FileStreamSourceConnector, a.Odd',
    );
  });
});

describe('a plugin is found', () => {
  test.each([
    ['converter', 'Json', 'b.JsonConverter'],
    ['header_converter', 'Simple', 'b.SimpleHeaderConverter'],
    ['header_converter', 'Json', 'b.JsonConverter'],
    ['transformation', 'RegexRouter', 'c.RegexRouter'],
    ['transformation', 'c.Cast$Value', 'c.Cast$Value'],
    ['predicate', 'TopicNameMatches', 'c.TopicNameMatches'],
  ] as const)('%s %s', (kind, name, className) => {
    expect(plugins.get(kind, name).className).toBe(className);
  });

  test.each([
    ['transformation', 'Cast$Value'],
    ['transformation', 'Value'],
    ['converter', 'Simple'],
    ['predicate', '__proto__'],
  ] as const)('but not %s %s', (kind, name) => {
    expect(plugins.find(kind, name)).toBeUndefined();
    expect(() => plugins.get(kind, name)).toThrow(`which name matches ${name}`);
  });
});

test('the list has Connect’s order', () => {
  expect(plugins.list(true).map((it) => `${it.type} ${it.class}`)).toEqual([
    'sink a.FileStreamSinkConnector',
    'source a.FileStreamSourceConnector',
    'source a.Odd',
  ]);
  expect(plugins.list(false).map((it) => it.type)).toEqual([
    ...['sink', 'source', 'source', 'transformation', 'transformation', 'transformation', 'predicate'],
    ...['converter', 'header_converter', 'header_converter'],
  ]);
});

test('a class that is listed twice is a mistake of the composition', () => {
  expect(() => new Plugins({ connectors: [connector('a.X'), connector('a.X')], plugins: [] })).toThrow('listed twice');
});

describe('of a class that is there in several versions', () => {
  const of = (version: string) => ({ ...connector('a.X'), version });
  const cast = (version: string) => ({ ...plugin('transformation', 'c.Cast'), version });
  const several = new Plugins({
    connectors: [of('1.10.0'), of('1.9.0'), of('2.0.0-rc1')],
    plugins: [cast('1.0.0'), cast('1.1.0')],
  });

  test.each([
    [undefined, '2.0.0-rc1'],
    ['latest', '2.0.0-rc1'],
    ['[1,2)', '2.0.0-rc1'],
    ['[1,1.99]', '1.10.0'],
    ['1.9.0', '1.9.0'],
    ['[1.0,1.5],[1.8,1.9.5]', '1.9.0'],
  ])('%s is the latest that fits: %s', (version, expected) => {
    expect(several.connector('X', version).version).toBe(expected);
  });

  test('the others are refused with those that are there', () => {
    expect(() => several.connector('X', '[3,)')).toThrow(
      'Plugin a.X not found that matches the version range [3,), available versions: [1.9.0, 1.10.0, 2.0.0-rc1]',
    );
    expect(several.findConnector('X', '3')).toBeUndefined();
    expect(() => several.get('transformation', 'Cast', '1.2')).toThrow('available versions: [1.0.0, 1.1.0]');
    expect(several.get('transformation', 'Cast', '1.0.0').version).toBe('1.0.0');
  });

  test('all are listed, from the oldest, and their name is no less an alias', () => {
    expect(several.list(false).map(({ class: it, version }) => `${it} ${version}`)).toEqual([
      ...['a.X 1.9.0', 'a.X 1.10.0', 'a.X 2.0.0-rc1'],
      ...['c.Cast 1.0.0', 'c.Cast 1.1.0'],
    ]);
  });
});
