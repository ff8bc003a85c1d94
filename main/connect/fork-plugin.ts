import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../common/child-environment.ts';
import type { Time } from '../../common/time.ts';
import { outputLines } from '../output-lines.ts';
import type { FromPlugin } from './runtime/plugin-messages.ts';
import type { ForkPlugin } from './runtime/plugin-process.ts';

export type { ForkPlugin, PluginChild } from './runtime/plugin-process.ts';

/** Makes plugin processes of `entry` with this very Node. Not in Electron, where only the main process can. */
export function forkPlugin(entry: URL, time: Time): ForkPlugin {
  return ({ heapMiB }) => {
    const child = fork(fileURLToPath(entry), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: childEnvironment(process.env),
      execArgv: [`--max-old-space-size=${heapMiB}`],
    });
    // A worker that ends does not wait for it: the child ends when its line closes.
    let failure: Error | null = null;
    child.on('error', (error) => (failure = error));
    return {
      postMessage: (message) => {
        if (child.connected) child.send(message, (error) => error && (failure = error));
      },
      onMessage: (listener) => void child.on('message', (message) => listener(message as FromPlugin)),
      onOutput: (listener) => {
        for (const stream of [child.stdout, child.stderr] as Readable[]) outputLines(stream, time, listener);
      },
      onExit: (listener) => {
        // `close` comes when all that it printed has been read; what it left behind may hold its streams open.
        let told = false;
        const tell = (code: number | null, signal: string | null) => {
          if (told) return;
          told = true;
          listener({ code, signal });
        };
        child.on('close', tell);
        child.on('exit', (code, signal) => void time.timer(LINGER_MS, () => tell(code, signal)));
        child.on('error', () => child.pid === undefined && tell(null, failure?.message ?? null));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

const LINGER_MS = 500;
