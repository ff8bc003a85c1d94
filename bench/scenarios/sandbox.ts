import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Broker, type Contender, temporaryFolder } from '../contenders.ts';
import { latency } from '../latency/latency.ts';
import type { Figures } from '../table.ts';
import { throughput } from '../throughput.ts';
import { createTopics, touch } from '../topics.ts';

const MIB = 1024 ** 2;
const SAMPLE_MS = 1000;
/** Until they are due what is written behind them is checked at a start after a crash. */
const RECOVERY_POINTS = 'recovery-point-offset-checkpoint';

/** Start, memory, the matrix of throughput, latency, start with much in the log, recovery: of one broker, in this order. */
export async function sandboxScenario(contender: Contender): Promise<Figures> {
  const folder = temporaryFolder();
  const figures: Figures = new Map();
  const broker = await contender.broker();
  try {
    // Again: the first start also made the data folder.
    figures.set('start to ready, empty, s', { value: await broker.restart('SIGTERM'), better: 'lower' });
    figures.set('memory when idle, MiB (PSS)', { value: broker.pssMiB(), better: 'lower' });
    await latency(broker, folder.path, figures);
    const memory = watchMemory(broker);
    await throughput(broker, folder.path, figures);
    figures.set('memory under load, largest, MiB (PSS)', { value: memory.largest(), better: 'lower' });
    figures.set('memory after all of it, MiB (PSS)', { value: broker.pssMiB(), better: 'lower' });
    await starts(broker, figures);
    return figures;
  } finally {
    await broker.stop();
    folder.remove();
  }
}

function watchMemory(broker: Broker): { largest(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, broker.pssMiB());
  }, SAMPLE_MS);
  return {
    largest() {
      clearInterval(timer);
      return most;
    },
  };
}

/** With 100 topics more, beside what the matrix has written: more than a gigabyte. */
async function starts(broker: Broker, figures: Figures): Promise<void> {
  const names = Array.from({ length: 100 }, (_, i) => `topic-${i}`);
  await createTopics(
    broker.bootstrapServers,
    names.map((name) => ({ name, partitions: 1 })),
  );
  await touch(broker.bootstrapServers, names);
  const bytes = logBytes(broker.logDir);
  const clean = await broker.restart('SIGTERM');
  figures.set('size of the log, MiB', { value: bytes / MIB, better: 'lower' });
  figures.set('start to ready with it after a clean stop, s', { value: clean, better: 'lower' });
  // As if no recovery point had ever been written: all of it has to be checked.
  const killed = await broker.restart('SIGKILL', () => rmSync(join(broker.logDir, RECOVERY_POINTS), { force: true }));
  figures.set('start to ready after kill -9, all of it checked, s', { value: killed, better: 'lower' });
  figures.set('recovery (what that start took longer), MB/s', {
    value: bytes / 1e6 / Math.max(0.001, killed - clean),
    better: 'higher',
  });
}

function logBytes(logDir: string): number {
  return readdirSync(logDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log'))
    .reduce((sum, path) => sum + statSync(join(logDir, path)).size, 0);
}
