import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** A file of /proc/PID; undefined when the process is gone. */
function ofProcess(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The fields of /proc/PID/stat from `state` on; undefined when the process is gone. */
function statOf(pid: number): string[] | undefined {
  const stat = ofProcess(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** User and system CPU seconds of a process so far, its ended children included. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid) ?? [];
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) / TICKS_PER_SECOND;
}

/** Proportional set size of a process, MiB; 0 of one that is gone. */
export function pssMiB(pid: number): number {
  const line = /^Pss:\s+(\d+) kB/m.exec(ofProcess(pid, 'smaps_rollup') ?? '');
  return Number(line?.[1] ?? 0) / 1024;
}

/** A process and all that it started and that still runs. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  // Grows while it is walked: the children of each stand behind it.
  for (const at of tree) tree.push(...(children.get(at) ?? []));
  return tree;
}
