import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ConnectorStateInfo } from '../../common/connect/connector-state-info.ts';
import type { MemoryUse, ProcessKind, SandboxState } from '../../common/desktop/processes.ts';
import { type RunningApp, startApp } from '../kit/app.ts';
import { judgeLines } from '../kit/crash/numbered-lines.ts';
import { readTopic } from '../kit/killed-worker.ts';
import { request, result, takePorts } from '../kit/page-ports.ts';

const LEVEL = process.env.RUNNEL_TESTS;
const KILLS = LEVEL === 'night' ? 200 : LEVEL === 'ci' ? 20 : 6;
const VICTIMS: readonly ProcessKind[] = ['worker', 'sandbox', 'main'];
const LINES_A_TICK = 50;
const TICK_MS = 20;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const work = mkdtempSync(join(tmpdir(), 'runnel-kills-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Until the connector and its task run again. */
async function untilRunning({ page }: RunningApp): Promise<void> {
  const states = async () => {
    const answer = await request(page, 'worker', 'connectorStatus', { name: 'numbers' });
    if (answer.type !== 'value') return [];
    const { connector, tasks } = answer.value as ConnectorStateInfo;
    return [connector, ...tasks].map(({ state }) => state);
  };
  await expect.poll(states, { timeout: 60_000, interval: 100 }).toEqual(['RUNNING', 'RUNNING']);
}

test(`main, worker and sandbox are killed in turn, ${KILLS} times in all: no line is lost, order is kept`, {
  timeout: 120_000 + KILLS * 20_000,
}, async () => {
  const input = join(work, 'numbers.txt');
  const dataDir = join(work, 'data');
  mkdirSync(dataDir);
  writeFileSync(input, '');
  let lines = 0;
  const writer = setInterval(() => {
    appendFileSync(input, Array.from({ length: LINES_A_TICK }, () => `${lines++} ${'ü'.repeat(20)}\n`).join(''));
  }, TICK_MS);
  let app = await startApp({ dataDir });
  try {
    await takePorts(app.page);
    await result<SandboxState>(app.page, 'desktop', 'startSandbox');
    const config = {
      'connector.class': 'FileStreamSource',
      'tasks.max': '1',
      file: input,
      topic: 'numbers',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    };
    await result(app.page, 'worker', 'createConnector', { name: 'numbers', config });
    for (let kill = 0; kill < KILLS; kill++) {
      await untilRunning(app);
      await pause(500 + Math.random() * 1_500);
      const victim = VICTIMS[kill % VICTIMS.length] as ProcessKind;
      const { processes } = await result<MemoryUse>(app.page, 'desktop', 'memory');
      const pid = processes.find(({ kind }) => kind === victim)?.pid as number;
      const gone = new Promise((resolve) => app.electron.process().once('exit', resolve));
      process.kill(pid, 'SIGKILL');
      if (victim === 'main') {
        await gone;
        app = await startApp({ dataDir });
        await takePorts(app.page);
      }
    }
    await untilRunning(app);
    clearInterval(writer);
    const sandbox = await result<SandboxState>(app.page, 'desktop', 'sandbox');
    const numbers = async () =>
      (await readTopic(sandbox.bootstrapServers, 'numbers')).map((value) => Number.parseInt(value, 10));
    await expect.poll(async () => (await numbers()).at(-1), { timeout: 60_000, interval: 500 }).toBe(lines - 1);
    const verdict = judgeLines(await numbers(), lines);
    expect(verdict).toMatchObject({ missing: [], skips: [] });
    // A kill repeats what was sent since the last stored offset, once; how much that is, the worker's own tests measure.
    expect(verdict.replays.length).toBeLessThanOrEqual(KILLS);
  } finally {
    clearInterval(writer);
    await app.quit();
  }
});
