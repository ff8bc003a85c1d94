import type { MessagePortMain } from 'electron';
import { utilityProcess } from 'electron';
import type { Port } from '../../common/port.ts';
import { CONNECT_MESSAGE, PLUGIN_MESSAGE } from '../../common/process-control.ts';

/** A process of ours as its owner sees it. */
export interface Child {
  pid(): number | undefined;
  /** Calls about the process itself go over this. */
  control: Port;
  /** Gives it one end of a channel: to serve its contract on, or to the plugin process of this number. */
  connect(port: MessagePortMain, plugin?: number): void;
  kill(): void;
  /** Called once. */
  onExit(listener: (code: number) => void): void;
}

/** Starts `entry` (a built file) as one of Electron's utility processes. What it prints goes to our stderr. */
export function forkUtility(entry: string, name: string): Child {
  const process_ = utilityProcess.fork(entry, [], { serviceName: name, stdio: ['ignore', 'inherit', 'inherit'] });
  let exited = false;
  process_.on('exit', () => (exited = true));
  return {
    pid: () => process_.pid,
    control: {
      postMessage: (message) => {
        if (!exited) process_.postMessage(message);
      },
      onMessage: (listener) => void process_.on('message', listener),
      onClose: (listener) => void process_.on('exit', listener),
      close: () => {},
    },
    connect: (port, plugin) =>
      process_.postMessage(plugin === undefined ? { type: CONNECT_MESSAGE } : { type: PLUGIN_MESSAGE, id: plugin }, [
        port,
      ]),
    kill: () => void process_.kill(),
    onExit: (listener) => void process_.on('exit', listener),
  };
}
