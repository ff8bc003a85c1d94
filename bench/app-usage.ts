import { readdirSync } from 'node:fs';
import type { MemoryUse, ProcessKind } from '../common/desktop/processes.ts';
import type { RunningApp } from '../tests/kit/app.ts';
import { result } from '../tests/kit/page-ports.ts';
import { cpuSeconds } from './proc.ts';

/** What the app's processes use at a moment, by kind; the page must have its ports taken (`takePorts`). */
export interface AppUsage {
  /** Proportional set size of all of them, bytes. */
  bytes: number;
  cpu: Map<ProcessKind, number>;
  openFiles: Map<ProcessKind, number>;
}

const KINDS: readonly ProcessKind[] = ['main', 'window', 'gpu', 'worker', 'sandbox'];

export async function usage({ page }: RunningApp): Promise<AppUsage> {
  const { total, processes } = await result<MemoryUse>(page, 'desktop', 'memory');
  const of = (measure: (pid: number) => number) =>
    new Map(
      KINDS.map((kind) => [
        kind,
        processes.filter((process) => process.kind === kind).reduce((sum, { pid }) => sum + measure(pid), 0),
      ]),
    );
  return { bytes: total, cpu: of(cpuSeconds), openFiles: of((pid) => readdirSync(`/proc/${pid}/fd`).length) };
}

/** Percent of a core, by kind. */
export function cpuBetween(before: AppUsage, after: AppUsage, seconds: number): Map<ProcessKind, number> {
  return new Map([...after.cpu].map(([kind, cpu]) => [kind, ((cpu - (before.cpu.get(kind) ?? 0)) / seconds) * 100]));
}
