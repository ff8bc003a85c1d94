import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { measureMemory } from '../../../main/desktop/memory.ts';

test.skipIf(process.platform !== 'linux')('every descendant is counted, and shared pages once', async () => {
  const child = spawn('sleep', ['60']);
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    const use = await measureMemory([], new Map());
    expect(use.measure).toBe('pss');
    expect(use.processes.map(({ pid }) => pid)).toContain(process.pid);
    expect(use.processes.map(({ pid }) => pid)).toContain(child.pid);
    const own = use.processes.find(({ pid }) => pid === process.pid)?.bytes ?? 0;
    expect(own).toBeGreaterThan(10e6);
    expect(own).toBeLessThan(process.memoryUsage().rss);
    expect(use.total).toBe(use.processes.reduce((total, { bytes }) => total + bytes, 0));
  } finally {
    child.kill();
  }
});
