// `npm run pack [-- --linux|--mac|--win] [--dir]`: builds, then packs what users get, by electron-builder.yml. For the
// tests `packForTests` makes the Linux folder around whatever Electron there is.
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = join(ROOT, 'electron-builder.yml');

/** Packs for the platforms named on the command line, or for this one. */
export async function pack(argv) {
  const { build, createTargets, Platform } = await import('electron-builder');
  const named = [
    ['--linux', Platform.LINUX],
    ['--mac', Platform.MAC],
    ['--win', Platform.WINDOWS],
  ].filter(([option]) => argv.includes(option));
  const platforms = named.length > 0 ? named.map(([, platform]) => platform) : [Platform.current()];
  const targets = createTargets(platforms, argv.includes('--dir') ? 'dir' : null);
  return build({ projectDir: ROOT, targets, config: CONFIG, publish: 'never' });
}

/**
 * A packed Linux folder around the Electron in `dist`, in `.cache/packed`; returns its path. `inspectable` leaves the
 * one fuse open that Playwright needs: it is the twin that tests drive, never what users get.
 */
export async function packForTests(dist, { inspectable }) {
  const { build, createTargets, Platform } = await import('electron-builder');
  const { appFolder, electronVersion } = await import('./electron.mjs');
  const output = join(ROOT, '.cache', inspectable ? 'packed-inspectable' : 'packed');
  rmSync(output, { recursive: true, force: true });
  const projectDir = appFolder(dist);
  if (inspectable) addLoader(projectDir);
  await build({
    projectDir,
    targets: createTargets([Platform.LINUX], 'dir'),
    publish: 'never',
    config: {
      extends: CONFIG,
      directories: { output, buildResources: join(ROOT, 'assets', 'icons') },
      electronDist: dist,
      electronVersion: electronVersion(dist),
      electronFuses: { enableNodeCliInspectArguments: inspectable },
      ...(inspectable && { files: ['twin.mjs', 'loader.cjs'], extraMetadata: { main: 'twin.mjs' } }),
      // What the tests' own Electron carries along (electron-for-tests.mjs) is no part of a packed app.
      afterPack({ appOutDir }) {
        for (const part of ['native', 'resources/app', 'version'])
          rmSync(join(appOutDir, part), { recursive: true, force: true });
      },
    },
  });
  return join(output, 'linux-unpacked');
}

/** Playwright's own loader in front of the app holds it back until Playwright has attached. */
function addLoader(app) {
  cpSync(join(ROOT, 'node_modules/playwright-core/lib/server/electron/loader.js'), join(app, 'loader.cjs'));
  writeFileSync(join(app, 'twin.mjs'), "import './loader.cjs';\n\nawait import('./out/main/index.js');\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ensureInstalled } = await import('./install.mjs');
  const { ensureNode } = await import('./node-version.mjs');
  ensureInstalled();
  await ensureNode();
  const { build } = await import('./build.mjs');
  await build();
  await pack(process.argv.slice(2));
}
