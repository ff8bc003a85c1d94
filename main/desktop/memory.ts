import { readdir, readFile } from 'node:fs/promises';
import type { ProcessMetric } from 'electron';
import type { MemoryUse, ProcessKind } from '../../common/desktop/processes.ts';

const KINDS: ReadonlyMap<string, ProcessKind> = new Map([
  ['Browser', 'main'],
  ['Tab', 'window'],
  ['GPU', 'gpu'],
]);

/**
 * What all our processes use. `owned` says which process ids are the worker's and the sandbox's; `metrics` are
 * Electron's, which leave out Chromium's helpers: on Linux those are found as children of this process.
 */
export async function measureMemory(
  metrics: readonly ProcessMetric[],
  owned: ReadonlyMap<number | undefined, ProcessKind>,
): Promise<MemoryUse> {
  const kinds = new Map(metrics.map(({ pid, type }) => [pid, owned.get(pid) ?? KINDS.get(type) ?? 'other']));
  if (process.platform !== 'linux') {
    const processes = metrics.map(({ pid, memory }) => ({
      kind: kinds.get(pid) ?? 'other',
      pid,
      bytes: (memory.privateBytes ?? memory.workingSetSize) * 1024,
    }));
    return { total: sum(processes), measure: 'workingSet', processes };
  }
  const pids = new Set([...kinds.keys(), ...(await descendants(process.pid))]);
  const processes: MemoryUse['processes'] = [];
  // One after another: each walk over the page tables of a process holds its memory lock.
  for (const pid of pids)
    processes.push({ kind: kinds.get(pid) ?? 'other', pid, bytes: await proportionalSetSize(pid) });
  return { total: sum(processes), measure: 'pss', processes };
}

function sum(processes: readonly { bytes: number }[]): number {
  return processes.reduce((total, { bytes }) => total + bytes, 0);
}

/** Bytes; pages that processes share are divided among them, so that a sum counts each once. 0 when it is gone. */
async function proportionalSetSize(pid: number): Promise<number> {
  return Number(/^Pss:\s+(\d+) kB/m.exec(await readProcess(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024;
}

async function descendants(root: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program is in brackets and may hold brackets and blanks.
    const stat = await readProcess(Number(name), 'stat');
    const parent = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = [root]; next.length > 0; next = next.flatMap((pid) => children.get(pid) ?? [])) found.push(...next);
  return found;
}

/** Empty for a process that is gone (ENOENT), about to be (ESRCH), or another user's (EACCES). */
async function readProcess(pid: number, file: 'stat' | 'smaps_rollup'): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
