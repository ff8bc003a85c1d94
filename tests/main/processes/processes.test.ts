import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workerContract } from '../../../common/contract.ts';
import { brokerControl, workerControl } from '../../../common/process-control.ts';
import { client } from '../../../common/rpc.ts';
import { containersAddress } from '../../../main/sandbox/nearby-address.ts';
import { forkNode, type NodeChild } from '../../kit/child-process.ts';
import { unpackRecords } from '../../kit/unpack-records.ts';

const ENTRIES = join(import.meta.dirname, '../../../main/processes');

let folder: string;
const children: NodeChild[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-processes-'));
  for (const name of ['worker', 'sandbox', 'logs', 'work']) mkdirSync(join(folder, name));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL');
    await child.exited;
  }
  rmSync(folder, { recursive: true });
});

function fork(entry: string): NodeChild {
  const child = forkNode(join(ENTRIES, entry));
  children.push(child);
  return child;
}

async function startBroker(more: { port?: number; defaultPort?: number; shareWithContainers?: boolean } = {}) {
  const child = fork('broker.ts');
  const control = client(brokerControl, child.control);
  const ready = await control.start({
    dataFolder: join(folder, 'sandbox'),
    logFolder: join(folder, 'logs'),
    port: more.port ?? null,
    defaultPort: more.defaultPort ?? 19_092,
    shareWithContainers: more.shareWithContainers ?? false,
  });
  return { child, control, ready };
}

async function startWorker(bootstrapServers: string, restPort: number | null = null) {
  const child = fork('worker.ts');
  const control = client(workerControl, child.control);
  const ready = await control.start({
    dataFolder: join(folder, 'worker'),
    workingFolder: join(folder, 'work'),
    logFolder: join(folder, 'logs'),
    bootstrapServers,
    restPort,
    secretKey: null,
  });
  return { child, control, ready, services: client(workerContract, child.open()) };
}

function occupy(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as { port: number }).port, server })),
  );
}

test('a line of a file goes through the worker and the sandbox to a window, and everything ends cleanly', async () => {
  const broker = await startBroker();
  const worker = await startWorker(`localhost:${broker.ready.port}`);
  // A relative path means the working folder.
  writeFileSync(join(folder, 'work', 'in.txt'), 'hello\n');
  const config = { 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'lines' };
  await worker.services.createConnector({ name: 'lines', config });
  await expect
    .poll(async () => (await worker.services.describeTopic({ topic: 'lines' })).partitions[0]?.endOffset, {
      timeout: 15_000,
    })
    .toBe(1n);
  for await (const batch of worker.services.consume({ topic: 'lines', start: { type: 'beginning' } })) {
    const [record] = unpackRecords(batch.records);
    if (!record) continue;
    expect(new TextDecoder().decode(record.value ?? undefined)).toBe('"hello"');
    break;
  }
  expect(await worker.services.info()).toMatchObject({ restUrl: worker.ready.restUrl, version: '4.3.1' });
  await worker.control.stop();
  expect(await worker.child.exited).toBe(0);
  await broker.control.stop();
  expect(await broker.child.exited).toBe(0);
  expect(worker.child.stderr()).not.toMatch(/ERROR|WARN/);
});

test('a default port that is busy moves on; a named one that is busy is an error that names it', async () => {
  const { port, server } = await occupy();
  const moved = await startBroker({ defaultPort: port });
  expect(moved.ready.port).toBeGreaterThan(port);
  expect(moved.ready.portMoved).toBe(true);
  await moved.control.stop();
  await moved.child.exited;
  await expect(startBroker({ port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(`${port}`),
  });
  await expect(startWorker('localhost:1', port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: expect.stringContaining(`${port}`),
  });
  server.close();
});

test('a second worker or sandbox on the same data is refused and told why', async () => {
  await startBroker();
  await expect(startBroker()).rejects.toMatchObject({ code: 'DATA_LOCKED' });
  await startWorker('localhost:1');
  await expect(startWorker('localhost:1')).rejects.toMatchObject({ code: 'DATA_LOCKED' });
});

test('SIGTERM ends a worker cleanly; Ctrl-C in the terminal is left to the owner', async () => {
  const worker = await startWorker('localhost:1');
  worker.child.process.kill('SIGINT');
  expect(await worker.services.catalog()).toMatchObject({ plugins: expect.arrayContaining([]), refused: [] });
  worker.child.process.kill('SIGTERM');
  expect(await worker.child.exited).toBe(0);
});

test('connectors are there again in the next worker, also after the last one was killed', async () => {
  const first = await startWorker('localhost:1');
  const config = { 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'lines' };
  await first.services.createConnector({ name: 'lines', config, initialState: 'STOPPED' });
  first.child.process.kill('SIGKILL');
  await first.child.exited;
  const second = await startWorker('localhost:1');
  expect(await second.services.connectorStatus({ name: 'lines' })).toMatchObject({ connector: { state: 'STOPPED' } });
});

test('what is worth knowing is in the log folder, a JSON object a line', async () => {
  const worker = await startWorker('localhost:1');
  await worker.control.stop();
  const lines = readFileSync(join(folder, 'logs', 'worker.log'), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), text: expect.any(String) });
});

test('started by hand it says what to run instead', async () => {
  const { spawnSync } = await import('node:child_process');
  const { status, stderr } = spawnSync(process.execPath, [join(ENTRIES, 'worker.ts')], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('runnel connect-standalone');
});

test('a sandbox is saved to a file and brought back by a process that runs none', async () => {
  const sandbox = join(folder, 'sandbox');
  const first = await startBroker();
  const file = join(folder, 'saved.tar.gz');
  const archive = client(brokerControl, fork('broker.ts').control);
  await expect(archive.save({ dataFolder: sandbox, file })).rejects.toMatchObject({ code: 'DATA_LOCKED' });
  await first.control.stop();
  const saved = await archive.save({ dataFolder: sandbox, file });
  expect(saved).toMatchObject({ file, files: expect.any(Number) });
  // The system's dialog has asked before.
  expect(await archive.save({ dataFolder: sandbox, file })).toEqual(saved);
  const restored = await archive.restore({ dataFolder: sandbox, file });
  expect(restored).toMatchObject({ files: saved.files, setAside: expect.stringContaining('sandbox.before-') });
  const again = await startBroker();
  expect(again.ready.port).toBeGreaterThan(0);
  await again.control.stop();
});

test('containers reach a sandbox that is shared with them; without a bridge of theirs it starts all the same', async () => {
  const { ready, control } = await startBroker({ shareWithContainers: true });
  const reachable = (() => {
    try {
      return containersAddress().name;
    } catch {
      return null;
    }
  })();
  if (reachable === null) {
    expect(ready.containersAddress).toBeNull();
    expect(readFileSync(join(folder, 'logs', 'sandbox.log'), 'utf8')).toContain("Containers don't reach the sandbox");
  } else expect(ready.containersAddress).toMatch(new RegExp(`^${reachable}:\\d+$`));
  await control.stop();
});
