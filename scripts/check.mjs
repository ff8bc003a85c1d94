// `npm run check`: types of each layer and lint. Also the first steps of `npm test`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ensureNode } from './node-version.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAYERS = ['common', 'main', 'preload', 'renderer', 'tests'];

/** Runs a package's command with this Node; resolves to its exit code and output. */
function run(bin, args) {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', bin), ...args], { cwd: ROOT });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Resolves to `{ name, passed, output }` of each check, in a fixed order. */
export async function runChecks() {
  const checks = LAYERS.filter((layer) => existsSync(join(ROOT, layer, 'tsconfig.json'))).map((layer) => ({
    name: `types of ${layer}/`,
    run: () => run('typescript/bin/tsc', ['-p', layer]),
  }));
  checks.push({
    name: 'lint and format',
    run: () => run('@biomejs/biome/bin/biome', ['check', '--error-on-warnings']),
  });
  const results = [];
  for (const check of checks) {
    const { code, output } = await check.run();
    results.push({ name: check.name, passed: code === 0, output });
  }
  return results;
}

export function printChecks(results) {
  for (const { name, passed, output } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`);
    if (!passed) console.log(output);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  await ensureNode();
  const results = await runChecks();
  printChecks(results);
  process.exitCode = results.every((result) => result.passed) ? 0 : 1;
}
