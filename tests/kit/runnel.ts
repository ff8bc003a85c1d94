import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type CommandResult, toItsEnd, tracked } from './run-command.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Starts `runnel` as a person would, from the sources. */
export function spawnRunnel(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return tracked(
    spawn(process.execPath, [join(ROOT, 'scripts/runnel.mjs'), ...args], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    }),
  );
}

/** Runs it to its end. */
export function runRunnel(args: readonly string[], input?: string | Buffer): Promise<CommandResult> {
  return toItsEnd(spawnRunnel(args), input);
}
