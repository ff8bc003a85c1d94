import { readdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Contender } from '../contenders.ts';
import { startMeasured } from '../process.ts';
import type { Figures } from '../table.ts';
import { createTopics } from '../topics.ts';

const MINUTES = Number(process.env.RUNNEL_BENCH_SOAK_MINUTES ?? 10);
const PER_SECOND = 10_000;
const SAMPLE_MS = 5_000;
/** Code is compiled and the heap finds its size before. */
const SETTLED = 0.2;

/** Whether the broker's memory and files stay as they are under an even load of producing and reading. */
export async function soakScenario(contender: Contender): Promise<Figures> {
  const broker = await contender.broker();
  try {
    await createTopics(broker.bootstrapServers, [{ name: 'soak', partitions: 3 }]);
    const reader = startMeasured('kcat', ['-b', broker.bootstrapServers, '-C', '-t', 'soak', '-u'], 'discarded');
    const producer = startMeasured(process.execPath, [
      join(import.meta.dirname, '../steady-producer.ts'),
      ...[broker.bootstrapServers, 'soak', `${PER_SECOND}`, `${MINUTES * 60}`],
    ]);
    const files = () => readdirSync(`/proc/${broker.pid}/fd`).length;
    const samples: { minute: number; mib: number }[] = [];
    const filesBefore = files();
    const cpu = broker.cpuSeconds();
    const began = performance.now();
    const timer = setInterval(() => {
      samples.push({ minute: (performance.now() - began) / 60_000, mib: broker.pssMiB() });
    }, SAMPLE_MS);
    const code = await producer.ended;
    clearInterval(timer);
    if (code !== 0) throw new Error(`The producer ended with ${code}`);
    const settled = samples.slice(Math.floor(samples.length * SETTLED));
    const percent = ((broker.cpuSeconds() - cpu) / ((performance.now() - began) / 1000)) * 100;
    const filesAfter = files();
    await reader.stop();
    return new Map([
      ['load average beside it', { value: loadavg()[0] as number, better: 'lower' }],
      [`CPU with ${PER_SECOND} records/s, % of a core`, { value: percent, better: 'lower' }],
      ['memory once settled, MiB (PSS)', { value: settled[0]?.mib ?? 0, better: 'lower' }],
      [`memory after ${MINUTES} minutes, MiB (PSS)`, { value: settled.at(-1)?.mib ?? 0, better: 'lower' }],
      ['memory, largest, MiB (PSS)', { value: Math.max(...samples.map(({ mib }) => mib)), better: 'lower' }],
      ['growth of memory, MiB a minute', { value: slope(settled), better: 'lower' }],
      ['open files at the beginning', { value: filesBefore, better: 'lower' }],
      ['open files at the end', { value: filesAfter, better: 'lower' }],
    ]);
  } finally {
    await broker.stop();
  }
}

/** Of the line with the least squares. */
function slope(samples: readonly { minute: number; mib: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [minute, mib] = [mean(samples.map((each) => each.minute)), mean(samples.map((each) => each.mib))];
  const covariance = samples.reduce((sum, each) => sum + (each.minute - minute) * (each.mib - mib), 0);
  return covariance / samples.reduce((sum, each) => sum + (each.minute - minute) ** 2, 0);
}
