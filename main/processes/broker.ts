import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { NO_ALARMS, type StorageAlarms } from '../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../common/logger.ts';
import { brokerControl } from '../../common/process-control.ts';
import { serve } from '../../common/rpc.ts';
import { Sandbox, type SharedListener } from '../broker/sandbox.ts';
import { serveControl } from '../sandbox/control.ts';
import { FileLock } from '../storage/file-lock.ts';
import { systemTime as time } from '../time.ts';
import { exitSoon, liveAsChild, processLog } from './child-process.ts';
import { parent } from './parent.ts';

/** One that was killed a moment ago may still hold the folder. */
const LOCK_WAIT_MS = 2_000;

let logger: Logger | undefined;
let sandbox: Sandbox | undefined;
let control: { close(): void } | undefined;
let alarms = NO_ALARMS;
const alarmed = new Set<(alarms: StorageAlarms) => void>();

async function stop(): Promise<void> {
  const running = sandbox;
  sandbox = undefined;
  control?.close();
  await running?.close();
}

liveAsChild(() => logger, stop);
serve(parent().control, brokerControl, {
  async start({ dataFolder, logFolder, port, defaultPort, shareWithContainers }) {
    logger = processLog(logFolder, 'sandbox').logger.named('server.Sandbox');
    const shared = shareWithContainers ? await containersListener(logger) : undefined;
    sandbox = await Sandbox.start({
      dataDir: dataFolder,
      ...(shared && { shared }),
      ...(port === null ? { defaultPort } : { port }),
      time,
      logger,
      randomBytes,
      onAlarms(now) {
        alarms = now;
        for (const emit of alarmed) emit(now);
      },
      lock: (path) => FileLock.acquire(path, LOCK_WAIT_MS),
      volume() {
        const { blocks, bavail, bsize } = statfsSync(dataFolder, { bigint: true });
        return { total: blocks * bsize, usable: bavail * bsize };
      },
    });
    control = await serveControl(sandbox);
    const told = sandbox.listeners.find(({ name }) => name === 'SHARED')?.advertised;
    return {
      port: sandbox.port,
      portMoved: sandbox.port !== (port ?? defaultPort),
      containersAddress: told ? `${told.host}:${told.port}` : null,
    };
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
  alarms(_, emit) {
    alarmed.add(emit);
    emit(alarms);
    return () => alarmed.delete(emit);
  },
  async stop() {
    await stop();
    exitSoon();
  },
});

/** Without Docker there is nobody to be shared with: the sandbox starts all the same. */
async function containersListener(log: Logger): Promise<SharedListener | undefined> {
  const { containersAddress, NEARBY_PORT } = await import('../sandbox/nearby-address.ts');
  let address: ReturnType<typeof containersAddress>;
  try {
    address = containersAddress();
  } catch (error) {
    log.warn(`Containers don't reach the sandbox: ${(error as Error).message}`);
    return undefined;
  }
  const { host, name } = address;
  return { host, port: NEARBY_PORT, portIsFixed: false, ...(name !== undefined && { advertised: name }) };
}
