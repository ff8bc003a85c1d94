import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProduct, checkTypes, npm } from '../../kit/plugin-author.ts';
import { writePackage } from '../../kit/plugin-packages.ts';
import { toItsEnd, tracked } from '../../kit/run-command.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const guide = readFileSync(join(ROOT, 'docs/sandbox.md'), 'utf8');
let project: string;

/** Somebody's project, into which the packed package is installed without any network. */
beforeAll(async () => {
  await buildProduct();
  project = mkdtempSync(join(tmpdir(), 'sandbox-package-'));
  const native = `file:${join(ROOT, 'node_modules/better-sqlite3')}`;
  writePackage(project, {
    'package.json': { name: 'shop', version: '1.0.0', private: true, overrides: { 'better-sqlite3': native } },
  });
  await npm(['pack', ROOT, '--pack-destination', project], project);
  const packed = readdirSync(project).find((file) => file.endsWith('.tgz')) as string;
  await npm(['install', '--omit=optional', '--ignore-scripts', `./${packed}`], project);
  for (const name of ['kafkajs', 'vitest'])
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
}, 180_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** In the project, by this Node alone. */
async function node(...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', VITEST: '' };
  const child = tracked(spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const { code, stdout, stderr } = await toItsEnd(child, undefined, 110_000);
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stripVTControlCharacters(stdout.toString());
}

const USE = `
async function use(Sandbox) {
  const sandbox = await Sandbox.start({ topics: ['a'], properties: { 'auto.create.topics.enable': 'false' } });
  const { Kafka, logLevel } = await kafkajs();
  const admin = new Kafka({ brokers: [sandbox.bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await sandbox.createTopics({ b: 2 });
  console.log((await admin.listTopics()).sort().join());
  const refused = await sandbox.createTopics({ b: 3 }).catch((error) => error);
  console.log(refused.code, refused.hint !== undefined);
  await admin.disconnect();
  await sandbox.stop();
  await sandbox.stop();
}
`;

test.each([
  [
    'use.mjs',
    `import { Sandbox } from '@runnel-app/runnel/sandbox';\nconst kafkajs = async () => (await import('kafkajs')).default;\n${USE}\nawait use(Sandbox);`,
  ],
  [
    'use.cjs',
    `const { Sandbox } = require('@runnel-app/runnel/sandbox');\nconst kafkajs = async () => require('kafkajs');\n${USE}\nuse(Sandbox);`,
  ],
])('plain Node runs it and ends by itself: %s', async (name, text) => {
  writePackage(project, { [name]: text });
  expect(await node(name)).toBe('a,b\nTOPIC_DIFFERS true\n');
});

test('the guide’s example passes under vitest, and its types hold', async () => {
  const example = /```ts\n\/\/ orders\.test\.ts\n([\s\S]*?)```/.exec(guide)?.[1] as string;
  writePackage(project, { 'orders.test.ts': example });
  const printed = await node('node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--reporter', 'verbose');
  expect(printed).toMatch(/✓.*an order that was sent is received[\s\S]*Tests +1 passed/);
  const types = `import { Sandbox } from '@runnel-app/runnel/sandbox';
export async function run(): Promise<string> {
  await using sandbox = await Sandbox.start({ topics: { orders: 3 }, dataDir: 'kept', port: 0, onLog: (line) => line.trim() });
  // @ts-expect-error there is no such option
  await Sandbox.start({ prot: 1 });
  return sandbox.bootstrapServers;
}
`;
  writePackage(project, { 'types.ts': types });
  await checkTypes(project, ['types.ts']);
});

test('a folder is kept; another sandbox in the same folder is refused', async () => {
  const text = `import { Sandbox } from '@runnel-app/runnel/sandbox';
const first = await Sandbox.start({ dataDir: 'kept', topics: { a: 3 } });
console.log(await Sandbox.start({ dataDir: 'kept' }).then(() => 'started', (error) => error.code));
await first.stop();
const second = await Sandbox.start({ dataDir: 'kept' });
console.log(second.clusterId === first.clusterId, await second.createTopics({ a: 2 }).catch((error) => error.code));
await second.stop();`;
  writePackage(project, { 'folder.mjs': text });
  expect(await node('folder.mjs')).toBe('DATA_LOCKED\ntrue TOPIC_DIFFERS\n');
});

test('how long starts and resets take is printed', async () => {
  const text = `import { Sandbox } from '@runnel-app/runnel/sandbox';
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1].toFixed(1);
const timed = async (work) => { const from = performance.now(); await work(); return performance.now() - from; };
const [starts, resets] = [[], []];
for (let i = 0; i < 5; i++) {
  let sandbox;
  starts.push(await timed(async () => { sandbox = await Sandbox.start({ topics: { a: 3 } }); }));
  resets.push(await timed(() => sandbox.reset()));
  await sandbox.stop();
}
console.log('first start ' + starts[0].toFixed(1) + ' ms, median start ' + median(starts) + ' ms, median reset ' + median(resets) + ' ms');`;
  writePackage(project, { 'times.mjs': text });
  const printed = await node('times.mjs');
  expect(printed).toMatch(/^first start [\d.]+ ms/);
  console.log(printed.trim());
});
