import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { expect } from 'vitest';
import type { AppInfo } from '../../common/desktop/app-info.ts';
import type { MemoryUse, SandboxState, WorkerState } from '../../common/desktop/processes.ts';
import type { Settings } from '../../common/desktop/settings.ts';
import { type RunningApp, startApp } from '../kit/app.ts';
import { test } from '../kit/app-test.ts';
import { portCounts, request, result, takePorts } from '../kit/page-ports.ts';

const pidsOf = async ({ page }: RunningApp) =>
  new Map((await result<MemoryUse>(page, 'desktop', 'memory')).processes.map(({ kind, pid }) => [kind, pid]));

/** Asks until it is so. */
async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  return expect.poll(ask, { timeout: 20_000, interval: 50 }).toSatisfy(holds).then(ask);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

test('a worker that dies is started again and the window gets a new port to it', async ({ app }) => {
  const { page } = app;
  await takePorts(page);
  for (let death = 1; death <= 3; death++) {
    const before = await portCounts(page);
    const pid = (await pidsOf(app)).get('worker') as number;
    process.kill(pid, 'SIGKILL');
    await until(
      () => portCounts(page),
      ({ count, closed }) => count > before.count && closed > before.closed,
    );
    await expect
      .poll(async () => (await request(page, 'worker', 'info')).type, { timeout: 20_000, interval: 50 })
      .toBe('value');
    expect(await result<WorkerState>(page, 'desktop', 'worker')).toMatchObject({ status: 'running', restarts: death });
    expect((await pidsOf(app)).get('worker')).not.toBe(pid);
  }
});

test('a sandbox that dies is started again on the same port', async ({ app }) => {
  const { page } = app;
  await takePorts(page);
  const started = await result<SandboxState>(page, 'desktop', 'startSandbox');
  expect(started).toMatchObject({ status: 'running', restarts: 0, error: null });
  const pid = (await pidsOf(app)).get('sandbox') as number;
  process.kill(pid, 'SIGKILL');
  const again = await until(
    () => result<SandboxState>(page, 'desktop', 'sandbox'),
    ({ status, restarts }) => status === 'running' && restarts === 1,
  );
  expect(again.bootstrapServers).toBe(started.bootstrapServers);
  expect(await result(page, 'desktop', 'stopSandbox')).toMatchObject({ status: 'stopped' });
  expect(isAlive(pid)).toBe(false);
});

test('the sandbox is saved and restored from the window, and runs again on the same port', async ({ app }) => {
  const { page, electron } = app;
  await takePorts(page);
  const { bootstrapServers, dataFolder } = await result<SandboxState>(page, 'desktop', 'startSandbox');
  const file = join(dataFolder, '..', 'saved.tar.gz');
  await electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, file);
  await page.getByRole('button', { name: /^Sandbox/ }).click();
  await page.getByRole('menuitem', { name: /Save the sandbox/ }).click();
  await page.getByText(`The sandbox is saved in ${file}.`).waitFor();
  expect(statSync(file).size).toBeGreaterThan(100);
  await page.getByRole('button', { name: /^Sandbox/ }).click();
  await page.getByRole('menuitem', { name: /Restore a sandbox/ }).click();
  await page.getByRole('button', { name: 'Choose the file…' }).click();
  await page.getByText(/What was there is kept in .*sandbox\.before-/).waitFor();
  const again = await result<SandboxState>(page, 'desktop', 'sandbox');
  expect(again).toMatchObject({ status: 'running', bootstrapServers, error: null });
});

test('the sandbox is opened to containers after an explicit yes only', async ({ app }) => {
  const { page } = app;
  await takePorts(page);
  const isShared = async () => (await result<Settings>(page, 'desktop', 'settings')).shareWithContainers;
  await page.getByRole('button', { name: /^Sandbox/ }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('>settings');
  await page.keyboard.press('Enter');
  const box = page.getByRole('checkbox', { name: 'Let containers of this computer reach the sandbox' });
  await box.click();
  await page.getByRole('button', { name: 'Leave it closed' }).click();
  expect(await isShared()).toBe(false);
  await box.click();
  expect(await isShared()).toBe(false);
  await page.getByRole('button', { name: 'Open it to containers' }).click();
  await until(isShared, (shared) => shared);
  await box.click();
  await until(isShared, (shared) => !shared);
});

test('records that the disk has damaged are told in the window, with their offsets', async ({ app }) => {
  const { page } = app;
  await takePorts(page);
  const port = async () =>
    Number((await result<SandboxState>(page, 'desktop', 'startSandbox')).bootstrapServers.split(':')[1]);
  const kafka = async () => new Kafka({ brokers: [`127.0.0.1:${await port()}`], logLevel: logLevel.NOTHING });
  const producer = (await kafka()).producer();
  await producer.connect();
  for (let i = 0; i < 3; i++) await producer.send({ topic: 'orders', messages: [{ value: `order ${i}` }] });
  await producer.disconnect();
  await result(page, 'desktop', 'stopSandbox');
  const log = join(app.dataDir, 'sandbox', 'orders-0', '00000000000000000000.log');
  const bytes = readFileSync(log);
  bytes.write('X', bytes.indexOf('order 1'));
  writeFileSync(log, bytes);
  const consumer = (await kafka()).consumer({ groupId: 'readers' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  const alarm = page.getByRole('region', { name: 'Disk of the sandbox' });
  await alarm.getByText(/orders-0: offset 1 \(\d+ B in 0{20}\.log: /).waitFor();
  await consumer.disconnect();
  await alarm.getByRole('button', { name: 'Hide' }).click();
  await alarm.waitFor({ state: 'detached' });
  // A sandbox that was started anew has read nothing yet.
  await result(page, 'desktop', 'stopSandbox');
  expect((await result<SandboxState>(page, 'desktop', 'startSandbox')).alarms.damagedCount).toBe(0);
});

test('a window whose process dies is loaded again, and its state was kept', async ({ app }) => {
  const { page, electron } = app;
  await takePorts(page);
  const worker = (await pidsOf(app)).get('worker');
  await result(page, 'desktop', 'savePageState', { json: '{"tabs":["tweets"]}' });
  const loaded = electron.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve());
        contents?.forcefullyCrashRenderer();
      }),
  );
  await loaded;
  const state = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('location.origin'),
  );
  expect(state).toBe('app://runnel');
  expect(isAlive(worker as number)).toBe(true);
  expect(readFileSync(join(app.dataDir, 'app', 'page-state.json'), 'utf8')).toBe('{"tabs":["tweets"]}');
});

test('only this user can read the data folder, and the ports in use stand in it', async ({ app }) => {
  await takePorts(app.page);
  const { bootstrapServers } = await result<SandboxState>(app.page, 'desktop', 'startSandbox');
  for (const name of ['app', 'worker', 'sandbox', 'logs'])
    expect(statSync(join(app.dataDir, name)).mode & 0o777).toBe(0o700);
  const ports = JSON.parse(readFileSync(join(app.dataDir, 'ports.json'), 'utf8'));
  expect(`localhost:${ports.sandbox.port}`).toBe(bootstrapServers);
  const { restUrl } = await result<WorkerState>(app.page, 'desktop', 'worker');
  expect(`http://127.0.0.1:${ports.rest.port}`).toBe(restUrl);
});

test('a second start with the same data shows the first window and ends', async ({ app }) => {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  const second = await startApp({ dataDir: app.dataDir }).then(
    () => 'opened a window',
    () => 'ended',
  );
  expect(second).toBe('ended');
  await until(
    () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isMinimized())),
    (minimized) => minimized.length === 1 && minimized[0] === false,
  );
});

test('quitting ends every process, and the next start knows that it was clean', async () => {
  const first = await startApp();
  await takePorts(first.page);
  await result(first.page, 'desktop', 'startSandbox');
  const pids = [...(await pidsOf(first)).values()];
  expect(pids.length).toBeGreaterThanOrEqual(4);
  expect((await result<AppInfo>(first.page, 'desktop', 'appInfo')).uncleanExit).toBe(false);
  const code = await first.quit();
  expect(code).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a main process that is killed takes the others along, and the next start says so', async () => {
  const first = await startApp();
  await takePorts(first.page);
  await result(first.page, 'desktop', 'startSandbox');
  const pids = [...(await pidsOf(first)).values()];
  first.electron.process().kill('SIGKILL');
  await until(
    async () => pids.filter(isAlive),
    (alive) => alive.length === 0,
  );
  const second = await startApp({ dataDir: first.dataDir });
  await takePorts(second.page);
  expect((await result<AppInfo>(second.page, 'desktop', 'appInfo')).uncleanExit).toBe(true);
  // The sandbox had been started: it comes back by itself.
  await until(
    () => result<SandboxState>(second.page, 'desktop', 'sandbox'),
    ({ status }) => status === 'running',
  );
  await second.quit();
  await first.quit();
});
