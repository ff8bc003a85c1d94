import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import type { SandboxState } from '../../common/desktop/processes.ts';
import { type RunningApp, startApp } from '../../tests/kit/app.ts';
import setUpDisplay from '../../tests/kit/display.ts';
import { result, takePorts } from '../../tests/kit/page-ports.ts';
import { cpuBetween, usage } from '../app-usage.ts';
import { temporaryFolder } from '../contenders.ts';
import type { Figures } from '../table.ts';

const RATE = 50_000;
const SECONDS = Number(process.env.RUNNEL_BENCH_WINDOW_SECONDS ?? 60);
const PRODUCER = resolve(import.meta.dirname, '../steady-producer.ts');
const MIB = 1024 ** 2;

interface Measured {
  /** ms between two drawn frames */
  frames: number[];
  /** ms from a record's timestamp to its row being there, sampled ten times a second */
  lags: number[];
}

/** Fifty thousand records a second into the live consumer, in the built app on the Electron that the tests run on. */
export async function windowScenario(): Promise<Figures> {
  const figures: Figures = new Map();
  const tearDown = await setUpDisplay();
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  mkdirSync(join(dataDir, 'app'), { recursive: true });
  // Opened by the page at its start, as if it had been left open.
  const started = performance.now();
  const app = await startApp({ dataDir });
  try {
    await app.page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
    figures.set('cold start to the first screen, s', { value: (performance.now() - started) / 1_000, better: 'lower' });
    const { bootstrapServers } = await prepare(app);
    const before = await usage(app);
    figures.set('memory before, MiB', { value: before.bytes / MIB, better: 'lower' });
    const wall = performance.now();
    const sent = produce(bootstrapServers);
    const measured = await measure(app, SECONDS);
    const perSecond = (await sent) / SECONDS;
    const after = await usage(app);
    const elapsed = (performance.now() - wall) / 1_000;
    const text =
      (await app.page
        .getByText(/[\d,]+ records? read/)
        .first()
        .textContent()) ?? '';
    figures.set('load average beside it', { value: loadavg()[0] as number, better: 'lower' });
    figures.set('written, records/s', { value: perSecond, better: 'higher' });
    figures.set('read by the window, records', { value: Number(text.replace(/\D/g, '')), better: 'higher' });
    figures.set('frame time p50, ms', { value: percentile(measured.frames, 0.5), better: 'lower' });
    figures.set('frame time p95, ms', { value: percentile(measured.frames, 0.95), better: 'lower' });
    figures.set('frame time p99, ms', { value: percentile(measured.frames, 0.99), better: 'lower' });
    figures.set('lag p50, ms', { value: percentile(measured.lags, 0.5), better: 'lower' });
    figures.set('lag p95, ms', { value: percentile(measured.lags, 0.95), better: 'lower' });
    for (const [kind, percent] of cpuBetween(before, after, elapsed))
      figures.set(`CPU of ${kind}, % of a core`, { value: percent, better: 'lower' });
    figures.set('memory after, MiB', { value: after.bytes / MIB, better: 'lower' });
    return figures;
  } finally {
    await app.quit();
    folder.remove();
    await tearDown();
  }
}

async function prepare(app: RunningApp): Promise<SandboxState> {
  await takePorts(app.page);
  const sandbox = await result<SandboxState>(app.page, 'desktop', 'startSandbox');
  await produceTo(sandbox.bootstrapServers, 100, 1);
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('#bench');
  await app.page.getByRole('option', { name: /bench/ }).first().waitFor();
  await app.page.keyboard.press('Enter');
  await app.page.getByRole('heading', { name: 'bench', exact: true }).waitFor();
  return sandbox;
}

/** Frames by requestAnimationFrame; the newest row's time against the clock. */
function measure({ page }: RunningApp, seconds: number): Promise<Measured> {
  return page.evaluate(
    (duration) =>
      new Promise<Measured>((done) => {
        const frames: number[] = [];
        const lags: number[] = [];
        const begin = performance.now();
        let last = begin;
        let sampled = begin;
        const frame = (now: number) => {
          frames.push(now - last);
          last = now;
          if (now - sampled >= 100) {
            sampled = now;
            const times = [...document.querySelectorAll('[role=gridcell]')]
              .map(({ textContent }) => /^(\d\d):(\d\d):(\d\d)\.(\d{3})$/.exec(textContent?.trim() ?? ''))
              .filter((match) => match !== null)
              .map(([, h, m, s, ms]) => ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000 + Number(ms));
            const clock = new Date();
            const midnight = new Date(clock).setHours(0, 0, 0, 0);
            if (times.length > 0) lags.push(clock.getTime() - midnight - Math.max(...times));
          }
          if (now - begin < duration * 1_000) requestAnimationFrame(frame);
          else done({ frames, lags });
        };
        requestAnimationFrame(frame);
      }),
    seconds,
  );
}

const produce = (bootstrapServers: string) => produceTo(bootstrapServers, RATE, SECONDS);

function produceTo(bootstrapServers: string, rate: number, seconds: number): Promise<number> {
  const child = spawn(process.execPath, [PRODUCER, bootstrapServers, 'bench', `${rate}`, `${seconds}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((done) => child.once('close', () => done(Number(output))));
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
