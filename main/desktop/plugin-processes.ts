import type { Readable } from 'node:stream';
import { MessageChannelMain, utilityProcess } from 'electron';
import { childEnvironment } from '../../common/child-environment.ts';
import type { Logger } from '../../common/logger.ts';
import type { PluginFork, workerControl } from '../../common/process-control.ts';
import type { Client } from '../../common/rpc.ts';
import type { Time } from '../../common/time.ts';
import { outputLines } from '../output-lines.ts';
import type { Child } from './child.ts';

export interface PluginProcessesOptions {
  /** `plugin-process.js` */
  entry: string;
  time: Time;
  logger: Logger;
}

/**
 * Makes plugin processes for one worker, for nobody but the main process can: each gets a port straight to the worker.
 * They go with the worker that asked for them.
 */
export function makePluginProcesses(
  worker: Child,
  control: Client<typeof workerControl>,
  options: PluginProcessesOptions,
): void {
  const running = new Map<number, Electron.UtilityProcess>();
  worker.onExit(() => {
    for (const child of running.values()) child.kill();
  });
  void answer(control, worker, running, options);
}

async function answer(
  control: Client<typeof workerControl>,
  worker: Child,
  running: Map<number, Electron.UtilityProcess>,
  options: PluginProcessesOptions,
): Promise<void> {
  try {
    for await (const fork of control.pluginForks()) {
      if (fork.type === 'fork') running.set(fork.id, make(fork, control, worker, running, options));
      else running.get(fork.id)?.kill();
    }
  } catch (error) {
    // The worker ended: its owner knows. Anything else would leave plugins without processes in silence.
    if (running.size > 0) options.logger.debug(`No more plugin processes for this worker: ${error}`);
  }
}

function make(
  { id, name, heapMiB }: PluginFork & { type: 'fork' },
  control: Client<typeof workerControl>,
  worker: Child,
  running: Map<number, Electron.UtilityProcess>,
  { entry, time }: PluginProcessesOptions,
): Electron.UtilityProcess {
  const child = utilityProcess.fork(entry, [], {
    serviceName: `Runnel ${name}`,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(process.env),
    execArgv: [`--js-flags=--max-old-space-size=${heapMiB}`],
  });
  const { port1, port2 } = new MessageChannelMain();
  child.postMessage(null, [port1]);
  worker.connect(port2, id);
  // A worker that is gone by now needs neither.
  const tell = (call: Promise<void>) => void call.catch(() => {});
  for (const stream of [child.stdout, child.stderr] as Readable[])
    outputLines(stream, time, (line) => tell(control.pluginPrinted({ id, line })));
  child.on('exit', (code) => {
    running.delete(id);
    // What it printed last comes a moment later, and says what it died of.
    time.timer(LINGER_MS, () => tell(control.pluginExited({ id, code })));
  });
  return child;
}

const LINGER_MS = 300;
