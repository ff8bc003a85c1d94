import { type ChildProcess, spawn } from 'node:child_process';

let display: Promise<string> | undefined;

/** `:N` of a virtual display of this process's own, started at the first call and ended with the process. */
export function virtualDisplay(): Promise<string> {
  display ??= start();
  return display;
}

function start(): Promise<string> {
  const xvfb: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  xvfb.unref();
  process.once('exit', () => xvfb.kill());
  return new Promise((resolve, reject) => {
    let errors = '';
    xvfb.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    xvfb.once('error', () =>
      reject(new Error('Xvfb is not installed: the window needs a display (Debian: apt install xvfb)')),
    );
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with exit code ${code}: ${errors.trim()}`)));
    xvfb.stdio[3]?.once('data', (chunk: Buffer) => resolve(`:${chunk.toString().trim()}`));
  });
}
