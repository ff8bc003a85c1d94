// `npm run build`: bundles the product into out/. Everything is bundled but Electron and the native better-sqlite3.
// Does nothing when no input has changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'out');
const STAMP = join(OUT, '.inputs');
const INPUTS = [
  'common',
  'main',
  'preload',
  'renderer',
  'assets',
  'package.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/tsconfig.types.json',
  'tsconfig.json',
];

/** What runs in Node: one process or thread each. */
const ENTRIES = {
  index: 'main/index.ts',
  worker: 'main/processes/worker.ts',
  broker: 'main/processes/broker.ts',
  'task-thread': 'main/connect/task-thread.ts',
  'plugin-process': 'main/connect/plugin-process.ts',
  'topics-thread': 'main/processes/topics-thread.ts',
  cli: 'main/cli/index.ts',
  // What plugins import: @runnel-app/runnel/connect and /connect/test.
  connect: 'main/connect/public/connect.ts',
  'connect-test': 'main/connect/testkit/index.ts',
  // What tests of other programs import: @runnel-app/runnel/sandbox.
  sandbox: 'main/sandbox/index.ts',
};

// The oldest that has to run it: the tests' Electron 33 (Node 20.18, Chromium 130). Lowers syntax, not APIs.
const NODE_TARGET = 'node20.18';
const PAGE_TARGET = 'chrome130';

// Filled in by the app for each page it serves (main/desktop/app-protocol.ts).
const NONCE_PLACEHOLDER = 'RUNNEL_CSP_NONCE';

/**
 * A library that reads a file beside itself would look in the wrong place once it is bundled: zstd's WebAssembly goes
 * beside its chunk, and anything else of the kind fails the build instead of the program.
 */
const filesBesideModules = {
  name: 'files-beside-modules',
  transform(code, id) {
    if (!id.includes('@bokuweb/zstd-wasm') || !code.includes('__dirname')) return undefined;
    const source = readFileSync(join(dirname(id), 'zstd.wasm'));
    this.emitFile({ type: 'asset', fileName: 'chunks/zstd.wasm', source });
    return { code: code.replaceAll('__dirname', 'import.meta.dirname'), map: null };
  },
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && /(?<![.\w])__(dirname|filename)\b/.test(chunk.code))
        throw new Error(`${chunk.fileName} looks for a file beside a module (__dirname), which a bundle does not have`);
  },
};

/** Builds out/main, out/preload and out/renderer; resolves to false when they were up to date. */
export async function build({ force = false } = {}) {
  const inputs = hashOfInputs();
  if (!force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return false;
  const started = performance.now();
  rmSync(STAMP, { force: true });
  const vite = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const common = { root: ROOT, configFile: false, envDir: false, logLevel: 'warn', publicDir: false };
  const nodeBuild = (input, output, external) =>
    vite.build({
      ...common,
      plugins: [filesBesideModules],
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: true,
        ssrEmitAssets: true,
        target: NODE_TARGET,
        outDir: output.dir,
        emptyOutDir: true,
        minify: false,
        sourcemap: true,
        reportCompressedSize: false,
        rolldownOptions: { input, external, output: output.options },
      },
    });
  await nodeBuild(
    Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(ROOT, file)])),
    {
      dir: join(OUT, 'main'),
      options: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
    ['electron', 'better-sqlite3'],
  );
  await nodeBuild(
    { index: join(ROOT, 'preload/index.ts') },
    // A sandboxed preload script is CommonJS in one file.
    { dir: join(OUT, 'preload'), options: { format: 'cjs', entryFileNames: '[name].cjs' } },
    ['electron'],
  );
  await vite.build({
    ...common,
    root: join(ROOT, 'renderer'),
    base: '/',
    plugins: [react()],
    html: { cspNonce: NONCE_PLACEHOLDER },
    build: {
      target: PAGE_TARGET,
      outDir: join(OUT, 'renderer'),
      emptyOutDir: true,
      sourcemap: true,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4_000,
    },
  });
  writeTypes();
  writeFileSync(STAMP, inputs);
  console.log(`Built out/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return true;
}

/** Declarations of what plugins and other programs' tests import, in out/types; they name each other as JavaScript files. */
function writeTypes() {
  const types = join(OUT, 'types');
  rmSync(types, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(ROOT, 'scripts/tsconfig.types.json')]);
  if (status !== 0) throw new Error(`The declarations of the plugin API can't be written:\n${stdout}`);
  for (const file of filesIn(types)) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(from '\.[^']*)\.ts'/g, "$1.js'").replace(/(import\("\.[^"]*)\.ts"/g, '$1.js"'));
  }
}

/** One hash over the paths and contents of everything that a build reads. */
function hashOfInputs() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of filesIn(join(ROOT, input))) {
      hash.update(relative(ROOT, file).split(sep).join('/')).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

function filesIn(path) {
  const entries = (() => {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') return undefined;
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  })();
  if (!entries) return [path];
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => filesIn(join(path, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ensureInstalled } = await import('./install.mjs');
  const { ensureNode } = await import('./node-version.mjs');
  ensureInstalled();
  await ensureNode();
  if (!(await build({ force: process.argv.includes('--force') }))) console.log('out/ is up to date');
}
