import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PLUGIN_TYPES } from '../../../main/cli/plugin-skeleton/skeleton.ts';
import { buildProduct, checkTypes, linkRunnel, nodeTest, npm, packAndInstall } from '../../kit/plugin-author.ts';
import { loadPackages } from '../../kit/plugin-packages.ts';
import { runRunnel } from '../../kit/runnel.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-create-plugin-')));
beforeAll(() => buildProduct(), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const create = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runRunnel(['create-plugin', ...args]);
  return { code, text: `${stdout}${stderr}`.trim() };
};

test('a source is made, installed, tested, packed, installed into a folder of plugins and loaded, as its README says', async () => {
  const made = join(folder, 'weather');
  expect(await create(made, '--group', 'org.me')).toEqual({ code: 0, text: expect.stringContaining(`Made ${made}.`) });
  // A checkout names itself: what no registry has can be installed all the same.
  expect(JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')).devDependencies).toEqual({
    '@runnel-app/runnel': `file:${ROOT}`,
  });
  await npm(['install'], made);
  expect((await npm(['test'], made)).stdout.toString()).toMatch(/pass 3/);
  const installed = await packAndInstall(made, 'weather', join(folder, 'plugins'));
  expect(existsSync(join(folder, 'plugins/node_modules/@runnel-app'))).toBe(false);
  expect(existsSync(join(installed, 'plugins.test.js'))).toBe(false);
  expect(await loadPackages([installed])).toEqual([
    { name: 'weather', version: '0.1.0', classes: ['source org.me.WeatherSourceConnector'] },
  ]);
});

test.each(PLUGIN_TYPES)('a %s has right types, and its test passes unchanged', async (type) => {
  const made = join(folder, `my-${type}`);
  expect((await create(made, '--type', type)).code).toBe(0);
  linkRunnel(made);
  await checkTypes(made, ['plugins.js', 'plugins.test.js']);
  await nodeTest(made);
  const [loaded] = await loadPackages([made]);
  expect(loaded?.classes?.[0]).toMatch(new RegExp(`^${type} com\\.example\\.My`));
});

test('the test that comes with a plugin fails when the plugin is broken', async () => {
  const made = join(folder, 'broken');
  await create(made);
  linkRunnel(made);
  const file = join(made, 'plugins.js');
  writeFileSync(file, readFileSync(file, 'utf8').replace('const number = next++;', 'const number = next--;'));
  await expect(nodeTest(made)).rejects.toThrow('goes back from');
});

test('what can not be made is said in a sentence', async () => {
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full/a'), '');
  expect(await create(join(folder, 'full'))).toEqual({
    code: 1,
    text: expect.stringContaining('is there and not empty: name a folder that is not there'),
  });
  expect((await create(join(folder, 'My Plugin'))).text).toContain('My Plugin is no name for an npm package');
  expect((await create(join(folder, 'x'), '--type', 'task')).text).toContain('Allowed choices are source, sink');
  expect((await create(join(folder, 'x'), '--group', 'a b')).text).toContain(
    '--group a b is no name of a Java package',
  );
  expect(existsSync(join(folder, 'x'))).toBe(false);
});
