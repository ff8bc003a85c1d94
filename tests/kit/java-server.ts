import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

/** `key=value` lines. */
export function writeProperties(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(file, lines.join(''));
}

/** The last of what a server wrote: why it is not there, what it said of its work. */
export function keepLog(child: ChildProcess): () => string {
  let log = '';
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-500_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => log;
}

/** Resolves when it has ended, at once when it had before. */
export async function endServer(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  child.kill(signal);
  await exited;
}

/** Stops the server as a person would, waits for its end and removes its folder. */
export async function stopServer(child: ChildProcess, folder: string): Promise<void> {
  await endServer(child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
