import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../common/desktop/settings.ts';
import { SettingsFile } from '../../../main/desktop/settings-file.ts';
import { silentLogger } from '../../../main/logging.ts';
import { recordingLogger } from '../../kit/recording-logger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('without a file the defaults hold, and a change is there at the next start', () => {
  const settings = new SettingsFile(folder, silentLogger);
  expect(settings.current).toEqual(DEFAULT_SETTINGS);
  settings.change({ theme: 'dark', sandboxPort: 9093 });
  expect(new SettingsFile(folder, silentLogger).current).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'dark',
    sandboxPort: 9093,
  });
});

test('what cannot be read takes its default and is told; the rest is kept', () => {
  writeFileSync(
    join(folder, 'settings.json'),
    '{"theme":"purple","confirmQuit":false,"__proto__":{"restPort":1},"other":1}',
  );
  const { logger, lines } = recordingLogger();
  const settings = new SettingsFile(folder, logger);
  expect(settings.current).toEqual({ ...DEFAULT_SETTINGS, confirmQuit: false });
  expect(lines).toEqual([expect.stringContaining('WARN The setting theme in')]);
});

test.each(['', '{', 'null', '[]', '7'])('a file that holds %j is as good as none', (text) => {
  writeFileSync(join(folder, 'settings.json'), text);
  expect(new SettingsFile(folder, silentLogger).current).toEqual(DEFAULT_SETTINGS);
});

test('a change that is not allowed changes nothing', () => {
  const settings = new SettingsFile(folder, silentLogger);
  expect(() => settings.change({ sandboxPort: 70_000 })).toThrow();
  expect(settings.current).toEqual(DEFAULT_SETTINGS);
});

test('only its owner can read it, and no half of it is left beside it', () => {
  new SettingsFile(folder, silentLogger).change({ theme: 'light' });
  expect(statSync(join(folder, 'settings.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['settings.json']);
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'light' });
});

test('listeners hear of a change until they leave', () => {
  const settings = new SettingsFile(folder, silentLogger);
  const seen: string[] = [];
  const stop = settings.onChange(({ theme }) => seen.push(theme));
  settings.change({ theme: 'dark' });
  stop();
  settings.change({ theme: 'light' });
  expect(seen).toEqual(['dark']);
});
