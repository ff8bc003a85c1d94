import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { manifestOf, moduleText, sourceText, writePackage } from '../../kit/plugin-packages.ts';
import { runRunnel } from '../../kit/runnel.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'runnel-list-plugins-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const list = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runRunnel(['connect-plugin-path', 'list', ...args]);
  return { code, lines: stdout.toString().split('\n'), stderr };
};

// Kafka's own tool, 4.3.1, writes these columns and lines for connect-file.
const HEADER =
  'pluginName\tfirstAlias\tsecondAlias\tpluginVersion\tpluginType\tisLoadable\thasManifest\tpluginLocation';

test('plugins of a path are listed as connect-plugin-path lists them', async () => {
  const good = writePackage(join(root, 'good/weather'), {
    'package.json': manifestOf(),
    'plugins.js': moduleText(sourceText('', 'com.example.WeatherSourceConnector'), sourceText('', 'com.example.Tides')),
  });
  const worker = join(root, 'worker.properties');
  writeFileSync(worker, `plugin.path=${join(root, 'good')}\n`);
  for (const args of [
    ['--worker-config', worker],
    ['--plugin-path', join(root, 'good')],
    ['--plugin-location', good],
  ])
    expect(await list(...args)).toEqual({
      code: 0,
      lines: [
        HEADER,
        `com.example.WeatherSourceConnector\tWeatherSourceConnector\tWeatherSource\t1.0.0\tsource\ttrue\ttrue\t${good}`,
        `com.example.Tides\tTides\tN/A\t1.0.0\tsource\ttrue\ttrue\t${good}`,
        '',
        'Total plugins:      \t2',
        'Loadable plugins:   \t2',
        'Compatible plugins: \t2',
        '',
      ],
      stderr: '',
    });
});

test('what can not be used is told with its reason, beside what can', async () => {
  const mixed = join(root, 'mixed');
  writePackage(join(mixed, 'good'), { 'package.json': manifestOf(), 'plugins.js': moduleText(sourceText()) });
  writePackage(join(mixed, 'broken'), { 'package.json': manifestOf({ name: 'broken' }), 'plugins.js': 'throw 1' });
  writePackage(join(mixed, 'old'), { 'package.json': manifestOf({ name: 'old', runnel: { api: 1 } }) });
  const { code, lines, stderr } = await list('--plugin-path', `${mixed},${join(root, 'absent')}`);
  expect(code).toBe(1);
  expect(lines[1]).toContain('com.example.Source\t');
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^Plugin package old: "runnel\.plugins" is missing in package\.json\. Name the module/),
    `plugin.path names ${join(root, 'absent')}, which is no folder. Correct plugin.path.`,
    expect.stringMatching(/^Plugin package broken 1\.2\.3 .*it fails while it is imported: 1\. Let the module/),
  ]);
});

test('some folder has to be named', async () => {
  expect(await list()).toMatchObject({ code: 1, stderr: expect.stringContaining('Must specify at least one') });
});
