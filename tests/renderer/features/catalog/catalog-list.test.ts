import { expect, test } from 'vitest';
import type { Catalog, CatalogPlugin } from '../../../../common/connect/catalog.ts';
import {
  catalogGroups,
  counts,
  filtered,
  NO_FILTER,
  titleOf,
} from '../../../../renderer/features/catalog/catalog-list.ts';
import { startingConfig, withVersion } from '../../../../renderer/features/catalog/starting-config.ts';

const plugin = (className: string, kind: CatalogPlugin['kind'], more: Partial<CatalogPlugin> = {}): CatalogPlugin => ({
  ...{ kind, className, version: '1.0', summary: '', config: [], delivery: '', examples: [], category: null },
  ...{ worksOffline: false, runsOnKafkaConnect: false, folder: null },
  ...more,
});
const catalog: Catalog = {
  plugins: [
    plugin('a.FileStreamSinkConnector', 'sink', { category: 'Files', worksOffline: true, runsOnKafkaConnect: true }),
    plugin('b.Weather', 'source', { summary: 'Reads the weather', folder: '/p/weather' }),
    plugin('b.Weather', 'source', { version: '2.0', folder: '/p/weather2' }),
    plugin('t.Cast$Key', 'transformation'),
  ],
  refused: [{ folder: '/p/broken/', reason: 'it is no JavaScript', hint: null }],
};
const titles = (of: Partial<typeof NO_FILTER>) =>
  filtered(catalogGroups(catalog), { ...NO_FILTER, ...of }).map(
    ({ title, entries }) => `${title}: ${entries.map((entry) => entry.title).join(', ')}`,
  );

test('connectors stand by category first, then the other kinds, then packages that are not used', () => {
  expect(titles({})).toEqual([
    'Files: FileStreamSink',
    'Other connectors: Weather 1.0, Weather 2.0',
    'Transformations: Cast$Key',
    'Packages not used: broken',
  ]);
  expect(counts(catalog).map(({ word, count }) => `${count} ${word}`)).toEqual([
    '2 connector',
    '1 transformation',
    '1 package not used',
  ]);
});

test('every filter narrows the list, and what is not used is found by its reason', () => {
  expect(titles({ direction: 'sink' })).toEqual(['Files: FileStreamSink']);
  expect(titles({ worksOffline: true })).toEqual(['Files: FileStreamSink']);
  expect(titles({ runsOnKafkaConnect: true })).toEqual(['Files: FileStreamSink']);
  expect(titles({ group: 'Transformations' })).toEqual(['Transformations: Cast$Key']);
  expect(titles({ words: 'READS weather' })).toEqual(['Other connectors: Weather 1.0']);
  expect(titles({ words: 'no javascript' })).toEqual(['Packages not used: broken']);
  expect(titles({ words: '(' })).toEqual([]);
});

test('a connector begins with its class, and with every key that it requires', () => {
  const key = { name: 'host', required: true } as CatalogPlugin['config'][number];
  const config = startingConfig(plugin('x.HTTPSinkConnector', 'sink', { config: [key] }));
  expect(config).toEqual([
    ['name', 'httpsink'],
    ['connector.class', 'x.HTTPSinkConnector'],
    ['tasks.max', '1'],
    ['topics', ''],
    ['host', ''],
  ]);
  expect(withVersion(config, '2')[2]).toEqual(['connector.plugin.version', '2']);
  expect(withVersion(config, null)).toBe(config);
});

test('a class is called by its name alone', () => {
  expect(titleOf({ className: 'x.Connector', kind: 'source' })).toBe('Connector');
  expect(titleOf({ className: 'no.Cast$Value', kind: 'transformation' })).toBe('Cast$Value');
});
