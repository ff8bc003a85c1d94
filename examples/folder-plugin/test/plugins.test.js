// @ts-check
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { DataException, Schema, SchemaBuilder, Struct } from '@runnel-app/runnel/connect';
import {
  applyTransformation,
  checkPlugin,
  convertBothWays,
  SourceTaskDriver,
  sourceRecord,
} from '@runnel-app/runnel/connect/test';
import { csvConverter } from '../src/csv-converter.js';
import { fieldEquals } from '../src/field-equals.js';
import { jsonFolderSource } from '../src/json-folder-source.js';
import { topicFromField } from '../src/topic-from-field.js';

describe('the folder as a source', () => {
  /** @type {string} */
  let folder;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folder-plugin-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** @param {Record<string, string>} more */
  const start = (more = {}) =>
    new SourceTaskDriver(jsonFolderSource).start({
      'connector.class': 'JsonFolderSource',
      folder,
      topic: 'orders',
      ...more,
    });
  /** @param {readonly import('@runnel-app/runnel/connect').SourceRecord[]} records */
  const ids = (records) => records.map(({ value }) => (value instanceof Map ? value.get('id') : value));

  test('its definition is complete', () => checkPlugin(jsonFolderSource));

  test('files are read in the order of their names, integers with all their digits', async () => {
    await writeFile(join(folder, 'b.jsonl'), '{"id":3}\n\n{"id":4}');
    await writeFile(join(folder, 'a.json'), '{"id":968476484095610881}\r\n{"id":2.5}\r\n');
    await writeFile(join(folder, 'notes.txt'), 'no JSON');
    const driver = await start();
    assert.deepEqual(ids(await driver.drain()), [968476484095610881n, 2.5, 3n, 4n]);
    await writeFile(join(folder, 'c.json'), '{"id":5}\n');
    assert.deepEqual(ids(await driver.drain()), [5n]);
    await driver.stop();
  });

  test('after a restart it goes on behind the last line that was stored', async () => {
    await writeFile(join(folder, 'a.json'), '{"id":1}\n{"id":2}\n{"id":3}\n');
    const driver = await start({ 'batch.size': '2' });
    await driver.poll();
    await driver.commit();
    assert.deepEqual(driver.stored({ folder }), { file: 'a.json', line: 2n });
    assert.deepEqual(ids(await driver.drain()), [3n]);
    await driver.restart();
    assert.deepEqual(ids(await driver.drain()), [3n]);
    await driver.commit();
    await driver.restart();
    assert.deepEqual(await driver.drain(), []);
    await driver.stop();
  });

  test('a bad line ends the task, or is left out with a warning', async () => {
    await writeFile(join(folder, 'a.json'), '{"id":1}\n{"id":\n{"id":3}\n');
    await assert.rejects((await start()).drain(), { name: 'DataException', message: /line 2 of a\.json/ });
    const driver = await start({ 'skip.bad.lines': 'true' });
    assert.deepEqual(ids(await driver.drain()), [1n, 3n]);
    assert.deepEqual(driver.log, ['WARN There is no JSON in line 2 of a.json, which is left out']);
    await driver.stop();
  });
});

describe('the topic from a field', () => {
  test('its definition is complete', () => checkPlugin(topicFromField, { field: 'kind' }));

  test('of a Map and of a Struct', () => {
    const map = sourceRecord({ value: new Map([['kind', 'books']]) });
    assert.equal(applyTransformation(topicFromField, { field: 'kind', prefix: 'orders-' }, map)?.topic, 'orders-books');
    const schema = SchemaBuilder.struct().field('kind', Schema.STRING_SCHEMA).build();
    const struct = sourceRecord({ valueSchema: schema, value: new Struct(schema).put('kind', 'music') });
    assert.equal(applyTransformation(topicFromField, { field: 'kind' }, struct)?.topic, 'music');
  });

  test('that is missing', () => {
    const record = sourceRecord({ value: 'text' });
    const apply = (/** @type {string} */ whenMissing) =>
      applyTransformation(topicFromField, { field: 'kind', 'when.missing': whenMissing }, record);
    assert.throws(() => apply('fail'), DataException);
    assert.equal(apply('keep')?.topic, 't');
    assert.equal(apply('drop'), null);
  });
});

test('a field that equals', async () => {
  await checkPlugin(fieldEquals, { field: 'id', value: '1' });
  const predicate = fieldEquals.create({ field: 'id', value: '968476484095610881' });
  assert.equal(predicate.test(sourceRecord({ value: new Map([['id', 968476484095610881n]]) })), true);
  assert.equal(predicate.test(sourceRecord({ value: new Map([['id', 1n]]) })), false);
  assert.equal(predicate.test(sourceRecord({ value: 'text' })), false);
});

test('lines of comma-separated values', async () => {
  const config = { columns: 'name,text' };
  await checkPlugin(csvConverter, config);
  const value = new Map([
    ['name', 'a "b", c'],
    ['text', ''],
  ]);
  const { bytes } = convertBothWays(csvConverter, { value, config });
  assert.equal(String(bytes), '"a ""b"", c",');
  assert.throws(() => csvConverter.create(config, false).toConnectData('t', Buffer.from('one')), /1 columns and not 2/);
});
