import { randomBytes } from 'node:crypto';
import { Sandbox } from '../../main/broker/sandbox.ts';
import { createLogger, writeToStderr } from '../../main/logging.ts';
import { FileLock } from '../../main/storage/file-lock.ts';
import { systemTime } from '../../main/time.ts';

/** A sandbox in a process of its own, to be killed or watched: data folder, port, overrides as `name=value`. */
const [dataDir, port, ...overrides] = process.argv.slice(2) as [string, string, ...string[]];
const sandbox = await Sandbox.start({
  dataDir,
  port: Number(port),
  overrides: Object.fromEntries(overrides.map((each) => each.split('=') as [string, string])),
  time: systemTime,
  logger: createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' }),
  randomBytes,
  lock: (path) => FileLock.acquire(path, 2000),
});
process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)));
process.stdout.write('ready\n');
