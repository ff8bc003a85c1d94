import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanPluginPath } from '../../../../main/connect/plugins/plugin-path.ts';
import { manifestOf, type PackageFiles, writePackage } from '../../../kit/plugin-packages.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-plugin-path-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Were it imported, the test would end. */
const named = (name: string): PackageFiles => ({
  'package.json': manifestOf({ name }),
  'plugins.js': "throw new Error('scanning imports nothing')",
});
const names = (pluginPath: string) => scanPluginPath(pluginPath).packages.map(({ name }) => name);
const reasons = (pluginPath: string) =>
  scanPluginPath(pluginPath).refused.map(({ folder, error }) => [folder, error.message]);

test('a folder may be a package, a folder of packages, or a folder with node_modules', () => {
  writePackage(join(root, 'one'), named('one'));
  writePackage(join(root, 'many/b'), named('b'));
  writePackage(join(root, 'many/a'), named('a'));
  writePackage(join(root, 'installed/node_modules/c'), named('c'));
  writePackage(join(root, 'installed/node_modules/@scope/d'), named('@scope/d'));
  writePackage(join(root, 'installed'), { 'package.json': { name: 'root', dependencies: {} } });
  expect(names(`${root}/one, ${root}/many,,${root}/installed`)).toEqual(['one', 'a', 'b', '@scope/d', 'c']);
  expect(reasons(`${root}/one, ${root}/many,,${root}/installed`)).toEqual([]);
});

test("a package's own libraries, hidden folders and packages of others are passed over", () => {
  writePackage(join(root, 'p/one'), named('one'));
  writePackage(join(root, 'p/one/node_modules/inner'), named('inner'));
  writePackage(join(root, 'p/.hidden'), named('hidden'));
  writePackage(join(root, 'p/library'), { 'package.json': { name: 'library', version: '1.0.0' } });
  mkdirSync(join(root, 'p/empty'));
  expect(names(join(root, 'p'))).toEqual(['one']);
  expect(reasons(join(root, 'p'))).toEqual([]);
});

test('a package that several folders or links lead to is there once', () => {
  writePackage(join(root, 'real'), named('one'));
  mkdirSync(join(root, 'links'));
  symlinkSync(join(root, 'real'), join(root, 'links/one'));
  expect(names(`${root}/links,${root}/real,${root}/real`)).toEqual(['one']);
});

test('a bad package hides no other and is told with its reason', () => {
  writePackage(join(root, 'p/bad'), { 'package.json': manifestOf({ name: 'bad', runnel: { api: 1 } }) });
  writePackage(join(root, 'p/broken'), { 'package.json': '{' });
  writePackage(join(root, 'p/good'), named('good'));
  expect(names(`${root}/absent,${root}/p`)).toEqual(['good']);
  expect(reasons(`${root}/absent,${root}/p`)).toEqual([
    [join(root, 'absent'), `plugin.path names ${join(root, 'absent')}, which is no folder`],
    [join(root, 'p/bad'), 'Plugin package bad: "runnel.plugins" is missing in package.json'],
    [join(root, 'p/broken'), expect.stringContaining('package.json is not JSON')],
  ]);
});

test('a folder that was named itself and says nothing of runnel is told', () => {
  writePackage(join(root, 'library'), { 'package.json': { name: 'library', version: '1.0.0' } });
  expect(reasons(join(root, 'library'))).toEqual([
    [join(root, 'library'), 'Plugin package library: package.json has no "runnel", so it is no plugin package'],
  ]);
});

test('relative folders are those of the current folder', () => {
  expect(scanPluginPath('no-such-plugins').refused[0]?.folder).toBe(join(process.cwd(), 'no-such-plugins'));
});
