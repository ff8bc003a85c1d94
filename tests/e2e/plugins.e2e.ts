import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectorStateInfo } from '../../common/connect/connector-state-info.ts';
import { startApp } from '../kit/app.ts';
import { writeEvilModule, writeEvilPlugin } from '../kit/evil-plugin.ts';

test('a connector of a plugin package runs in a process of its own; what it does there it does to itself alone', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-plugins-'));
  mkdirSync(join(dataDir, 'plugins'), { recursive: true });
  writeEvilPlugin(join(dataDir, 'plugins'));
  writeEvilModule(join(dataDir, 'plugins'), 'exits');
  const app = await startApp({ dataDir });
  try {
    const ports = () => {
      try {
        return JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { rest: { port: number } | null };
      } catch {
        return { rest: null };
      }
    };
    await expect.poll(() => ports().rest, { timeout: 60_000 }).not.toBeNull();
    const rest = `http://127.0.0.1:${ports().rest?.port}`;
    const put = (name: string, config: object) =>
      fetch(`${rest}/connectors/${name}/config`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ 'connector.class': 'com.example.Evil', 'tasks.max': '2', topic: name, ...config }),
      });
    const status = async (name: string) =>
      (await (await fetch(`${rest}/connectors/${name}/status`)).json()) as ConnectorStateInfo;
    const states = async (name: string) => {
      const { connector, tasks } = await status(name);
      return [connector, ...tasks].map(({ state }) => state).join(' ');
    };
    const runs = { timeout: 60_000, interval: 100 };

    expect((await put('good', {})).status).toBe(201);
    await expect.poll(() => states('good'), runs).toBe('RUNNING RUNNING RUNNING');
    const misdeeds = { exits: /process\.exit\(3\) was called/, 'eats memory': /has run out of memory/ };
    for (const [does, reason] of Object.entries(misdeeds)) {
      const name = does.replace(' ', '-');
      expect((await put(name, { does, in: 'poll' })).status).toBe(201);
      await expect.poll(() => states(name), runs).toBe('FAILED FAILED FAILED');
      expect((await status(name)).connector.trace).toMatch(reason);
      expect((await fetch(`${rest}/connectors/${name}`, { method: 'DELETE' })).status).toBe(204);
    }
    expect(await states('good')).toBe('RUNNING RUNNING RUNNING');
    expect((await fetch(`${rest}/connectors/good/stop`, { method: 'PUT' })).status).toBe(204);
    const log = readFileSync(join(dataDir, 'logs', 'worker.log'), 'utf8');
    expect(log).toContain('evil-exits are not used');
  } catch (error) {
    console.error(app.stderr());
    throw error;
  } finally {
    expect(await app.quit()).toBe(0);
    rmSync(dataDir, { recursive: true, force: true });
  }
});
