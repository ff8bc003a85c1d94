import { readFileSync } from 'node:fs';
import { app } from 'electron';
import type { MemoryUse, ProcessKind } from '../../common/desktop/processes.ts';

const KINDS: ReadonlyMap<string, ProcessKind> = new Map([
  ['Browser', 'main'],
  ['Tab', 'window'],
  ['GPU', 'gpu'],
]);

/** What all our processes use. `owned` says which process ids are the worker's and the sandbox's. */
export function measureMemory(owned: ReadonlyMap<number | undefined, ProcessKind>): MemoryUse {
  const measure = process.platform === 'linux' ? 'pss' : 'workingSet';
  const processes = app.getAppMetrics().map(({ pid, type, memory }) => ({
    kind: owned.get(pid) ?? KINDS.get(type) ?? 'other',
    pid,
    bytes: measure === 'pss' ? proportionalSetSize(pid) : (memory.privateBytes ?? memory.workingSetSize) * 1024,
  }));
  return { total: processes.reduce((sum, { bytes }) => sum + bytes, 0), measure, processes };
}

/** Bytes; pages that processes share are divided among them, so that a sum counts each once. 0 when it is gone. */
function proportionalSetSize(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone since the list was made (ENOENT), about to be (ESRCH), or another user's sandbox (EACCES).
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return 0;
    throw error;
  }
}
