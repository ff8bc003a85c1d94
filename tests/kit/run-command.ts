import type { ChildProcess } from 'node:child_process';

export interface CommandResult {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

const running = new Set<ChildProcess>();
// A test that ends early (time-out, failure in the middle) leaves no process behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ends with this process at the latest. */
export function tracked(child: ChildProcess): ChildProcess {
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** Resolves when the command has ended by itself; it is killed (code null) when it is still there after `limitMs`. */
export function toItsEnd(child: ChildProcess, input?: string | Buffer, limitMs = 60_000): Promise<CommandResult> {
  const out: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // A command that ends before it has read its input says why on stderr; the broken pipe is no news.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout: Buffer.concat(out), stderr });
    });
  });
}
