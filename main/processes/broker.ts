import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import type { Logger } from '../../common/logger.ts';
import { brokerControl } from '../../common/process-control.ts';
import { serve } from '../../common/rpc.ts';
import { Sandbox } from '../broker/sandbox.ts';
import { FileLock } from '../storage/file-lock.ts';
import { systemTime as time } from '../time.ts';
import { exitSoon, liveAsChild, processLog } from './child-process.ts';
import { parent } from './parent.ts';

/** One that was killed a moment ago may still hold the folder. */
const LOCK_WAIT_MS = 2_000;

let logger: Logger | undefined;
let sandbox: Sandbox | undefined;

async function stop(): Promise<void> {
  const running = sandbox;
  sandbox = undefined;
  await running?.close();
}

liveAsChild(() => logger, stop);
serve(parent().control, brokerControl, {
  async start({ dataFolder, logFolder, port, defaultPort }) {
    logger = processLog(logFolder, 'sandbox').logger.named('server.Sandbox');
    sandbox = await Sandbox.start({
      dataDir: dataFolder,
      ...(port === null ? { defaultPort } : { port }),
      time,
      logger,
      randomBytes,
      lock: (path) => FileLock.acquire(path, LOCK_WAIT_MS),
      volume() {
        const { blocks, bavail, bsize } = statfsSync(dataFolder, { bigint: true });
        return { total: blocks * bsize, usable: bavail * bsize };
      },
    });
    return { port: sandbox.port, portMoved: sandbox.port !== (port ?? defaultPort) };
  },
  async save({ dataFolder, file }) {
    const { saveSandbox } = await import('../sandbox/archive/save-sandbox.ts');
    // The system's dialog has asked whether a file that is there may be replaced.
    return saveSandbox(dataFolder, file, true);
  },
  async restore({ dataFolder, file }) {
    const { restoreSandbox } = await import('../sandbox/archive/restore-sandbox.ts');
    return restoreSandbox(dataFolder, file, { replace: true, time });
  },
  async stop() {
    await stop();
    exitSoon();
  },
});
