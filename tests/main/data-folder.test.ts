import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderPath, openDataFolder } from '../../main/data-folder.ts';

const linux = { platform: 'linux', home: '/home/mia', env: {} };

test.each([
  ['--data-dir before all', { ...linux, dataDir: '/data', env: { RUNNEL_HOME: '/home' } }, '/data'],
  ['a relative --data-dir from the current folder', { ...linux, dataDir: 'data' }, resolve('data')],
  ['RUNNEL_HOME', { ...linux, env: { RUNNEL_HOME: '/srv/runnel', XDG_DATA_HOME: '/x' } }, '/srv/runnel'],
  ['XDG_DATA_HOME', { ...linux, env: { XDG_DATA_HOME: '/x' } }, '/x/runnel'],
  ['the home folder on Linux', linux, '/home/mia/.local/share/runnel'],
  ['macOS', { ...linux, platform: 'darwin' }, '/home/mia/Library/Application Support/Runnel'],
])('%s', (_, choice, path) => {
  expect(dataFolderPath(choice)).toBe(path);
});

test('only this user enters what is made; a folder that was there keeps its permissions', () => {
  const work = mkdtempSync(join(tmpdir(), 'runnel-data-'));
  try {
    const mode = (path: string) => statSync(path).mode & 0o777;
    const made = openDataFolder(join(work, 'new'));
    for (const path of [made.root, made.app, made.worker, made.sandbox, made.logs, made.plugins])
      expect(mode(path)).toBe(0o700);
    mkdirSync(join(work, 'old'), { mode: 0o755 });
    mkdirSync(join(work, 'old', 'worker'), { mode: 0o755 });
    const opened = openDataFolder(join(work, 'old'));
    expect(mode(opened.root)).toBe(0o755);
    expect(mode(opened.worker)).toBe(0o700);
  } finally {
    rmSync(work, { recursive: true });
  }
});
