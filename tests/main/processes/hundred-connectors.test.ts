import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workerContract } from '../../../common/contract.ts';
import { brokerControl, workerControl } from '../../../common/process-control.ts';
import { client } from '../../../common/rpc.ts';
import { forkNode, type NodeChild } from '../../kit/child-process.ts';

const ENTRIES = join(import.meta.dirname, '../../../main/processes');
const CONNECTORS = 100;
/** The aim is 15 s to start and 10 to stop on a quiet machine; this one may have ten times as much to do. */
const LIMIT_S = { start: 150, stop: 100 };

/** Of all threads, in user and kernel mode. */
function cpuSeconds({ process }: NodeChild): number {
  const fields = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMiB(child: NodeChild): number {
  const [, kiB] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.process.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kiB) / 1024);
}

test.runIf(process.platform === 'linux')(
  'a hundred connectors start and stop in seconds while REST answers, and none loses its place',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runnel-hundred-'));
    for (const name of ['worker', 'sandbox', 'logs', 'work']) mkdirSync(join(folder, name));
    const broker = forkNode(join(ENTRIES, 'broker.ts'));
    const sandbox = client(brokerControl, broker.control);
    const { port } = await sandbox.start({
      dataFolder: join(folder, 'sandbox'),
      logFolder: join(folder, 'logs'),
      port: null,
      defaultPort: 19_092,
      shareWithContainers: false,
    });
    const start = async () => {
      const child = forkNode(join(ENTRIES, 'worker.ts'));
      const control = client(workerControl, child.control);
      const { restUrl } = await control.start({
        dataFolder: join(folder, 'worker'),
        workingFolder: join(folder, 'work'),
        logFolder: join(folder, 'logs'),
        bootstrapServers: `localhost:${port}`,
        restPort: null,
        secretKey: null,
      });
      return { child, control, restUrl, services: client(workerContract, child.open()) };
    };
    let slowest = 0;
    const statuses = async (restUrl: string) => {
      const asked = performance.now();
      const answer = await fetch(`${restUrl}/connectors?expand=status`);
      const all = (await answer.json()) as Record<string, { status: { tasks: { state: string }[] } }>;
      slowest = Math.max(slowest, performance.now() - asked);
      return Object.values(all).flatMap(({ status }) => status.tasks.map(({ state }) => state));
    };
    const running = async (restUrl: string) =>
      expect
        .poll(async () => (await statuses(restUrl)).filter((state) => state === 'RUNNING').length, {
          timeout: LIMIT_S.start * 1_000,
          interval: 50,
        })
        .toBe(CONNECTORS);
    const names = Array.from({ length: CONNECTORS }, (_, i) => `file-${i}`);
    const endOffsets = async (services: Awaited<ReturnType<typeof start>>['services']) => {
      const { partitions } = await services.describeTopic({ topic: 'lines' });
      return partitions.reduce((sum, { endOffset }) => sum + Number(endOffset ?? 0n), 0);
    };

    const first = await start();
    for (const name of names) {
      writeFileSync(join(folder, 'work', `${name}.txt`), 'one\n');
      const config = { 'connector.class': 'FileStreamSource', file: `${name}.txt`, topic: 'lines' };
      await first.services.createConnector({ name, config });
    }
    await running(first.restUrl);
    await expect.poll(() => endOffsets(first.services), { timeout: LIMIT_S.start * 1_000 }).toBe(CONNECTORS);
    await first.control.stop();
    expect(await first.child.exited).toBe(0);

    slowest = 0;
    const started = performance.now();
    const second = await start();
    const served = (performance.now() - started) / 1_000;
    await running(second.restUrl);
    const startS = (performance.now() - started) / 1_000;
    const cpu = cpuSeconds(second.child);
    const memory = memoryMiB(second.child);
    for (const name of names) writeFileSync(join(folder, 'work', `${name}.txt`), 'two\n', { flag: 'a' });
    await expect.poll(() => endOffsets(second.services), { timeout: LIMIT_S.start * 1_000 }).toBe(2 * CONNECTORS);
    const stopping = performance.now();
    await second.control.stop();
    const stopS = (performance.now() - stopping) / 1_000;
    expect(await second.child.exited).toBe(0);
    console.log(
      `${CONNECTORS} connectors: REST after ${served.toFixed(1)} s, all tasks RUNNING after ${startS.toFixed(1)} s and ` +
        `${cpu.toFixed(1)} CPU seconds, ${memory} MiB; REST's slowest answer ${Math.round(slowest)} ms; ` +
        `stopped in ${stopS.toFixed(1)} s`,
    );
    expect(startS).toBeLessThan(LIMIT_S.start);
    expect(stopS).toBeLessThan(LIMIT_S.stop);
    // All ended cleanly: nobody sends a line again.
    const third = await start();
    await running(third.restUrl);
    expect(await endOffsets(third.services)).toBe(2 * CONNECTORS);
    await third.control.stop();
    await third.child.exited;
    await sandbox.stop();
    await broker.exited;
    rmSync(folder, { recursive: true, force: true });
  },
  600_000,
);
