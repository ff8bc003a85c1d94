import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Set-up of the window's tests: a virtual display of their own, whose name every test process inherits, and which ends
 * with the run. `RUNNEL_SHOW=1` uses the display that is there, to watch.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.platform !== 'linux' || process.env.RUNNEL_SHOW) return async () => {};
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => xvfb.once('close', () => resolve()));
  process.env.DISPLAY = await nameOf(xvfb);
  return async () => {
    xvfb.kill();
    await ended;
  };
}

function nameOf(xvfb: ChildProcess): Promise<string> {
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
