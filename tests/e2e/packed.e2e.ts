import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { electronArgs } from '../../scripts/electron.mjs';
import { packForTests } from '../../scripts/pack.mjs';
import { electronDist, type RunningApp, startApp } from '../kit/app.ts';
import { readTopic } from '../kit/killed-worker.ts';
import { securityChecks } from './security-checks.ts';

describe('what users get', () => {
  let folder: string;
  let program: string;
  const work = mkdtempSync(join(tmpdir(), 'runnel-packed-'));
  beforeAll(async () => {
    folder = await packForTests(electronDist(), { inspectable: false });
    program = join(folder, 'runnel');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  /** Starts the packed program as a person would. */
  async function start(name: string, args: string[], env: Record<string, string> = {}) {
    const data = join(work, name);
    const child = spawn(program, [...electronArgs(), `--data-dir=${data}`, ...args], {
      env: { ...process.env, HOME: work, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ports = () => {
      const file = join(data, 'ports.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    };
    return { child, exited, output: () => output, ports };
  }

  async function end({ child, exited }: { child: ChildProcess; exited: Promise<number | null> }) {
    child.kill('SIGTERM');
    return exited;
  }

  test('its fuses are set so that it is this program and no other', async () => {
    const wire = await getCurrentFuseWire(program);
    const state = (option: FuseV1Options) => wire[option];
    expect(state(FuseV1Options.RunAsNode)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(FuseState.DISABLE);
    expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(FuseState.ENABLE);
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe(FuseState.ENABLE);
  });

  test('holds what was built and one native module, and nothing else', () => {
    const files = listPackage(join(folder, 'resources', 'app.asar'), { isPack: false });
    const tops = new Set(files.map((file) => file.split('/')[1]));
    expect([...tops].sort()).toEqual(['LICENSE', 'assets', 'node_modules', 'out', 'package.json']);
    expect(files).toContain('/out/main/worker.js');
    expect(files.filter((file) => file.endsWith('.map') || file.endsWith('.ts'))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.node')).length).toBe(1);
    const packages = files.filter((file) => /^\/node_modules\/[^/]+$/.test(file));
    expect(packages.every((name) => /better-sqlite3|bindings|file-uri-to-path/.test(name))).toBe(true);
    expect(existsSync(join(folder, 'resources', 'app'))).toBe(false);
    expect(existsSync(join(folder, 'native'))).toBe(false);
  });

  test('runs a pipeline from its archive, with its threads, its posts and its native module, and ends cleanly', async () => {
    mkdirSync(join(work, 'pipeline', 'app'), { recursive: true });
    writeFileSync(join(work, 'pipeline', 'app', 'settings.json'), '{"startSandbox":true}');
    const app = await start('pipeline', []);
    await expect.poll(() => app.ports()?.rest?.port, { timeout: 30_000 }).toBeGreaterThan(0);
    const { rest, sandbox } = app.ports();
    const created = await fetch(`http://127.0.0.1:${rest.port}/connectors`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'tweets',
        config: {
          'connector.class': 'com.eneco.trading.kafka.connect.twitter.TwitterSourceConnector',
          'tasks.max': '1',
          'track.terms': 'frankfurt',
          topic: 'tweets',
          'producer.override.compression.type': 'zstd',
        },
      }),
    });
    expect(created.status).toBe(201);
    const values = () => readTopic(`localhost:${sandbox.port}`, 'tweets').catch(() => []);
    await expect.poll(async () => (await values()).length, { timeout: 30_000 }).toBeGreaterThan(5);
    expect(JSON.parse((await values())[0] as string)).toHaveProperty('text');
    expect(await end(app)).toBe(0);
    expect(app.ports()).toEqual({ sandbox: null, rest: null });
    // Ours look like that; Chromium's, of a machine without a desktop, do not.
    expect(app.output()).not.toMatch(/\] (WARN|ERROR) /);
  });

  test.each<[string, string[], Record<string, string>]>([
    ['ELECTRON_RUN_AS_NODE', ['-e', 'console.log("taken over")'], { ELECTRON_RUN_AS_NODE: '1' }],
    ['NODE_OPTIONS', [], { NODE_OPTIONS: `--require=${join(work, 'evil.cjs')}` }],
    ['--inspect', ['--inspect=0', '--inspect-brk=0'], {}],
    ['--require', ['--require', join(work, 'evil.cjs')], {}],
  ])('%s does not turn it into something else', async (name, args, env) => {
    writeFileSync(join(work, 'evil.cjs'), 'console.log("taken over")');
    const app = await start(name, args, env);
    await expect.poll(() => app.ports()?.rest?.port, { timeout: 20_000 }).toBeGreaterThan(0);
    app.child.kill('SIGUSR1');
    await end(app);
    expect(app.output()).not.toMatch(/taken over|Debugger listening/);
  });
});

describe('its twin that tests can drive', () => {
  let app: RunningApp;
  beforeAll(async () => {
    const folder = await packForTests(electronDist(), { inspectable: true });
    app = await startApp({ executable: join(folder, 'runnel') });
  });
  afterAll(async () => {
    expect(await app.quit()).toBe(0);
    expect(app.errors).toEqual([]);
  });

  test('is packed', async () => {
    expect(await app.electron.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true);
  });

  securityChecks(() => app);
});
