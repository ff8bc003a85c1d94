// `npm test`: installs what is missing, then types, lint, unit tests, tests against real servers, tests of the
// window. RUNNEL_TESTS=quick (default) | ci (nothing may be skipped) | night (all counts).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printChecks, runChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { fetchKafkaLibs } from './kafka-jars.mjs';
import { ensureNode } from './node-version.mjs';
import { fetchPythonClient } from './python-client.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

ensureInstalled();
await ensureNode();

const level = process.env.RUNNEL_TESTS ?? 'quick';
if (!['quick', 'ci', 'night'].includes(level)) {
  console.error(`RUNNEL_TESTS=${level} is not known: use quick, ci or night.`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'runnel-test-'));
const skipReasons = join(work, 'skip-reasons');
const total = { passed: 0, failed: 0, skipped: 0 };
const reasons = new Set();

const checks = await runChecks();
printChecks(checks);
total.passed += checks.filter((check) => check.passed).length;
total.failed += checks.filter((check) => !check.passed).length;

await step('the build', ['scripts/build.mjs']);
await vitest('unit');
note(fetchKafkaLibs());
note(fetchPythonClient());
await vitest('servers');
const { electronForTests } = await import('./electron-for-tests.mjs');
const electron = await electronForTests();
if (electron.missing) {
  note(electron.missing);
  total.skipped += 1;
  if (level !== 'quick') total.failed += 1;
} else {
  await vitest('window', { RUNNEL_ELECTRON: electron.dist });
}

if (existsSync(skipReasons)) for (const line of readFileSync(skipReasons, 'utf8').split('\n')) note(line);
rmSync(work, { recursive: true, force: true });
for (const reason of reasons) console.log(`skipped because: ${reason}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

function note(reason) {
  if (reason) reasons.add(reason);
}

function node(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', RUNNEL_TESTS: level, RUNNEL_SKIP_REASONS: skipReasons, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

async function step(name, args) {
  const passed = (await node(args)) === 0;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`);
  total[passed ? 'passed' : 'failed'] += 1;
}

/** One kind of tests; a run that reports nothing (it crashed, or found no file) counts as a failure. */
async function vitest(project, env) {
  console.log(`\n${project} tests`);
  const report = join(work, `${project}.json`);
  const code = await node(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      project,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    env,
  );
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  if (!result || result.numTotalTests === 0) {
    total.failed += 1;
    console.log(`FAILED  ${project} tests reported nothing`);
    return;
  }
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  console.log(`the slowest of ${result.testResults.length} files: ${slowest(result.testResults).join(', ')}`);
  // A file that fails before its first test, or an error outside any test, has no failed test of its own.
  if (code !== 0 && result.numFailedTests === 0) total.failed += 1;
}

/** What a person who wants the tests to be quicker looks at first: `tests/a.test.ts 12 s`. */
function slowest(files) {
  return files
    .map(({ name, startTime, endTime }) => ({ name: relative(ROOT, name), seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 12)
    .map(({ name, seconds }) => `${name} ${Math.round(seconds)} s`);
}
