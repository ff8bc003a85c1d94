import { type ChildProcess, spawn } from 'node:child_process';
import { cpuSeconds, processTree, pssMiB } from './proc.ts';

/** A measured process: its output is kept for the error text, its CPU seconds and memory are read from /proc. */
export interface Measured {
  child: ChildProcess;
  pid: number;
  /** Resolves when a line of stdout or stderr matches. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves to the lines that match when there are so many. */
  lines(pattern: RegExp, count: number): Promise<string[]>;
  /** User and system CPU seconds so far, of it and its children. */
  cpuSeconds(): number;
  /** Proportional set size of it and its children, MiB. */
  pssMiB(): number;
  /** Resolves to its exit code. */
  ended: Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** `output` discarded: what is written is not to be slowed down by being read here. */
export function startMeasured(
  command: string,
  args: readonly string[],
  output: 'kept' | 'discarded' = 'kept',
): Measured {
  const child = spawn(command, args, { stdio: ['ignore', output === 'kept' ? 'pipe' : 'ignore', 'pipe'] });
  let text = '';
  const waiting = new Set<() => void>();
  const onData = (chunk: Buffer) => {
    text = (text + chunk.toString('latin1')).slice(-200_000);
    for (const look of waiting) look();
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const lines = (pattern: RegExp, count: number) =>
    new Promise<string[]>((resolve, reject) => {
      const look = () => {
        const found = text.split('\n').filter((line) => pattern.test(line));
        if (found.length < count) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then((code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${text}`)));
    });
  return {
    child,
    pid: child.pid as number,
    ended,
    line: async (pattern) => (await lines(pattern, 1))[0] as string,
    lines,
    cpuSeconds: () => sum(processTree(child.pid as number).map(cpuSeconds)),
    pssMiB: () => sum(processTree(child.pid as number).map(pssMiB)),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await ended;
    },
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
