import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../tests/kit/app.ts';
import setUpDisplay from '../../tests/kit/display.ts';
import { result, takePorts } from '../../tests/kit/page-ports.ts';
import { type AppUsage, cpuBetween, usage } from '../app-usage.ts';
import { temporaryFolder } from '../contenders.ts';
import type { Figures } from '../table.ts';

const MINUTES = Number(process.env.RUNNEL_BENCH_IDLE_MINUTES ?? 10);
const MIB = 1024 ** 2;
const WARM_UP_MS = 20_000;
const WATCHED_MS = 30_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ten minutes of the demo with its live consumer open, then nothing: what that costs, and whether all of it comes back. */
export async function idleScenario(): Promise<Figures> {
  const figures: Figures = new Map();
  const tearDown = await setUpDisplay();
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  mkdirSync(dataDir);
  const app = await startApp({ dataDir });
  try {
    const watch = async (): Promise<[AppUsage, Map<string, number>]> => {
      const before = await usage(app);
      await pause(WATCHED_MS);
      const after = await usage(app);
      return [after, cpuBetween(before, after, WATCHED_MS / 1_000)];
    };
    await takePorts(app.page);
    await app.page.getByRole('button', { name: /Start the tweets demo/ }).click();
    await app.page.getByRole('gridcell').first().waitFor();
    await pause(WARM_UP_MS);
    const early = await usage(app);
    await pause(MINUTES * 60_000);
    const [late, busy] = await watch();
    await result(app.page, 'worker', 'stopConnector', { name: 'tweets-demo-source' });
    await pause(WARM_UP_MS);
    const [, idle] = await watch();
    const sum = (values: Map<string, number>) => [...values.values()].reduce((total, value) => total + value, 0);
    figures.set('load average beside it', { value: loadavg()[0] as number, better: 'lower' });
    figures.set('CPU with the demo, % of a core', { value: sum(busy), better: 'lower' });
    for (const [kind, percent] of busy)
      figures.set(`CPU with the demo, ${kind}, % of a core`, { value: percent, better: 'lower' });
    figures.set('CPU with nothing to do, % of a core', { value: sum(idle), better: 'lower' });
    for (const [kind, percent] of idle)
      figures.set(`CPU with nothing to do, ${kind}, % of a core`, { value: percent, better: 'lower' });
    figures.set('memory at the beginning, MiB', { value: early.bytes / MIB, better: 'lower' });
    figures.set(`memory after ${MINUTES} minutes, MiB`, { value: late.bytes / MIB, better: 'lower' });
    figures.set('open files at the beginning', { value: sum(early.openFiles), better: 'lower' });
    figures.set(`open files after ${MINUTES} minutes`, { value: sum(late.openFiles), better: 'lower' });
    return figures;
  } finally {
    await app.quit();
    folder.remove();
    await tearDown();
  }
}
