import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { OUTSIDE_HEAP_MIB } from './runtime/worker-config.ts';

const EVERY_MS = 100;

/** In a thread of its own: code that never lets go of the main thread is stopped too. */
const GUARD = `
const { writeSync } = require('node:fs');
const { workerData: { limit, everyMs } } = require('node:worker_threads');
setInterval(() => {
  if (process.memoryUsage.rss() <= limit) return;
  writeSync(2, 'Allocation failed: more than ' + Math.round(limit / 1048576) + ' MiB are in use\\n');
  process.kill(process.pid, 'SIGKILL');
}, everyMs);
`;

/**
 * Ends this process when it holds more than its heap may have and `OUTSIDE_HEAP_MIB` besides: the heap's own limit does
 * not count buffers, and without one the whole machine is at stake.
 */
export function guardMemory(): void {
  const limit = getHeapStatistics().heap_size_limit + OUTSIDE_HEAP_MIB * 1024 * 1024;
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };
  new Worker(GUARD, { eval: true, env: {}, workerData: { limit, everyMs: EVERY_MS }, resourceLimits }).unref();
}
