import { fromMessagePortMain, type Port } from '../../common/port.ts';
import { CONNECT_MESSAGE, PLUGIN_MESSAGE } from '../../common/process-control.ts';

/** The process that started this one: Electron's main process, or in tests a plain Node process. */
export interface Parent {
  control: Port;
  /** Calls `listener` with each port that the parent hands over. */
  onPort(listener: (port: Port) => void): void;
  /** Electron's main process makes plugin processes and hands over a port to each; null: this process can do it itself. */
  onPluginPort: ((listener: (id: number, port: Port) => void) => void) | null;
}

/** Electron's `process.parentPort` of a utility process, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: PortMain[] }) => void): void;
}
type PortMain = Parameters<typeof fromMessagePortMain>[0];

export function parent(): Parent {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return utilityParent(parentPort);
  if (process.send) return nodeParent();
  throw new Error(
    'This process is started by Runnel itself and does nothing alone: run `runnel connect-standalone` or `runnel sandbox`',
  );
}

/** When the main process goes, Chromium ends this one: there is no close to be noticed. */
function utilityParent(parentPort: ParentPort): Parent {
  return {
    control: {
      postMessage: (message) => parentPort.postMessage(message),
      onMessage: (listener) =>
        parentPort.on('message', ({ data, ports }) => {
          if (ports.length === 0) listener(data);
        }),
      onClose: () => {},
      close: () => {},
    },
    onPort: (listener) =>
      parentPort.on('message', ({ data, ports }) => {
        const [port] = ports;
        if (port && (data as { type?: unknown } | null)?.type === CONNECT_MESSAGE) listener(fromMessagePortMain(port));
      }),
    onPluginPort: (listener) =>
      parentPort.on('message', ({ data, ports }) => {
        const [port] = ports;
        const { type, id } = (data ?? {}) as { type?: unknown; id?: number };
        if (port && type === PLUGIN_MESSAGE) listener(id as number, fromMessagePortMain(port));
      }),
  };
}

/** Node's channel between processes carries no ports: each is a number in front of its messages, 0 is the control. */
function nodeParent(): Parent {
  const listeners = new Map<number, (message: unknown) => void>();
  const closers = new Map<number, () => void>();
  let connected: (port: Port) => void = () => {};
  const channel = (id: number): Port => ({
    postMessage: (message) => process.send?.({ port: id, message }),
    onMessage: (listener) => void listeners.set(id, listener),
    onClose: (listener) => void closers.set(id, listener),
    close: () => process.send?.({ port: id, close: true }),
  });
  process.on('message', (envelope: { port: number; message?: unknown; open?: boolean; close?: boolean }) => {
    if (envelope.open) connected(channel(envelope.port));
    else if (envelope.close) closers.get(envelope.port)?.();
    else listeners.get(envelope.port)?.(envelope.message);
  });
  process.on('disconnect', () => process.exit(0));
  return { control: channel(0), onPort: (listener) => (connected = listener), onPluginPort: null };
}
