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
