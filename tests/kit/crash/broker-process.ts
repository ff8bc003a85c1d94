import { randomBytes } from 'node:crypto';
import { Sandbox } from '../../../main/broker/sandbox.ts';
import { createLogger, writeToStderr } from '../../../main/logging.ts';
import { FileLock } from '../../../main/storage/file-lock.ts';
import { systemTime } from '../../../main/time.ts';
import { journalingFileSystem } from './power-loss-file-system.ts';

/** A sandbox in a process of its own, to be killed: data folder, port, journal of what was synced. */
const [dataDir, port, journal] = process.argv.slice(2) as [string, string, string];
await Sandbox.start({
  dataDir,
  port: Number(port),
  fileSystem: journalingFileSystem(journal),
  time: systemTime,
  logger: createLogger({ time: systemTime, write: writeToStderr, level: 'WARN' }),
  randomBytes,
  lock: (path) => FileLock.acquire(path, 2000),
});
process.stdout.write('ready\n');
