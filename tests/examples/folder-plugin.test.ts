import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProduct, checkTypes, linkRunnel, nodeTest, packAndInstall } from '../kit/plugin-author.ts';
import { loadPackages } from '../kit/plugin-packages.ts';

const SOURCE = resolve(import.meta.dirname, '../../examples/folder-plugin');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-example-')));
const copy = join(folder, 'folder-plugin');

beforeAll(async () => {
  await buildProduct();
  cpSync(SOURCE, copy, { recursive: true });
  linkRunnel(copy);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example has right types, and its tests pass', async () => {
  await checkTypes(copy, ['src/plugins.js', 'test/plugins.test.js']);
  await nodeTest(copy);
});

test('it is packed, installed where no Runnel is, and loaded', async () => {
  const installed = await packAndInstall(copy, 'runnel-folder-plugin', join(folder, 'plugins'));
  expect(await loadPackages([installed])).toEqual([
    {
      name: 'runnel-folder-plugin',
      version: '1.0.0',
      classes: [
        'source com.example.folder.JsonFolderSourceConnector',
        'transformation com.example.folder.TopicFromField',
        'predicate com.example.folder.FieldEquals',
        'converter com.example.folder.CsvConverter',
      ],
    },
  ]);
});
