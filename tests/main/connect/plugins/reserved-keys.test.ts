import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../../main/connect/catalogue.ts';
import { isReserved } from '../../../../main/connect/plugins/reserved-keys.ts';
import { SINK_KEYS } from '../../../../main/connect/runtime/sink-connector-config.ts';
import { SOURCE_KEYS, topicCreationKeys } from '../../../../main/connect/runtime/source-connector-config.ts';

const free = (kind: 'source' | 'sink', keys: object) => Object.keys(keys).filter((key) => !isReserved(kind, key));

test('every key that the framework reads itself is closed to plugins', () => {
  expect(free('source', SOURCE_KEYS)).toEqual([]);
  expect(free('sink', SINK_KEYS)).toEqual([]);
  expect(free('source', topicCreationKeys({ 'topic.creation.groups': 'a' }))).toEqual([]);
});

test('and no key of what comes with Runnel is among them', () => {
  const own = [...CATALOGUE.connectors, ...CATALOGUE.plugins];
  const closed = own.flatMap(({ kind, className, config }) =>
    Object.keys(config.keys).flatMap((key) => (isReserved(kind, key) ? [`${className} ${key}`] : [])),
  );
  expect(closed).toEqual([]);
});
