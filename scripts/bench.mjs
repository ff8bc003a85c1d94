// `npm run bench [-- NAME…]`: Runnel beside Apache Kafka and Connect in one run; prints a table and writes docs/performance.md.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { fetchKafkaLibs } from './kafka-jars.mjs';
import { ensureNode } from './node-version.mjs';
import { fetchPythonClient } from './python-client.mjs';

ensureInstalled();
await ensureNode();
const { build } = await import('./build.mjs');
await build();
const missing = fetchKafkaLibs();
if (missing) console.log(`Apache Kafka is left out: ${missing}.`);
const python = fetchPythonClient();
if (python) console.log(`The latency of librdkafka is left out: ${python}.`);
const { electronForTests } = await import('./electron-for-tests.mjs');
const electron = await electronForTests();
if (electron.missing) console.log(`The window is left out: ${electron.missing}`);
const entry = fileURLToPath(new URL('../bench/index.ts', import.meta.url));
process.exitCode =
  spawnSync(process.execPath, [entry, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...(electron.dist && { RUNNEL_ELECTRON: electron.dist }) },
  }).status ?? 1;
