import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config');
const { DebugLogger } = require('builder-util');

const config = await getConfig(ROOT, join(ROOT, 'electron-builder.yml'), null);

test('the packing configuration is valid for Linux, macOS and Windows', async () => {
  await expect(validateConfiguration(structuredClone(config), new DebugLogger(false))).resolves.toBeUndefined();
  const misspelt = { ...structuredClone(config), win: { target: 'nsis', oneClik: true } };
  await expect(validateConfiguration(misspelt, new DebugLogger(false))).rejects.toThrow('configuration.win');
});

test('each platform has its targets, for both processors, and its icon is there', () => {
  for (const [platform, targets] of Object.entries({
    linux: ['AppImage', 'deb'],
    mac: ['dmg', 'zip'],
    win: ['nsis'],
  })) {
    expect([platform, config[platform].target]).toEqual([
      platform,
      targets.map((target) => ({ target, arch: ['x64', 'arm64'] })),
    ]);
    expect(existsSync(join(ROOT, config[platform].icon))).toBe(true);
  }
  expect(existsSync(join(ROOT, config.mac.entitlements))).toBe(true);
});

test('the native module is packed with the binary of the platform alone', () => {
  const prebuilds = (config.files as { filter: string[] }[])
    .flatMap(({ filter }) => filter)
    .filter((pattern) => pattern.includes('prebuilds'));
  expect(prebuilds).toEqual([
    '!node_modules/better-sqlite3/prebuilds/**',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills it in
    'node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node',
  ]);
  for (const name of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])
    expect(existsSync(join(ROOT, 'node_modules/better-sqlite3/prebuilds', `${name}.node`))).toBe(true);
});
