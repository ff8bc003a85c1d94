// Finds an Electron to run: the one that ELECTRON_OVERRIDE_DIST_PATH names, else the one that was downloaded. `npm start`
// downloads it (the electron package's own script, about 110 MB, once); tests never fetch a stranger's in silence.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(ROOT, 'node_modules', 'electron');

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

export const ELECTRON_VERSION = readJson(join(ROOT, 'package.json')).devDependencies.electron;

/** The program inside a folder that Electron was unpacked into. */
export function electronBinary(dist) {
  if (process.platform === 'darwin') return join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** What Electron needs to be told here: Chromium's sandbox does not work for root on Linux. */
export function electronArgs() {
  return process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
}

/** The folder of an Electron that is there already, or undefined. */
export function installedElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return override;
  const dist = join(PACKAGE, 'dist');
  const version = join(dist, 'version');
  const complete = existsSync(version) && readFileSync(version, 'utf8').replace(/^v/, '').trim() === ELECTRON_VERSION;
  return complete && existsSync(electronBinary(dist)) ? dist : undefined;
}

/** Runs the electron package's own download; resolves to undefined, or to the reason why it failed. */
export function downloadElectron() {
  console.log(`Downloading Electron ${ELECTRON_VERSION} (about 110 MB, once)…`);
  const result = spawnSync(process.execPath, [join(PACKAGE, 'install.js')], { cwd: ROOT, encoding: 'utf8' });
  if (result.status === 0 && installedElectron()) return undefined;
  const lines = `${result.stdout}${result.stderr}`.split('\n').filter((line) => line.trim() && !/^\s+at /.test(line));
  return `Electron ${ELECTRON_VERSION} could not be downloaded (${lines[0]?.trim() || `exit code ${result.status}`}): check the network, or set ELECTRON_MIRROR to a mirror that can be reached, or ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron.`;
}

/** For `npm start`: `{ path, args, app }`, or `{ missing }` with the reason and what to do. */
export async function electronForStart() {
  const found = installedElectron();
  if (found && !existsSync(electronBinary(found)))
    return {
      missing: `ELECTRON_OVERRIDE_DIST_PATH is ${found}, but there is no Electron in it: correct it or unset it.`,
    };
  const missing = found ? tooOld(found) : downloadElectron();
  if (missing) return { missing };
  const dist = found ?? installedElectron();
  return { path: electronBinary(dist), args: electronArgs(), app: appFolder(dist) };
}

/**
 * The folder that Electron is told to run: the project itself. An Electron that brings natives of its own (the tests'
 * old one, see electron-for-tests.mjs) gets a folder with a copy of what was built, where it finds them.
 */
export function appFolder(dist) {
  const natives = join(dist, 'native', 'node_modules');
  if (!existsSync(natives)) return ROOT;
  const app = join(ROOT, '.cache', `app-for-electron-${electronVersion(dist)}`);
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  for (const part of ['out', 'assets', 'LICENSE']) cpSync(join(ROOT, part), join(app, part), { recursive: true });
  cpSync(natives, join(app, 'node_modules'), { recursive: true });
  const dependencies = Object.fromEntries(
    readdirSync(natives).map((name) => [name, readJson(join(natives, name, 'package.json')).version]),
  );
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ ...readJson(join(ROOT, 'package.json')), dependencies, optionalDependencies: {} }),
  );
  return app;
}

export function electronVersion(dist) {
  const file = join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/^v/, '').trim() : undefined;
}

/** The product's better-sqlite3 needs Node-API 10, which Electron has since version 35; on an older one it crashes. */
function tooOld(dist) {
  const version = electronVersion(dist);
  if (version === undefined || Number.parseInt(version, 10) >= 35 || existsSync(join(dist, 'native'))) return undefined;
  return `The Electron in ${dist} is ${version}, and Runnel needs 35 or newer: point ELECTRON_OVERRIDE_DIST_PATH at a newer one or unset it.`;
}
