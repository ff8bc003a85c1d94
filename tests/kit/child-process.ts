import { type ChildProcess, fork } from 'node:child_process';
import type { Port } from '../../common/port.ts';

/** A process entry of ours in plain Node, seen as the desktop sees it: its control, and ports that it serves. */
export interface NodeChild {
  process: ChildProcess;
  control: Port;
  /** A new port that the process serves its contract on. */
  open(): Port;
  exited: Promise<number>;
  stderr(): string;
}

export function forkNode(entry: string, env: Record<string, string> = {}): NodeChild {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
    execArgv: [],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const listeners = new Map<number, (message: unknown) => void>();
  const closers = new Map<number, () => void>();
  child.on('message', (envelope: unknown) => {
    const { port, message, close } = envelope as { port: number; message?: unknown; close?: boolean };
    if (close) closers.get(port)?.();
    else listeners.get(port)?.(message);
  });
  const exited = new Promise<number>((resolve) =>
    child.on('exit', (code) => {
      for (const close of closers.values()) close();
      resolve(code ?? -1);
    }),
  );
  const channel = (id: number): Port => ({
    postMessage: (message) => {
      if (child.connected) child.send({ port: id, message } as never);
    },
    onMessage: (listener) => void listeners.set(id, listener),
    onClose: (listener) => void closers.set(id, listener),
    close: () => {
      if (child.connected) child.send({ port: id, close: true } as never);
    },
  });
  let next = 1;
  return {
    process: child,
    control: channel(0),
    open() {
      const id = next++;
      child.send({ port: id, open: true } as never);
      return channel(id);
    },
    exited,
    stderr: () => stderr,
  };
}
