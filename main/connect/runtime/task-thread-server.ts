import { AsyncLocalStorage } from 'node:async_hooks';
import { ConnectException, RemoteException, toWireError } from '../../../common/errors.ts';
import type { Loggers } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { SourceMap } from '../api/records.ts';
import type { HostedTask, TaskHost } from './task-host.ts';
import type { TaskMetricsSnapshot } from './task-metrics.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import type { TaskListener } from './worker-task.ts';

/** The thread's end of the line: what `parentPort` of `node:worker_threads` has. */
export interface ThreadPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

const METRICS_MS = 500;

/** What the entry of a thread or process tells before it ends for it. */
export interface TaskThreadServer {
  /** An error that nobody caught. */
  crashed(error: unknown): void;
  /** Somebody called `process.exit`. */
  exiting(code: number): void;
}

/** Runs the tasks that a ThreadTaskHost sends here on `host`; the levels of `loggers` are those of the worker. */
export function serveTaskThread(
  port: ThreadPort,
  host: TaskHost,
  time: Time,
  loggers: Loggers,
  dropConnections: () => void,
): TaskThreadServer {
  // Whose code runs, whatever it waited for in between.
  const current = new AsyncLocalStorage<number>();
  let crashed = false;
  const tasks = new Map<number, { hosted: HostedTask; sent: string }>();
  const waiting = new Map<number, { resolve: (offsets: (SourceMap | null)[]) => void; reject: (e: Error) => void }>();
  let requests = 0;
  const send = (message: FromThread) => port.postMessage(message);

  const ask = (message: (request: number) => FromThread) =>
    new Promise<(SourceMap | null)[]>((resolve, reject) => {
      const request = requests++;
      waiting.set(request, { resolve, reject });
      send(message(request));
    });

  const listener = (id: number): TaskListener => ({
    onRunning: () => send({ type: 'running', id }),
    onPaused: () => send({ type: 'paused', id }),
    onFailure: (error) => {
      sendMetrics(id);
      send({ type: 'failed', id, error: toWireError(error) });
    },
    onTopicUsed: (topic) => send({ type: 'topic', id, topic }),
    readOffsets: (partitions) => ask((request) => ({ type: 'readOffsets', id, request, partitions: [...partitions] })),
    storeOffsets: async (offsets) => {
      await ask((request) => ({ type: 'storeOffsets', id, request, offsets: [...offsets] }));
    },
  });

  const sendMetrics = (id: number) => {
    const task = tasks.get(id);
    if (task === undefined) return;
    const metrics: TaskMetricsSnapshot = task.hosted.metrics();
    const text = JSON.stringify(metrics, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    if (text === task.sent) return;
    task.sent = text;
    send({ type: 'metrics', id, metrics });
  };

  const tick = () => {
    for (const id of tasks.keys()) sendMetrics(id);
    time.timer(METRICS_MS, tick);
  };
  time.timer(METRICS_MS, tick);

  const handle = (message: ToThread): void => {
    switch (message.type) {
      case 'start':
        tasks.set(message.id, {
          hosted: current.run(message.id, () => host.start(message.spec, listener(message.id))),
          sent: '',
        });
        break;
      case 'pause':
        tasks.get(message.id)?.hosted.pause();
        break;
      case 'resume':
        tasks.get(message.id)?.hosted.resume();
        break;
      case 'stop':
        void stop(message.id, message.timeoutMs);
        break;
      case 'ping':
        send({ type: 'pong' });
        break;
      case 'dropConnections':
        dropConnections();
        break;
      case 'logLevels':
        loggers.replaceSettings(message.levels);
        break;
      case 'answer':
        waiting.get(message.request)?.resolve(message.offsets);
        waiting.delete(message.request);
        break;
      case 'refusal':
        waiting.get(message.request)?.reject(new RemoteException(message.error));
        waiting.delete(message.request);
        break;
    }
  };

  const stop = async (id: number, timeoutMs: number) => {
    const clean = (await tasks.get(id)?.hosted.stop(timeoutMs)) ?? true;
    sendMetrics(id);
    tasks.delete(id);
    send({ type: 'stopped', id, clean });
  };

  port.on('message', (message) => handle(message as ToThread));
  loggers.onLogger((name) => send({ type: 'logger', name }));
  const sendCrash = (error: unknown) => {
    // The first one is the reason.
    if (!crashed) send({ type: 'crashed', id: current.getStore() ?? null, error: toWireError(error) });
    crashed = true;
  };
  return {
    crashed: sendCrash,
    exiting: (code) => sendCrash(new ConnectException(`process.exit(${code}) was called`, { code: 'EXITED' })),
  };
}
