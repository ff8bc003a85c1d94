// Builds the page with pretended services into out/pretended/: for looking at it in a browser and for its tests.
//   node tests/renderer/page/build.mjs && open out/pretended/index.html over any static server
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Resolves to the folder that was built. */
export async function buildPretendedPage() {
  const outDir = `${ROOT}/out/pretended`;
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [react()],
    html: { cspNonce: 'RUNNEL_CSP_NONCE' },
    build: {
      target: 'chrome130',
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4_000,
    },
  });
  return outDir;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildPretendedPage());
