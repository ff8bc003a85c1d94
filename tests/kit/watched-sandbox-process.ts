import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Sandbox } from '../../main/broker/sandbox.ts';
import { createLogger, writeToStderr } from '../../main/logging.ts';
import { systemTime } from '../../main/time.ts';
import type { SandboxUsage } from './watched-sandbox.ts';

/** The other side of `WatchedSandbox`: data folder, overrides as `name=value`; every message is a question for `SandboxUsage`. */
const [dataDir, ...overrides] = process.argv.slice(2) as [string, ...string[]];
const began = performance.now();
const sandbox = await Sandbox.start({
  dataDir,
  port: 0,
  overrides: Object.fromEntries(overrides.map((each) => each.split('=') as [string, string])),
  time: systemTime,
  logger: createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' }),
  randomBytes,
  lock: () => ({ release: () => {} }),
});
const startMs = performance.now() - began;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on('message', (message) => {
  if (message === 'close') {
    void sandbox.close().then(() => process.disconnect());
    return;
  }
  const usage: SandboxUsage = {
    maxLoopDelayMs: delay.max / 1e6,
    rssBytes: process.memoryUsage().rss,
    cpuMicros: process.cpuUsage().user + process.cpuUsage().system,
    logFiles: openFiles().filter((path) => path.endsWith('.log')).length,
    openFiles: openFiles().length,
  };
  delay.reset();
  process.send?.(usage);
});
process.send?.({ port: sandbox.port, startMs });

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // The descriptor that lists the folder is gone by now.
      return [];
    }
  });
}
